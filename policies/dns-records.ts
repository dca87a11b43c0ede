import { type DeclaredRecord, isTrunkName, recordOf, sameName } from "../model/rules/dns";
import type { DesiredDns, Plan } from "../model/types";
import { stateAsked } from "./context";
import { AWS_RECORD, type Judged } from "./policy";

/** A record of Route 53 or Cloudflare as declared; several targets are told as one text. */
export function declaredRecord({ type, props }: Judged): DeclaredRecord {
  const ttl = Number(props.ttl);
  const base = {
    name: String(props.name),
    type: String(props.type),
    ttlSeconds: Number.isFinite(ttl) ? ttl : undefined,
  };
  if (type === AWS_RECORD) {
    const records = Array.isArray(props.records) ? [...props.records].map(String) : [];
    return { ...base, target: records.join(" "), proxied: false };
  }
  return { ...base, target: String(props.content ?? ""), proxied: props.proxied === true };
}

const providerOf = ({ type }: Judged): string => (type === AWS_RECORD ? "route53" : "cloudflare");

/** What the plan wants of a declared record where the stack is going: one entry for each view of that name; none for others' records. */
export function wantedRecords(plan: Plan, resource: Judged, record: DeclaredRecord): DesiredDns[] {
  const provider = providerOf(resource);
  if (recordOf(plan.dns, provider, record.name).length === 0) return [];
  return stateAsked(plan).dns.filter((d) => d.provider === provider && sameName(d.name, record.name));
}

/** Whether calls depend on a record: it is the plan's, or it leads to a trunk of Genesys Cloud. */
export const carriesCalls = (plan: Plan | undefined, resource: Judged, record: DeclaredRecord): boolean =>
  isTrunkName(record.target) ||
  (plan !== undefined && recordOf(plan.dns, providerOf(resource), record.name).length > 0);
