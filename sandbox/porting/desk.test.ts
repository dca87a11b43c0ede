import { mkdtemp, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WorldClock } from "../clock";
import { Random } from "../random";
import { ManualDesk, type ManualDeskOptions } from "./desk";
import type { PortFault } from "./faults";
import { PortRegistry } from "./registry";
import { RouteTable } from "./routes";

const START = new Date("2026-06-01T08:00:00Z");
const HOUR = 3_600_000;
const RANGE = { from: "+16173540791", to: "+16173540800" };

let dir: string;
let clock: WorldClock;
let routes: RouteTable;
let ports: PortRegistry;
let desk: ManualDesk;

async function open(o: { faults?: PortFault[] } & Partial<ManualDeskOptions> = {}) {
  const random = new Random(3);
  ports = new PortRegistry({ clock, random, faults: o.faults });
  desk = new ManualDesk({ clock, random, dir, routes, ports, addresses: ["ADDR-WEST"], ...o });
  await desk.start();
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "cutover-desk-"));
  clock = new WorldClock({ start: START });
  routes = new RouteTable();
});
afterEach(async () => {
  await desk.close();
  clock.close();
  await rm(dir, { recursive: true, force: true });
});

async function ask(id: string, kind: string, payload: Record<string, unknown>) {
  const request = { id, kind, at: clock.now().toISOString(), by: "test", ...payload };
  await writeFile(join(dir, "requests", `${id}.json`), JSON.stringify(request));
  await desk.scan();
}

async function answer(id: string): Promise<Record<string, unknown> | null> {
  await desk.scan();
  return JSON.parse(await readFile(join(dir, "confirmations", `${id}.json`), "utf8").catch(() => "null"));
}

const pass = (hours: number) => clock.jump(new Date(clock.now().getTime() + hours * HOUR));

