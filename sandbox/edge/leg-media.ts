import type { Codec } from "../../model/types";
import {
  type AudioDescription,
  answerSdp,
  isSrtpSuite,
  MediaSession,
  mosOf,
  type Negotiated,
  newSrtpKey,
  offerSdp,
  readAnswer,
  relay,
  type SrtpKey,
} from "../media";

/** Impairments of a path: reckoned with for a call without real packets, done to the packets of one that has them. */
export interface PathQuality {
  lossPercent: number;
  /** One-way, ms. */
  delayMs: number;
  /** Further delay drawn for each packet, 0 to this, ms; default 0. */
  jitterMs?: number;
}

/** Port in descriptions of calls that carry no audio: discard (RFC 863), so that a stray packet goes nowhere. */
const NO_AUDIO_PORT = 9;

/** The edge's audio of one leg: negotiated always, with a socket only when the call carries real audio. */
export class LegMedia {
  readonly #session: MediaSession | null;
  readonly #host: string;
  #agreed: Negotiated | null = null;
  #offered: { codecs: readonly Codec[]; keys: SrtpKey[] } | null = null;

  private constructor(host: string, session: MediaSession | null) {
    this.#host = host;
    this.#session = session;
  }

  /** `real` opens a socket on the host; else nothing is opened. */
  static async open(host: string, real: boolean): Promise<LegMedia> {
    return new LegMedia(host, real ? await MediaSession.open(host) : null);
  }

  get real(): boolean {
    return this.#session !== null;
  }

  get codec(): Codec | undefined {
    return this.#agreed?.codec;
  }

  /** An offer; `suites` empty = plain RTP. */
  offer(codecs: readonly Codec[], suites: readonly string[]): string {
    const keys = suites.filter(isSrtpSuite).map((suite) => newSrtpKey(suite));
    this.#offered = { codecs, keys };
    return offerSdp({ ...this.#local(), codecs }, keys);
  }

  /** Takes the answer to our offer; false when it does not fit. */
  accept(sdp: string | undefined): boolean {
    return this.#agree(this.#offered && readAnswer(sdp, this.#offered));
  }

  /** Answers an offer, or null when nothing fits. */
  answer(offer: AudioDescription | null, codecs: readonly Codec[], suites: readonly string[]): string | null {
    const agreed = answerSdp(offer, { ...this.#local(), codecs, suites, key: newSrtpKey });
    return this.#agree(agreed) && agreed ? agreed.sdp : null;
  }

  /** Puts the path's bad network under the leg's packets; a leg without any is judged by `mos` alone. */
  impair(quality: PathQuality, draw: () => number): void {
    this.#session?.impair({ jitterMs: 0, ...quality, draw });
  }

  /** Starts our own sound: an agent or an announcement. */
  start(): void {
    this.#session?.start();
  }

  /** Stops our own sound and passes the other leg's on. */
  relayWith(other: LegMedia): void {
    if (!this.#session || !other.#session) return;
    this.#session.stop();
    other.#session.stop();
    relay(this.#session, other.#session);
  }

  /** Packets received so far. */
  get received(): number {
    return this.#session?.stats().received ?? 0;
  }

  get sent(): number {
    return this.#session?.stats().sent ?? 0;
  }

  get jitterMs(): number | undefined {
    return this.#session?.stats().jitterMs;
  }

  /** MOS of the leg: of the packets received, or of the path's known quality when it carries none. */
  mos(quality: PathQuality): number | undefined {
    const measured = this.#session?.mos(quality.delayMs);
    if (measured !== undefined && measured !== null) return measured;
    return this.#agreed ? mosOf({ codec: this.#agreed.codec, ...quality }) : undefined;
  }

  close(): void {
    this.#session?.close();
  }

  #local(): { address: string; port: number } {
    return { address: this.#host, port: this.#session?.localPort ?? NO_AUDIO_PORT };
  }

  #agree(agreed: Negotiated | null): boolean {
    this.#agreed = agreed;
    if (agreed) this.#session?.configure(agreed);
    return agreed !== null;
  }
}
