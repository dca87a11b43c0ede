import type { Codec } from "../../model/types";
import {
  answerSdp,
  isSrtpSuite,
  MediaSession,
  newSrtpKey,
  offerSdp,
  parseSdp,
  readAnswer,
  relay,
  type SrtpKey,
  type SrtpSuite,
} from "../media";

/** How one leg carries audio. */
export interface Audio {
  /** Address RTP is sent from and received at. */
  host: string;
  codecs: readonly Codec[];
  /** SRTP (RTP/SAVP) when offering; an answer follows the offer. */
  secure: boolean;
  /** SRTP suites offered and accepted, by preference. Default AES_CM_128_HMAC_SHA1_80. */
  suites?: readonly string[];
}

/** Named in the session descriptions of calls that carry no media: nothing listens there, nothing is sent there. */
const NO_MEDIA_PORT = 40_000;
const DEFAULT_SUITES = ["AES_CM_128_HMAC_SHA1_80"] as const;

/** Audio of one call leg: its session description always, a socket only when media is real. */
export class LegAudio {
  codec: Codec | undefined;
  #keys: SrtpKey[] = [];

  private constructor(
    private readonly o: Audio,
    private readonly session: MediaSession | null,
  ) {}

  /** Opens a port when `real`. Rejects with the socket's error. */
  static async open(o: Audio, real: boolean): Promise<LegAudio> {
    return new LegAudio(o, real ? await MediaSession.open(o.host) : null);
  }

  /** Our offer. */
  offer(): string {
    const suites = (this.o.suites ?? DEFAULT_SUITES).filter(isSrtpSuite) as SrtpSuite[];
    this.#keys = this.o.secure ? suites.map((suite) => newSrtpKey(suite)) : [];
    return offerSdp(this.#local(), this.#keys);
  }

  /** Takes the answer to our offer; false when it does not fit. */
  accept(answer: string | undefined): boolean {
    const agreed = readAnswer(answer, { codecs: this.o.codecs, keys: this.#keys });
    if (!agreed) return false;
    this.codec = agreed.codec;
    this.session?.configure(agreed);
    return true;
  }

  /** Our answer to an offer, with `preferred` when the offer has it; null when nothing fits. */
  answer(offer: string | undefined, preferred?: Codec): string | null {
    const described = parseSdp(offer);
    const local = { ...this.#local(), suites: this.o.suites ?? DEFAULT_SUITES, key: newSrtpKey };
    const agreed =
      (preferred && answerSdp(described, { ...local, codecs: [preferred] })) || answerSdp(described, local);
    if (!agreed) return null;
    this.codec = agreed.codec;
    this.session?.configure(agreed);
    return agreed.sdp;
  }

  /** Passes packets both ways between this leg and another. */
  relayWith(other: LegAudio): void {
    if (this.session && other.session) relay(this.session, other.session);
  }

  /** Starts to send sound, 50 packets a second. */
  send(): void {
    this.session?.start();
  }

  get sent(): number {
    return this.session?.stats().sent ?? 0;
  }

  get received(): number {
    return this.session?.stats().received ?? 0;
  }

  /** True when the leg has a socket. */
  get real(): boolean {
    return this.session !== null;
  }

  close(): void {
    this.session?.close();
  }

  #local(): { address: string; port: number; codecs: readonly Codec[] } {
    return { address: this.o.host, port: this.session?.localPort ?? NO_MEDIA_PORT, codecs: this.o.codecs };
  }
}
