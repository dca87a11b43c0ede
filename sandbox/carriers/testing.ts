/** A small world for the tests of this folder: both carriers, networks, callers, and user agents that stand for the organisation. */
import { afterAll, afterEach, beforeAll } from "vitest";
import type { Plan } from "../../model/types";
import { WorldClock } from "../clock";
import { claimSubnet, type Subnet } from "../net";
import { type Authority, createAuthority, type KeyPairPem } from "../pki";
import { PortRegistry, RouteTable } from "../porting";
import { Random } from "../random";
import { type IncomingCall, SipEndpoint, userOf } from "../sip";
import { LegAudio } from "./audio";
import {
  Dialler,
  GainingCarrier,
  type GainingCarrierOptions,
  LosingCarrier,
  Networks,
  Population,
  TestDesk,
} from "./index";
import type { Resolution } from "./peers";

export const START = new Date("2026-06-01T08:00:00Z");
export const HOUR = 3_600_000;
export const SHADOW = "+16173549999";
export const TRUNK = "guide-primary.byoc.use1.pure.cloud";
export const NUMBERS = Array.from({ length: 12 }, (_, i) => ({
  number: `+1617354${2000 + i}`,
  wave: i < 6 ? "w1" : "w2",
  part: i < 6 ? "w1" : "w2",
  kind: "local" as const,
  flow: i % 2 ? "Claims" : "Main inbound",
  site: "West",
  portOrder: "PO-1",
  emergencyAddress: "ADDR-WEST",
  row: i + 2,
}));
export const FIRST = NUMBERS[0]!.number;

function planOf(carrier: Partial<Plan["carrier"]> = {}): Plan {
  return {
    numbers: NUMBERS,
    trunk: { transport: "tls", srtpCipherSuites: ["AES_CM_128_HMAC_SHA1_80"], allowlist: ["203.0.113.10/32"] },
    carrier: {
      name: "guide SIP",
      sipDomain: "sip.carrier-domain.com",
      sourceRanges: ["203.0.113.10/31"],
      codecs: ["PCMU", "PCMA"],
      tlsNameCheck: "target",
      requestHost: "target",
      shadowNumbers: [SHADOW],
      testNumbers: [],
      retryOn: [408, 480, 503, 504],
      ...carrier,
    },
  } as unknown as Plan;
}

/** A user agent that stands for the organisation: answers by number, tells what it saw. */
export interface Uas {
  endpoint: SipEndpoint;
  seen: { uri: string; to: string; pai: string; from: string; secure: boolean; number: string }[];
  /** Number -> code to refuse with. */
  refuse: Map<string, number>;
}

/** What all tests of one file share; filled by `useWorlds`. */
export const shared = {} as { subnet: Subnet; authority: Authority; cert: KeyPairPem; sbcCert: KeyPairPem };
/** Ended after each test, last first. */
export const closers: (() => Promise<unknown> | unknown)[] = [];

/** Claims a loopback network and certificates for the tests of a file, and ends what each test started. */
export function useWorlds(): void {
  beforeAll(async () => {
    const authority = await createAuthority();
    Object.assign(shared, { subnet: await claimSubnet(), authority });
    shared.cert = await authority.issue([TRUNK]);
    shared.sbcCert = await authority.issue(["sip.carrier-domain.com"]);
  });
  afterAll(() => shared.subnet.release());
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
}

export const TIMERS = { t1Ms: 60 };
export async function uas(host: string, tls?: KeyPairPem): Promise<Uas> {
  const endpoint = new SipEndpoint({
    name: "org",
    udp: { host, port: 5060 },
    ...(tls ? { tls: { host, port: 5061, ...tls } } : {}),
    timers: TIMERS,
  });
  const self: Uas = { endpoint, seen: [], refuse: new Map() };
  endpoint.onInvite = (call: IncomingCall) => void answer(call, host, self);
  await endpoint.listen();
  closers.push(() => endpoint.close());
  return self;
}

