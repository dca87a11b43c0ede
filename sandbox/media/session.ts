import dgram from "node:dgram";
import type { Codec } from "../../model/types";
import { CODECS, FRAME_MS, toneFrame } from "./codecs";
import { mosOf } from "./mos";
import { Reception, type ReceptionStats, type RtpPacket, readRtp, writeRtp } from "./rtp";
import type { Negotiated } from "./sdp";
import { SrtpContext } from "./srtp";

export interface MediaStats extends ReceptionStats {
  sent: number;
  /** Packets whose SRTP tag was wrong or that were replayed. */
  refused: number;
}

/** What a network does to packets on their way, in either direction. */
export interface NetworkImpairment {
  /** Packets lost, percent, 0 to 100, each by itself. */
  lossPercent: number;
  /** One-way delay of every packet, ms. */
  delayMs: number;
  /** Further delay drawn anew for each packet, 0 to this, ms: packets may overtake each other. */
  jitterMs: number;
  /** Uniform in [0, 1). */
  draw(): number;
}

/** More frames than this at once after a stall would be a burst no network sends: the rest is skipped, as a sound card would. */
const CATCH_UP_FRAMES_MAX = 25;

/** All sending sessions share one timer: hundreds of intervals would each wake the process on their own. */
const sending = new Set<MediaSession>();
let ticker: NodeJS.Timeout | undefined;

function tick(): void {
  const now = performance.now();
  for (const session of sending) session.sendDue(now);
}

function schedule(session: MediaSession, on: boolean): void {
  if (on) sending.add(session);
  else sending.delete(session);
  if (sending.size > 0) ticker ??= setInterval(tick, FRAME_MS / 2);
  else {
    clearInterval(ticker);
    ticker = undefined;
  }
}

/** One end of one call's audio: a UDP port of its own, RTP or SRTP, 20 ms frames. */
export class MediaSession {
  readonly #socket: dgram.Socket;
  readonly localAddress: string;
  readonly localPort: number;
  /** Sees every packet that was taken, decrypted. */
  onPacket: ((packet: RtpPacket) => void) | undefined;
  #agreed: Negotiated | undefined;
  #protect: SrtpContext | undefined;
  #unprotect: SrtpContext | undefined;
  #reception = new Reception(8000);
  #sent = 0;
  #closed = false;
  #impairment: NetworkImpairment | undefined;
  #startedMs = 0;
  #frames = 0;
  #sequence = Math.floor(Math.random() * 0x8000);
  #timestamp = Math.floor(Math.random() * 0xffff_ffff);
  readonly #ssrc = Math.floor(Math.random() * 0xffff_ffff);

