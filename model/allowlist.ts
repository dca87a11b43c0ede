import ipaddr from "ipaddr.js";
import { UserError } from "./errors";

/** Addresses as inclusive intervals of integers; `bits` tells IPv4 (32) from IPv6 (128). */
interface Interval {
  bits: 32 | 128;
  start: bigint;
  end: bigint;
}

/** Most addresses an allowlist entry may let in that the carrier does not name: a /27, the size of a small SBC farm. */
export const STRANGERS_MAX = 32n;

/** Whether the text is an IPv4 or IPv6 address, or a CIDR range of them. */
export function isCidr(text: string): boolean {
  return intervalOf(text) !== undefined;
}

function intervalOf(text: string): Interval | undefined {
  const [address, prefix, ...rest] = text.split("/");
  // ipaddr.js also reads octal, hexadecimal and short forms ("10.1", "0x7f.1"); no carrier writes those on purpose.
  const plain = address!.includes(":") || /^\d{1,3}(\.\d{1,3}){3}$/.test(address!);
  if (!plain || rest.length > 0 || !ipaddr.isValid(address!)) return undefined;
  if (!address!.includes(":") && address!.split(".").some((o) => o.length > 1 && o.startsWith("0"))) return undefined;
  const parsed = ipaddr.parse(address!);
  const bits = parsed.kind() === "ipv4" ? 32 : 128;
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return undefined;
  const value = parsed.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const size = 1n << BigInt(bits - length);
  const start = (value / size) * size;
  return { bits, start, end: start + size - 1n };
}

function intervals(cidrs: readonly string[]): Interval[] {
  return cidrs.map((cidr) => {
    const interval = intervalOf(cidr);
    if (!interval)
      throw new UserError(`"${cidr}" is not an IP address or CIDR range; expected such as 203.0.113.10/32.`);
    return interval;
  });
}

/** What is left of one interval when the others are taken away. */
function without(interval: Interval, others: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let { start } = interval;
  const sorted = others
    .filter((o) => o.bits === interval.bits)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  for (const other of sorted) {
    if (other.end < start || other.start > interval.end) continue;
    if (other.start > start) left.push({ ...interval, start, end: other.start - 1n });
    start = other.end + 1n;
  }
  if (start <= interval.end) left.push({ ...interval, start });
  return left;
}

function addressText(value: bigint, bits: 32 | 128): string {
  const bytes = Array.from({ length: bits / 8 }, (_, i) => Number((value >> BigInt(bits - 8 * (i + 1))) & 0xffn));
  return ipaddr.fromByteArray(bytes).toString();
}

/** The smallest list of CIDR ranges for an interval. */
function cidrsOf({ bits, start, end }: Interval): string[] {
  const cidrs: string[] = [];
  for (let at = start; at <= end; ) {
    let length = 0;
    while (length < bits && at % (1n << BigInt(length + 1)) === 0n && at + (1n << BigInt(length + 1)) - 1n <= end)
      length++;
    cidrs.push(`${addressText(at, bits)}/${bits - length}`);
    at += 1n << BigInt(length);
  }
  return cidrs;
}

/** Ranges of `sources` that the allowlist leaves out, as CIDR. Throws UserError for text that is not an address. */
export function missingFrom(allowlist: readonly string[], sources: readonly string[]): string[] {
  const allowed = intervals(allowlist);
  return intervals(sources).flatMap((source) => without(source, allowed).flatMap(cidrsOf));
}

/** Whether every address of the sources may come in; an empty list of sources is not covered, it is unknown. */
export function covers(allowlist: readonly string[], sources: readonly string[]): boolean {
  return sources.length > 0 && missingFrom(allowlist, sources).length === 0;
}

/** Allowlist entries that let in more than `max` addresses which are none of the carrier's, with their count. */
export function tooWide(
  allowlist: readonly string[],
  sources: readonly string[],
  max = STRANGERS_MAX,
): { entry: string; strangers: bigint }[] {
  const known = intervals(sources);
  return allowlist.flatMap((entry) => {
    const strangers = without(intervals([entry])[0]!, known).reduce((sum, i) => sum + (i.end - i.start + 1n), 0n);
    return strangers > max ? [{ entry, strangers }] : [];
  });
}

/** Entries that share an address with one of the sources. Throws UserError for text that is not an address. */
export function sharing(entries: readonly string[], sources: readonly string[]): string[] {
  const known = intervals(sources);
  return entries.filter((entry) => {
    const [own] = intervals([entry]) as [Interval];
    return known.some((s) => s.bits === own.bits && s.start <= own.end && own.start <= s.end);
  });
}

/** Widest block that one operator holds: a /8 of the early internet, a /19 of IPv6. As counts of bits that are left free. */
const WIDEST_FREE_BITS = { 32: 24n, 128: 109n } as const;

/** Entries wider than any operator's block: they admit strangers whoever the carrier is. Throws UserError for text that is not an address. */
export function ofNoCarrier(entries: readonly string[]): string[] {
  return entries.filter((entry) => {
    const [own] = intervals([entry]) as [Interval];
    return own.end - own.start + 1n > 1n << WIDEST_FREE_BITS[own.bits];
  });
}

/** Whether the address lies in one of the ranges; false for text that is not an address. */
export function inRanges(address: string, ranges: readonly string[]): boolean {
  const at = intervalOf(address);
  if (!at) return false;
  return intervals(ranges).some((r) => r.bits === at.bits && r.start <= at.start && at.end <= r.end);
}
