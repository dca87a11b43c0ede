import { apiDomain, byocDomain } from "../../model/regions";
import type { DnsProvider, DnsView, Plan, PlanDnsRecord } from "../../model/types";
import type { Random } from "../random";
import { CloudflareApi } from "./cloudflare";
import { ZoneCopy } from "./copies";
import { Directory } from "./directory";
import { isWithin, normalName, parentOf } from "./names";
import { OtherUsers } from "./others";
import { CachingResolver, type ResolverKind } from "./resolver";
import { Route53Api, type Route53Limits } from "./route53";
import { NameServer } from "./server";
import { apexSets, type RecordSet, Zone } from "./zone";

export interface ResolverSpec {
  name: string;
  kind: ResolverKind;
  view: DnsView;
  clampSeconds?: number;
}

/**
 * Vantage points of a rehearsal. The private one exists only where the plan has a private view, and the clamp is no higher than the plan's
 * lowered TTL: a resolver that keeps answers longer than that fails the gate for good, which is a fault to rehearse, not the usual case.
 */
export const DEFAULT_RESOLVERS: readonly ResolverSpec[] = [
  { name: "public-1", kind: "honest", view: "public" },
  { name: "public-2", kind: "honest", view: "public" },
  { name: "isp-clamped", kind: "clamp-low", view: "public", clampSeconds: 600 },
  { name: "isp-stale", kind: "stale", view: "public" },
  { name: "office", kind: "honest", view: "private" },
];

export interface DnsOptions {
  plan: Plan;
  clock: { now(): Date; nowMs(): number };
  random: Random;
  /** A free loopback address for the next service. */
  nextHost(): string;
  /** Loopback addresses that names lead to. */
  addresses: { gcv: string; edge: string; carrier: string };
  resolvers?: readonly ResolverSpec[];
  /** Wall milliseconds from an accepted change to its answer; default 40 (Route 53) and up to 30 (Cloudflare). */
  syncMs?: number;
  route53Limits?: Route53Limits;
  /**
   * Others use the vantage points too: when a record changes, each still holds the old one, asked for at some time within its TTL. Without it a
   * resolver that nobody has asked for days would know every change at once.
   */
  othersAsk?: boolean;
  /** Told of every answer that any resolver of the world hands out. */
  onAnswer?: (resolver: ResolverSpec, name: string, target: string | null, ttlSeconds: number) => void;
}

/** All DNS of one world, listening. */
export interface DnsWorld {
  route53: Route53Api;
  cloudflare: CloudflareApi;
  /** The name servers of the plan's zones, for `cutover:nameServers`. */
  nameServers: { provider: DnsProvider; zone: string; view: DnsView; address: string }[];
  resolvers: CachingResolver[];
  copies: ZoneCopy[];
  /** A resolver of one's own, in process: a carrier's or the edge's. */
  resolver(name: string, kind?: ResolverKind, view?: DnsView): CachingResolver;
  close(): Promise<void>;
}

/** TTL of names that are not the customer's: provider-run names are short. */
const FOREIGN_TTL_SECONDS = 60;

/** Builds and starts the DNS of a plan's world: the plan's records at `from` with the normal TTL. */
export async function createDns(options: DnsOptions): Promise<DnsWorld> {
  const { plan, clock, random, nextHost, syncMs } = options;
  const directory = new Directory();
  const servers: NameServer[] = [];
  const serve = async (zones: readonly Zone[], view: DnsView) => {
    const server = new NameServer(nextHost(), zones);
    const address = await server.listen();
    servers.push(server);
    for (const zone of zones) directory.delegate(zone.origin, view, address);
    return address;
  };

  const copies = customerCopies(plan, options.addresses.gcv, random);
  const nameServers: DnsWorld["nameServers"] = [];
  for (const group of grouped(copies)) {
    const address = await serve(
      group.map((copy) => copy.served),
      group[0]!.view,
    );
    for (const { provider, origin, view } of group) nameServers.push({ provider, zone: origin, view, address });
  }
  await serve(foreignZones(plan, options.addresses, random), "public");

  const resolver = resolverMaker(options, directory);
  const others = options.othersAsk ? new OtherUsers(random.stream("others"), clock) : undefined;
  const resolvers = listedResolvers(options, resolver, others);
  for (const each of resolvers) await each.listen(nextHost());
  others?.watch(copies, resolvers);

  const of = (provider: DnsProvider) => copies.filter((copy) => copy.provider === provider);
  const route53 = new Route53Api({
    host: nextHost(),
    zones: of("route53"),
    random: random.stream("route53"),
    clock,
    syncMs,
    limits: options.route53Limits,
  });
  const cloudflare = new CloudflareApi({
    host: nextHost(),
    zones: of("cloudflare"),
    random: random.stream("cloudflare"),
    clock,
    propagationMs: syncMs,
  });
  await Promise.all([route53.listen(), cloudflare.listen()]);

  return {
    route53,
    cloudflare,
    nameServers,
    resolvers,
    copies,
    resolver,
    close: async () => {
      for (const copy of copies) copy.close();
      await Promise.all([...servers, ...resolvers, route53, cloudflare].map((each) => each.close()));
    },
  };
}

