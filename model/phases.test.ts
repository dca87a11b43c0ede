import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adoptedByPools, checkMove, desiredState } from "./phases";
import { loadPlan } from "./plan";
import { expandRanges } from "./ranges";
import { trunkHost } from "./regions";
import { allAdopted, arbitraryPlan, arbitraryPosition, arbitraryWaves } from "./testing";
import { type DesiredState, PHASES, type Plan, type Position, type WaveStates } from "./types";
import { raiseFloor, stepOf, stepRank } from "./waves";

const meridian = loadPlan(join(__dirname, "../stacks/dev"));
const RUNS = { numRuns: 60 };

/** Random plan with a position and a floor that its history could have left. */
const arbitraryStand = arbitraryPlan.chain((plan) =>
  fc.tuple(arbitraryPosition(plan), arbitraryWaves(plan)).map(([position, before]) => ({
    plan,
    ...position,
    floor: raiseFloor(position.phase === "baseline" ? {} : before, position.waves),
  })),
);

const boundWhere = (state: DesiredState) => {
  const places = new Map<string, string[]>();
  for (const [kind, ivrs] of [
    ["gcv", state.gcvIvrs],
    ["byoc", state.byocIvrs],
  ] as const) {
    for (const { callRoute, numbers } of ivrs)
      for (const n of numbers) places.set(n, [...(places.get(n) ?? []), `${kind} ${callRoute}`]);
  }
  return places;
};

describe("desired state", () => {
  it("binds every number to its own call route exactly once, and to nothing only between release and adoption", () => {
    fc.assert(
      fc.property(arbitraryStand, ({ plan, phase, waves, floor }) => {
        const state = desiredState(plan, phase, waves, floor);
        const places = boundWhere(state);
        for (const [number, where] of places) expect(where, number).toHaveLength(1);
        for (const n of plan.numbers) {
          const where = places.get(n.number);
          const step = stepOf(floor, n.part) === "adopted" ? "adopted" : stepOf(state.waves, n.part);
          if (step === "released") expect(where).toBeUndefined();
          else
            expect(where).toEqual([
              step === "adopted" && phase !== "baseline" ? `byoc ${n.callRoute}` : `gcv ${n.callRoute}`,
            ]);
        }
      }),
      RUNS,
    );
  });

  it("never leaves an IVR empty, a number without a route from porting on, or a shadow behind the customer's name", () => {
    fc.assert(
      fc.property(arbitraryStand, ({ plan, phase, waves, floor }) => {
        const state = desiredState(plan, phase, waves, floor);
        for (const ivr of [...state.gcvIvrs, ...state.byocIvrs]) expect(ivr.numbers.length).toBeGreaterThan(0);
        const routed = state.routes.filter((r) => r.kind !== "shadow").flatMap((r) => [...expandRanges(r.ranges)]);
        const ported = PHASES.indexOf(phase) >= PHASES.indexOf("porting");
        expect(routed.sort()).toEqual(ported ? plan.numbers.map((n) => n.number).sort() : []);
        for (const route of state.routes) {
          if (route.kind !== "R2") expect(route.host).toBe(trunkHost(plan));
          if (route.kind === "R1") expect(plan.carrier.shadowNumbers).toContain(route.calledNumber);
        }
        expect(new Set(state.routes.map((r) => r.key)).size).toBe(state.routes.length);
      }),
      RUNS,
    );
  });

  it("declares pools for exactly the numbers that were ever adopted, and asks for exactly those that left", () => {
    fc.assert(
      fc.property(arbitraryStand, ({ plan, phase, waves, floor }) => {
        const state = desiredState(plan, phase, waves, floor);
        const inPools = state.pools.flatMap((p) => [...expandRanges(p.ranges)]);
        const requested = state.inventoryRequests.flatMap((r) => [...expandRanges(r.ranges)]);
        const inByoc = new Set(state.byocIvrs.flatMap((i) => i.numbers));
        for (const n of inPools) if (state.byoc) expect(inByoc).toContain(n);
        expect(new Set(inPools).size).toBe(inPools.length);
        const inGcv = new Set(state.gcvIvrs.flatMap((i) => i.numbers));
        for (const n of plan.numbers) expect(requested.includes(n.number)).toBe(!inGcv.has(n.number));
      }),
      RUNS,
    );
  });

  it("is the same again after one step forward and back; what was adopted stays pooled and bound", () => {
    const steps = arbitraryStand.chain(({ plan, phase, waves }) =>
      fc
        .constantFrom(...neighbours(plan, { phase, waves }))
        .map((to) => ({ plan, from: { phase, waves } as Position, to })),
    );
    fc.assert(
      fc.property(steps, ({ plan, from, to }) => {
        if (from.phase === "none" || to.phase === "none") return;
        const move = checkMove(plan, from, to);
        expect(move.direction, move.why).toBe("forward");
        if (to.phase !== "complete") expect(checkMove(plan, to, from).direction).toBe("back");
        const floor = raiseFloor(from.waves, {});
        const before = desiredState(plan, from.phase, from.waves, floor);
        const after = desiredState(plan, from.phase, from.waves, raiseFloor(floor, to.waves));
        const adopts = move.entering.some((e) => e.step === "adopted");
        const follow = (s: DesiredState) => ({ dns: s.dns, rows: s.rows, routes: s.routes, outbound: s.outbound });
        expect(follow(after)).toEqual(follow(before));
        if (!adopts) expect(after).toEqual(before);
        else expect(after.pools).toEqual(desiredState(plan, to.phase, to.waves).pools);
      }),
      RUNS,
    );
  });

  it("moves outbound, DNS and TTL of meridian in their order", () => {
    const at = (phase: (typeof PHASES)[number], waves: WaveStates = {}) => desiredState(meridian, phase, waves);
    expect(at("baseline").dns.map((d) => d.ttlSeconds)).toEqual([3600, 14400, 3600]);
    expect(at("ttl-lowered").dns.map((d) => d.ttlSeconds)).toEqual([300, 300, 300]);
    expect(at("cutover", { w1: "released" }).dns[0]!.target).toBe("gcv.meridian.example");
    const one = at("cutover", { w1: "adopted", "w2.1": "released", "w2.2": "live" });
    expect(one.dns.every((d) => d.target === "meridian-primary.byoc.use1.pure.cloud")).toBe(true);
    expect(one.outbound.every((o) => o.trunks.join() === "gcv")).toBe(true);
    expect(one.rows.map((r) => `${r.part} ${r.path} ${r.canaryPercent}`)).toEqual([
      "w1 byoc 0",
      "w2.1 byoc 0",
      "w2.2 byoc 0",
      "w3 gcv 10",
      "w4 gcv 10",
    ]);
    const r2 = one.routes.find((r) => r.kind === "R2")!;
    expect([r2.host, r2.calledNumber, r2.nextHost]).toEqual([
      "sip.meridian.example",
      null,
      "meridian-primary.byoc.use1.pure.cloud",
    ]);
    expect(at("cutover", allAdopted(meridian)).outbound.every((o) => o.trunks.join() === "byoc,gcv")).toBe(true);
    const done = at("complete");
    expect(done.dns.map((d) => d.ttlSeconds)).toEqual([3600, 14400, 3600]);
    expect(done.outbound.every((o) => o.trunks.join() === "byoc")).toBe(true);
    expect(done.gcvIvrs.map((i) => i.numbers)).toEqual(meridian.carrier.testNumbers.map((n) => [n]));
    expect([done.shadowsExist, done.standbyClosed, done.routes.some((r) => r.kind === "shadow")]).toEqual([
      false,
      true,
      false,
    ]);
    expect(done.rows.every((r) => r.standby === "closed" && r.canaryPercent === 0 && r.path === "byoc")).toBe(true);
  });

  it("declares what exists at baseline and protects what carries calls", () => {
    const base = desiredState(meridian, "baseline", {});
    expect([base.byoc, base.byocIvrs, base.rows, base.routes, base.portOrders, base.pools]).toEqual([
      false,
      [],
      [],
      [],
      [],
      [],
    ]);
    expect(base.gcvIvrs.map((i) => i.target)).toEqual(["original", "original", "original", "original"]);
    const protection = PHASES.map((p) => {
      const s = desiredState(meridian, p, p === "complete" ? allAdopted(meridian) : {});
      return `${p} ${Number(s.protectByoc)}${Number(s.protectShadows)}${Number(s.protectNumbers)}${Number(s.shadowsExist)}`;
    });
    expect(protection).toEqual([
      "baseline 0000",
      "parallel 0001",
      "ttl-lowered 0001",
      "canary 1101",
      "porting 1101",
      "cutover 1011",
      "complete 1010",
    ]);
    const porting = desiredState(meridian, "porting", {});
    expect(porting.portOrders).toHaveLength(12);
    expect(porting.emergencyAddresses.reduce((sum, a) => sum + a.numbers, 0)).toBe(2400);
  });
});

