import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CarrierAdapter, PortOrderSettings, RouteSettings } from "./adapter";
import { Desk } from "./desk";
import { FakeClock, FakePerson, FakeTelnyx } from "./fakes";
import { ManualCarrier } from "./manual";
import { TelnyxCarrier } from "./telnyx";
import { TelnyxClient } from "./telnyx-client";

/** A carrier under test and what its side of the world can do. */
interface Bench {
  clock: FakeClock;
  adapter: CarrierAdapter;
  /** A second adapter, as a later run of the program would open it. */
  again(): CarrierAdapter;
  /** The carrier works off what it was asked. */
  settle(): Promise<void>;
  confirmDate(orderName: string, foc: string): Promise<void>;
  activate(orderName: string, foc: string): Promise<void>;
  /** How many orders or requests for one port order exist at the carrier. */
  portOrders(): Promise<number>;
  close(): void;
}

async function telnyxBench(): Promise<Bench> {
  const clock = new FakeClock();
  const fake = new FakeTelnyx(clock);
  const url = await fake.listen();
  const open = () => new TelnyxCarrier(new TelnyxClient(url, clock, undefined, () => "key"), clock);
  clock.onSleep = () => {
    for (const o of fake.orders) if (o.status === "cancel-pending") o.status = "cancelled";
  };
  const order = (name: string) => fake.orders.find((o) => o.customer_reference === name && o.status !== "cancelled")!;
  return {
    clock,
    adapter: open(),
    again: open,
    settle: async () => undefined,
    async confirmDate(name, foc) {
      Object.assign(order(name), { status: "foc-date-confirmed", foc_datetime_actual: foc });
    },
    async activate(name, foc) {
      Object.assign(order(name), { status: "ported", foc_datetime_actual: foc });
      for (const n of order(name).numbers) fake.active.add(n);
    },
    portOrders: async () => fake.orders.filter((o) => o.status !== "cancelled").length,
    close: () => fake.close(),
  };
}

async function manualBench(): Promise<Bench> {
  const clock = new FakeClock();
  const dir = await mkdtemp(join(tmpdir(), "cutover-desk-"));
  const desk = new Desk(dir, clock);
  const person = new FakePerson(dir, clock);
  clock.onSleep = () => person.confirmAll();
  const request = async (name: string) => (await desk.latest("port-order", name))!;
  return {
    clock,
    adapter: new ManualCarrier(desk, clock),
    again: () => new ManualCarrier(new Desk(dir, clock), clock),
    settle: () => person.confirmAll(),
    async confirmDate(name, foc) {
      await person.confirm((await request(name)).id, { foc, numbers: [] });
    },
    async activate(name, foc) {
      const { id, ranges } = await request(name);
      const numbers = (ranges as { from: string; to: string }[]).map((range) => ({
        range,
        status: "Active",
        activatedAt: foc,
      }));
      await person.confirm(id, { foc, numbers });
    },
    portOrders: async () => (await desk.requests("port-order")).filter((r) => !r.withdrawn).length,
    close: () => undefined,
  };
}

const RANGES = [
  { from: "+12125550100", to: "+12125550103" },
  { from: "+12125550110", to: "+12125550110" },
];
const R1: RouteSettings = {
  name: "w1-main",
  ranges: RANGES,
  host: "t.byoc.use1.pure.cloud",
  calledNumber: "+12125559999",
};
const R2: RouteSettings = {
  name: "w1-main",
  ranges: RANGES,
  host: "sip.customer.example",
  nextHost: "t.byoc.use1.pure.cloud",
};
const ORDER: PortOrderSettings = { orderName: "PO-1", ranges: RANGES, focInDays: 10, losingCarrier: "GCV" };
const FOC = "2026-06-11T13:00:00.000Z";

