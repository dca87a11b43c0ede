import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkMove } from "./moves";
import { loadPlan } from "./plan";
import { allAdopted, arbitraryPlan, arbitraryPosition } from "./testing";
import type { Phase, WaveStates } from "./types";
import { PHASES } from "./types";

const plan = loadPlan(join(__dirname, "../stacks/dev"));
const at = (phase: Phase | "none", waves: WaveStates = {}) => ({ phase, waves });
const move = (from: ReturnType<typeof at>, to: ReturnType<typeof at>, floor: WaveStates = {}) =>
  checkMove(plan, from, to, floor);

describe("moves", () => {
  it("take one phase at a time", () => {
    for (const from of PHASES) {
      for (const to of PHASES) {
        const waves = (p: Phase) =>
          p === "complete"
            ? allAdopted(plan)
            : p === "cutover" && (from === "complete" || to === "complete")
              ? allAdopted(plan)
              : {};
        const distance = PHASES.indexOf(to) - PHASES.indexOf(from);
        const expected =
          distance === 0
            ? "none"
            : from === "complete"
              ? "illegal"
              : distance === 1
                ? "forward"
                : distance === -1
                  ? "back"
                  : "illegal";
        expect(move(at(from, waves(from)), at(to, waves(to))).direction, `${from} to ${to}`).toBe(expected);
      }
    }
  });

  it("start at baseline", () => {
    expect(move(at("none"), at("baseline")).direction).toBe("forward");
    expect(move(at("none"), at("none")).direction).toBe("none");
    expect(move(at("none"), at("parallel")).why).toContain("starts at baseline");
  });

  it("take each part one step, several parts at once, never both ways", () => {
    const from = at("cutover", { w1: "released", "w2.1": "live" });
    const forward = move(from, at("cutover", { w1: "adopted", "w2.1": "released", "w2.2": "live" }));
    expect(forward).toMatchObject({ direction: "forward" });
    expect(forward.entering).toEqual([
      { part: "w1", step: "adopted", numbers: 633 },
      { part: "w2.1", step: "released", numbers: 800 },
      { part: "w2.2", step: "live", numbers: 53 },
    ]);
    expect(move(from, at("cutover", { w1: "live", "w2.1": "live" })).direction).toBe("back");
    expect(move(from, at("cutover", { w1: "live", "w2.1": "released" })).why).toContain("forward or back, not both");
    expect(move(from, at("cutover", { w1: "released", "w2.1": "adopted" })).why).toContain("w2.1 from live to adopted");
    expect(move(from, at("cutover", { w1: "released", "w2.1": "live", w9: "live" })).why).toContain("no such part");
  });

  it("keep the numbers that enter one step within the limit; a way back is not counted", () => {
    const two = { w1: "live", "w2.1": "live" } as const;
    expect(move(at("cutover"), at("cutover", two)).crowded).toMatch(
      /800 numbers into a step; seen 1433 entering live \(w1, w2\.1\)/,
    );
    expect(move(at("cutover", two), at("cutover")).direction).toBe("back");
    const small = move(at("cutover"), at("cutover", { w1: "live", "w2.2": "live" }));
    expect(small).toMatchObject({ direction: "forward" });
    expect(small.crowded).toBeUndefined();
  });

  it("complete only with every part adopted, and leave cutover only with all waiting", () => {
    expect(move(at("cutover", { w1: "adopted" }), at("complete", { w1: "adopted" })).why).toContain(
      "every part adopted",
    );
    expect(move(at("cutover", allAdopted(plan)), at("complete", allAdopted(plan))).direction).toBe("forward");
    expect(move(at("cutover", { w1: "live" }), at("porting", { w1: "live" })).why).toContain(
      "only inside the phase cutover",
    );
    expect(move(at("cutover", { w1: "live" }), at("porting")).why).toContain("cannot move in one update");
    expect(move(at("cutover"), at("porting")).direction).toBe("back");
    expect(move(at("porting"), at("cutover", { w1: "live" })).direction).toBe("illegal");
    expect(move(at("complete", allAdopted(plan)), at("cutover", allAdopted(plan))).why).toContain("no way back");
  });

  it("never take the routes from numbers that were ever live at the new carrier", () => {
    expect(move(at("porting"), at("canary")).direction).toBe("back");
    expect(move(at("porting"), at("canary"), { w1: "live" }).why).toContain("w1=live");
    expect(move(at("cutover"), at("porting"), { w1: "adopted" }).direction).toBe("back");
  });

  it("are none exactly from a position to itself, and each illegal one says why in one line", () => {
    const two = arbitraryPlan.chain((p) => fc.tuple(fc.constant(p), arbitraryPosition(p), arbitraryPosition(p)));
    fc.assert(
      fc.property(two, ([p, from, to]) => {
        const result = checkMove(p, from, to);
        expect(checkMove(p, from, from).direction).toBe("none");
        if (result.direction === "illegal") expect(result.why).toMatch(/^[^\n]+\.$/);
        else expect(result.why).toBeUndefined();
        if (result.direction === "forward" && to.phase !== "complete")
          expect(checkMove(p, to, from).direction).toBe("back");
      }),
      { numRuns: 100 },
    );
  });
});
