import { createCipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { rtpHeaderLength } from "./rtp";

/** Suites this room speaks: AES counter mode with HMAC-SHA1 (RFC 4568 section 6.2, RFC 6188). */
export const SRTP_SUITES = {
  AES_CM_128_HMAC_SHA1_80: { cipher: "aes-128-ctr", keyBytes: 16, tagBytes: 10 },
  AES_CM_128_HMAC_SHA1_32: { cipher: "aes-128-ctr", keyBytes: 16, tagBytes: 4 },
  AES_256_CM_HMAC_SHA1_80: { cipher: "aes-256-ctr", keyBytes: 32, tagBytes: 10 },
  AES_256_CM_HMAC_SHA1_32: { cipher: "aes-256-ctr", keyBytes: 32, tagBytes: 4 },
} as const;
export type SrtpSuite = keyof typeof SRTP_SUITES;

const SALT_BYTES = 14;
const AUTH_KEY_BYTES = 20;
/** Packets older than this many behind the newest are taken for replays (RFC 3711 section 3.3.2: at least 64). */
const REPLAY_WINDOW = 64n;

/** Master key and salt of one direction, as `a=crypto` carries them. */
export interface SrtpKey {
  suite: SrtpSuite;
  /** Key, then salt. */
  master: Buffer;
}

/** True for a suite of `SRTP_SUITES`. */
export function isSrtpSuite(name: string): name is SrtpSuite {
  return Object.hasOwn(SRTP_SUITES, name);
}

/** A fresh random key. */
export function newSrtpKey(suite: SrtpSuite = "AES_CM_128_HMAC_SHA1_80"): SrtpKey {
  return { suite, master: randomBytes(SRTP_SUITES[suite].keyBytes + SALT_BYTES) };
}

/** AES counter-mode key stream of n bytes from a 16-byte block (RFC 3711 section 4.1.1). */
export function keystream(cipher: string, key: Buffer, iv: Buffer, n: number): Buffer {
  return createCipheriv(cipher, key, iv).update(Buffer.alloc(n));
}

/** Session key of a label (0 cipher, 1 authentication, 2 salt) with key derivation rate 0 (section 4.3.1). */
export function deriveKey(cipher: string, masterKey: Buffer, masterSalt: Buffer, label: number, n: number): Buffer {
  const x = Buffer.alloc(16);
  masterSalt.copy(x, 0, 0, SALT_BYTES);
  x[7] = (x[7] as number) ^ label;
  return keystream(cipher, masterKey, x, n);
}

interface Stream {
  /** Rollover counter and highest sequence number (section 3.3.1). */
  roc: number;
  highest: number;
  /** Highest index seen and, bit n, whether index - n was seen. */
  top: bigint;
  seen: bigint;
}

/** SRTP of one direction of one session. Never throws on what comes from the network. */
export class SrtpContext {
  readonly #suite: (typeof SRTP_SUITES)[SrtpSuite];
  readonly #key: Buffer;
  readonly #salt: Buffer;
  readonly #auth: Buffer;
  readonly #streams = new Map<number, Stream>();
  /** Packets refused: wrong tag, replayed, or not RTP. */
  refused = 0;

  constructor(key: SrtpKey) {
    this.#suite = SRTP_SUITES[key.suite];
    const { cipher, keyBytes } = this.#suite;
    if (key.master.length !== keyBytes + SALT_BYTES)
      throw new RangeError(`SRTP key: ${key.master.length} bytes, expected ${keyBytes + SALT_BYTES}`);
    const master = key.master.subarray(0, keyBytes);
    const salt = key.master.subarray(keyBytes);
    this.#key = deriveKey(cipher, master, salt, 0, keyBytes);
    this.#auth = deriveKey(cipher, master, salt, 1, AUTH_KEY_BYTES);
    this.#salt = deriveKey(cipher, master, salt, 2, SALT_BYTES);
  }

  /** Protects a whole RTP packet. Throws RangeError when it is not RTP (a bug of the caller). */
  protect(rtp: Buffer): Buffer {
    const head = rtpHeaderLength(rtp);
    if (head === null) throw new RangeError("not an RTP packet");
    const sequence = rtp.readUInt16BE(2);
    const stream = this.#streamOf(rtp.readUInt32BE(8), sequence);
    if (sequence < stream.highest && stream.highest - sequence > 0x8000) stream.roc = (stream.roc + 1) >>> 0;
    stream.highest = sequence;
    const out = Buffer.allocUnsafe(rtp.length + this.#suite.tagBytes);
    rtp.copy(out, 0, 0, head);
    this.#crypt(rtp, head, stream.roc, sequence).copy(out, head);
    this.#tag(out.subarray(0, rtp.length), stream.roc).copy(out, rtp.length, 0, this.#suite.tagBytes);
    return out;
  }

  /** Checks and decrypts a packet; null when it is refused. */
  unprotect(packet: Buffer): Buffer | null {
    const length = packet.length - this.#suite.tagBytes;
    const head = length >= 12 ? rtpHeaderLength(packet.subarray(0, length)) : null;
    if (head === null) return this.#refuse();
    const sequence = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    const known = this.#streams.get(ssrc);
    const roc = known ? guessRoc(known, sequence) : 0;
    const index = (BigInt(roc) << 16n) | BigInt(sequence);
    if (known && isReplay(known, index)) return this.#refuse();
    const body = packet.subarray(0, length);
    const expected = this.#tag(body, roc).subarray(0, this.#suite.tagBytes);
    if (!timingSafeEqual(expected, packet.subarray(length))) return this.#refuse();
    // Only an authentic packet may move the counters (section 3.3).
    note(known ?? this.#streamOf(ssrc, sequence), roc, sequence, index);
    return Buffer.concat([packet.subarray(0, head), this.#crypt(body, head, roc, sequence)]);
  }

  #refuse(): null {
    this.refused++;
    return null;
  }

  #streamOf(ssrc: number, sequence: number): Stream {
    let stream = this.#streams.get(ssrc);
    if (!stream) {
      stream = { roc: 0, highest: sequence, top: -1n, seen: 0n };
      this.#streams.set(ssrc, stream);
    }
    return stream;
  }

  #crypt(packet: Buffer, head: number, roc: number, sequence: number): Buffer {
    const iv = Buffer.alloc(16);
    this.#salt.copy(iv, 0);
    for (let i = 0; i < 4; i++) iv[4 + i] = (iv[4 + i] as number) ^ (packet[8 + i] as number);
    const high = Buffer.allocUnsafe(6);
    high.writeUInt32BE(roc >>> 0, 0);
    high.writeUInt16BE(sequence, 4);
    for (let i = 0; i < 6; i++) iv[8 + i] = (iv[8 + i] as number) ^ (high[i] as number);
    return createCipheriv(this.#suite.cipher, this.#key, iv).update(packet.subarray(head));
  }

  #tag(authenticated: Buffer, roc: number): Buffer {
    const counter = Buffer.allocUnsafe(4);
    counter.writeUInt32BE(roc >>> 0, 0);
    return createHmac("sha1", this.#auth).update(authenticated).update(counter).digest();
  }
}

/** The rollover counter a packet most likely belongs to (RFC 3711 appendix A). */
function guessRoc(stream: Stream, sequence: number): number {
  if (stream.highest < 0x8000)
    return sequence - stream.highest > 0x8000 && stream.roc > 0 ? stream.roc - 1 : stream.roc;
  return stream.highest - 0x8000 > sequence ? (stream.roc + 1) >>> 0 : stream.roc;
}

function isReplay(stream: Stream, index: bigint): boolean {
  if (index > stream.top) return false;
  const age = stream.top - index;
  return age >= REPLAY_WINDOW || ((stream.seen >> age) & 1n) === 1n;
}

function note(stream: Stream, roc: number, sequence: number, index: bigint): void {
  if (stream.top < 0n || index > stream.top) {
    const shift = stream.top < 0n ? REPLAY_WINDOW : index - stream.top;
    stream.seen = shift >= REPLAY_WINDOW ? 1n : BigInt.asUintN(Number(REPLAY_WINDOW), stream.seen << shift) | 1n;
    stream.top = index;
    stream.roc = roc;
    stream.highest = sequence;
  } else stream.seen |= 1n << (stream.top - index);
}