/** Positions one legal step forward. */
function neighbours(plan: Plan, from: { phase: (typeof PHASES)[number]; waves: WaveStates }): Position[] {
  const next = PHASES[PHASES.indexOf(from.phase) + 1];
  const found: Position[] = [];
  if (from.phase === "cutover") {
    for (const { id } of plan.parts) {
      const step = (["live", "released", "adopted"] as const)[stepRank(stepOf(from.waves, id))];
      if (step) found.push({ phase: "cutover", waves: { ...from.waves, [id]: step } });
    }
    if (found.length === 0) found.push({ phase: "complete", waves: from.waves });
  } else if (next) found.push({ phase: next, waves: from.waves });
  return found.length > 0 ? found : [{ phase: "none", waves: {} }];
}

describe("a part whose adoption was cut off before the record could say so", () => {
  const [part, other] = meridian.parts as [Plan["parts"][number], Plan["parts"][number]];
  const last = part.numbers.at(-1)!;
  const pooled = [{ from: last, to: last }];

  it("is known by any of its numbers in a BYOC pool, and by nothing else", () => {
    const floor: WaveStates = { [part.id]: "released", [other.id]: "released" };
    expect(adoptedByPools(meridian, floor, pooled)).toEqual({ ...floor, [part.id]: "adopted" });
    expect(adoptedByPools(meridian, floor, [])).toEqual(floor);
    // A number that is pooled before its release is somebody's mistake: it unbinds nothing.
    expect(adoptedByPools(meridian, { [part.id]: "live" }, pooled)).toEqual({ [part.id]: "live" });
    expect(adoptedByPools(meridian, {}, pooled)).toEqual({});
  });

  it("goes back to released with its numbers bound where calls may already come in, and its routes at the shadow", () => {
    const waves: WaveStates = { [part.id]: "released" };
    const state = desiredState(meridian, "cutover", waves, adoptedByPools(meridian, waves, pooled));
    expect(state.pools.map((p) => p.part)).toEqual([part.id]);
    const bound = boundWhere(state);
    for (const number of part.numbers) expect(bound.get(number)).toEqual([expect.stringMatching(/^byoc /)]);
    const own = state.routes.filter((r) => r.part === part.id);
    expect(new Set(own.map((r) => r.kind))).toEqual(new Set(["R1"]));
  });
});
