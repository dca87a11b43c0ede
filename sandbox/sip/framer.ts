import { contentLength, headEnd, parseHead, type SipMessage } from "./message";

/** Longest head and body taken from a stream, bytes: a peer that sends more is cut off, not stored. */
const HEAD_BYTES_MAX = 65_536;
const BODY_BYTES_MAX = 1_048_576;

/** What one chunk completed. `broken`: the stream can no longer be cut into messages and must be closed. */
export interface Framed {
  messages: SipMessage[];
  /** CRLF CRLF keep-alives (RFC 5626 section 3.5.1): each wants one CRLF back. */
  pings: number;
  broken: boolean;
}

/** A head whose body has not come yet. */
interface PendingHead {
  message: SipMessage;
  bodyAt: number;
  length: number;
}

/** Cuts a TCP or TLS stream into messages by Content-Length (RFC 3261 section 18.3; absent counts as 0). */
export class StreamFramer {
  #pending: Buffer = Buffer.alloc(0);
  #head: PendingHead | null = null;

  push(chunk: Buffer): Framed {
    const out: Framed = { messages: [], pings: 0, broken: false };
    let buf = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      if (!this.#head) {
        buf = this.#skipBlank(buf, out);
        if (!this.#readHead(buf, out)) break;
      }
      const head = this.#head as unknown as PendingHead;
      if (buf.length < head.bodyAt + head.length) break;
      head.message.body = buf.toString("utf8", head.bodyAt, head.bodyAt + head.length);
      out.messages.push(head.message);
      buf = buf.subarray(head.bodyAt + head.length);
      this.#head = null;
    }
    this.#pending = out.broken ? Buffer.alloc(0) : buf;
    return out;
  }

  #skipBlank(buf: Buffer, out: Framed): Buffer {
    let at = 0;
    while (buf[at] === 13 && buf[at + 1] === 10) {
      if (buf[at + 2] === 13 && buf[at + 3] === 10) {
        out.pings++;
        at += 4;
      } else if (buf.length - at <= 3) break;
      else at += 2;
    }
    return at === 0 ? buf : buf.subarray(at);
  }

  /** True when a head is complete. Sets `broken` for a head that is not SIP or is too long. */
  #readHead(buf: Buffer, out: Framed): boolean {
    const { end, bodyAt } = headEnd(buf, 0);
    if (end < 0) {
      out.broken = buf.length > HEAD_BYTES_MAX;
      return false;
    }
    const message = end > HEAD_BYTES_MAX ? null : parseHead(buf.toString("utf8", 0, end));
    const length = message ? contentLength(message.headers) : null;
    if (!message || length === null || (length ?? 0) > BODY_BYTES_MAX) {
      out.broken = true;
      return false;
    }
    this.#head = { message, bodyAt, length: length ?? 0 };
    return true;
  }
}
