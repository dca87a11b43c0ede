import { UserError } from "../model/errors";
import type { Plan, PlanDnsRecord } from "../model/types";
import { addressesOf, ask, chainOf, parseServer } from "./dns-client";
import { errorText, inParallel, type ProbeFacts, type ProbeSettings, type ServerSetting } from "./document";
import { loadPlanOf } from "./genesys";

/** One server's answer for one record of the plan. `target` is what the CNAME itself says, `final` where the chain ends. */
export interface DnsProbeAnswer {
  key: string;
  resolver: string;
  view: "public" | "private";
  target: string | null;
  final?: string;
  ttlSeconds: number | null;
  authoritative?: boolean;
  error?: string;
}

/** Public resolvers asked when none is configured: four operators, so that no single cache speaks for all. */
const PUBLIC_RESOLVERS: ServerSetting[] = [
  { name: "google", address: "8.8.8.8", view: "public" },
  { name: "cloudflare", address: "1.1.1.1", view: "public" },
  { name: "quad9", address: "9.9.9.9", view: "public" },
  { name: "opendns", address: "208.67.222.222", view: "public" },
];

/** Stable key of a record: the same as `DesiredDns.key` of model/phases. */
const recordKey = (r: PlanDnsRecord): string => `${r.provider}-${r.view}-${r.record}.${r.zone}`;

const serverName = (s: ServerSetting) => s.name ?? s.address;

async function oneAnswer(
  record: PlanDnsRecord,
  resolver: string,
  address: string,
  recurse: boolean,
): Promise<DnsProbeAnswer> {
  const base = { key: recordKey(record), resolver, view: record.view };
  const name = `${record.record}.${record.zone}`;
  try {
    const answer = await ask(parseServer(address), name, record.type, { recurse });
    const chain = chainOf(answer, name);
    if (!chain) {
      return {
        ...base,
        target: null,
        ttlSeconds: null,
        authoritative: answer.authoritative,
        error: `${name} has no CNAME here (${answer.rcode})`,
      };
    }
    return {
      ...base,
      target: chain.targets[0] ?? null,
      final: chain.targets.at(-1),
      ttlSeconds: chain.ttlSeconds,
      authoritative: answer.authoritative,
    };
  } catch (error) {
    return { ...base, target: null, ttlSeconds: null, error: errorText(error) };
  }
}

/** Provider of a name server by the names its operator gives to them; undefined for others. */
function providerOf(nameServer: string): string | undefined {
  if (/\.awsdns-\d+\./.test(nameServer)) return "route53";
  if (/\.ns\.cloudflare\.com$/.test(nameServer)) return "cloudflare";
  return undefined;
}

/** The zone's own name servers, looked up through a resolver, for a production stack that lists none. */
async function discover(zone: string, view: "public" | "private", resolver: ServerSetting): Promise<ServerSetting[]> {
  const server = parseServer(resolver.address);
  const answer = await ask(server, zone, "NS", { recurse: true });
  const names = answer.records.filter((r) => r.type === "NS").map((r) => String(r.data));
  const found = await inParallel(names, 8, async (name): Promise<ServerSetting[]> => {
    const [address] = await addressesOf(server, name).catch(() => []);
    return address ? [{ provider: providerOf(name), zone, view, address, name }] : [];
  });
  return found.flat();
}

/** Servers that speak for this record's copy of the zone. */
const servesCopy = (record: PlanDnsRecord) => (s: ServerSetting) =>
  s.zone === record.zone && s.view === record.view && (s.provider === undefined || s.provider === record.provider);

/**
 * Records of the plan by the name servers of a provider that the plan does not name there: a zone may be delegated to two providers, and
 * who keeps one of them up to date forgets the other. Resolvers ask any of them.
 */
