import { type IncomingCall, parseUri, userOf } from "../sip";

/** Caller id as the organisation sees it: P-Asserted-Identity before From (RFC 3325); null when withheld. */
export function callerOf(call: IncomingCall): string | null {
  const headers = call.request.headers;
  const user = userOf(headers.get("P-Asserted-Identity")) || userOf(headers.get("From"));
  return /^\+?\d{3,}$/.test(user) && !/\bid\b/.test(headers.get("Privacy") ?? "") ? user : null;
}

/** Number in the Request-URI. */
export function calledNumber(call: IncomingCall): string {
  return parseUri(call.request.uri ?? "")?.user ?? "";
}

/** Hops left (RFC 3261 section 20.22); 70 when the header is missing or no number. */
export function maxForwards(call: IncomingCall): number {
  const value = Number(call.request.headers.get("Max-Forwards") ?? "70");
  return Number.isInteger(value) && value >= 0 ? value : 70;
}

/** A transferred call says which number it was diverted from (RFC 5806). */
export function diversionOf(number: string): Record<string, string> {
  return { Diversion: `<tel:${number}>;reason=deflection` };
}

/** First value of every header of the INVITE. */
export function headersOf(call: IncomingCall): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of call.request.headers.entries()) out[name] ??= value;
  return out;
}
