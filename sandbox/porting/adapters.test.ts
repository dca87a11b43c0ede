import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CarrierAdapter } from "../../providers/carrier/adapter";
import { Desk } from "../../providers/carrier/desk";
import { ManualCarrier } from "../../providers/carrier/manual";
import { TelnyxCarrier } from "../../providers/carrier/telnyx";
import { TelnyxClient } from "../../providers/carrier/telnyx-client";
import { WorldClock } from "../clock";
import { Random } from "../random";
import { CarrierApi } from "./api";
import { ManualDesk } from "./desk";
import { PortRegistry } from "./registry";
import { type RouteSource, RouteTable } from "./routes";

const HOUR = 3_600_000;
const RANGE = { from: "+16173540791", to: "+16173540800" };
const ORDER = { orderName: "PO-GUIDE-01-WEST", ranges: [RANGE], focInDays: 13, losingCarrier: "Genesys Cloud Voice" };

interface Side {
  adapter: CarrierAdapter;
  routes: RouteSource;
  ports: PortRegistry;
  /** Lets the desk look into its tray. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

let clock: WorldClock;
let side: Side;

const providerClock = () => ({ now: async () => clock.now(), sleep: (seconds: number) => clock.sleep(seconds) });

async function telnyx(): Promise<Side> {
  const random = new Random(4);
  const ports = new PortRegistry({ clock, random });
  const api = new CarrierApi({
    clock,
    random,
    host: "127.0.0.1",
    ports,
    ownNumbers: [],
    addresses: ["ADDR-WEST"],
    testCalls: async () => [],
  });
  await api.listen();
  const adapter = new TelnyxCarrier(
    new TelnyxClient(api.url, providerClock(), undefined, () => "key"),
    providerClock(),
  );
  return { adapter, routes: api.account, ports, settle: async () => {}, close: () => api.close() };
}

async function manual(): Promise<Side> {
  const random = new Random(4);
  const dir = await mkdtemp(join(tmpdir(), "cutover-desk-"));
  const ports = new PortRegistry({ clock, random });
  const routes = new RouteTable();
  const desk = new ManualDesk({ clock, random, dir, routes, ports, addresses: ["ADDR-WEST"] });
  await desk.start();
  const close = async () => {
    await desk.close();
    await rm(dir, { recursive: true, force: true });
  };
  return {
    adapter: new ManualCarrier(new Desk(dir, providerClock()), providerClock()),
    routes,
    ports,
    settle: () => desk.scan(),
    close,
  };
}

const pass = async (hours: number) => {
  await side.settle();
  await clock.jump(new Date(clock.now().getTime() + hours * HOUR));
  await side.settle();
};

describe.each([
  ["telnyx", telnyx],
  ["manual", manual],
] as const)("the project's %s adapter at this carrier", (_name, open) => {
  beforeEach(async () => {
    clock = new WorldClock({ start: new Date("2026-06-01T08:00:00Z"), mode: "auto", settleMs: 5 });
    side = await open();
  });
  afterEach(async () => {
    await side.close();
    clock.close();
  });

  it("sets a route, moves it and takes it away", async () => {
    const r1 = {
      name: "w1-main-inbound",
      ranges: [RANGE],
      host: "guide-primary.byoc.use1.pure.cloud",
      calledNumber: "+16173549999",
    };
    await side.adapter.putRoute(r1, []);
    await pass(6);
    expect(side.routes.routeOf(RANGE.to)).toMatchObject({
      host: r1.host,
      calledNumber: "+16173549999",
      nextHost: null,
    });
    expect(await side.adapter.readRoute(r1.name)).toEqual({ ...r1, state: "active" });
    const r2 = { name: r1.name, ranges: [RANGE], host: "sip.guide.example", nextHost: r1.host };
    await side.adapter.putRoute(r2, []);
    await pass(6);
    expect(side.routes.routeOf(RANGE.to)).toMatchObject({ host: r2.host, calledNumber: null, nextHost: r1.host });
    await side.adapter.removeRoute(r1.name, [RANGE]);
    await pass(6);
    expect(side.routes.routeOf(RANGE.to)).toBeNull();
    expect(await side.adapter.readRoute(r1.name)).toBeNull();
  });

  it("registers an emergency address", async () => {
    await side.adapter.putEmergencyAddress("ADDR-WEST", [RANGE], []);
    await pass(6);
    expect(await side.adapter.readEmergencyAddress("ADDR-WEST")).toEqual({ ranges: [RANGE], state: "active" });
  });

  it("ports: date, activation, survey", async () => {
    await side.adapter.submitPortOrder(ORDER);
    await pass(6);
    // Asked again, as after a run that was cut off: still one order.
    await side.adapter.submitPortOrder(ORDER);
    await pass(6 * 24);
    expect(side.ports.orders()).toHaveLength(1);
    const dated = await side.adapter.readPortOrder(ORDER.orderName);
    expect(dated).toMatchObject({ status: "foc-date-confirmed", settings: { ranges: [RANGE], focInDays: 13 } });
    expect((await side.adapter.survey()).numbers.map((n) => n.status)).toEqual(["Concurred"]);
    await clock.jump(new Date(Date.parse(dated!.foc!) + 1000));
    await side.settle();
    const numbers = (await side.adapter.survey()).numbers;
    expect(numbers).toMatchObject([{ range: RANGE, status: "Active", activatedAt: dated!.foc }]);
  });

  it("moves the requested date before it is confirmed", async () => {
    await side.adapter.submitPortOrder(ORDER);
    await pass(5);
    await side.adapter.reschedulePortOrder({ ...ORDER, focInDays: 20 });
    await pass(7 * 24);
    expect((await side.adapter.readPortOrder(ORDER.orderName))!.foc!.slice(0, 10)).toBe("2026-06-21");
  });

  it("cancels in time, waiting for the carrier, and not after the deadline", async () => {
    await side.adapter.submitPortOrder(ORDER);
    await pass(6 * 24);
    await side.adapter.cancelPortOrder(ORDER.orderName);
    expect(side.ports.orders()[0]?.status).toBe("cancelled");
    expect(await side.adapter.readPortOrder(ORDER.orderName)).toBeNull();
    await side.adapter.submitPortOrder({ ...ORDER, focInDays: 9 });
    await pass(6 * 24);
    const foc = (await side.adapter.readPortOrder(ORDER.orderName))!.foc!;
    await clock.jump(new Date(Date.parse(foc) - 5 * HOUR));
    await expect(side.adapter.cancelPortOrder(ORDER.orderName)).rejects.toThrow(/24 hours before/);
  });
});