type ResolverMaker = (
  name: string,
  kind?: ResolverKind,
  view?: DnsView,
  clampSeconds?: number,
  fetchedAgo?: ReturnType<OtherUsers["fetchedAgo"]>,
) => CachingResolver;

/** Makes resolvers of this world, each with chance of its own. */
const resolverMaker =
  ({ clock, random, onAnswer }: DnsOptions, directory: Directory): ResolverMaker =>
  (name, kind = "honest", view = "public", clampSeconds, fetchedAgo) =>
    new CachingResolver({
      name,
      kind,
      view,
      clampSeconds,
      fetchedAgo,
      directory,
      clock,
      random: random.stream(`resolver/${name}`),
      onAnswer: onAnswer && ((...said) => onAnswer({ name, kind, view }, ...said)),
    });

/** The resolvers that gates may ask. Those that nobody chose clamp no higher than the lowered TTL: the golden path waits for none. */
function listedResolvers(
  { plan, resolvers }: DnsOptions,
  make: ResolverMaker,
  others: OtherUsers | undefined,
): CachingResolver[] {
  const ownNames = new Set(plan.dns.map((d) => normalName(`${d.record}.${d.zone}`)));
  const specs = (resolvers ?? DEFAULT_RESOLVERS).filter(
    (spec) => spec.view === "public" || plan.dns.some((d) => d.view === "private"),
  );
  const lowered = Math.min(...plan.dns.map((d) => d.ttlSeconds.lowered));
  return specs.map(({ name, kind, view, clampSeconds = 600 }) => {
    const bound = resolvers ? clampSeconds : Math.min(clampSeconds, lowered);
    const clamp = kind.startsWith("clamp") ? bound : undefined;
    return make(name, kind, view, clamp, others?.fetchedAgo(view, ownNames));
  });
}

/** One copy for each provider, view and zone of the plan, holding its records and the address of what they point at today. */
function customerCopies(plan: Plan, gcvAddress: string, random: Random): ZoneCopy[] {
  const keyOf = (d: PlanDnsRecord) => `${d.provider}/${d.view}/${normalName(d.zone)}`;
  return [...new Set(plan.dns.map(keyOf))].map((key) => {
    const own = plan.dns.filter((d) => keyOf(d) === key);
    const { provider, view, zone } = own[0]!;
    const origin = normalName(zone);
    const records: RecordSet[] = own.map((d) => ({
      name: normalName(`${d.record}.${d.zone}`),
      type: d.type,
      ttlSeconds: d.ttlSeconds.normal,
      values: [normalName(d.from)],
    }));
    for (const from of new Set(plan.dns.map((d) => normalName(d.from)))) {
      if (isWithin(from, origin))
        records.push({ name: from, type: "A", ttlSeconds: own[0]!.ttlSeconds.normal, values: [gcvAddress] });
    }
    return new ZoneCopy({ provider, view, origin, records, random });
  });
}

/** A provider's name servers serve all its zones of one view. */
function grouped(copies: readonly ZoneCopy[]): ZoneCopy[][] {
  const keys = new Set(copies.map((copy) => `${copy.provider}/${copy.view}`));
  return [...keys].map((key) => copies.filter((copy) => `${copy.provider}/${copy.view}` === key));
}

/**
 * Zones of others: Genesys' trunk names and load balancers, the carrier's domain, and the root, which knows that nothing else exists.
 * Genesys' trunk names answer whether or not a trunk has that identifier: it is the edge that refuses an unknown one.
 */
function foreignZones(plan: Plan, addresses: DnsOptions["addresses"], random: Random): Zone[] {
  const owned = plan.dns.map((d) => normalName(d.zone));
  const zones = new Map<string, RecordSet[]>();
  const add = (origin: string, name: string, address: string) => {
    const own = zones.get(origin) ?? apexSets(origin, [`ns1.${origin}`], `hostmaster.${origin}`, 60);
    if (!own.some((set) => set.name === name && set.type === "A"))
      own.push({ name, type: "A", ttlSeconds: FOREIGN_TTL_SECONDS, values: [address] });
    zones.set(origin, own);
  };
  const byoc = byocDomain(plan.organisation.region);
  add(byoc, `*.${byoc}`, addresses.edge);
  const voice = `voice.${apiDomain(plan.organisation.region)}`;
  for (const n of [1, 2, 3, 4]) add(voice, `lb0${n}.${voice}`, addresses.edge);
  for (const { from, to } of plan.dns) {
    const [old, target] = [normalName(from), normalName(to)];
    if (!owned.some((zone) => isWithin(old, zone))) add(old, old, addresses.gcv);
    if (!isWithin(target, byoc)) add(parentOf(target), target, addresses.edge);
  }
  const carrier = normalName(plan.carrier.sipDomain);
  add(carrier, carrier, addresses.carrier);
  const root = new Zone(
    "",
    apexSets("", ["a.root-servers.net"], "nstld.verisign-grs.com", 86_400),
    random.stream("root"),
  );
  return [...[...zones].map(([origin, sets]) => new Zone(origin, sets, random.stream(`answers/${origin}`))), root];
}