describe.each([
  ["telnyx", telnyxBench],
  ["manual", manualBench],
] as const)("carrier adapter %s", (_name, make) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await make();
  });
  afterEach(() => bench.close());

  it("sets a route, reads it back, and sets it again without a second object", async () => {
    await bench.adapter.putRoute(R1, []);
    await bench.settle();
    expect(await bench.adapter.readRoute("w1-main")).toEqual({ ...R1, state: "active" });
    await bench.again().putRoute(R1, []);
    expect((await bench.again().survey()).routes).toEqual([
      { key: "w1-main", ranges: RANGES, host: R1.host, calledNumber: "+12125559999", state: "active" },
    ]);
    expect(await bench.adapter.readRoute("w2-main")).toBeNull();
  });

  it("turns R1 into R2 and back in place", async () => {
    for (const route of [R1, R2, R1]) {
      await bench.again().putRoute(route, []);
      await bench.settle();
      expect(await bench.adapter.readRoute("w1-main")).toEqual({ ...route, state: "active" });
      const active = (await bench.adapter.survey()).routes.filter((r) => r.state === "active");
      expect(active).toMatchObject([{ host: route.host, calledNumber: route.calledNumber ?? null }]);
    }
  });

  it("takes numbers out of a route that got narrower, and removes it whole", async () => {
    await bench.adapter.putRoute(R1, []);
    const narrow = { ...R1, ranges: [RANGES[0]!] };
    await bench.adapter.putRoute(narrow, [RANGES[1]!]);
    await bench.settle();
    expect((await bench.adapter.readRoute("w1-main"))?.ranges).toEqual([RANGES[0]]);
    await bench.adapter.removeRoute("w1-main", narrow.ranges);
    expect(await bench.adapter.readRoute("w1-main")).toBeNull();
    expect((await bench.adapter.survey()).routes).toEqual([]);
    await bench.adapter.removeRoute("w1-main", narrow.ranges);
  });

  it("a route that was removed can be set again", async () => {
    await bench.adapter.putRoute(R1, []);
    await bench.adapter.removeRoute("w1-main", RANGES);
    await bench.again().putRoute(R1, []);
    await bench.settle();
    expect((await bench.adapter.readRoute("w1-main"))?.state).toBe("active");
  });

  it("registers, narrows and clears an emergency address", async () => {
    await bench.adapter.putEmergencyAddress("ADDR-1", RANGES, []);
    await bench.settle();
    expect(await bench.adapter.readEmergencyAddress("ADDR-1")).toEqual({ ranges: RANGES, state: "active" });
    expect((await bench.adapter.survey()).emergency).toEqual([{ address: "ADDR-1", ranges: RANGES, state: "active" }]);
    await bench.again().putEmergencyAddress("ADDR-1", [RANGES[1]!], [RANGES[0]!]);
    await bench.settle();
    expect((await bench.adapter.readEmergencyAddress("ADDR-1"))?.ranges).toEqual([RANGES[1]]);
    await bench.adapter.removeEmergencyAddress("ADDR-1", [RANGES[1]!]);
    expect(await bench.adapter.readEmergencyAddress("ADDR-1")).toBeNull();
  });

  it("submits a port order once, however often it is asked to", async () => {
    const first = await bench.adapter.submitPortOrder(ORDER);
    expect(await bench.again().submitPortOrder(ORDER)).toEqual(first);
    expect(await bench.portOrders()).toBe(1);
    const read = await bench.adapter.readPortOrder("PO-1");
    expect(read).toMatchObject({ orderId: first.orderId, foc: null, settings: { ranges: RANGES, focInDays: 10 } });
    await expect(bench.adapter.submitPortOrder({ ...ORDER, ranges: [RANGES[0]!] })).rejects.toThrow(
      "for other numbers",
    );
  });

  it("a confirmed date is not live; a number is Active by itself only", async () => {
    await bench.adapter.submitPortOrder(ORDER);
    await bench.confirmDate("PO-1", FOC);
    const before = await bench.adapter.survey();
    expect(before.orders).toMatchObject([{ id: "PO-1", foc: FOC }]);
    expect(before.numbers.map((n) => n.status)).not.toContain("Active");
    expect(before.numbers.every((n) => n.activatedAt === null)).toBe(true);
    bench.clock.ms = Date.parse(FOC) + 60_000;
    await bench.activate("PO-1", FOC);
    const after = await bench.adapter.survey();
    expect(after.numbers.map(({ range, status, activatedAt }) => ({ range, status, activatedAt }))).toEqual(
      RANGES.map((range) => ({ range, status: "Active", activatedAt: FOC })),
    );
  });

  it("asks for another date before one is confirmed, and refuses after", async () => {
    await bench.adapter.submitPortOrder(ORDER);
    await bench.adapter.reschedulePortOrder({ ...ORDER, focInDays: 12 });
    await bench.confirmDate("PO-1", FOC);
    await expect(bench.adapter.reschedulePortOrder({ ...ORDER, focInDays: 14 })).rejects.toThrow(
      /date is confirmed for 2026-06-11/,
    );
  });

  it("cancels and waits for it, and the order can be submitted anew", async () => {
    const first = await bench.adapter.submitPortOrder(ORDER);
    await bench.adapter.cancelPortOrder("PO-1");
    expect(bench.clock.slept).toBeGreaterThan(0);
    expect(await bench.adapter.readPortOrder("PO-1")).toBeNull();
    expect((await bench.adapter.survey()).numbers).toEqual([]);
    await bench.adapter.cancelPortOrder("PO-1");
    expect((await bench.again().submitPortOrder(ORDER)).orderId).not.toBe(first.orderId);
  });

  it("refuses to cancel after the deadline, in words that say what is left to do", async () => {
    await bench.adapter.submitPortOrder(ORDER);
    await bench.confirmDate("PO-1", FOC);
    bench.clock.ms = Date.parse(FOC) - 3_600_000;
    await expect(bench.adapter.cancelPortOrder("PO-1")).rejects.toThrow(/PO-1.*24 hours before.*porting desk/);
    expect(await bench.adapter.readPortOrder("PO-1")).not.toBeNull();
  });
});

