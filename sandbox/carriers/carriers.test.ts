import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Plan } from "../../model/types";
import { WorldClock } from "../clock";
import { claimSubnet, type Subnet } from "../net";
import { type Authority, createAuthority, type KeyPairPem } from "../pki";
import { CarrierApi, PortRegistry, RouteTable } from "../porting";
import { Random } from "../random";
import { type IncomingCall, SipEndpoint, userOf } from "../sip";
import { LegAudio } from "./audio";
import { Callers, Dialler, GainingCarrier, type GainingCarrierOptions, Intruder, LosingCarrier, Networks, Population, TestDesk } from "./index";
import type { Resolution } from "./peers";

const START = new Date("2026-06-01T08:00:00Z");
const HOUR = 3_600_000;
const SHADOW = "+16173549999";
const TRUNK = "guide-primary.byoc.use1.pure.cloud";
const NUMBERS = Array.from({ length: 12 }, (_, i) => ({
  number: `+161735407${91 + i}`.slice(0, 12),
  wave: i < 6 ? "w1" : "w2",
  part: i < 6 ? "w1" : "w2",
  kind: "local" as const,
  flow: i % 2 ? "Claims" : "Main inbound",
  site: "West",
  portOrder: "PO-1",
  emergencyAddress: "ADDR-WEST",
  row: i + 2,
})).filter((n, i, all) => all.findIndex((o) => o.number === n.number) === i);
const FIRST = NUMBERS[0]!.number;

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
interface Uas {
  endpoint: SipEndpoint;
  seen: { uri: string; to: string; pai: string; from: string; secure: boolean; number: string }[];
  /** Number -> code to refuse with. */
  refuse: Map<string, number>;
}

let subnet: Subnet;
let authority: Authority;
let cert: KeyPairPem;
let sbcCert: KeyPairPem;
beforeAll(async () => {
  subnet = await claimSubnet();
  authority = await createAuthority();
  cert = await authority.issue([TRUNK]);
  sbcCert = await authority.issue(["sip.carrier-domain.com"]);
});
afterAll(() => subnet.release());

const TIMERS = { t1Ms: 60 };
let closers: (() => Promise<unknown> | unknown)[];

async function uas(host: string, tls?: KeyPairPem): Promise<Uas> {
  const endpoint = new SipEndpoint({ name: "org", udp: { host, port: 5060 }, ...(tls ? { tls: { host, port: 5061, ...tls } } : {}), timers: TIMERS });
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
  const audio = await LegAudio.open({ host, codecs: ["PCMU"], secure: false }, call.request.headers.get("X-Sandbox-Media") === "1");
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

async function world(o: { carrier?: Partial<Plan["carrier"]>; gaining?: Partial<GainingCarrierOptions>; names?: Record<string, string> } = {}) {
  const clock = new WorldClock({ start: START });
  const random = new Random(11);
  const plan = planOf(o.carrier);
  const ports = new PortRegistry({ clock, random });
  const routes = new RouteTable();
  const edge = await uas(subnet.addr(10), cert);
  const gcv = await uas(subnet.addr(11));
  const names: Record<string, string> = { [TRUNK]: subnet.addr(10), ...o.names };
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
    pstnHost: subnet.addr(20),
    sbcHost: subnet.addr(21),
    tls: sbcCert,
    ca: authority.ca,
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
    host: subnet.addr(22),
    gcv: { host: subnet.addr(11), port: 5060, domain: "gcv.mypurecloud.com" },
    serves: (n) => NUMBERS.some((p) => p.number === n),
    timers: TIMERS,
  });
  const networks = new Networks({ clock, random, ports, ownNumbers: [SHADOW] });
  const hosts = [31, 32, 33, 34, 35].map((n) => subnet.addr(n));
  const dialler = new Dialler({ networks, hosts, losing: losing.address, gaining: gaining.pstn, timers: TIMERS });
  const population = new Population(plan, random, networks.names, 200);
  const desk = new TestDesk({ clock, gaining, dialler, networks, population, packets: 5 });
  await Promise.all([gaining.start(), losing.start(), dialler.start()]);
  closers.push(() => dialler.close(), () => gaining.close(), () => losing.close(), () => clock.close());
  const call = async (number: string, media = false) => {
    const dialled = await dialler.dial({ number, from: population.callers[0]!.number, network: networks.names[0]!, media, timeoutMs: 5000 });
    const code = await new Promise<number>((done) => {
      dialled.leg.once("answered", () => done(200));
      dialled.leg.once("failed", (f) => done(f.code));
    });
    return { ...dialled, code };
  };
  return { clock, random, plan, ports, routes, edge, gcv, gaining, losing, networks, dialler, population, desk, call, lookups, names };
}

beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

const range = (number: string) => [{ from: number, to: number }];
const toGaining = async (w: Awaited<ReturnType<typeof world>>, number = FIRST) => {
  const order = w.ports.create({ reference: "PO-1", numbers: [number], focRequested: new Date(START.getTime() + 10 * 24 * HOUR) });
  w.ports.confirm(order.id);
  await w.clock.jump(new Date(START.getTime() + 13 * 24 * HOUR));
};

describe("losing carrier", () => {
  it("hands a call to GCV with caller id, passes what is heard and ends both legs", async () => {
    const w = await world();
    const call = await w.call(FIRST, true);
    expect(call).toMatchObject({ code: 200, carrier: "losing" });
    expect(w.gcv.seen[0]).toMatchObject({ number: FIRST, pai: w.population.callers[0]!.number, secure: false });
    expect(call.audio.accept(call.leg.remoteSdp)).toBe(true);
    call.audio.send();
    const heard = await new Promise<string>((done) => call.leg.once("info", (msg) => done(msg.headers.get("X-Sandbox-Heard")!)));
    expect(heard).toContain('queue="Main inbound"');
    await new Promise((done) => setTimeout(done, 200));
    const bye = await call.leg.hangup();
    expect(Number(bye?.headers.get("X-Sandbox-Agent-Packets"))).toBeGreaterThan(3);
    expect(call.audio.received).toBeGreaterThan(3);
    call.audio.close();
    expect(w.gcv.endpoint.calls).toBe(0);
  });

  it("passes a refusal's code", async () => {
    const w = await world();
    w.gcv.refuse.set(FIRST, 404);
    expect((await w.call(FIRST)).code).toBe(404);
  });

  it("takes the caller's hang-up while it rings to the far side", async () => {
    const w = await world();
    const dialled = await w.dialler.dial({ number: FIRST, from: "+16175550000", network: w.networks.names[0]!, media: false, timeoutMs: 5000 });
    await new Promise<void>((done) => dialled.leg.once("ringing", () => done()));
    const final = await dialled.leg.hangup();
    expect(final?.status).toBe(487);
    await new Promise((done) => setTimeout(done, 50));
    expect(w.gcv.endpoint.calls).toBe(0);
  });
});

