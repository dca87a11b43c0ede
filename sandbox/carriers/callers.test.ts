import { describe, expect, it } from "vitest";
import { WorldClock } from "../clock";
import { CarrierApi, PortRegistry } from "../porting";
import { Random } from "../random";
import { Callers, Intruder } from "./index";
import { closers, FIRST, HOUR, NUMBERS, range, SHADOW, START, shared, TRUNK, useWorlds, world } from "./testing";

useWorlds();

describe("networks", () => {
  it("learn of a port one after the other, and until then go on sending to the losing carrier", async () => {
    const w = await world();
    const order = w.ports.create({
      reference: "PO-1",
      numbers: [FIRST],
      focRequested: new Date(START.getTime() + 10 * 24 * HOUR),
    });
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
    expect(networks.map((r) => [r.network, r.carrier, r.code])).toEqual(
      w.networks.names.map((n) => [n, "losing", 200]),
    );
    const none = await w.desk.run({ number: SHADOW, source: "198.51.100.1" });
    expect(none[0]).toMatchObject({
      answered: false,
      code: 0,
      why: expect.stringContaining("none of the carrier's addresses"),
    });
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
    const intruder = new Intruder({
      random: w.random,
      edgeHost: shared.subnet.addr(10),
      trunkHost: TRUNK,
      known: ["203.0.113.10/31"],
    });
    await intruder.start();
    closers.push(() => intruder.close());
    const callers = new Callers({
      clock: w.clock,
      random: w.random,
      plan: w.plan,
      dialler: w.dialler,
      population: w.population,
      intruder,
      impatientShare: 0.2,
    });
    callers.start({ perSecond: 60, talkMs: 150, mediaShare: 0.2, intruderPerSecond: 5 });
    const over = (direction: string) => callers.records(0).records.filter((r) => r.direction === direction).length;
    await expect.poll(() => over("inbound") > 80 && over("intruder") > 4, { timeout: 15_000 }).toBe(true);
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
    expect(
      answered.every(
        (r) => r.endedBy === "caller" && r.code === 200 && r.heard.some((h) => h.includes(`ani="${r.from}"`)),
      ),
    ).toBe(true);
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

describe("calls with real audio", () => {
  it("are never more at once than allowed, and talk long enough to be heard", async () => {
    const w = await world();
    const { clock, random, plan, dialler, population } = w;
    const callers = new Callers({ clock, random, plan, dialler, population, impatientShare: 0, mediaCallsMax: 4 });
    callers.start({ perSecond: 40, talkMs: 150, mediaShare: 1 });
    const audible = () => callers.records(0).records.filter((record) => record.media).length;
    await expect.poll(audible, { timeout: 15_000 }).toBeGreaterThan(5);
    callers.stop();
    await callers.drain();
    const media = callers.records(0).records.filter((record) => record.media);
    expect(media.length).toBeGreaterThan(5);
    const atOnce = media.map((one) => media.filter((r) => r.wallMs <= one.wallMs && r.endWallMs > one.wallMs).length);
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(4);
    expect(Math.max(...atOnce)).toBeGreaterThan(1);
    expect(media.every((record) => record.endWallMs - record.wallMs >= 1000)).toBe(true);
  });
});

describe("with the porting API", () => {
  it("routes by connection and translated number", async () => {
    const clock = new WorldClock({ start: START });
    const random = new Random(2);
    const ports = new PortRegistry({ clock, random });
    const api = new CarrierApi({
      clock,
      random,
      host: shared.subnet.addr(40),
      ports,
      ownNumbers: [SHADOW],
      addresses: [],
      testCalls: (r) => w.desk.run(r),
    });
    await api.listen();
    closers.push(
      () => api.close(),
      () => clock.close(),
    );
    const w = await world({ gaining: { routes: [api.account] } });
    const post = (path: string, body: unknown) =>
      fetch(`${api.url}${path}`, {
        method: "POST",
        headers: { authorization: "Bearer x" },
        body: JSON.stringify(body),
      }).then((r) => r.json() as Promise<{ data: { id: string }; results: { code: number }[] }>);
    const { data } = await post("/v2/fqdn_connections", { connection_name: "c", transport_protocol: "TLS" });
    await post("/v2/fqdns", { connection_id: data.id, fqdn: TRUNK });
    await post("/v2/phone_numbers/jobs/update_phone_numbers", {
      phone_numbers: [FIRST],
      connection_id: data.id,
      voice: { translated_number: SHADOW },
    });
    await clock.jump(new Date(START.getTime() + 60_000));
    expect((await post("/test_calls", { number: FIRST })).results[0]).toMatchObject({ code: 200 });
    expect(w.edge.seen[0]).toMatchObject({ uri: `sip:${SHADOW}@${TRUNK}`, to: FIRST });
  });
});
