import type { SipMessage } from "../sip";

/** Headers that pass unchanged from leg to leg: the sandbox's own and those that say who calls whom. */
const PASSED = new Set(["p-asserted-identity", "diversion", "history-info", "privacy", "user-to-user"]);

/** What a back-to-back user agent carries from one leg's message to the other's. */
export function passedHeaders(msg: SipMessage | null | undefined): Record<string, string> {
  const out: Record<string, string> = {};
  if (!msg) return out;
  for (const [name, value] of msg.headers.entries()) {
    const key = name.toLowerCase();
    if (key.startsWith("x-sandbox-") || PASSED.has(key)) out[name] = out[name] ? `${out[name]}, ${value}` : value;
  }
  return out;
}

/** Fields of `X-Sandbox-Heard`: `queue="Claims";ani="+1...";recorded=1;via=byoc` -> record. */
export function heardFields(heard: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const match of heard.matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g))
    out[match[1]!] = match[2]?.replaceAll(/\\(.)/g, "$1") ?? match[3] ?? "";
  return out;
}
