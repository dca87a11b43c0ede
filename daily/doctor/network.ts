import { missingFrom, tooWide } from "../../model/allowlist";
import type { CarrierDoc, DnsDoc, SipDoc } from "../../model/facts";
import { dnsKey } from "../../model/phases";
import { accountDates, accountText, billedOrders, endangered } from "../../model/rules/accounts";
import { plannedOrders } from "../../model/rules/orders";
import type { DnsProvider, Plan, PlanDnsRecord } from "../../model/types";
import { clockFrom } from "../../providers/lib/clock";
import { CloudflareReader } from "../discover/cloudflare";
import { awsCredentials, Route53Reader } from "../discover/route53";
import { bareName, type FoundCname } from "../discover/zones";
import { addressesOf, parseServer } from "../../probes/dns-client";
import type { RunProbe } from "../probes";
import { probeSettings, type StackSettings } from "../settings";
import { fail, few, type Finding, finding, ok, skip, warn } from "./check";

/** Each DNS provider's API lists the plan's records as the plan believes them. Writing is not tried: it would be a change. */
export async function zones(settings: StackSettings, plan: Plan, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const providers = [...new Set(plan.dns.map((d) => d.provider))];
  if (providers.length === 0) return [skip("dns api", "the plan has no DNS record")];
  return Promise.all(
    providers.map((provider) =>
      finding(`dns api ${provider}`, "check the credentials and their rights on the zone", async () => {
        const own = plan.dns.filter((d) => d.provider === provider);
        const found = await cnamesOf(provider, [...new Set(own.map((d) => d.zone))], settings, env);
        return recordsFinding(provider, own, found);
      }),
    ),
  );
}

function cnamesOf(provider: DnsProvider, names: string[], settings: StackSettings, env: NodeJS.ProcessEnv) {
  const clock = clockFrom(settings.clock);
  if (provider === "cloudflare")
    return new CloudflareReader(env.CLOUDFLARE_API_TOKEN ?? "", clock, settings.cloudflare).cnames(names);
  const keys = awsCredentials(env) ?? { accessKeyId: "", secretAccessKey: "" };
  return new Route53Reader(keys, clock, settings.route53).cnames(names);
}

function recordsFinding(provider: DnsProvider, own: readonly PlanDnsRecord[], found: readonly FoundCname[]): Finding {
  const check = `dns api ${provider}`;
  const missing: string[] = [];
  const other: string[] = [];
  for (const d of own) {
    const there = found.find(
      (f) => f.view === d.view && f.zone === bareName(d.zone) && f.record === bareName(d.record),
    );
    if (!there) missing.push(dnsKey(d));
    else if (![d.from, d.to].map(bareName).includes(there.target)) other.push(`${dnsKey(d)} points to ${there.target}`);
    else if (there.proxied) other.push(`${dnsKey(d)} is proxied, SIP does not pass`);
    else if (![d.ttlSeconds.normal, d.ttlSeconds.lowered].includes(there.ttlSeconds))
      other.push(`${dnsKey(d)} has TTL ${there.ttlSeconds} s`);
  }
  if (missing.length > 0)
    return fail(check, `no CNAME ${few(missing)}`, "correct dns in the plan: provider, zone, record, view");
  if (other.length > 0) return fail(check, few(other), "correct from, to or ttlSeconds in the plan");
  return ok(check, `${own.length} records as in the plan (the right to write is not tried)`);
}

/** Every resolver and name server of the stack answers for every record. */
export function resolvers(settings: StackSettings, plan: Plan, probe: RunProbe): Promise<Finding> {
  return finding("resolvers", "check cutover:resolvers and the way to port 53", async () => {
    if (plan.dns.length === 0) return skip("resolvers", "the plan has no DNS record");
    const doc = (await probe("dns", probeSettings(settings, plan.porting.provider, {}))) as DnsDoc;
    if (doc.status !== "ok") return fail("resolvers", doc.error ?? doc.status, "check cutover:resolvers");
    const silent = (doc.answers ?? []).filter((a) => a.error);
    if (silent.length > 0)
      return fail(
        "resolvers",
        few(
          silent.map((a) => `${a.resolver}: ${a.error}`),
          3,
        ),
        "replace the resolver, or open port 53 to it",
      );
    const [other] = doc.others ?? [];
    if (other)
      return fail(
        "resolvers",
        `${other.resolver} serves ${other.name} too, and the plan has no record there`,
        "add its provider to dns in the plan, or take it out of the zone's delegation",
      );
    return ok(
      "resolvers",
      `${new Set(doc.answers?.map((a) => a.resolver)).size} servers answer for ${plan.dns.length} records`,
    );
  });
}

