import { apiDomain, byocDomain, trunkHost } from "../model/regions";
import type { Plan } from "../model/types";
import {
  Callers,
  Dialler,
  GainingCarrier,
  Intruder,
  LosingCarrier,
  Networks,
  Phones,
  Population,
  TestDesk,
} from "./carriers";
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
import { SipEdge } from "./edge";
import { GenesysApi, type GenesysOptions, GenesysStore } from "./genesys";
import { claimSubnet, type Subnet } from "./net";
import { Operator } from "./operator";
import { createAuthority } from "./pki";
import { CarrierApi, ManualDesk, type PortFault, PortRegistry, RouteTable } from "./porting";
import { Random } from "./random";

/** What may be different from the golden path. */
export interface WorldFaults {
  resolvers?: readonly ResolverSpec[];
  /** How the carrier's own resolver treats TTLs; default honest. */
  carrierResolver?: ResolverKind;
  ports?: PortFault[];
  route53Limits?: Route53Limits;
  genesys?: GenesysOptions;
  operator?: { lateHours?: number; forgets?: readonly string[] };
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

/** What has been started, ended in reverse order. */
class Started {
  readonly #ends: (() => unknown)[] = [];

  add<T>(made: T, end: (made: T) => unknown): T {
    this.#ends.push(() => end(made));
    return made;
  }

  async end(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "the world did not end cleanly");
  }
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
  const dns = started.add(
    await createDns({
      plan,
      clock,
      random: random.stream("dns"),
      nextHost: hosts.next,
      addresses: { gcv: hosts.gcv, edge: hosts.edge, carrier: hosts.sbc },
      resolvers: faults.resolvers,
      route53Limits: faults.route53Limits,
    }),
    (d) => d.close(),
  );
  const store = new GenesysStore(plan, clock, random.stream("genesys"), faults.genesys);
  const genesys = started.add(new GenesysApi(store, { host: hosts.next() }), (api) => api.close());
  const genesysUrl = await genesys.listen();
  const telephony = await startTelephony({ plan, clock, random, hosts, dns, store, started, faults, desk });
  const operator = started.add(
    new Operator({ clock, random: random.stream("operator"), dir: desk, organisation: store, ...faults.operator }),
    (o) => o.close(),
  );
  await operator.start();
  const look = async () => {
    await Promise.all([telephony.manual.scan(), operator.scan()]);
  };
  clock.aroundMove(look);
  const { callers, edge, carrierApi, gaining, losing, ports } = telephony;
  const control = started.add(
    await serveControl({
      host: hosts.next(),
      clock,
      calls: callers,
      operator,
      look,
      expect: () => callers.expected(),
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
    }),
    (c) => c.close(),
  );
  return {
    clock,
    store,
    dns,
    ports,
    callers,
    operator,
    addresses: () => addressesOf({ genesysUrl, dns, carrierUrl: carrierApi.url, edge, control, desk }),
    close: () => started.end(),
  };
}

interface Hosts {
  edge: string;
  gcv: string;
  sbc: string;
  pstn: string;
  losing: string;
  networks: string[];
  next(): string;
}

/** Everything of a world sits on one /24 of its own. */
function hostsOf(subnet: Subnet): Hosts {
  let n = 0;
  const next = () => subnet.addr(++n);
  return {
    edge: next(),
    gcv: next(),
    sbc: next(),
    pstn: next(),
    losing: next(),
    networks: Array.from({ length: 5 }, next),
    next,
  };
}

interface TelephonyParts {
  plan: Plan;
  clock: WorldClock;
  random: Random;
  hosts: Hosts;
  dns: DnsWorld;
  store: GenesysStore;
  started: Started;
  faults: WorldFaults;
  desk: string;
}