describe("telnyx only", () => {
  const open = async () => {
    const clock = new FakeClock();
    const fake = new FakeTelnyx(clock);
    const client = new TelnyxClient(await fake.listen(), clock, undefined, () => "key");
    return { clock, fake, client, adapter: new TelnyxCarrier(client, clock) };
  };

  it("makes one connection per pair of hosts, in the order they are tried, for any number of routes at once", async () => {
    const { fake, adapter } = await open();
    const other = { ...R2, name: "w2-main", ranges: [{ from: "+12125550200", to: "+12125550200" }] };
    await Promise.all([adapter.putRoute(R2, []), adapter.putRoute(other, [])]);
    expect(fake.connections).toHaveLength(1);
    expect(fake.fqdns.map((f) => f.fqdn)).toEqual([R2.host, R2.nextHost]);
    fake.close();
  });

  it("names numbers that failed in a job, and that the API cannot set numbers it does not hold", async () => {
    const { fake, adapter } = await open();
    fake.refused.add("+12125550101");
    await expect(adapter.putRoute(R1, [])).rejects.toThrow(/1 numbers failed \(\+12125550101\).*not on this account/);
    fake.close();
  });

  it("splits a job at a thousand numbers", async () => {
    const { fake, adapter } = await open();
    await adapter.putRoute({ ...R1, ranges: [{ from: "+12125550000", to: "+12125552500" }] }, []);
    expect(fake.log.filter((l) => l.startsWith("POST /v2/phone_numbers/jobs"))).toHaveLength(3);
    expect(fake.numbers.size).toBe(2501);
    fake.close();
  });

  it("numbers that disagree are told, not hidden", async () => {
    const { fake, adapter } = await open();
    await adapter.putRoute(R1, []);
    fake.numbers.get("+12125550110")!.translated_number = "";
    const read = await adapter.readRoute("w1-main");
    expect(read).toMatchObject({ state: "mixed", ranges: [RANGES[0]] });
    fake.close();
  });

  it("an unknown emergency address says where to add it; a missing key is no broken connection", async () => {
    const { fake, clock, adapter } = await open();
    await expect(adapter.putEmergencyAddress("ADDR-9", RANGES, [])).rejects.toThrow(/ADDR-9.*portal/);
    const keyless = new TelnyxCarrier(new TelnyxClient("http://127.0.0.1:1", clock, undefined, () => undefined), clock);
    await expect(keyless.survey()).rejects.toThrow("TELNYX_API_KEY is not set");
    fake.close();
  });

  it("a number's own date is told until it is Active: the parts of a split order have several", async () => {
    const { fake, adapter } = await open();
    await adapter.submitPortOrder(ORDER);
    expect((await adapter.survey()).numbers.every((n) => n.foc === undefined)).toBe(true);
    Object.assign(fake.orders[0]!, { status: "foc-date-confirmed", foc_datetime_actual: FOC });
    const [first] = fake.orders[0]!.numbers as [string];
    const later = "2026-06-13T13:00:00.000Z";
    fake.orders.push({ ...fake.orders[0]!, id: "child", numbers: [first], foc_datetime_actual: later });
    fake.orders[0]!.numbers = fake.orders[0]!.numbers.filter((n) => n !== first);
    const dates = async () => new Map((await adapter.survey()).numbers.map((n) => [n.range.from, n.foc]));
    expect([...new Set((await dates()).values())].sort()).toEqual([FOC, later]);
    expect((await dates()).get(`+${first.replace("+", "")}`)).toBe(later);
    fake.orders[1]!.status = "ported";
    fake.active.add(first);
    expect((await dates()).get(`+${first.replace("+", "")}`)).toBeUndefined();
    fake.close();
  });

  it("a port that came before its date counts from now, never from the future", async () => {
    const { fake, clock, adapter } = await open();
    await adapter.submitPortOrder(ORDER);
    Object.assign(fake.orders[0]!, { status: "foc-date-confirmed", foc_datetime_actual: FOC });
    for (const n of fake.orders[0]!.numbers) fake.active.add(n);
    const { numbers } = await adapter.survey();
    expect(numbers.map((n) => n.activatedAt)).toEqual([
      new Date(clock.ms).toISOString(),
      new Date(clock.ms).toISOString(),
    ]);
    fake.close();
  });
});