describe("manual desk", () => {
  it("carries out a route after a while, moves it in place, narrows and removes it", async () => {
    await open();
    await ask("route-a-1", "route", {
      name: "w1-main",
      ranges: [RANGE],
      host: "t.byoc.example",
      calledNumber: "+16173549999",
      nextHost: null,
    });
    expect(routes.routeOf(RANGE.from)).toBeNull();
    expect(await answer("route-a-1")).toBeNull();
    await pass(5);
    expect(routes.routeOf(RANGE.from)).toMatchObject({ host: "t.byoc.example", calledNumber: "+16173549999" });
    expect(await answer("route-a-1")).toMatchObject({ id: "route-a-1", status: "done" });
    await ask("route-a-2", "route", {
      name: "w1-main",
      ranges: [RANGE],
      host: "sip.guide.example",
      calledNumber: null,
    });
    await pass(5);
    expect(routes.routeOf(RANGE.to)).toMatchObject({ host: "sip.guide.example", calledNumber: null });
    await ask("rm-3", "route-removal", { name: "w1-main", ranges: [{ from: RANGE.from, to: RANGE.from }] });
    await pass(5);
    expect(routes.routeOf(RANGE.from)).toBeNull();
    expect(routes.routeOf(RANGE.to)).not.toBeNull();
    await ask("rm-4", "route-removal", { name: "w1-main", ranges: [RANGE], whole: true });
    await pass(5);
    expect(routes.routeOf(RANGE.to)).toBeNull();
  });

  it("does nothing for a withdrawn request and refuses what is not right", async () => {
    await open();
    await ask("route-b", "route", { name: "x", ranges: [RANGE], host: "h.example" });
    await ask("route-b", "route", { name: "x", ranges: [RANGE], host: "h.example", withdrawn: true });
    await ask("route-c", "route", { name: "y", ranges: [{ from: "6173540791", to: "6173540792" }], host: "h.example" });
    await ask("addr", "emergency-address", { address: "ADDR-NOWHERE", ranges: [RANGE] });
    await ask("addr-2", "emergency-address", { address: "ADDR-WEST", ranges: [RANGE] });
    await pass(6);
    expect(routes.names()).toEqual([]);
    expect(await answer("route-b")).toBeNull();
    expect(await answer("route-c")).toMatchObject({ status: "refused" });
    expect(await answer("addr")).toMatchObject({ status: "refused", note: expect.stringContaining("ADDR-NOWHERE") });
    expect(await answer("addr-2")).toMatchObject({ status: "done" });
  });

  it("signs a port order off when its date is known, and again when its numbers are live", async () => {
    await open();
    await ask("port-1", "port-order", { orderName: "PO-GUIDE", ranges: [RANGE], focInDays: 13, losingCarrier: "GCV" });
    await pass(5);
    expect(await answer("port-1")).toBeNull();
    await pass(5 * 24);
    const dated = (await answer("port-1"))!;
    expect(dated).toMatchObject({ status: "done", orderStatus: "foc-date-confirmed" });
    expect(dated.numbers).toMatchObject([{ range: RANGE, status: "Concurred", activatedAt: null }]);
    await clock.jump(new Date(Date.parse(dated.foc as string) + 1000));
    expect((await answer("port-1"))!.numbers).toMatchObject([
      { range: RANGE, status: "Active", activatedAt: dated.foc },
    ]);
  });

  it("tells a split order's halves apart", async () => {
    await open({ faults: [{ order: "PO-GUIDE", kind: "split", hours: 48 }] });
    await ask("port-1", "port-order", { orderName: "PO-GUIDE", ranges: [RANGE], focInDays: 13, losingCarrier: "GCV" });
    await pass(6 * 24);
    const foc = Date.parse((await answer("port-1"))!.foc as string);
    await clock.jump(new Date(foc + HOUR));
    const numbers = (await answer("port-1"))!.numbers as { range: { from: string }; status: string }[];
    expect(numbers.map((n) => [n.range.from, n.status])).toEqual([
      ["+16173540791", "Active"],
      ["+16173540796", "Concurred"],
    ]);
  });

  it("cancels an order in time and refuses it too late", async () => {
    await open();
    await ask("port-1", "port-order", { orderName: "PO-GUIDE", ranges: [RANGE], focInDays: 13 });
    await pass(6 * 24);
    await ask("cancel-1", "port-cancel", { orderName: "PO-GUIDE", order: "port-1" });
    await pass(10);
    expect(await answer("cancel-1")).toMatchObject({ status: "done" });
    expect(await answer("port-1")).toMatchObject({ status: "refused", note: "cancelled" });
    await ask("port-2", "port-order", { orderName: "PO-GUIDE", ranges: [RANGE], focInDays: 8 });
    await pass(6 * 24);
    const foc = Date.parse((await answer("port-2"))!.foc as string);
    await clock.jump(new Date(foc - 10 * HOUR));
    await ask("cancel-2", "port-cancel", { orderName: "PO-GUIDE", order: "port-2" });
    await pass(5);
    expect(await answer("cancel-2")).toMatchObject({
      status: "refused",
      note: expect.stringContaining("24 hours before"),
    });
    await clock.jump(new Date(foc + HOUR));
    expect(ports.isActive(RANGE.from)).toBe(true);
  });

  it("takes an order that it has not come to yet out of the tray when it is cancelled", async () => {
    // Both take the desk as long as it takes; the cancellation may be the quicker one.
    await open({ late: [{ name: "PO-SLOW", hours: 48 }] });
    await ask("port-1", "port-order", { orderName: "PO-SLOW", ranges: [RANGE], focInDays: 13 });
    await ask("cancel-1", "port-cancel", { name: "in a hurry", orderName: "PO-SLOW", order: "port-1" });
    await pass(10);
    expect(await answer("cancel-1")).toMatchObject({ status: "done", note: expect.stringContaining("not sent out") });
    await pass(30 * 24);
    expect(await answer("port-1")).toBeNull();
    expect(ports.isActive(RANGE.from)).toBe(false);
  });

  it("sends a rejected order again once its confirmation was deleted", async () => {
    await open({ faults: [{ order: "PO-GUIDE", kind: "rejected" }] });
    await ask("port-1", "port-order", { orderName: "PO-GUIDE", ranges: [RANGE], focInDays: 13 });
    await pass(6 * 24);
    expect(await answer("port-1")).toMatchObject({
      status: "refused",
      note: expect.stringContaining("ACCOUNT_NUMBER_MISMATCH"),
    });
    await unlink(join(dir, "confirmations", "port-1.json"));
    await desk.scan();
    await pass(14 * 24);
    expect(await answer("port-1")).toMatchObject({ status: "done" });
    expect(ports.isActive(RANGE.from)).toBe(true);
  });
});
