import { type ResourceValidationPolicy, UnknownValueError } from "@pulumi/policy";
import { type DeclaredRecord, isTrunkName, recordOf, sameName } from "../model/rules/dns";
import type { DesiredDns, Plan, PlanDnsRecord } from "../model/types";
import { type Basis, Lacks } from "./basis";
import { planIfAny, stateAsked } from "./context";
import {
  AWS_RECORD,
  CLOUDFLARE_RECORD,
  CLOUDFLARE_RECORD_V5,
  type Finding,
  type Judged,
  resourcePolicy,
  together,
} from "./policy";

/** A record that calls depend on. `planned`: the plan names it; else it leads to a trunk of Genesys Cloud. */
export interface CallRecord extends DeclaredRecord {
  planned: boolean;
}

/** What Cloudflare serves for its TTL 1, "automatic", seconds. */
const AUTOMATIC_SECONDS = 300;

/** Where a record leads, all its values: Route 53 has a list or an alias, Cloudflare a text (`value` until version 5). */
function targetsOf({ type, props }: Judged): string[] {
  if (type !== AWS_RECORD) return [props.content ?? props.value ?? ""].map(String);
  const records = Array.isArray(props.records) ? [...props.records].map(String) : [];
  const aliases = Array.isArray(props.aliases) ? [...(props.aliases as { name?: unknown }[])] : [];
  return [...records, ...aliases.map((alias) => String(alias?.name ?? ""))];
}

/** The TTL that a record is served with, seconds; undefined where it declares none. */
function ttlOf({ type, props }: Judged): number | undefined {
  const ttl = props.ttl === undefined || props.ttl === null ? Number.NaN : Number(props.ttl);
  if (!Number.isFinite(ttl)) return undefined;
  return type !== AWS_RECORD && ttl === 1 ? AUTOMATIC_SECONDS : ttl;
}

const providerOf = ({ type }: Judged): string => (type === AWS_RECORD ? "route53" : "cloudflare");

/**
 * A value that a preview may not know yet. What is not known of a record of the plan is a no; of any other (a certificate's validation, a
 * load balancer's name) it only cannot be told whether it leads to a trunk. It is judged in the update, before it is made.
 */
function knownOr(what: string, read: () => string[]): string[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    throw new Lacks(`it lacks ${what}, which is not known before the update`);
  }
}

/** The record, when calls depend on it: it is the plan's, or it leads to a trunk of Genesys Cloud. Several targets are told as one text. */
function callRecord(plan: Plan | undefined, resource: Judged): CallRecord | undefined {
  const [name] = knownOr("the record's name", () => [String(resource.props.name)]) as [string];
  const of: PlanDnsRecord | undefined = plan && recordOf(plan.dns, providerOf(resource), name)[0];
  const targets = of ? targetsOf(resource) : knownOr("the record's target", () => targetsOf(resource));
  if (!of && !targets.some(isTrunkName)) return undefined;
  return {
    name: of ? `${of.record}.${of.zone}` : name,
    type: String(resource.props.type),
    ttlSeconds: ttlOf(resource),
    target: targets.join(" "),
    proxied: resource.type !== AWS_RECORD && resource.props.proxied === true,
    planned: of !== undefined,
  };
}

/** What the plan wants of a declared record where the stack is going: one entry for each view of that name; none for others' records. */
export function wantedRecords(plan: Plan, resource: Judged, record: DeclaredRecord): DesiredDns[] {
  const provider = providerOf(resource);
  if (recordOf(plan.dns, provider, record.name).length === 0) return [];
  return stateAsked(plan).dns.filter((d) => d.provider === provider && sameName(d.name, record.name));
}

/** A policy on the records that calls depend on, of either provider; all others never reach the judgement. */
export function dnsRecordPolicy(
  name: string,
  description: string,
  judge: (record: CallRecord, resource: Judged, basis: Basis) => Finding[],
): ResourceValidationPolicy {
  const on = (type: string) =>
    resourcePolicy(name, description, type, (resource, basis) => {
      const record = callRecord(planIfAny(), resource);
      return record ? judge(record, resource, basis) : [];
    });
  return together(on(AWS_RECORD), on(CLOUDFLARE_RECORD), on(CLOUDFLARE_RECORD_V5));
}

/** Whether a resource is a DNS record that is known to lead to a trunk of Genesys Cloud. */
export function leadsToTrunk(resource: Judged): boolean {
  if (![AWS_RECORD, CLOUDFLARE_RECORD, CLOUDFLARE_RECORD_V5].includes(resource.type)) return false;
  try {
    return targetsOf(resource).some(isTrunkName);
  } catch (error) {
    if (error instanceof UnknownValueError) return false;
    throw error;
  }
}
