/** One RTP packet (RFC 3550 section 5.1). */
export interface RtpPacket {
  marker: boolean;
  /** 0 to 127. */
  payloadType: number;
  /** 0 to 65535. */
  sequence: number;
  /** 0 to 2^32-1, in units of the codec's clock. */
  timestamp: number;
  /** 0 to 2^32-1. */
  ssrc: number;
  payload: Buffer;
}

/** Wire form without CSRC, extension or padding. */
export function writeRtp(p: RtpPacket): Buffer {
  const out = Buffer.allocUnsafe(12 + p.payload.length);
  out[0] = 0x80;
  out[1] = (p.marker ? 0x80 : 0) | (p.payloadType & 0x7f);
  out.writeUInt16BE(p.sequence & 0xffff, 2);
  out.writeUInt32BE(p.timestamp >>> 0, 4);
  out.writeUInt32BE(p.ssrc >>> 0, 8);
  p.payload.copy(out, 12);
  return out;
}

/** Length of the header with CSRC list and extension in bytes, or null when the packet is not RTP version 2. */
export function rtpHeaderLength(buf: Buffer): number | null {
  if (buf.length < 12 || (buf[0] as number) >> 6 !== 2) return null;
  let length = 12 + 4 * ((buf[0] as number) & 0x0f);
  if ((buf[0] as number) & 0x10) {
    if (buf.length < length + 4) return null;
    length += 4 + 4 * buf.readUInt16BE(length + 2);
  }
  return length <= buf.length ? length : null;
}

/** Reads a packet; null for anything that is not RTP version 2. The payload shares the buffer's memory. */
export function readRtp(buf: Buffer): RtpPacket | null {
  const head = rtpHeaderLength(buf);
  if (head === null) return null;
  const padding = (buf[0] as number) & 0x20 ? (buf[buf.length - 1] as number) : 0;
  if (head + padding > buf.length) return null;
  return {
    marker: ((buf[1] as number) & 0x80) !== 0,
    payloadType: (buf[1] as number) & 0x7f,
    sequence: buf.readUInt16BE(2),
    timestamp: buf.readUInt32BE(4),
    ssrc: buf.readUInt32BE(8),
    payload: buf.subarray(head, buf.length - padding),
  };
}

/** What a receiver saw of one stream. */
export interface ReceptionStats {
  received: number;
  /** Packets the sequence numbers say were sent. */
  expected: number;
  /** Never arrived; duplicates do not make it negative. */
  lost: number;
  /** Arrived later than the jitter buffer holds: lost for the listener. */
  late: number;
  /** Interarrival jitter, ms (RFC 3550 section 6.4.1). */
  jitterMs: number;
}

/** Sequence jumps of this many packets are a restart of the sender, not loss (RFC 3550 appendix A.1). */
const DROPOUT_MAX = 3000;

/** Counts loss and jitter of one stream. */
export class Reception {
  readonly #clockRate: number;
  readonly #bufferMs: number;
  #ssrc = -1;
  #base = 0;
  #highest = 0;
  #earlier = 0;
  #received = 0;
  #late = 0;
  #jitter = 0;
  #firstTimestamp = 0;
  #transit = Number.NaN;
  #fastest = Number.POSITIVE_INFINITY;
  readonly #seen = new Set<number>();

  /**
   * @param clockRate of the codec's timestamps, Hz.
   * @param bufferMs the longest an adaptive jitter buffer waits for a packet, compared with the fastest one so far.
   */
  constructor(clockRate: number, bufferMs = 400) {
    this.#clockRate = clockRate;
    this.#bufferMs = bufferMs;
  }

  /** Takes one packet that arrived at a monotonic time, ms. */
  take(p: Pick<RtpPacket, "ssrc" | "sequence" | "timestamp">, arrivalMs: number): void {
    let extended = p.sequence;
    if (p.ssrc !== this.#ssrc) this.#restart(p);
    else {
      // The number nearest to the highest one seen: it wraps every 65536 packets.
      const delta = ((p.sequence - this.#highest + 0x18000) & 0xffff) - 0x8000;
      if (Math.abs(delta) > DROPOUT_MAX) this.#restart(p);
      else extended = this.#highest + delta;
    }
    if (this.#seen.has(extended)) return;
    this.#seen.add(extended);
    if (this.#seen.size > 2 * DROPOUT_MAX)
      for (const n of this.#seen) if (n < extended - DROPOUT_MAX) this.#seen.delete(n);
    this.#received++;
    this.#highest = Math.max(this.#highest, extended);
    this.#base = Math.min(this.#base, extended);
    this.#time(p.timestamp, arrivalMs);
  }

  stats(): ReceptionStats {
    const expected = this.#earlier + (this.#ssrc < 0 ? 0 : this.#highest - this.#base + 1);
    return {
      received: this.#received,
      expected,
      lost: Math.max(0, expected - this.#received),
      late: this.#late,
      jitterMs: (this.#jitter * 1000) / this.#clockRate,
    };
  }

  #restart(p: Pick<RtpPacket, "ssrc" | "sequence" | "timestamp">): void {
    if (this.#ssrc >= 0) this.#earlier += this.#highest - this.#base + 1;
    this.#ssrc = p.ssrc;
    this.#base = p.sequence;
    this.#highest = p.sequence;
    this.#firstTimestamp = p.timestamp;
    this.#seen.clear();
    this.#transit = Number.NaN;
    this.#fastest = Number.POSITIVE_INFINITY;
  }

  #time(timestamp: number, arrivalMs: number): void {
    // Timestamps wrap at 2^32: counted from the first, as a signed difference.
    const transit = (arrivalMs * this.#clockRate) / 1000 - ((timestamp - this.#firstTimestamp) | 0);
    if (!Number.isNaN(this.#transit)) this.#jitter += (Math.abs(transit - this.#transit) - this.#jitter) / 16;
    this.#transit = transit;
    this.#fastest = Math.min(this.#fastest, transit);
    if (((transit - this.#fastest) * 1000) / this.#clockRate > this.#bufferMs) this.#late++;
  }
}