/** Outbound calls go to the carrier's name: every public resolver of the stack has to find an address for it, as Genesys will. */
export function carrierName(settings: StackSettings, plan: Plan): Promise<Finding> {
  const name = plan.carrier.sipDomain;
  return finding("carrier name", "check carrier.sipDomain", async () => {
    const asked = settings.resolvers.filter((r) => r.view === "public");
    if (asked.length === 0) return skip("carrier name", "no public resolver in cutover:resolvers");
    const found = await Promise.all(
      asked.map(async (r) => {
        const addresses = await addressesOf(parseServer(r.address), name).catch(() => []);
        return { who: r.name ?? r.address, addresses };
      }),
    );
    const silent = found.filter((f) => f.addresses.length === 0).map((f) => f.who);
    if (silent.length > 0)
      return warn(
        "carrier name",
        `${name} has no address at ${few(silent)}`,
        "correct carrier.sipDomain, or ask the carrier which name resolves from the internet",
      );
    return ok("carrier name", `${name} resolves at ${found.length} resolvers`);
  });
}

/** SIP reaches Genesys: OPTIONS to the trunk's own name. Without a trunk yet an answer of any code proves the way. */
export function sip(settings: StackSettings, plan: Plan, probe: RunProbe): Promise<Finding> {
  return finding("sip", "open the way to the trunk's name", async () => {
    const doc = (await probe("sip", probeSettings(settings, plan.porting.provider, { tests: [] }))) as SipDoc & {
      options?: { error?: string };
    };
    const { options } = doc;
    if (doc.status !== "ok" || !options)
      return fail("sip", doc.error ?? "no answer", "check the plan's trunk and resolvers");
    if (options.code !== null) return ok("sip", `${options.target} answers OPTIONS with ${options.code}`);
    const port = plan.trunk.transport === "tls" ? 5061 : 5060;
    return warn(
      "sip",
      `${options.target} does not answer OPTIONS${options.error ? `: ${options.error}` : ""}`,
      `expected before the trunk exists, and from an address outside its allowlist; else open TCP ${port}`,
    );
  });
}

/** The carrier's interface answers, and the allowlist lets in all it sends from and little else. */
export async function carrier(settings: StackSettings, plan: Plan, probe: RunProbe): Promise<Finding[]> {
  const adapter = settings.carrier.adapter ?? plan.porting.provider;
  const dates: Finding[] = [];
  const answers = await finding("carrier", "check carrier:url and TELNYX_API_KEY", async () => {
    const doc = (await probe("carrier", probeSettings(settings, plan.porting.provider, {}))) as CarrierDoc;
    if (doc.status !== "ok")
      return fail("carrier", doc.error ?? doc.status, "check carrier:url, carrier:deskDir and TELNYX_API_KEY");
    dates.push(...portDates(plan, doc));
    return ok(
      "carrier",
      `${plan.carrier.name} (${adapter}): ${doc.numbers?.length ?? 0} ranges, ${doc.orders?.length ?? 0} orders on file`,
    );
  });
  return [answers, ...dates, allowlist(plan)];
}

/** Agreed dates of accounts whose billing number moves: it fails where numbers would be left on one, and warns of dates that are still open. */
function portDates(plan: Plan, { orders, numbers }: CarrierDoc): Finding[] {
  if (!orders || !numbers || orders.length === 0) return [];
  const planned = plannedOrders(plan);
  if (billedOrders(planned).length === 0) return [];
  const found = accountDates(planned, { orders, numbers });
  const told = found.flatMap((a) => accountText(a) ?? []);
  if (told.length === 0) return [ok("port dates", "no billing number is dated before the rest of its account")];
  const cure =
    "have the carrier's desk move its order behind the rest, or the rest before it, before the losing carrier closes the account";
  return [(found.some(endangered) ? fail : warn)("port dates", told.join("; "), cure)];
}

function allowlist(plan: Plan): Finding {
  const { allowlist: entries } = plan.trunk;
  const missing = missingFrom(entries, plan.carrier.sourceRanges);
  if (missing.length > 0)
    return fail("allowlist", `without ${few(missing)} of the carrier`, "add them to trunk.allowlist");
  const wide = tooWide(entries, plan.carrier.sourceRanges).map((w) => `${w.entry} lets in ${w.strangers} strangers`);
  if (wide.length > 0) return warn("allowlist", few(wide), "name the carrier's addresses one by one");
  return ok("allowlist", `covers ${few(plan.carrier.sourceRanges)}`);
}
