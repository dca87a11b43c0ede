import type { SipMessage } from "../sip";

/** Header that tells a caller in-band what it hears (sandbox only). */
export const HEARD = "X-Sandbox-Heard";
/** `1` in an INVITE: this call carries real audio. */
export const MEDIA = "X-Sandbox-Media";
/** In the answer to a caller's BYE: packets the agent received. */
export const AGENT_PACKETS = "X-Sandbox-Agent-Packets";

/** What a caller hears when a queue's agent picks up. */
export interface QueueHeard {
  queue: string;
  /** Caller id as the agent sees it. */
  ani: string;
  recorded: boolean;
  via: "gcv" | "byoc";
  failover: boolean;
}

/** A quoted string (RFC 3261 section 25.1): a queue may be called `Info "North"`. */
const quoted = (text: string) => `"${text.replace(/[\r\n]+/g, " ").replace(/["\\]/g, "\\$&")}"`;

/** `queue="Claims";ani="+1...";recorded=1;via=byoc;failover=0` */
export function queueLine(h: QueueHeard): string {
  return `queue=${quoted(h.queue)};ani=${quoted(h.ani)};recorded=${h.recorded ? 1 : 0};via=${h.via};failover=${h.failover ? 1 : 0}`;
}

/** `message="...";via=byoc`: an announcement. */
export function messageLine(text: string, via: "gcv" | "byoc"): string {
  return `message=${quoted(text)};via=${via}`;
}

/** The sandbox's own headers of a message: a back-to-back user agent passes them on. */
export function sandboxHeaders(msg: SipMessage | null | undefined): Record<string, string> {
  const out: Record<string, string> = {};
  if (msg)
    for (const [name, value] of msg.headers.entries())
      if (name.toLowerCase().startsWith("x-sandbox-")) out[name] = value;
  return out;
}
