import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkMove, raiseFloor } from "../model/phases";
import { loadPlan } from "../model/plan";
import { PHASES, type Position, type WaveStates } from "../model/types";
import { stepsBackFrom, turningPoint } from "./back";

const plan = loadPlan(join(__dirname, "../stacks/dev"));

describe("walks back", () => {
  const turns = [...PHASES.filter((p) => p !== "complete"), "w1=live", "w1=released", "w1=adopted", "w2=adopted"];
  it.each(turns)("from %s: every step is a move the model allows, forward and then back", (text) => {
    const steps = stepsBackFrom(plan, turningPoint(plan, text));
    let at: Position = { phase: "none", waves: {} };
    let floor: WaveStates = {};
    const directions = steps.map((step) => {
      const move = checkMove(plan, at, step, floor);
      expect(move, `${JSON.stringify(at)} to ${JSON.stringify(step)}`).toMatchObject({ direction: step.direction });
      at = step;
      floor = raiseFloor(floor, step.waves);
      return move.direction;
    });
    expect(directions.lastIndexOf("forward")).toBeLessThan(
      directions.includes("back") ? directions.indexOf("back") : directions.length,
    );
    // A ported number keeps its carrier route: from a live wave the way back ends at porting.
    if (text !== "baseline") expect(at.phase).toBe(text.includes("=") ? "porting" : "baseline");
  });

  it("refuse what has no way back or is no place", () => {
    expect(() => turningPoint(plan, "complete")).toThrow(/with a way back/);
    expect(() => turningPoint(plan, "w9=live")).toThrow(/no wave w9/);
  });
});