describe("gaining carrier", () => {
  it("obeys a route: called number rewritten, dialled number kept in To, SRTP over TLS from each source address in turn", async () => {
    const w = await world();
    await toGaining(w);
    w.routes.set("w1", { ranges: range(FIRST), host: TRUNK, calledNumber: SHADOW });
    for (let i = 0; i < 4; i++) {
      const call = await w.call(FIRST);
      expect(call).toMatchObject({ code: 200, carrier: "gaining" });
      await call.leg.hangup();
    }
    expect(w.edge.seen[0]).toMatchObject({ uri: `sip:${SHADOW}@${TRUNK}`, to: FIRST, secure: true, pai: w.population.callers[0]!.number });
    expect(w.edge.seen.map((s) => s.from).sort()).toEqual(["127.0.113.10", "127.0.113.10", "127.0.113.11", "127.0.113.11"]);
  });

  it("relays real audio between RTP and SRTP", async () => {
    const w = await world();
    await toGaining(w);
    w.routes.set("w1", { ranges: range(FIRST), host: TRUNK });
    const call = await w.call(FIRST, true);
    expect(call.audio.accept(call.leg.remoteSdp)).toBe(true);
    call.audio.send();
    await new Promise((done) => setTimeout(done, 250));
    const bye = await call.leg.hangup();
    expect(Number(bye?.headers.get("X-Sandbox-Agent-Packets"))).toBeGreaterThan(3);
    expect(call.audio.received).toBeGreaterThan(3);
    call.audio.close();
  });

  it("answers 404 for a number without a route", async () => {
    const w = await world();
    await toGaining(w);
    expect((await w.call(FIRST)).code).toBe(404);
    expect(w.edge.seen).toEqual([]);
  });

  it("tries the next host on 503 and when nothing can be reached, not on 404 or 486", async () => {
    const w = await world({ names: { "dead.example": "127.0.0.9", "b.example": "" } });
    await toGaining(w);
    const second = await uas(subnet.addr(12), await authority.issue(["b.example"]));
    w.names["b.example"] = subnet.addr(12);
    w.routes.set("w1", { ranges: range(FIRST), host: TRUNK, nextHost: "b.example" });
    for (const [code, expected, tries] of [[503, 200, 1], [480, 200, 1], [404, 404, 0], [486, 486, 0]] as const) {
      second.seen.length = 0;
      w.edge.refuse.set(FIRST, code);
      const call = await w.call(FIRST);
      expect([code, call.code, second.seen.length]).toEqual([code, expected, tries]);
      await call.leg.hangup();
    }
    w.routes.set("w1", { ranges: range(FIRST), host: "dead.example", nextHost: "b.example" });
    const call = await w.call(FIRST);
    expect(call.code).toBe(200);
    await call.leg.hangup();
    w.routes.set("w1", { ranges: range(FIRST), host: "nowhere.example" });
    expect((await w.call(FIRST)).code).toBe(503);
  });

  it.each([
    { tlsNameCheck: "target", requestHost: "target", code: 200, uri: `sip:${FIRST}@${TRUNK}` },
    { tlsNameCheck: "none", requestHost: "customer-name", code: 200, uri: `sip:${FIRST}@sip.guide.example` },
    { tlsNameCheck: "strict", requestHost: "target", code: 503, uri: "" },
  ] as const)("dials the customer's CNAME with name check $tlsNameCheck and $requestHost in the request", async ({ code, uri, ...carrier }) => {
    const w = await world({ carrier });
    await toGaining(w);
    w.routes.set("w1", { ranges: range(FIRST), host: "sip.guide.example" });
    const call = await w.call(FIRST);
    expect(call.code).toBe(code);
    expect(w.edge.seen[0]?.uri ?? "").toBe(uri);
    await call.leg.hangup();
  });

  it("does not look a name up again while its connection is in use: DNS may have moved on", async () => {
    const w = await world({ gaining: { idleSeconds: 120 }, carrier: { sourceRanges: ["203.0.113.10/32"] } });
    await toGaining(w);
    const other = await uas(subnet.addr(12), cert);
    w.routes.set("w1", { ranges: range(FIRST), host: "sip.guide.example" });
    const place = async () => {
      const call = await w.call(FIRST);
      expect(call.code).toBe(200);
      await call.leg.hangup();
    };
    await place();
    w.names["sip.guide.example"] = subnet.addr(12);
    await w.clock.jump(new Date(w.clock.now().getTime() + 60_000));
    await place();
    expect([w.edge.seen.length, other.seen.length, w.lookups.length]).toEqual([2, 0, 1]);
    await w.clock.jump(new Date(w.clock.now().getTime() + 121_000));
    await place();
    expect([w.edge.seen.length, other.seen.length, w.lookups.length]).toEqual([2, 1, 2]);
  });
});

