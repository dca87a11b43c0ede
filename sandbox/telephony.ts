import { expandRanges } from "../model/ranges";
import { plannedOrders } from "../model/rules/orders";
import { apiDomain, byocDomain, trunkHost } from "../model/regions";
import type { Plan } from "../model/types";
import type { Alarm } from "./alarm";
import {
  Callers,
  Dialler,
  GainingCarrier,
  Intruder,
  LosingCarrier,
  Networks,
  Phones,
  Population,
  type SourceChange,
  TestDesk,
} from "./carriers";
import type { WorldClock } from "./clock";
import type { CachingResolver, DnsWorld, Resolution, ResolverKind } from "./dns";
import { SipEdge } from "./edge";
import type { GenesysStore } from "./genesys";
import { loopbackOf, type Subnet } from "./net";
import { Opening } from "./opening";
import { createAuthority } from "./pki";
import {
  CarrierApi,
  LosingLines,
  ManualDesk,
  type PortFault,
  PortRegistry,
  RouteTable,
  type WebhookManner,
} from "./porting";
import type { Random } from "./random";
import type { WorldFaults } from "./world";

/** What has been started, ended in reverse order. */
export class Started {
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

/** Loopback addresses of the actors, and the next free one. */
export interface Hosts {
  edge: string;
  gcv: string;
  sbc: string;
  pstn: string;
  losing: string;
  networks: string[];
  next(): string;
}

/** Everything of a world sits on one /24 of its own. */
export function hostsOf(subnet: Subnet): Hosts {
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

/** What telephony is made of. */
export interface TelephonyParts {
  plan: Plan;
  clock: WorldClock;
  random: Random;
  hosts: Hosts;
  dns: DnsWorld;
  store: GenesysStore;
  started: Started;
  /** How the carrier's own resolver treats TTLs; default honest. */
  carrierResolver?: ResolverKind;
  /** Name of one of the world's resolvers that the carrier shares, its cache filled already. */
  carrierAsks?: string;
  portFaults?: PortFault[];
  webhooks?: WebhookManner;
  networksLearnMinutesMax?: number;
  carrierIdleSeconds?: number;
  carrierSourceChange?: SourceChange;
  carrierSends?: WorldFaults["carrierSends"];
  edgeFaults?: WorldFaults["edge"];
  desk: string;
  alarm: Alarm;
}

/** Edge, carriers, porting and callers. */
export async function startTelephony(parts: TelephonyParts) {
  const { plan, clock, random, hosts, started, desk } = parts;
  const ownNumbers = [...plan.carrier.shadowNumbers, ...plan.carrier.testNumbers];
  const organisation = new Set(plan.numbers.map((n) => n.number));
  const addresses = [...new Set(plan.numbers.map((n) => n.emergencyAddress))];
  const ports = new PortRegistry({
    clock,
    random: random.stream("ports"),
    portable: (number) => organisation.has(number),
    faults: parts.portFaults,
  });
  const orders = plannedOrders(plan).map((o) => ({ ...o, numbers: [...expandRanges(o.ranges)] }));
  const lines = new LosingLines({ clock, ports, orders });
  const networks = new Networks({
    clock,
    random: random.stream("networks"),
    ports,
    ownNumbers,
    learnMinutes: parts.networksLearnMinutesMax
      ? [Math.min(2, parts.networksLearnMinutesMax), parts.networksLearnMinutesMax]
      : undefined,
  });
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
      webhooks: parts.webhooks,
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
    lines,
    networks,
    ownNumbers,
    organisation,
    routes: [carrierApi.account, routes],
  });
  const { edge, gaining, losing, dialler, ca } = sip;
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
  const opening = new Opening(plan);
  const callers = new Callers({
    clock,
    random,
    plan,
    dialler,
    population,
    phones: phonesOf(edge),
    intruder,
    expects: (number, at) => parts.alarm.expected(number) ?? opening.at(number, at),
  });
  started.add(callers, (c) => c.stop());
  return { edge, gaining, losing, ports, carrierApi, manual, callers, ca };
}

interface SipParts extends TelephonyParts {
  ports: PortRegistry;
  lines: LosingLines;
  networks: Networks;
  ownNumbers: string[];
  organisation: ReadonlySet<string>;
  routes: readonly (RouteTable | CarrierApi["account"])[];
}

