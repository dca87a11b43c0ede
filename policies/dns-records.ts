import { type DeclaredRecord, isTrunkName, recordOf, sameName } from "../model/rules/dns";
import type { DesiredDns, Plan } from "../model/types";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Basis } from "./basis";
import { planIfAny, stateAsked } from "./context";
import { AWS_RECORD, CLOUDFLARE_RECORD, type Finding, type Judged, resourcePolicy, together } from "./policy";

/** A record of Route 53 or Cloudflare as declared; several targets are told as one text. */
function declaredRecord({ type, props }: Judged): DeclaredRecord {
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
const carriesCalls = (plan: Plan | undefined, resource: Judged, record: DeclaredRecord): boolean =>
  isTrunkName(record.target) ||
  (plan !== undefined && recordOf(plan.dns, providerOf(resource), record.name).length > 0);

/** A policy on the records that calls depend on, of either provider; all others never reach the judgement. */
export function dnsRecordPolicy(
  name: string,
  description: string,
  judge: (record: DeclaredRecord, resource: Judged, basis: Basis) => Finding[],
): ResourceValidationPolicy {
  const on = (type: string) =>
    resourcePolicy(name, description, type, (resource, basis) => {
      const record = declaredRecord(resource);
      return carriesCalls(planIfAny(), resource, record) ? judge(record, resource, basis) : [];
    });
  return together(on(AWS_RECORD), on(CLOUDFLARE_RECORD));
}