describe("outbound over the gaining carrier", () => {
  async function fromTrunk(number: string, from: string, password = "s3cret") {
    const host = subnet.addr(13);
    const endpoint = new SipEndpoint({ name: "trunk", tls: { host, port: 5061, ...cert }, ca: authority.ca, timers: TIMERS });
    await endpoint.listen();
    const audio = await LegAudio.open({ host, codecs: ["PCMU"], secure: true }, false);
    const leg = endpoint.invite({
      uri: `sip:${number}@sip.carrier-domain.com`,
      from: `<sip:${from}@${TRUNK}>`,
      to: `<sip:${number}@sip.carrier-domain.com>`,
      sdp: audio.offer(),
      target: { transport: "tls", host: subnet.addr(21), port: 5061, checkName: "sip.carrier-domain.com" },
      auth: { username: "carrier_user_01", password },
    });
    const result = await new Promise<{ code: number; heard: string }>((done) => {
      leg.once("answered", (msg) => done({ code: 200, heard: msg.headers.get("X-Sandbox-Heard") ?? "" }));
      leg.once("failed", (f) => done({ code: f.code, heard: "" }));
    });
    await leg.hangup();
    await endpoint.close();
    return result;
  }

  it("asks for a digest, checks the caller id, and connects to the party", async () => {
    const w = await world();
    const party = w.population.parties[0]!;
    expect((await fromTrunk(party, FIRST, "wrong")).code).toBe(403);
    expect((await fromTrunk(party, FIRST)).code).toBe(403);
    await toGaining(w);
    expect(await fromTrunk(party, FIRST)).toEqual({ code: 200, heard: `pstn="${party}";ani="${FIRST}"` });
  });

  it("loops a call to a shadow number back into the trunk whatever its caller id", async () => {
    const w = await world();
    w.routes.set("shadow", { ranges: range(SHADOW), host: TRUNK });
    const caller = w.population.callers[3]!.number;
    expect((await fromTrunk(SHADOW, caller)).code).toBe(200);
    expect(w.edge.seen[0]).toMatchObject({ uri: `sip:${SHADOW}@${TRUNK}`, pai: caller, secure: true });
  });
});

describe("networks", () => {
  it("learn of a port one after the other, and until then go on sending to the losing carrier", async () => {
    const w = await world();
    const order = w.ports.create({ reference: "PO-1", numbers: [FIRST], focRequested: new Date(START.getTime() + 10 * 24 * HOUR) });
    w.ports.confirm(order.id);
    await w.clock.jump(new Date(START.getTime() + 8 * 24 * HOUR));
    const foc = order.focActual!.getTime();
    const gaining = () => w.networks.names.filter((n) => w.networks.carrierOf(FIRST, n) === "gaining").length;
    await w.clock.jump(new Date(foc + 60_000));
    expect(w.ports.isActive(FIRST)).toBe(true);
    expect(gaining()).toBe(0);
    const seen = new Set<number>();
    for (let minutes = 2; minutes <= 485; minutes += 3) {
      await w.clock.jump(new Date(foc + minutes * 60_000));
      seen.add(gaining());
    }
    expect(gaining()).toBe(5);
    expect(seen.size).toBeGreaterThan(2);
    expect(w.networks.carrierOf(SHADOW, w.networks.names[0]!)).toBe("gaining");
    expect(w.networks.carrierOf(NUMBERS[5]!.number, w.networks.names[0]!)).toBe("losing");
  });
});

describe("test desk", () => {
  it("calls with audio from every source address and from every network, and says what it saw", async () => {
    const w = await world();
    w.routes.set("shadow", { ranges: range(SHADOW), host: TRUNK });
    const all = await w.desk.run({ number: SHADOW, source: "all" });
    expect(all.map((r) => r.source)).toEqual(["203.0.113.10", "203.0.113.11"]);
    for (const r of all) {
      expect(r).toMatchObject({ code: 200, answered: true, network: null, why: "" });
      expect(Math.min(r.audioSent, r.audioReceived, r.farReceived ?? 0)).toBeGreaterThan(2);
    }
    expect(new Set(all.map((r) => r.ani)).size).toBe(2);
    expect(w.edge.seen.map((s) => s.pai).sort()).toEqual(all.map((r) => r.ani).sort());
    const networks = await w.desk.run({ number: FIRST, network: "all" });
    expect(networks.map((r) => [r.network, r.carrier, r.code])).toEqual(w.networks.names.map((n) => [n, "losing", 200]));
    const none = await w.desk.run({ number: SHADOW, source: "198.51.100.1" });
    expect(none[0]).toMatchObject({ answered: false, code: 0, why: expect.stringContaining("none of the carrier's addresses") });
    w.edge.refuse.set(FIRST, 403);
    const host = await w.desk.run({ number: FIRST, host: TRUNK });
    expect(host[0]).toMatchObject({ code: 403, answered: false });
  });
});

