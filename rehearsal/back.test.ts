import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkMove, raiseFloor } from "../model/phases";
import { loadPlan } from "../model/plan";
import { PHASES, type Plan, type Position, WAVE_STEPS, type WaveStates } from "../model/types";
import { stepsBackFrom, turningPoint } from "./back";

const dev = loadPlan(join(__dirname, "../stacks/dev"));
const estates = ["../stacks/dev", "../test/estates/guide", "../test/estates/berlin", "../test/estates/osaka"].map(
  (dir) => loadPlan(join(__dirname, dir)),
);

/** Every phase with a way back, and every step of every part. */
const turnsOf = (plan: Plan): string[] => [
  ...PHASES.filter((p) => p !== "complete"),
  ...plan.parts.flatMap(({ id }) => WAVE_STEPS.filter((s) => s !== "waiting").map((step) => `${id}=${step}`)),
];

describe.each(estates.map((plan) => [plan.name, plan] as const))("walks back of %s", (_name, plan) => {
  it.each(turnsOf(plan))("from %s: every step is a move the model allows, forward and then back", (text) => {
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
    expect(at.waves).toEqual({});
  });

  it("take each wave back one step in one update, and never a phase together with a wave", () => {
    for (const text of turnsOf(plan)) {
      const back = stepsBackFrom(plan, turningPoint(plan, text)).filter((s) => s.direction === "back");
      for (const [i, step] of back.entries()) {
        const before = i > 0 ? back[i - 1]! : undefined;
        if (before && before.phase !== step.phase) expect({ text, waves: before.waves }).toEqual({ text, waves: {} });
      }
    }
  });
});

describe("turning points", () => {
  const plan = dev;
  it("refuse what has no way back or is no place", () => {
    expect(() => turningPoint(plan, "complete")).toThrow(/with a way back/);
    expect(() => turningPoint(plan, "w9=live")).toThrow(/no wave w9/);
  });
});
