import { describe, expect, it } from "vitest";
import { checkMove } from "../model/phases";
import { loadPlan } from "../model/plan";
import { PHASES, type Position } from "../model/types";
import { formatWaves } from "../model/waves";
import { walkSteps } from "./steps";

describe("walkSteps", () => {
  for (const estate of ["stacks/dev", "test/estates/guide"]) {
    it(`walks ${estate} by legal moves only, with one step back`, () => {
      const plan = loadPlan(estate);
      let at: Position = { phase: "none", waves: {} };
      const directions = walkSteps(plan).map((step) => {
        const move = checkMove(plan, at, step);
        expect(move.why).toBeUndefined();
        expect(move.direction).toBe(step.direction);
        at = step;
        return move.direction;
      });
      expect(directions.filter((d) => d === "back")).toHaveLength(1);
      expect(at.phase).toBe("complete");
    });
  }

  it("has several waves in flight together", () => {
    const texts = walkSteps(loadPlan("stacks/dev")).map((s) => formatWaves(s.waves));
    expect(texts).toContain("w1=adopted,w2.1=released,w2.2=live");
  });

  it("stops at the phase asked for", () => {
    for (const to of PHASES) expect(walkSteps(loadPlan("test/estates/guide"), to).at(-1)!.phase).toBe(to);
  });
});
