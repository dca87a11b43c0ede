import { dnsKey } from "../phases";
import type { Finding } from "./finding";
import type { DesiredDns, PlanDnsRecord } from "../types";

/** Whether two names are the same; DNS ignores case, and a final dot is only a way of writing. */
export const sameName = (a: string, b: string): boolean =>
  a.toLowerCase().replace(/\.$/, "") === b.toLowerCase().replace(/\.$/, "");

/** A DNS record as a program declares it, of any provider. */
export interface DeclaredRecord {
  /** Fully qualified. */
  name: string;
  type: string;
  target: string;
  ttlSeconds: number | undefined;
  proxied: boolean;
}

/**
 * Cloudflare's proxy answers a name with its own HTTP addresses: no call to such a name ever arrives. `expectCname` for a record of the
 * plan; of others only the proxy is anybody's business (an SRV record leads to a trunk as well, a TXT record only names it).
 */
export function proxiedRecord(record: DeclaredRecord, expectCname: boolean): Finding[] {
  if (record.proxied) {
    return [
      {
        seen: `${record.name} proxied`,
        required: "a record that answers with the SIP target itself (proxied: false)",
        fix: "declare it with proxied: false",
      },
    ];
  }
  if (!expectCname || record.type.toUpperCase() === "CNAME") return [];
  return [
    {
      seen: `${record.name} of type ${record.type}`,
      required: "a CNAME that follows the target's own addresses",
      fix: "declare it as a CNAME",
    },
  ];
}

/** Names of the SIP trunks of Genesys Cloud: `<id>.byoc.<domain>` in the domains of model/regions.ts and their variants. */
const TRUNK_NAME =
  /^[a-z0-9_-]+\.byoc\.(?:[a-z0-9-]+\.)*(?:(?:[a-z0-9-]*-)?pure\.cloud|genesys\.cloud|mypurecloud\.[a-z.]+?)\.?$/i;

/**
 * Whether a record's value leads to a trunk's own name, for records of programs without a plan: the name itself, or the last word of an
 * SRV record's value.
 */
export const isTrunkName = (target: string): boolean => TRUNK_NAME.test(target.trim().split(/\s+/).at(-1) ?? "");

/**
 * A record that leads to another place than its time allows: to the new trunk before the first wave is adopted (its number is
 * nowhere there yet), or back on the old path after it.
 */
export function earlyTarget(record: DeclaredRecord, want: Pick<DesiredDns, "target">, moved: boolean): Finding[] {
  if (sameName(record.target, want.target)) return [];
  return [
    {
      seen: `${record.name} to ${record.target}`,
      required: moved
        ? `${want.target}: adopted numbers answer there only`
        : `${want.target} until the first wave is adopted: no number is Active and bound at another target`,
      fix: `declare the record with ${want.target}: its target changes with the first wave that is adopted`,
    },
  ];
}

/** Records of the plan that a declared name means: fully qualified, or the label that the provider completes with its zone. */
export function recordOf(records: readonly PlanDnsRecord[], provider: string, name: string): PlanDnsRecord[] {
  return records.filter(
    (r) => r.provider === provider && (sameName(`${r.record}.${r.zone}`, name) || sameName(r.record, name)),
  );
}

export { dnsKey };