/** The SIP user agents: the edge with the GCV endpoint, both carriers, the callers' networks. */
async function startSip(o: SipParts) {
  const { plan, random, hosts, started, lines, networks } = o;
  const tls = await certificatesOf(plan);
  const losingAt = { host: hosts.losing, port: 5060 };
  const edge = edgeOf(o, tls, losingAt);
  const losing = started.add(
    new LosingCarrier({
      random,
      host: hosts.losing,
      gcv: { host: hosts.gcv, port: 5060, domain: tls.voice },
      serves: (number) => o.organisation.has(number),
      isCut: (number) => lines.isCut(number),
    }),
    (l) => l.close(),
  );
  const gaining = gainingOf(o, tls, await carrierResolverOf(o), losingAt);
  const dialler = started.add(
    new Dialler({ networks, hosts: hosts.networks, losing: losingAt, gaining: gaining.pstn }),
    (d) => d.close(),
  );
  await Promise.all([edge.start(), losing.start(), gaining.start(), dialler.start()]);
  return { edge, losing, gaining, dialler, ca: tls.ca };
}

/** What the edge, the GCV endpoint and the carrier show, all of one authority. */
async function certificatesOf(plan: Plan) {
  const authority = await createAuthority();
  const voice = `voice.${apiDomain(plan.organisation.region)}`;
  const [edge, gcv, sbc] = await Promise.all([
    // Genesys' names only: a name of the customer's own is on no certificate of theirs.
    authority.issue([`*.${byocDomain(plan.organisation.region)}`, trunkHost(plan), `*.${voice}`], {
      commonName: voice,
    }),
    authority.issue([voice, `*.${voice}`, ...new Set(plan.dns.map((d) => d.from))], { commonName: voice }),
    authority.issue([plan.carrier.sipDomain]),
  ]);
  return { edge, gcv, sbc, voice, ca: authority.ca };
}
type Certificates = Awaited<ReturnType<typeof certificatesOf>>;

/** The resolver that the gaining carrier asks: its own, or one it shares. */
async function carrierResolverOf({ plan, dns, carrierAsks, carrierResolver }: SipParts): Promise<CachingResolver> {
  const shared = dns.resolvers.find((r) => r.name === carrierAsks);
  const resolver = shared ?? dns.resolver("carrier", carrierResolver);
  // One that never asks again has asked when the carrier was told of the name: long before the migration's last steps.
  if (shared || carrierResolver === "pinned")
    await Promise.all(plan.dns.map((d) => resolver.resolve(`${d.record}.${d.zone}`)));
  return resolver;
}

function edgeOf(o: SipParts, tls: Certificates, losingAt: { host: string; port: number }): SipEdge {
  const { plan, clock, random, hosts, store } = o;
  const edgeResolver = o.dns.resolver("genesys-edge");
  return o.started.add(
    new SipEdge({
      store,
      now: () => clock.now(),
      random,
      byoc: { host: hosts.edge, ...tls.edge },
      gcv: { host: hosts.gcv, ...tls.gcv },
      ca: tls.ca,
      resolve: async (host) => (await onLoopback(edgeResolver, host)).addresses,
      gcvCarrier: losingAt,
      failoverQueues: [plan.inbound.failoverQueue, plan.inbound.codecFallbackQueue],
      realAudio: o.edgeFaults?.realAudio,
      paths: o.edgeFaults?.paths,
      unlisted: o.edgeFaults?.unlisted,
    }),
    (e) => e.close(),
  );
}

function gainingOf(
  o: SipParts,
  tls: Certificates,
  resolver: CachingResolver,
  losingAt: { host: string; port: number },
): GainingCarrier {
  const { plan, clock, random, hosts, store, ports } = o;
  const trunk = trunkHost(plan);
  return o.started.add(
    new GainingCarrier({
      clock,
      random,
      plan,
      pstnHost: hosts.pstn,
      sbcHost: hosts.sbc,
      tls: tls.sbc,
      ca: tls.ca,
      resolve: (name) => onLoopback(resolver, name),
      idleSeconds: o.carrierIdleSeconds,
      sourceChange: o.carrierSourceChange,
      sends: o.carrierSends,
      routes: o.routes,
      isActive: (number) => ports.isActive(number),
      ownNumbers: o.ownNumbers,
      // What the organisation configured on its trunk is what it agreed with the carrier.
      trunkCredentials: () => {
        const known = store.byocTrunkFor(trunk);
        return known && (known.digest ?? { addresses: [hosts.edge] });
      },
      elsewhere: (number) => (o.organisation.has(number) ? losingAt : null),
    }),
    (g) => g.close(),
  );
}

/**
 * A host as the world's resolvers answer it, its addresses on loopback: a zone may lead anywhere (a proxied record to Cloudflare's own
 * addresses), a call of the sandbox never leaves the machine. Where nobody listens it is refused.
 */
export async function onLoopback(resolver: Pick<CachingResolver, "resolve">, host: string): Promise<Resolution> {
  const found = await resolver.resolve(host);
  return { ...found, addresses: found.addresses.map(loopbackOf) };
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
