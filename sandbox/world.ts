import type { Plan } from "../model/types";
import { Alarm } from "./alarm";
import type { Callers, GainingCarrier, LosingCarrier, SourceChange } from "./carriers";
import { Chronicle } from "./chronicle";
import { type ClockMode, defaultStart, WorldClock } from "./clock";
import { serveControl } from "./control";
import {
  createDns,
  type DnsWorld,
  type HttpService,
  type ResolverKind,
  type ResolverSpec,
  type Route53Limits,
} from "./dns";
import type { PathQuality, SipEdge } from "./edge";
import { GenesysApi, type GenesysOptions, GenesysStore } from "./genesys";
import { claimSubnet } from "./net";
import { Operator } from "./operator";
import type { CarrierApi, PortFault, PortRegistry, WebhookManner } from "./porting";
import { Random } from "./random";
import { hostsOf, Started, startTelephony } from "./telephony";

/** What may be different from the golden path. */
export interface WorldFaults {
  resolvers?: readonly ResolverSpec[];
  /** How the carrier's own resolver treats TTLs; default honest. */
  carrierResolver?: ResolverKind;
  /** Name of a resolver of `resolvers` that the carrier asks, and has asked for the customer's names before the migration began. */
  carrierAsks?: string;
  ports?: PortFault[];
  /** How the carrier's webhooks arrive; default each once and in order. */
  webhooks?: WebhookManner;
  route53Limits?: Route53Limits;
  genesys?: GenesysOptions;
  /** World minutes until the last network has learned of a port; default 480. */
  networksLearnMinutesMax?: number;
  /** World seconds after which the gaining carrier closes an idle connection; default 300. */
  carrierIdleSeconds?: number;
  /** How the gaining carrier signals to the organisation, whatever was agreed; default as the trunk of the plan. SRTP goes with TLS. */
  carrierSends?: "tls" | "tcp" | "udp";
  /** The gaining carrier sends from other addresses after a while; default never. */
  carrierSourceChange?: SourceChange;
  edge?: {
    /** Every call opens real media, not only the callers' marked sample: for phones that know nothing of the sandbox. */
    realAudio?: boolean;
    /** Paths whose quality is not the usual one. */
    paths?: Partial<Record<"gcv" | "byoc", PathQuality>>;
    /** What a source outside of the allowlist hears; default 403. */
    unlisted?: "403" | "silence";
  };
  /** The organisation's emergency group is switched on so many hours after the first port; default never. */
  alarmHoursAfterPort?: number;
  operator?: { lateHours?: number; forgets?: readonly string[]; tidies?: readonly string[] };
}

export interface WorldOptions {
  plan: Plan;
  /** The same seed gives the same world: who calls when, which name server is asked, when ports fall. */
  seed: number;
  mode: ClockMode;
  /** First instant; default a Monday 08:00 in the plan's timezone. */
  start?: Date;
  /** Directory of requests and confirmations. */
  desk: string;
  /** How the BYOC edge matches a called number; default the plan's. */
  matching?: "org-wide" | "by-pool";
  faults?: WorldFaults;
}

/** Where everything listens (docs/internals.md section 6). */
export interface WorldAddresses {
  genesys: string;
  route53: string;
  cloudflare: string;
  carrier: string;
  dns: DnsWorld["nameServers"];
  resolvers: { name: string; address: string; view: "public" | "private"; kind: ResolverKind }[];
  edge: { tls: string; tcp: string; udp: string; gcv: string };
  clock: string;
  control: string;
  desk: string;
  /** Certificate (PEM) of the world's authority, which issued what edge and carriers show. */
  ca: string;
}

/** One world, listening. */
export interface World {
  readonly clock: WorldClock;
  readonly store: GenesysStore;
  readonly dns: DnsWorld;
  readonly ports: PortRegistry;
  readonly callers: Callers;
  readonly operator: Operator;
  addresses(): WorldAddresses;
  /** Ends everything the world started. */
  close(): Promise<void>;
}

/**
 * Puts the world of a plan together and starts it: the organisation as it stands before `baseline`, its DNS at the old TTL, both carriers,
 * the callers (silent until asked), the porting desk and the operator. Nothing listens outside of loopback.
 * @throws UserError when no loopback network is free. What was started by then is ended.
 */
export async function createWorld(options: WorldOptions): Promise<World> {
  const started = new Started();
  try {
    return await build(options, started);
  } catch (error) {
    await started.end().catch(() => {});
    throw error;
  }
}

