import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { blocking, judge } from "../model/evidence";
import { desiredState, raiseFloor } from "../model/phases";
import { loadPlan } from "../model/plan";
import type { EstateTexts } from "../model/testing";
import { arbitraryWideEstate } from "../model/testing-wide";
import type { Facts } from "../model/facts";
import { type Phase, type Plan, type Position, WAVE_STEPS, type WaveStates } from "../model/types";
import { type WalkStep, walkSteps } from "../rehearsal/steps";
import { askPack, configure } from "./pack/ask";
import { type Declared, declare } from "./pack/declare";
import { type Deviation, PaperWorld } from "./pack/paper-world";

/** Random estates in paper worlds, walked through model and pack: right migrations are never stopped, and no way back ever is. */

const dir = mkdtempSync(join(tmpdir(), "cutover-alarm-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let estates = 0;

function written(texts: EstateTexts): { plan: Plan; planDir: string } {
  const planDir = mkdtempSync(join(dir, `estate-${estates++}-`));
  writeFileSync(join(planDir, "plan.yaml"), texts.plan);
  writeFileSync(join(planDir, "numbers.csv"), texts.numbers);
  writeFileSync(join(planDir, "ports.csv"), texts.ports);
  return { plan: loadPlan(planDir), planDir };
}

/** The gate as the program declares it. */
const gateOf = (planDir: string, from: Position, to: Position, digest: string, facts: Facts): Declared => ({
  type: "gates:index:Gate",
  name: "gate",
  urn: "urn:pulumi:test::cutover::gates:index:Gate::gate",
  props: { name: "gate", from, to, digest, plan: planDir, settings: {}, facts },
  secrets: [],
  protect: false,
  secretOutputs: [],
  propertyDependencies: {},
});

const STACK: Declared = {
  type: "pulumi:pulumi:Stack",
  name: "cutover-test",
  urn: "urn:pulumi:test::cutover::pulumi:pulumi:Stack::cutover-test",
  props: {},
  secrets: [],
  protect: false,
  secretOutputs: [],
  propertyDependencies: {},
};

/** Gates ask the machine's clock in the pack; on paper the model is asked with the world's, and the pack about what is declared. */
const ofResources = (policy: string) => policy !== "override-in-use";

async function declared(world: PaperWorld, planDir: string, to: Position) {
  const floor = raiseFloor(world.floor, to.waves);
  const state = desiredState(world.plan, to.phase as Phase, to.waves, floor);
  return declare(world.plan, state, { planDir, workDir: join(planDir, "work"), floor });
}

async function packSays(world: PaperWorld, planDir: string, to: Position) {
  configure({
    plan: planDir,
    phase: to.phase,
    waves: Object.entries(to.waves)
      .map(([p, s]) => `${p}=${s}`)
      .join(","),
    workDir: join(planDir, "work"),
    trunkPassword: "digest-secret",
  });
  // Staying asks no gate: what is left is what policies say of the declared resources.
  const gate = gateOf(planDir, to, to, world.plan.digest, {});
  const reports = await askPack([STACK, gate, ...(await declared(world, planDir, to))], ofResources);
  return reports.map((r) => `${to.phase} ${JSON.stringify(to.waves)}: ${r.policy}: ${r.message}`);
}

const backOf = (steps: readonly WalkStep[], i: number): Position | undefined => {
  const before = steps[i - 1];
  return before && steps[i]!.direction === "forward" && steps[i]!.phase !== "complete"
    ? { phase: before.phase, waves: before.waves }
    : undefined;
};

/** Estates walked, drawn from which seed, and how many positions of each are shown to the pack; more of all find what these do not. */
const RUNS = Number(process.env.CUTOVER_ESTATES ?? 50);
const SEED = Number(process.env.CUTOVER_SEED ?? 20_260_504);
const LOOKS = Number(process.env.CUTOVER_LOOKS ?? 3);

/** Waves one after another, each to its end before the next begins; the usual walk has several in flight. */
function oneByOne(plan: Plan): WalkStep[] {
  const before = walkSteps(plan, "cutover").filter((s) => s.phase !== "cutover" || Object.keys(s.waves).length === 0);
  const steps: WalkStep[] = before.slice(0, before.findIndex((s) => s.phase === "cutover") + 1);
  let waves: WaveStates = {};
  for (const { id } of plan.parts)
    for (const step of WAVE_STEPS.slice(1)) {
      waves = { ...waves, [id]: step };
      steps.push({ phase: "cutover", waves, direction: "forward" });
    }
  return [...steps, { phase: "complete", waves, direction: "forward" }];
}

const arbitraryDeviations: fc.Arbitrary<Deviation[]> = fc.array(
  fc.record({ hours: fc.integer({ min: -96, max: 240 }), splitHours: fc.constantFrom(0, 0, 7, 50) }),
  { minLength: 1, maxLength: 6 },
);

describe("a right migration", () => {
  it(
    "of any region, DNS, waves, and ports that come early, late or split is stopped by no policy, and neither is its way back",
    async () => {
      let positions = 0;
      await fc.assert(
        fc.asyncProperty(
          arbitraryWideEstate,
          arbitraryDeviations,
          // Years with a leap day, every change to and from summer time, the ends of months and years.
          fc.integer({ min: 0, max: 8 * 8766 }),
          fc.array(fc.nat(), { minLength: LOOKS, maxLength: LOOKS }),
          fc.boolean(),
          async (texts, deviations, hour, picks, apart) => {
            const { plan, planDir } = written(texts);
            const world = new PaperWorld(plan, new Date(Date.UTC(2026, 0, 1, hour)), deviations);
            const steps = apart ? oneByOne(plan) : walkSteps(plan);
            for (const [i, { phase, waves }] of steps.entries()) {
              const to = { phase, waves };
              world.waitFor(to);
              const facts = world.facts(to);
              expect(blocking(judge(plan, world.at, to, facts, world.now))).toEqual([]);
              // Declaring takes most of the time: of each estate some positions, drawn at random, are shown to the pack.
              const looked = picks.some((pick) => pick % steps.length === i);
              if (looked) expect(await packSays(world, planDir, to)).toEqual([]);
              world.move(to);
              positions++;
              const back = backOf(steps, i);
              if (!back) continue;
              expect(judge(plan, world.at, back, {}, new Date(Number.NaN))).toEqual([]);
              if (picks[0]! % steps.length === i) expect(await packSays(world, planDir, back)).toEqual([]);
            }
            rmSync(planDir, { recursive: true, force: true });
          },
        ),
        { numRuns: RUNS, seed: SEED },
      );
      // The property is about whole walks: an estate that stops short would prove nothing.
      expect(positions).toBeGreaterThan(RUNS * 10);
    },
    RUNS * 5_600,
  );
});
