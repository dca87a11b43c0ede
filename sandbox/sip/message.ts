import { Headers } from "./headers";

/** One SIP message (RFC 3261 section 7). `method` of a response is that of its CSeq. */
export interface SipMessage {
  kind: "request" | "response";
  method: string;
  uri?: string;
  status?: number;
  reason?: string;
  headers: Headers;
  body: string;
}

const VERSION = "SIP/2.0";
const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]+) (\S+) SIP\/2\.0$/i;
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i;

/** Start line and headers without a body, or null when the text is not a SIP head. Folded lines are joined (7.3.1). */
export function parseHead(text: string): SipMessage | null {
  let head = text;
  if (/\n[ \t]/.test(head)) head = head.replace(/[ \t]*\r?\n[ \t]+/g, " ");
  const lines = head.split("\n");
  const first = (lines[0] as string).replace(/\r$/, "");
  const headers = new Headers();
  for (let i = 1; i < lines.length; i++) {
    const raw = lines[i] as string;
    const line = raw.charCodeAt(raw.length - 1) === 13 ? raw.slice(0, -1) : raw;
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon <= 0) return null;
    const name = line.slice(0, colon).trimEnd();
    if (!TOKEN.test(name)) return null;
    headers.append(name, line.slice(colon + 1).trim());
  }
  const request = REQUEST_LINE.exec(first);
  if (request) {
    return {
      kind: "request",
      method: (request[1] as string).toUpperCase(),
      uri: request[2] as string,
      headers,
      body: "",
    };
  }
  const response = STATUS_LINE.exec(first);
  if (!response) return null;
  const method = /^\s*\d+\s+(\S+)/.exec(headers.get("CSeq") ?? "")?.[1]?.toUpperCase() ?? "";
  return { kind: "response", method, status: Number(response[1]), reason: response[2] ?? "", headers, body: "" };
}

/** Content-Length in bytes: undefined when absent, null when it is not a number. */
export function contentLength(headers: Headers): number | null | undefined {
  const value = headers.get("Content-Length");
  if (value === undefined) return undefined;
  return /^\d{1,9}$/.test(value) ? Number(value) : null;
}

/**
 * Parses one whole datagram or text. Bytes after Content-Length are dropped, a body shorter than it makes the message null
 * (RFC 3261 section 18.3). Never throws: anything that is not SIP is null.
 */
export function parseMessage(input: Buffer | string): SipMessage | null {
  const buf = typeof input === "string" ? Buffer.from(input) : input;
  let start = 0;
  while (start + 1 < buf.length && buf[start] === 13 && buf[start + 1] === 10) start += 2;
  const { end, bodyAt } = headEnd(buf, start);
  if (end < 0 || end === start) return null;
  const message = parseHead(buf.toString("utf8", start, end));
  if (!message) return null;
  const length = contentLength(message.headers);
  if (length === null) return null;
  const available = buf.length - bodyAt;
  if (length !== undefined && length > available) return null;
  message.body = buf.toString("utf8", bodyAt, bodyAt + (length ?? available));
  return message;
}

/** Where the head ends and the body starts; `end` is -1 when the empty line has not come. Bare LF is accepted. */
export function headEnd(buf: Buffer, start: number): { end: number; bodyAt: number } {
  const crlf = buf.indexOf("\r\n\r\n", start);
  const lf = (crlf < 0 ? buf : buf.subarray(0, crlf)).indexOf("\n\n", start);
  if (lf >= 0) return { end: lf, bodyAt: lf + 2 };
  return crlf >= 0 ? { end: crlf, bodyAt: crlf + 4 } : { end: -1, bodyAt: -1 };
}

/** Text form of a message. Content-Length is always written last and always right. */
export function serialize(msg: SipMessage): string {
  let out =
    msg.kind === "request"
      ? `${msg.method} ${msg.uri} ${VERSION}\r\n`
      : `${VERSION} ${msg.status} ${msg.reason ?? ""}\r\n`;
  for (const [name, value] of msg.headers.entries()) {
    if (name.length === 14 && name.toLowerCase() === "content-length") continue;
    out += `${name}: ${value}\r\n`;
  }
  return `${out}Content-Length: ${msg.body === "" ? 0 : Buffer.byteLength(msg.body)}\r\n\r\n${msg.body}`;
}

const REASONS: Readonly<Record<number, string>> = {
  100: "Trying",
  180: "Ringing",
  183: "Session Progress",
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  480: "Temporarily Unavailable",
  481: "Call/Transaction Does Not Exist",
  482: "Loop Detected",
  483: "Too Many Hops",
  484: "Address Incomplete",
  486: "Busy Here",
  487: "Request Terminated",
  488: "Not Acceptable Here",
  491: "Request Pending",
  500: "Server Internal Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  504: "Server Time-out",
  603: "Decline",
};

/** Default reason phrase of a status code (RFC 3261 section 21). */
export function reasonOf(status: number): string {
  return REASONS[status] ?? "Unknown";
}

/** Name of the first header missing that every message must carry (8.1.1), or null. */
export function missingHeader(msg: SipMessage): string | null {
  for (const name of ["Via", "From", "To", "Call-ID", "CSeq"]) if (!msg.headers.has(name)) return name;
  const cseq = cseqOf(msg);
  return cseq && (msg.kind === "response" || cseq.method === msg.method) ? null : "CSeq";
}

/** CSeq number (0 to 2^31-1) and method, or null when malformed. */
export function cseqOf(msg: SipMessage): { number: number; method: string } | null {
  const match = /^(\d{1,10})\s+(\S+)$/.exec(msg.headers.get("CSeq") ?? "");
  if (!match || Number(match[1]) > 0x7fffffff) return null;
  return { number: Number(match[1]), method: (match[2] as string).toUpperCase() };
}

/** A response to a request: Via, From, To, Call-ID, CSeq copied (8.2.6.2), the To tag added when given and not there yet. */
export function makeResponse(req: SipMessage, status: number, reason = reasonOf(status), toTag?: string): SipMessage {
  const headers = new Headers();
  for (const via of req.headers.getAll("Via")) headers.append("Via", via);
  headers.append("From", req.headers.get("From") ?? "");
  const to = req.headers.get("To") ?? "";
  headers.append("To", toTag && !/;\s*tag\s*=/i.test(to) ? `${to};tag=${toTag}` : to);
  headers.append("Call-ID", req.headers.get("Call-ID") ?? "");
  headers.append("CSeq", req.headers.get("CSeq") ?? "");
  return { kind: "response", method: req.method, status, reason, headers, body: "" };
}
