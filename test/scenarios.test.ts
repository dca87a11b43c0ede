import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadPlan } from "../model/plan";
import { PHASES, WAVE_STEPS } from "../model/types";
import { stepsBackFrom, turningPoint } from "../rehearsal/back";
import { applySwitches } from "../sandbox/switches";

/** The stories themselves are walked by test/scenarios/run.mjs, a minute each; this holds that none is missing or misspelt. */

interface Scenario {
  story: string;
  estate?: string;
  world?: string[];
  backFrom?: string;
  expect: { verdict: "pass" | "stopped"; back?: string[] };
}

const here = join(__dirname, "scenarios");
const stories = readdirSync(here, { withFileTypes: true })
  .filter((d) => d.isDirectory())
  .map((d) => ({ name: d.name, ...(parse(readFileSync(join(here, d.name, "scenario.yaml"), "utf8")) as Scenario) }));
const planOf = (s: Scenario) => loadPlan(join(__dirname, "estates", s.estate ?? "guide"));

describe("stories", () => {
  it("there is a way back from every phase that has one, and from every step of a wave", () => {
    const phases = PHASES.filter((p) => p !== "complete");
    const steps = WAVE_STEPS.filter((s) => s !== "waiting").map((s) => `w1=${s}`);
    const turns = stories.filter((s) => s.estate === undefined).flatMap((s) => s.backFrom ?? []);
    expect(turns.sort()).toEqual([...phases, ...steps].sort());
  });

  it.each(stories.filter((s) => s.backFrom))("$name expects the way back that the model has", (story) => {
    const plan = planOf(story);
    const back = stepsBackFrom(plan, turningPoint(plan, story.backFrom!)).filter((s) => s.direction === "back");
    const text = back.map(({ phase, waves }) =>
      `${phase} ${Object.entries(waves).map(([part, step]) => `${part}=${step}`)}`.trim(),
    );
    expect(story.expect.back).toEqual(text);
  });

  it.each(stories)("$name is told in docs/what-if.md, and its world has switches that there are", ({ name, world }) => {
    const page = readFileSync(join(__dirname, "../docs/what-if.md"), "utf8");
    expect(page).toContain(name.startsWith("back-from-") ? "`back-from-*`" : `\`${name}\``);
    expect(() => applySwitches({}, world ?? [])).not.toThrow();
  });
});