  private constructor(socket: dgram.Socket) {
    this.#socket = socket;
    const { address, port } = socket.address();
    this.localAddress = address;
    this.localPort = port;
    socket.on("message", (data) => this.#travel(() => this.#receive(data)));
    socket.on("error", () => {});
  }

  /** Binds a free port of an address. Rejects with the socket's error. */
  static open(address: string): Promise<MediaSession> {
    return new Promise((resolve, reject) => {
      const socket = dgram.createSocket("udp4");
      socket.once("error", reject);
      socket.bind({ address, port: 0, exclusive: true }, () => {
        socket.off("error", reject);
        resolve(new MediaSession(socket));
      });
    });
  }

  /** Codec in use, once agreed. */
  get codec(): Codec | undefined {
    return this.#agreed?.codec;
  }

  /** Sets what offer and answer agreed on; may be called again after a re-INVITE. */
  configure(agreed: Negotiated): void {
    const codecChanged = this.#agreed?.codec !== agreed.codec;
    this.#agreed = agreed;
    this.#protect = agreed.sendKey && new SrtpContext(agreed.sendKey);
    this.#unprotect = agreed.receiveKey && new SrtpContext(agreed.receiveKey);
    if (codecChanged) this.#reception = new Reception(CODECS[agreed.codec].clockRate);
  }

  /** Puts a bad network between this end and its peer, from the next packet on. */
  impair(impairment: NetworkImpairment): void {
    this.#impairment = impairment;
  }

  /** Starts to send test sound, one frame every 20 ms. Does nothing before `configure`. */
  start(): void {
    if (this.#closed || !this.#agreed || sending.has(this)) return;
    this.#startedMs = performance.now();
    this.#frames = 0;
    schedule(this, true);
    this.sendDue(this.#startedMs);
  }

  stop(): void {
    schedule(this, false);
  }

  /** Sends the frames that are due at a monotonic time, ms. The shared timer calls it. */
  sendDue(nowMs: number): void {
    const due = Math.floor((nowMs - this.#startedMs) / FRAME_MS) + 1;
    if (due - this.#frames > CATCH_UP_FRAMES_MAX) {
      const skipped = due - this.#frames - CATCH_UP_FRAMES_MAX;
      this.#frames += skipped;
      this.#timestamp += skipped * CODECS[(this.#agreed as Negotiated).codec].ticksPerFrame;
    }
    for (; this.#frames < due; this.#frames++) this.#sendFrame();
  }

  /** Sends a packet of another session on: the payload stays when the codec is the same, else it is replaced by a frame of ours. */
  forward(packet: RtpPacket, codec: Codec | undefined): void {
    const agreed = this.#agreed;
    if (!agreed || this.#closed) return;
    if (codec === agreed.codec) {
      this.#send({ ...packet, payloadType: agreed.payloadType });
      return;
    }
    // A media server would decode and encode here. The sound is a test tone, so a frame of it in the other codec is the same sound.
    this.#sendFrame(packet.marker);
  }

  stats(): MediaStats {
    return { ...this.#reception.stats(), sent: this.#sent, refused: this.#unprotect?.refused ?? 0 };
  }

  /** MOS of what was received, 1 to 4.5, with the path's one-way delay in ms; null when nothing was expected. */
  mos(delayMs: number): number | null {
    const { expected, lost, late } = this.#reception.stats();
    if (expected === 0 || !this.#agreed) return null;
    return mosOf({
      codec: this.#agreed.codec,
      lossPercent: (100 * Math.min(expected, lost + late)) / expected,
      delayMs,
    });
  }

  /** Stops and frees the port. Counters stay readable. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    schedule(this, false);
    this.#socket.close();
  }

  #sendFrame(marker = this.#sent === 0): void {
    const agreed = this.#agreed as Negotiated;
    const facts = CODECS[agreed.codec];
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + facts.ticksPerFrame) >>> 0;
    const { payloadType } = agreed;
    const packet = { marker, payloadType, sequence: this.#sequence, timestamp: this.#timestamp, ssrc: this.#ssrc };
    this.#send({ ...packet, payload: toneFrame(agreed.codec) });
  }

  #send(packet: RtpPacket): void {
    if (this.#closed || !this.#agreed) return;
    const plain = writeRtp(packet);
    const { address, port } = this.#agreed.remote;
    const wire = this.#protect ? this.#protect.protect(plain) : plain;
    this.#travel(() => {
      if (!this.#closed) this.#socket.send(wire, port, address, () => {});
    });
    this.#sent++;
  }

  /** Lets a packet through the network: at once, late, or never. */
  #travel(arrive: () => void): void {
    const net = this.#impairment;
    if (!net) {
      arrive();
      return;
    }
    if (net.draw() * 100 < net.lossPercent) return;
    const waitMs = net.delayMs + net.draw() * net.jitterMs;
    if (waitMs >= 1) setTimeout(arrive, waitMs).unref();
    else arrive();
  }

  #receive(data: Buffer): void {
    if (this.#closed || !this.#agreed) return;
    const plain = this.#unprotect ? this.#unprotect.unprotect(data) : data;
    const packet = plain && readRtp(plain);
    if (!packet || packet.payloadType !== this.#agreed.payloadType) return;
    this.#reception.take(packet, performance.now());
    this.onPacket?.(packet);
  }
}

/** Passes packets between two sessions, both ways; what each `onPacket` did before is still done. */
export function relay(a: MediaSession, b: MediaSession): void {
  const pass = (from: MediaSession, to: MediaSession) => {
    const before = from.onPacket;
    from.onPacket = (packet) => {
      before?.(packet);
      to.forward(packet, from.codec);
    };
  };
  pass(a, b);
  pass(b, a);
}
