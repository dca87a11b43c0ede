import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testCallsPerSecond } from "../model/testPace";
import { arbitraryPlan } from "../model/testing";
import { PHASES, type Plan } from "../model/types";
import { heldSeconds, loadFor } from "./load";

/** A plan whose trunk carries so many calls at once, at Genesys' default rate for them. */
const withChannels = (plan: Plan, channels: number): Plan => ({
  ...plan,
  trunk: { ...plan.trunk, maxConcurrentCalls: channels, maxCallRate: `${2 * channels}/5s` },
});

describe("loadFor", () => {
  it("leaves room on every trunk for chance and for test calls", () => {
    const cases = fc.tuple(arbitraryPlan, fc.integer({ min: 10, max: 2000 }), fc.integer({ min: 1, max: 200 }));
    fc.assert(
      fc.property(cases, fc.constantFrom(...PHASES), ([anyPlan, channels, asked], phase) => {
        const plan = withChannels(anyPlan, channels);
        const { perSecond } = loadFor(plan, phase, asked);
        expect(perSecond).toBeLessThanOrEqual(asked);
        expect(perSecond).toBeGreaterThan(0);
        if (phase !== "cutover" && phase !== "complete") return;
        // All callers on the trunk, 1.5 s each: four deviations more than usual in 5 s still fit beside the test calls.
        const inFiveSeconds = perSecond * 5;
        const tests = testCallsPerSecond(plan) * 5 + 5;
        expect(inFiveSeconds + 4 * Math.sqrt(inFiveSeconds) + tests).toBeLessThanOrEqual(2 * channels + 1);
        const atOnce = perSecond * 1.5;
        expect(atOnce + 4 * Math.sqrt(atOnce)).toBeLessThanOrEqual(channels);
      }),
      { numRuns: 50 },
    );
  });

  it("takes what was asked for where the trunk carries it", () => {
    const [plan] = fc.sample(arbitraryPlan, { seed: 1, numRuns: 1 });
    expect(loadFor(withChannels(plan!, 600), "cutover", 60).perSecond).toBe(60);
  });

  it("places fewer calls where each holds its channel for longer, and no more where for less", () => {
    const [plan] = fc.sample(arbitraryPlan, { seed: 1, numRuns: 1 });
    const at = (held: number) => loadFor(withChannels(plan!, 60), "cutover", 200, held).perSecond;
    expect(at(1)).toBe(at(0));
    expect(at(12)).toBeLessThan(at(0) / 2);
    for (const held of [2, 4, 8]) expect(at(held) * held).toBeLessThanOrEqual(0.7 * 60 + 1);
  });
});

describe("heldSeconds", () => {
  const call = (answered: boolean, seconds: number, at = 0) => ({
    answered,
    wallMs: at,
    endWallMs: at + 1000 * seconds,
  });
  it("is the mean of the last answered calls, 0 without any", () => {
    expect(heldSeconds([])).toBe(0);
    expect(heldSeconds([call(false, 30)])).toBe(0);
    expect(heldSeconds([call(true, 1), call(false, 30), call(true, 3)])).toBe(2);
    // Fifty later ones say nothing of the first.
    expect(heldSeconds([call(true, 100), ...Array.from({ length: 50 }, () => call(true, 1.5))])).toBe(1.5);
  });
});