async function answer(call: IncomingCall, host: string, self: Uas): Promise<void> {
  const number = /sip:([^@]+)@/.exec(call.request.uri ?? "")?.[1] ?? "";
  const pai = userOf(call.request.headers.get("P-Asserted-Identity"));
  self.seen.push({
    uri: call.request.uri ?? "",
    to: userOf(call.request.headers.get("To")),
    pai,
    from: call.remote.address,
    secure: /RTP\/SAVP/.test(call.remoteSdp ?? ""),
    number,
  });
  const code = self.refuse.get(number);
  if (code) return call.reject(code);
  const audio = await LegAudio.open(
    { host, codecs: ["PCMU"], secure: false },
    call.request.headers.get("X-Sandbox-Media") === "1",
  );
  const sdp = audio.answer(call.remoteSdp);
  if (sdp === null) return call.reject(488);
  call.ring();
  setTimeout(() => {
    call.answer(sdp, { "X-Sandbox-Heard": `message="Welcome"` });
    audio.send();
    void call.info({ "X-Sandbox-Heard": `queue="Main inbound";ani="${pai}";recorded=1;via=byoc;failover=0` });
  }, 80);
  call.endHeaders = () => ({ "X-Sandbox-Agent-Packets": String(audio.received) });
  call.once("ended", () => audio.close());
}

export async function world(
  o: {
    carrier?: Partial<Plan["carrier"]>;
    transport?: Plan["trunk"]["transport"];
    gaining?: Partial<GainingCarrierOptions>;
    names?: Record<string, string>;
  } = {},
) {
  const clock = new WorldClock({ start: START });
  const random = new Random(11);
  const plan = planOf(o.carrier);
  if (o.transport) plan.trunk.transport = o.transport;
  const ports = new PortRegistry({ clock, random });
  const routes = new RouteTable();
  const edge = await uas(shared.subnet.addr(10), shared.cert);
  const gcv = await uas(shared.subnet.addr(11));
  const names: Record<string, string> = { [TRUNK]: shared.subnet.addr(10), ...o.names };
  const lookups: string[] = [];
  const resolve = async (name: string): Promise<Resolution> => {
    lookups.push(name);
    const target = name === "sip.guide.example" ? TRUNK : name;
    const address = names[name] ?? names[target];
    if (!address) throw new Error(`NXDOMAIN ${name}`);
    return { target, addresses: [address], ttl: 300 };
  };
  const gaining = new GainingCarrier({
    clock,
    random,
    plan,
    pstnHost: shared.subnet.addr(20),
    sbcHost: shared.subnet.addr(21),
    tls: shared.sbcCert,
    ca: shared.authority.ca,
    resolve,
    routes: [routes],
    isActive: (n) => ports.isActive(n),
    ownNumbers: [SHADOW],
    trunkCredentials: () => ({ username: "carrier_user_01", password: "s3cret" }),
    timers: TIMERS,
    ...o.gaining,
  });
  const losing = new LosingCarrier({
    random,
    host: shared.subnet.addr(22),
    gcv: { host: shared.subnet.addr(11), port: 5060, domain: "gcv.mypurecloud.com" },
    serves: (n) => NUMBERS.some((p) => p.number === n),
    timers: TIMERS,
  });
  const networks = new Networks({ clock, random, ports, ownNumbers: [SHADOW] });
  const hosts = [31, 32, 33, 34, 35].map((n) => shared.subnet.addr(n));
  const dialler = new Dialler({ networks, hosts, losing: losing.address, gaining: gaining.pstn, timers: TIMERS });
  const population = new Population(plan, random, networks.names, 200);
  const desk = new TestDesk({ clock, gaining, dialler, networks, population, packets: 5 });
  await Promise.all([gaining.start(), losing.start(), dialler.start()]);
  closers.push(
    () => dialler.close(),
    () => gaining.close(),
    () => losing.close(),
    () => clock.close(),
  );
  const call = async (number: string, media = false) => {
    const dialled = await dialler.dial({
      number,
      from: population.callers[0]!.number,
      network: networks.names[0]!,
      media,
      timeoutMs: 5000,
    });
    const code = await new Promise<number>((done) => {
      dialled.leg.once("answered", () => done(200));
      dialled.leg.once("failed", (f) => done(f.code));
    });
    return { ...dialled, code };
  };
  return {
    clock,
    random,
    plan,
    ports,
    routes,
    edge,
    gcv,
    gaining,
    losing,
    networks,
    dialler,
    population,
    desk,
    call,
    lookups,
    names,
  };
}

export const range = (number: string) => [{ from: number, to: number }];
export const toGaining = async (w: Awaited<ReturnType<typeof world>>, number = FIRST) => {
  const order = w.ports.create({
    reference: "PO-1",
    numbers: [number],
    focRequested: new Date(START.getTime() + 10 * 24 * HOUR),
  });
  w.ports.confirm(order.id);
  await w.clock.jump(new Date(START.getTime() + 13 * 24 * HOUR));
};