describe("manual only", () => {
  const open = async () => {
    const clock = new FakeClock();
    const dir = await mkdtemp(join(tmpdir(), "cutover-desk-"));
    const desk = new Desk(dir, clock);
    return { clock, dir, desk, person: new FakePerson(dir, clock), adapter: new ManualCarrier(desk, clock) };
  };

  it("reports what the desk did and what it was asked for side by side", async () => {
    const { adapter, person, desk } = await open();
    expect(await adapter.putRoute(R1, [])).toBe("pending");
    await person.confirmAll();
    expect(await adapter.putRoute(R2, [])).toBe("pending");
    expect((await adapter.survey()).routes.map((r) => `${r.host} ${r.state}`)).toEqual([
      `${R1.host} active`,
      `${R2.host} pending`,
    ]);
    expect((await desk.requests("route")).map((r) => r.id)).toEqual(["route-w1-main-1", "route-w1-main-2"]);
  });

  it("tells the date that the desk wrote down for some numbers of an order", async () => {
    const { adapter, person } = await open();
    const { orderId } = await adapter.submitPortOrder(ORDER);
    const range = ORDER.ranges[0]!;
    await person.confirm(orderId, { foc: FOC, numbers: [{ range, status: "Concurred", foc: FOC }] });
    expect((await adapter.survey()).numbers.find((n) => n.range.from === range.from)).toMatchObject({ foc: FOC });
    await person.confirm(orderId, {
      foc: FOC,
      numbers: [{ range, status: "Concurred", foc: "11.06.2026" }],
    });
    await expect(adapter.survey()).rejects.toThrow(/numbers\[0\].*"foc"\?: "<ISO date>"/);
  });

  it("a refused request is asked again, a pending one is not", async () => {
    const { adapter, person, desk } = await open();
    await adapter.putRoute(R1, []);
    await adapter.putRoute(R1, []);
    expect(await desk.requests("route")).toHaveLength(1);
    await person.confirm("route-w1-main-1", { status: "refused", note: "no" });
    expect((await adapter.readRoute("w1-main"))?.state).toBe("refused");
    await adapter.putRoute(R1, []);
    expect(await desk.requests("route")).toHaveLength(2);
  });

  it("what turns round before the desk came to it is withdrawn: it may carry requests out in another order", async () => {
    const { adapter, person, desk } = await open();
    const stillAsked = async (kind: string) => (await desk.requests(kind)).filter((r) => !r.withdrawn).map((r) => r.id);
    await adapter.putRoute(R1, []);
    await adapter.removeRoute("w1-main", R1.ranges);
    expect(await stillAsked("route")).toEqual([]);
    expect(await stillAsked("route-removal")).toEqual(["route-removal-w1-main-2"]);
    expect(await adapter.putRoute(R1, [])).toBe("pending");
    expect(await stillAsked("route")).toEqual(["route-w1-main-3"]);
    expect(await stillAsked("route-removal")).toEqual([]);
    // What the desk has done stays as it is told.
    await person.confirmAll();
    await adapter.removeRoute("w1-main", R1.ranges);
    expect(await stillAsked("route")).toEqual(["route-w1-main-3"]);
    expect(await adapter.readRoute("w1-main")).toBeNull();
  });

  it("a change of mind withdraws the older request that the desk has not come to: one stands, the newest", async () => {
    const { adapter, person, desk } = await open();
    const asked = async (kind: string) =>
      (await desk.requests(kind)).map((r) => `${r.id}${r.withdrawn ? " withdrawn" : ""}`);
    await adapter.putRoute(R1, []);
    await person.confirmAll();
    await adapter.putRoute(R2, []);
    expect(await adapter.putRoute(R1, [])).toBe("pending");
    expect(await asked("route")).toEqual(["route-w1-main-1", "route-w1-main-2 withdrawn", "route-w1-main-3"]);
    // Until the desk signs, what it did first is in force; what stands at the end is the same.
    expect((await adapter.survey()).routes.map((r) => `${r.host} ${r.state}`)).toEqual([
      `${R1.host} active`,
      `${R1.host} pending`,
    ]);
    await person.confirmAll();
    expect((await adapter.survey()).routes.map((r) => `${r.host} ${r.state}`)).toEqual([`${R1.host} active`]);
    await adapter.putEmergencyAddress("HQ", R1.ranges, []);
    await adapter.putEmergencyAddress("HQ", R1.ranges.slice(0, 1), []);
    expect((await asked("emergency-address")).filter((r) => !r.endsWith("withdrawn"))).toHaveLength(1);
  });

  it("a refused cancellation leaves the order and says why", async () => {
    const { adapter, person, clock, desk } = await open();
    await adapter.submitPortOrder(ORDER);
    clock.onSleep = async () => {
      const cancel = await desk.latest("port-cancel", "PO-1");
      await person.confirm(cancel!.id, { status: "refused", note: "too late for us" });
    };
    await expect(adapter.cancelPortOrder("PO-1")).rejects.toThrow("too late for us");
    expect(await adapter.readPortOrder("PO-1")).not.toBeNull();
  });

  it("a silent desk ends a cancellation after a day, with the file that is missing", async () => {
    const { adapter, clock } = await open();
    await adapter.submitPortOrder(ORDER);
    await expect(adapter.cancelPortOrder("PO-1")).rejects.toThrow(/confirmations\/port-cancel-.*\.json/);
    expect(clock.slept).toBe(24 * 3600);
  });

  it("a confirmation that a person mistyped is named, not guessed", async () => {
    const { adapter, person } = await open();
    await adapter.putRoute(R1, []);
    await person.confirm("route-w1-main-1", { status: "Done" });
    await expect(adapter.readRoute("w1-main")).rejects.toThrow(/route-w1-main-1\.json, status: seen "Done"/);
  });
});