describe("callers", () => {
  it("keep a load going, note what each saw, and drain; intruders are refused and marked", async () => {
    const w = await world();
    w.gcv.refuse.set(NUMBERS[1]!.number, 404);
    for (const n of NUMBERS) w.edge.refuse.set(n.number, 403);
    const intruder = new Intruder({ random: w.random, edgeHost: subnet.addr(10), trunkHost: TRUNK, known: ["203.0.113.10/31"] });
    await intruder.start();
    closers.push(() => intruder.close());
    const callers = new Callers({ clock: w.clock, random: w.random, plan: w.plan, dialler: w.dialler, population: w.population, intruder, impatientShare: 0.2 });
    callers.start({ perSecond: 60, talkMs: 150, mediaShare: 0.2, intruderPerSecond: 5 });
    await new Promise((done) => setTimeout(done, 2000));
    callers.stop();
    await callers.drain();
    expect(callers.inProgress).toBe(0);
    const { records, next } = callers.records(0);
    expect(callers.records(next).records).toEqual([]);
    const inbound = records.filter((r) => r.direction === "inbound");
    expect(inbound.length).toBeGreaterThan(60);
    expect(new Set(inbound.map((r) => r.number)).size).toBe(NUMBERS.length);
    const refused = inbound.filter((r) => r.number === NUMBERS[1]!.number);
    expect(refused.every((r) => r.code === 404 && !r.answered && r.endedBy === "far")).toBe(true);
    const answered = inbound.filter((r) => r.answered);
    expect(answered.every((r) => r.endedBy === "caller" && r.code === 200 && r.heard.some((h) => h.includes(`ani="${r.from}"`)))).toBe(true);
    const rest = inbound.filter((r) => !r.answered && r.number !== NUMBERS[1]!.number);
    expect(rest.every((r) => r.ringing && r.patienceMs < 1000 && r.endedBy === "caller")).toBe(true);
    expect(rest.length).toBeGreaterThan(0);
    const media = answered.filter((r) => r.media);
    expect(media.length).toBeGreaterThan(3);
    expect(media.every((r) => r.media!.received > 0 && r.media!.farReceived > 0)).toBe(true);
    const intruders = records.filter((r) => r.direction === "intruder");
    expect(intruders.length).toBeGreaterThan(2);
    expect(intruders.every((r) => r.marked && !r.answered)).toBe(true);
    expect(w.edge.seen.every((s) => intruder.hosts.includes(s.from))).toBe(true);
    expect(callers.expected()[FIRST]).toMatchObject({ queue: "Main inbound", wave: "w1" });
  });
});

describe("with the porting API", () => {
  it("routes by connection and translated number", async () => {
    const clock = new WorldClock({ start: START });
    const random = new Random(2);
    const ports = new PortRegistry({ clock, random });
    const api = new CarrierApi({ clock, random, host: subnet.addr(40), ports, ownNumbers: [SHADOW], addresses: [], testCalls: (r) => w.desk.run(r) });
    await api.listen();
    closers.push(() => api.close(), () => clock.close());
    const w = await world({ gaining: { routes: [api.account] } });
    const post = (path: string, body: unknown) =>
      fetch(`${api.url}${path}`, { method: "POST", headers: { authorization: "Bearer x" }, body: JSON.stringify(body) }).then((r) => r.json() as Promise<{ data: { id: string }; results: { code: number }[] }>);
    const { data } = await post("/v2/fqdn_connections", { connection_name: "c", transport_protocol: "TLS" });
    await post("/v2/fqdns", { connection_id: data.id, fqdn: TRUNK });
    await post("/v2/phone_numbers/jobs/update_phone_numbers", { phone_numbers: [FIRST], connection_id: data.id, voice: { translated_number: SHADOW } });
    await clock.jump(new Date(START.getTime() + 60_000));
    expect((await post("/test_calls", { number: FIRST })).results[0]).toMatchObject({ code: 200 });
    expect(w.edge.seen[0]).toMatchObject({ uri: `sip:${SHADOW}@${TRUNK}`, to: FIRST });
  });
});
