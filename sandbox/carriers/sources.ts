import { ipv4Number, isIpv4, loopbackOf } from "../net";
import { UserError } from "../../model/errors";

/** More addresses than this of one range are not bound one by one: a /16 in a plan is a mistake that policies name. */
const PER_RANGE_MAX = 32;

/** One address a carrier sends from: as the plan names it, and its stand-in on the loopback. */
export interface SourceAddress {
  address: string;
  local: string;
}

/** The addresses of a carrier's source ranges, in order; of a large range the first 32. Throws UserError for a range that is not IPv4. */
export function sourceAddresses(ranges: readonly string[]): SourceAddress[] {
  const out = new Map<string, SourceAddress>();
  for (const range of ranges) {
    const [ip = "", bits = "32"] = range.split("/");
    const prefix = Number(bits);
    if (!isIpv4(ip) || !Number.isInteger(prefix) || prefix < 0 || prefix > 32) {
      throw new UserError(
        `"${range}" is not an IPv4 network: expected an address and a prefix of 0 to 32, such as 198.51.100.44/30.`,
      );
    }
    const size = 2 ** (32 - prefix);
    const first = ipv4Number(ip) - (ipv4Number(ip) % size);
    for (let i = 0; i < Math.min(size, PER_RANGE_MAX); i++) {
      const address = dotted(first + i);
      const local = loopbackOf(address);
      // The very first and last address of all of loopback cannot be bound.
      if (local !== "127.0.0.0" && local !== "127.255.255.255") out.set(local, { address, local });
    }
  }
  return [...out.values()];
}

/** A carrier renumbers: within its published ranges, or with an address that it never published. */
export interface SourceChange {
  kind: "inside" | "outside";
  /** World hours from the start of the world. */
  hours: number;
}

/** Of TEST-NET-1 (RFC 5737): in no plan's ranges unless somebody puts it there. */
const UNPUBLISHED = "192.0.2.77";

/** Addresses in use before and after a change. Inside: the first half of them, then the second; outside: all, then one more. */
export function changedSources(
  all: readonly SourceAddress[],
  kind: SourceChange["kind"],
): { before: readonly SourceAddress[]; after: readonly SourceAddress[] } {
  if (kind === "outside")
    return { before: all, after: [...all, { address: UNPUBLISHED, local: loopbackOf(UNPUBLISHED) }] };
  const half = Math.ceil(all.length / 2);
  return { before: all.slice(0, half), after: all.length > half ? all.slice(half) : all };
}

function dotted(n: number): string {
  return [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join(".");
}