async function build(options: WorldOptions, started: Started): Promise<World> {
  const { faults = {}, desk } = options;
  const plan = withMatching(options.plan, options.matching);
  const random = new Random(options.seed);
  const clock = started.add(
    new WorldClock({ start: options.start ?? defaultStart(plan.limits.timezone), mode: options.mode }),
    (c) => c.close(),
  );
  const subnet = started.add(await claimSubnet(), (s) => s.release());
  const hosts = hostsOf(subnet);
  const chronicle = new Chronicle(
    () => clock.now(),
    plan.dns.map((d) => `${d.record}.${d.zone}`),
  );
  const dns = started.add(
    await createDns({
      plan,
      clock,
      random: random.stream("dns"),
      nextHost: hosts.next,
      addresses: { gcv: hosts.gcv, edge: hosts.edge, carrier: hosts.sbc },
      resolvers: faults.resolvers,
      route53Limits: faults.route53Limits,
      othersAsk: true,
      onAnswer: (resolver, name, target, ttl) => chronicle.answered(resolver, name, target, ttl),
    }),
    (d) => d.close(),
  );
  const store = new GenesysStore(plan, clock, random.stream("genesys"), faults.genesys);
  store.records.onEnded = (conversation) => chronicle.ended(conversation);
  const genesys = started.add(new GenesysApi(store, { host: hosts.next() }), (api) => api.close());
  const genesysUrl = await genesys.listen();
  // Before the migration touches anything: what the group stands for now is what callers go by.
  const alarm = new Alarm(store, plan);
  const telephony = await startTelephony({
    plan,
    alarm,
    clock,
    random,
    hosts,
    dns,
    store,
    started,
    desk,
    portFaults: faults.ports,
    webhooks: faults.webhooks,
    networksLearnMinutesMax: faults.networksLearnMinutesMax,
    carrierIdleSeconds: faults.carrierIdleSeconds,
    carrierSourceChange: faults.carrierSourceChange,
    carrierSends: faults.carrierSends,
    edgeFaults: faults.edge,
    carrierResolver: faults.carrierResolver,
    carrierAsks: faults.carrierAsks,
  });
  const operator = started.add(
    new Operator({ clock, random: random.stream("operator"), dir: desk, organisation: store, ...faults.operator }),
    (o) => o.close(),
  );
  await operator.start();
  // A look that was under way may have missed the newest file: the second one has not.
  const look = async () => {
    for (let i = 0; i < 2; i++) await Promise.all([telephony.manual.scan(), operator.scan()]);
  };
  clock.aroundMove(look);
  const { callers, edge, carrierApi, ports, ca } = telephony;
  chronicle.watchPorts(ports);
  if (faults.alarmHoursAfterPort !== undefined) alarm.goOffAfterPort(ports, clock, faults.alarmHoursAfterPort);
  const control = started.add(
    await controlOf({ ...telephony, host: hosts.next(), clock, operator, alarm, look, chronicle, genesys, dns }),
    (c) => c.close(),
  );
  return {
    clock,
    store,
    dns,
    ports,
    callers,
    operator,
    addresses: () => addressesOf({ genesysUrl, dns, carrierUrl: carrierApi.url, edge, control, desk, ca }),
    close: () => started.end(),
  };
}

/** The control API: what steers the world and tells of it. */
function controlOf(o: {
  host: string;
  clock: WorldClock;
  operator: Operator;
  alarm: Alarm;
  look: () => Promise<void>;
  chronicle: Chronicle;
  genesys: GenesysApi;
  dns: DnsWorld;
  callers: Callers;
  edge: SipEdge;
  carrierApi: CarrierApi;
  gaining: GainingCarrier;
  losing: LosingCarrier;
}): Promise<HttpService> {
  const { callers, operator, genesys, dns, carrierApi, edge, gaining, losing } = o;
  return serveControl({
    host: o.host,
    clock: o.clock,
    calls: callers,
    operator,
    alarm: o.alarm,
    look: o.look,
    expect: () => callers.expected(),
    chronicle: () => o.chronicle.read(),
    requests: () => ({
      genesys: genesys.requests(),
      route53: dns.route53.requests(),
      cloudflare: dns.cloudflare.requests(),
      carrier: carrierApi.requests(),
    }),
    state: () => ({
      edge: edge.counters,
      inProgress: callers.inProgress,
      skipped: callers.skipped,
      carriers: { gaining: gaining.counters, losing: losing.counters },
      operator: operator.counts,
    }),
  });
}

function withMatching(plan: Plan, matching: WorldOptions["matching"]): Plan {
  return matching ? { ...plan, organisation: { ...plan.organisation, inboundMatching: matching } } : plan;
}

function addressesOf(o: {
  genesysUrl: string;
  dns: DnsWorld;
  carrierUrl: string;
  edge: SipEdge;
  control: HttpService;
  desk: string;
  ca: string;
}): WorldAddresses {
  return {
    genesys: o.genesysUrl,
    route53: o.dns.route53.url,
    cloudflare: o.dns.cloudflare.url,
    carrier: o.carrierUrl,
    dns: o.dns.nameServers,
    resolvers: o.dns.resolvers.map(({ name, address, view, kind }) => ({ name, address, view, kind })),
    edge: o.edge.addresses,
    clock: o.control.url,
    control: o.control.url,
    desk: o.desk,
    ca: o.ca,
  };
}
