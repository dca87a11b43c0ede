import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WorldClock } from "../clock";
import { Random } from "../random";
import { Operator, type OperatorOptions } from "./operator";

const HOUR = 3_600_000;
const RANGES = [{ from: "+16173540791", to: "+16173540800" }];

let dir: string;
let clock: WorldClock;
let operator: Operator;
let bound: boolean;
let removed: unknown[];
let queues: { name: string; memberCount: number }[];
let callRoutes: string[];
let deactivated: string[];
let seated: string[];

async function open(o: Partial<OperatorOptions> = {}) {
  operator = new Operator({
    clock,
    random: new Random(5),
    dir,
    organisation: {
      operatorRemoveFromInventory: (ranges) => {
        if (bound) throw new Error("409: the number is assigned");
        removed.push(ranges);
      },
      flows: {
        queues: { all: () => queues },
        staff: (name, agents) => {
          queues.find((q) => q.name === name)!.memberCount = agents;
        },
        deactivate: (name) => deactivated.push(name),
      },
      callRoutesOf: () => callRoutes,
      operatorSeats: (group, flow, names, inside) => {
        if (bound) throw new Error("404: no such call route");
        seated = seated.filter((s) => !names.some((n) => s === `${group}/${flow}/${n}`));
        if (inside) seated.push(...names.map((n) => `${group}/${flow}/${n}`));
      },
    },
    ...o,
  });
  await operator.start();
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "cutover-operator-"));
  clock = new WorldClock({ start: new Date("2026-06-01T08:00:00Z") });
  bound = false;
  removed = [];
  queues = [];
  callRoutes = [];
  deactivated = [];
  seated = [];
});
afterEach(async () => {
  await operator.close();
  clock.close();
  await rm(dir, { recursive: true, force: true });
});

async function ask(id: string, extra: Record<string, unknown> = {}, kind = "inventory-removal") {
  const request = { id, kind, at: clock.now().toISOString(), by: "test", ranges: RANGES, note: "wave w1", ...extra };
  await writeFile(join(dir, "requests", `${id}.json`), JSON.stringify(request));
  await operator.scan();
}
const pass = (hours: number) => clock.jump(new Date(clock.now().getTime() + hours * HOUR));
const answer = async (id: string) => {
  await operator.scan();
  return JSON.parse(await readFile(join(dir, "confirmations", `${id}.json`), "utf8").catch(() => "null"));
};

describe("operator", () => {
  it("takes exactly the numbers asked for out of the inventory within 1 to 12 hours, and signs it off", async () => {
    await open();
    await ask("inv-1");
    await pass(0.99);
    expect(removed).toEqual([]);
    await pass(11.1);
    expect(removed).toEqual([RANGES]);
    expect(await answer("inv-1")).toMatchObject({ id: "inv-1", status: "done" });
  });

  it("is refused while a number is bound, and comes back until it is not", async () => {
    await open();
    bound = true;
    await ask("inv-1");
    await pass(24);
    expect(removed).toEqual([]);
    expect(operator.counts.refusedAttempts).toBeGreaterThan(10);
    expect(operator.lastRefusal).toContain("409");
    expect(await answer("inv-1")).toBeNull();
    bound = false;
    await pass(1);
    expect(removed).toEqual([RANGES]);
    expect(operator.counts.done).toBe(1);
  });

  it("leaves a withdrawn request alone, also one withdrawn between two attempts, and requests of other kinds", async () => {
    await open();
    bound = true;
    await ask("inv-1");
    await ask("route-1", {}, "route");
    await pass(13);
    await ask("inv-1", { withdrawn: true });
    bound = false;
    await pass(48);
    expect(removed).toEqual([]);
    expect(await answer("inv-1")).toBeNull();
  });

  it("adds call routes to emergency groups, and takes them out again when that is not wanted any more", async () => {
    await open();
    const groups = [{ group: "Evacuation", flow: "Alarm", callRoutes: ["Claims BYOC", "Members BYOC"] }];
    bound = true;
    await ask("groups-1", { groups }, "emergency-group");
    await pass(13);
    expect(seated).toEqual([]);
    bound = false;
    await pass(1);
    expect(seated).toEqual(["Evacuation/Alarm/Claims BYOC", "Evacuation/Alarm/Members BYOC"]);
    expect(await answer("groups-1")).toMatchObject({ status: "done" });
    // What another request asks for stays.
    await ask("groups-2", { groups: [{ ...groups[0], callRoutes: ["Claims BYOC"] }] }, "emergency-group");
    await pass(13);
    await ask("groups-1", { groups, withdrawn: true }, "emergency-group");
    await pass(13);
    expect(seated).toEqual(["Evacuation/Alarm/Claims BYOC"]);
    await ask("groups-2", { withdrawn: true }, "emergency-group");
    await pass(13);
    expect(seated).toEqual([]);
  });

  it("puts agents on a new queue once, leaves the others and queues that are gone by then", async () => {
    await open();
    queues = [
      { name: "Overflow", memberCount: 3 },
      { name: "Codec fallback", memberCount: 0 },
      { name: "Gone", memberCount: 0 },
    ];
    await operator.scan();
    queues = queues.filter((q) => q.name !== "Gone");
    await pass(13);
    expect(queues).toEqual([
      { name: "Overflow", memberCount: 3 },
      { name: "Codec fallback", memberCount: 5 },
    ]);
    expect(operator.counts.staffed).toBe(1);
  });

  it("tidies a flow away when no call route runs it any more, once, and only the flows it was told of", async () => {
    callRoutes = ["Main inbound"];
    await open({ tidies: ["Main inbound"] });
    await pass(24);
    expect(deactivated).toEqual([]);
    callRoutes = [];
    await operator.scan();
    await pass(48);
    await operator.scan();
    await pass(48);
    expect(deactivated).toEqual(["Main inbound"]);
  });

  it("may be late or forget", async () => {
    await open({ lateHours: 24, forgets: ["w2"] });
    await ask("inv-1");
    await ask("inv-2", { note: "wave w2" });
    await pass(20);
    expect(removed).toEqual([]);
    await pass(200);
    expect(removed).toEqual([RANGES]);
    expect(operator.counts.forgotten).toBe(1);
  });
});