function unplannedServers(plan: Plan, nameServers: readonly ServerSetting[]): [PlanDnsRecord, ServerSetting][] {
  const seen = new Set<string>();
  return plan.dns.flatMap((record) =>
    nameServers
      .filter((s) => s.provider !== undefined && s.zone === record.zone && s.view === record.view)
      .filter((s) => {
        const planned = plan.dns.some((r) => sameRecord(r, record) && r.provider === s.provider);
        // Two of the plan's providers may have found it: it is asked once.
        const key = `${s.address} ${record.record}.${record.zone}`;
        if (planned || seen.has(key)) return false;
        seen.add(key);
        return true;
      })
      .map((s): [PlanDnsRecord, ServerSetting] => [record, s]),
  );
}

const sameRecord = (a: PlanDnsRecord, b: PlanDnsRecord): boolean =>
  a.zone === b.zone && a.view === b.view && a.record === b.record;

/** How a name server is called in the answers. */
const serverLabel = (s: ServerSetting, provider: string): string => `ns:${provider}:${s.view}:${s.address}`;

async function nameServersFor(
  plan: Plan,
  settings: ProbeSettings,
  resolvers: ServerSetting[],
): Promise<ServerSetting[]> {
  const known = settings.nameServers ?? [];
  const missing = new Map<string, PlanDnsRecord>();
  for (const record of plan.dns) {
    if (!known.some(servesCopy(record))) missing.set(`${record.zone}/${record.view}`, record);
  }
  const found = await inParallel([...missing.values()], 4, async (record) => {
    const resolver = resolvers.find((r) => r.view === record.view);
    return resolver ? discover(record.zone, record.view, resolver).catch(() => []) : [];
  });
  return [...known, ...found.flat()];
}

/** Configured resolvers and those the plan's records name; well-known public ones when there is none (never in a sandbox). */
function resolversFor(plan: Plan, settings: ProbeSettings): ServerSetting[] {
  const listed = new Map((settings.resolvers ?? []).map((r) => [`${r.view}/${r.address}`, r]));
  for (const record of plan.dns) {
    for (const address of record.resolvers ?? []) {
      if (!listed.has(`${record.view}/${address}`))
        listed.set(`${record.view}/${address}`, { name: address, address, view: record.view });
    }
  }
  if (listed.size > 0) return [...listed.values()];
  if (plan.sandbox) {
    throw new UserError(
      "cutover:resolvers: none is configured; expected the sandbox's resolvers, which `cutover sandbox` prints. A sandbox stack asks no public resolver.",
    );
  }
  return PUBLIC_RESOLVERS;
}

/**
 * Asks every name server and every resolver of a record's view for its CNAME and reports target and TTL as received.
 * A name that its own name servers do not have is not asked of shared resolvers: they would keep the "no" (RFC 2308).
 */
export async function probeDns(settings: ProbeSettings): Promise<ProbeFacts> {
  const plan = await loadPlanOf(settings);
  const resolvers = resolversFor(plan, settings);
  const nameServers = await nameServersFor(plan, settings, resolvers);
  const perRecord = await inParallel(plan.dns, 8, async (record): Promise<DnsProbeAnswer[]> => {
    const own = nameServers.filter(servesCopy(record));
    const fromServers = await inParallel(own, 8, (s) =>
      oneAnswer(record, serverLabel(s, s.provider ?? record.provider), s.address, false),
    );
    const missing = fromServers.length > 0 && fromServers.every((a) => a.target === null && a.authoritative === true);
    const shared = resolvers.filter((r) => r.view === record.view);
    const fromResolvers = missing
      ? shared.map(
          (r): DnsProbeAnswer => ({
            key: recordKey(record),
            resolver: serverName(r),
            view: r.view,
            target: null,
            ttlSeconds: null,
            error: "not asked: the zone's own name servers do not have the name, and a resolver would keep that answer",
          }),
        )
      : await inParallel(shared, 16, (r) => oneAnswer(record, serverName(r), r.address, true));
    return [...fromServers, ...fromResolvers];
  });
  const others = await inParallel(unplannedServers(plan, nameServers), 8, async ([record, s]) => {
    const { target } = await oneAnswer(record, serverLabel(s, s.provider!), s.address, false);
    return { name: `${record.record}.${record.zone}`, resolver: serverLabel(s, s.provider!), target };
  });
  return { answers: perRecord.flat(), ...(others.length > 0 ? { others } : {}) };
}
