import { describe, expect, it } from "vitest";
import { Chronicle } from "./chronicle";
import { WorldClock } from "./clock";
import { PortRegistry } from "./porting";
import { Random } from "./random";

const RESOLVER = { name: "public-1", kind: "honest", view: "public" };
const NAME = "sip.guide.example";

describe("chronicle", () => {
  it("keeps an answer when it differs from the resolver's last one, of the names it was told of", () => {
    const chronicle = new Chronicle(() => new Date("2026-06-01T08:00:00Z"), [`${NAME.toUpperCase()}.`]);
    for (const target of ["old", "old", "new", "new", "old"]) chronicle.answered(RESOLVER, NAME, target, 300);
    chronicle.answered({ ...RESOLVER, name: "public-2" }, NAME, "new", 60);
    chronicle.answered(RESOLVER, "other.example", "x", 1);
    chronicle.answered(RESOLVER, NAME, null, 0);
    expect(chronicle.read().answers.map((a) => [a.resolver, a.target, a.ttlSeconds])).toEqual([
      ["public-1", "old", 300],
      ["public-1", "new", 300],
      ["public-1", "old", 300],
      ["public-2", "new", 60],
      ["public-1", null, 0],
    ]);
  });

  it("notes the states of a port order, and when its numbers are live whatever its status says", async () => {
    const clock = new WorldClock({ start: new Date("2026-06-01T08:00:00Z"), mode: "auto" });
    const ports = new PortRegistry({ clock, random: new Random(1) });
    const chronicle = new Chronicle(() => clock.now(), []);
    chronicle.watchPorts(ports);
    const order = ports.create({ reference: "PO-1", numbers: ["+16173540791", "+16173540792"] });
    ports.confirm(order.id);
    await clock.jump(new Date("2026-07-01T08:00:00Z"));
    clock.close();
    const states = chronicle.read().ports;
    expect(states.map((p) => [p.status, p.active, p.numbers])).toEqual([
      ["submitted", 0, 2],
      ["foc-date-confirmed", 0, 2],
      ["foc-date-confirmed", 2, 2],
      ["ported", 2, 2],
    ]);
    expect(states.every((p) => p.order === "PO-1" && p.id === order.id)).toBe(true);
    expect(states[2]!.at).toBe(states[2]!.foc);
  });

  it("means MOS by path; a call that went out over the trunk and back has crossed BYOC", () => {
    const chronicle = new Chronicle(() => new Date(), []);
    chronicle.ended({ path: "gcv", mos: 4.4 });
    chronicle.ended({ path: "gcv", mos: 4.2, legs: [{}] });
    chronicle.ended({ path: "byoc", mos: 4.4 });
    chronicle.ended({ path: "byoc" });
    const sums = new Map<string, { calls: number; min: number }>();
    for (const q of chronicle.read().quality) {
      const seen = sums.get(q.path) ?? { calls: 0, min: 5 };
      sums.set(q.path, { calls: seen.calls + q.calls, min: Math.min(seen.min, q.minMos) });
    }
    expect(Object.fromEntries(sums)).toEqual({ gcv: { calls: 1, min: 4.4 }, byoc: { calls: 2, min: 4.2 } });
  });
});