/** Edge, carriers, porting and callers. */
async function startTelephony(parts: TelephonyParts) {
  const { plan, clock, random, hosts, started, desk } = parts;
  const ownNumbers = [...plan.carrier.shadowNumbers, ...plan.carrier.testNumbers];
  const organisation = new Set(plan.numbers.map((n) => n.number));
  const addresses = [...new Set(plan.numbers.map((n) => n.emergencyAddress))];
  const ports = new PortRegistry({
    clock,
    random: random.stream("ports"),
    portable: (number) => organisation.has(number),
    faults: parts.faults.ports,
  });
  const networks = new Networks({ clock, random: random.stream("networks"), ports, ownNumbers });
  const population = new Population(plan, random, networks.names);
  const routes = new RouteTable();
  const testDesk: { run?: TestDesk } = {};
  const carrierApi = started.add(
    new CarrierApi({
      clock,
      random: random.stream("carrier-api"),
      host: hosts.next(),
      ports,
      ownNumbers,
      addresses,
      testCalls: (request) => testDesk.run!.run(request),
    }),
    (api) => api.close(),
  );
  const manual = started.add(
    new ManualDesk({ clock, random: random.stream("desk"), dir: desk, routes, ports, addresses }),
    (d) => d.close(),
  );
  const sip = await startSip({
    ...parts,
    ports,
    networks,
    ownNumbers,
    organisation,
    routes: [carrierApi.account, routes],
  });
  const { edge, gaining, losing, dialler } = sip;
  testDesk.run = new TestDesk({ clock, gaining, dialler, networks, population });
  await Promise.all([carrierApi.listen(), manual.start()]);
  const intruder = started.add(
    new Intruder({
      random: random.stream("intruder"),
      edgeHost: hosts.edge,
      trunkHost: trunkHost(plan),
      known: [...plan.trunk.allowlist, ...plan.carrier.sourceRanges],
    }),
    (i) => i.close(),
  );
  await intruder.start();
  const callers = new Callers({ clock, random, plan, dialler, population, phones: phonesOf(edge), intruder });
  started.add(callers, (c) => c.stop());
  return { edge, gaining, losing, ports, carrierApi, manual, callers };
}

/** The SIP user agents: the edge with the GCV endpoint, both carriers, the callers' networks. */
async function startSip(
  o: TelephonyParts & {
    ports: PortRegistry;
    networks: Networks;
    ownNumbers: string[];
    organisation: ReadonlySet<string>;
    routes: readonly (RouteTable | CarrierApi["account"])[];
  },
) {
  const { plan, clock, random, hosts, dns, store, started, ports, networks } = o;
  const authority = await createAuthority();
  const trunk = trunkHost(plan);
  const voice = `voice.${apiDomain(plan.organisation.region)}`;
  const [edgeTls, gcvTls, sbcTls] = await Promise.all([
    // Genesys' names only: a name of the customer's own is on no certificate of theirs.
    authority.issue([`*.${byocDomain(plan.organisation.region)}`, trunk, `*.${voice}`], { commonName: voice }),
    authority.issue([voice, `*.${voice}`, ...new Set(plan.dns.map((d) => d.from))], { commonName: voice }),
    authority.issue([plan.carrier.sipDomain]),
  ]);
  const edgeResolver = dns.resolver("genesys-edge");
  const carrierResolver = dns.resolver("carrier", o.faults.carrierResolver);
  const losingAt = { host: hosts.losing, port: 5060 };
  const edge = started.add(
    new SipEdge({
      store,
      now: () => clock.now(),
      random,
      byoc: { host: hosts.edge, ...edgeTls },
      gcv: { host: hosts.gcv, ...gcvTls },
      ca: authority.ca,
      resolve: async (host) => (await edgeResolver.resolve(host)).addresses,
      gcvCarrier: losingAt,
      failoverQueues: [plan.inbound.failoverQueue],
    }),
    (e) => e.close(),
  );
  const losing = started.add(
    new LosingCarrier({
      random,
      host: hosts.losing,
      gcv: { host: hosts.gcv, port: 5060, domain: voice },
      serves: (number) => o.organisation.has(number),
    }),
    (l) => l.close(),
  );
  const gaining = started.add(
    new GainingCarrier({
      clock,
      random,
      plan,
      pstnHost: hosts.pstn,
      sbcHost: hosts.sbc,
      tls: sbcTls,
      ca: authority.ca,
      resolve: (name) => carrierResolver.resolve(name),
      routes: o.routes,
      isActive: (number) => ports.isActive(number),
      ownNumbers: o.ownNumbers,
      // What the organisation configured on its trunk is what it agreed with the carrier.
      trunkCredentials: () => store.byocTrunkFor(trunk)?.digest ?? null,
      elsewhere: (number) => (o.organisation.has(number) ? losingAt : null),
    }),
    (g) => g.close(),
  );
  const dialler = started.add(
    new Dialler({ networks, hosts: hosts.networks, losing: losingAt, gaining: gaining.pstn }),
    (d) => d.close(),
  );
  await Promise.all([edge.start(), losing.start(), gaining.start(), dialler.start()]);
  return { edge, losing, gaining, dialler };
}

/** The organisation's phones, over the edge. */
function phonesOf(edge: SipEdge): Phones {
  return new Phones(async (call) => {
    const { code, reason, path, heard, leg, hangup } = await edge.placeOutbound(call);
    const ended = leg
      ? new Promise<"far" | "error">((resolve) => {
          leg.once("ended", ({ by }) => {
            if (by !== "local") resolve(by === "remote" ? "far" : "error");
          });
        })
      : undefined;
    return { code, why: reason, heard, via: path, hangup, ended };
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
  };
}
