import { existsSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../model/errors";
import { loadPlan } from "../model/plan";
import { desiredState } from "../model/phases";
import { toRanges } from "../model/ranges";
import type { DesiredState, NumberRange, Phase, Plan, WaveStates } from "../model/types";
import { formatWaves, parseWaves } from "../model/waves";
import { clockFrom } from "../providers/lib/clock";
import { roots } from "./project";

const plans = new Map<string, { stamp: string; plan: Plan; looked: number }>();

/** How long the files of a plan are taken to be unchanged, milliseconds: one operation asks for the plan thousands of times. */
const LOOK_AGAIN_MS = 250;

/** Directory of the plan: as the gate names it, else as the stack's configuration does. Relative paths begin at the project. */
export function planDir(named?: string): string {
  const dir = named || new pulumi.Config("cutover").get("plan") || `stacks/${pulumi.getStack()}`;
  if (isAbsolute(dir)) return dir;
  const paths = roots().map((root) => join(root, dir));
  return paths.find((path) => existsSync(join(path, "plan.yaml"))) ?? paths[0] ?? join(process.cwd(), dir);
}

/**
 * The plan in a directory, read again only when one of its files has changed: the pack lives through many operations and is asked
 * for each resource. Throws UserError for a plan with mistakes.
 */
export function planAt(named?: string): Plan {
  const dir = planDir(named);
  const before = plans.get(dir);
  if (before && performance.now() - before.looked < LOOK_AGAIN_MS) return before.plan;
  const stamp = ["plan.yaml", "numbers.csv", "ports.csv"].map((file) => stampOf(join(dir, file))).join(" ");
  const same = before?.stamp === stamp && !stamp.includes("missing");
  const plan = same ? before.plan : loadPlan(dir);
  plans.set(dir, { stamp, plan, looked: performance.now() });
  return plan;
}

/**
 * The stack's plan, or undefined for a program that has none: neither named in the configuration nor in the stack's own place. A plan
 * that is named has to be there. Throws UserError for a plan with mistakes.
 */
export function planIfAny(): Plan | undefined {
  const named = new pulumi.Config("cutover").get("plan");
  return named || existsSync(join(planDir(), "plan.yaml")) ? planAt() : undefined;
}

/** Whether the stack has a plan; one that cannot be read is none that is known to be absent. */
export function isMigration(): boolean {
  try {
    return planIfAny() !== undefined;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs}:${size}`;
  } catch {
    // A CSV file of another name: then the plan is read anew each time.
    return "missing";
  }
}

/** Where the stack is asked to go, by its configuration. Throws UserError for waves that cannot be read. */
export function positionAsked(): { phase: Phase; waves: WaveStates } {
  const cfg = new pulumi.Config("cutover");
  return { phase: (cfg.get("phase") ?? "baseline") as Phase, waves: parseWaves(cfg.get("waves") ?? "") };
}

let last: { plan: Plan; asked: string; state: DesiredState } | undefined;

/** What is to exist where the stack is asked to go. Kept until plan or configuration change: policies ask for each resource. */
export function stateAsked(plan: Plan): DesiredState {
  const { phase, waves } = positionAsked();
  const asked = `${phase} ${formatWaves(waves)}`;
  if (last?.plan !== plan || last.asked !== asked) last = { plan, asked, state: desiredState(plan, phase, waves) };
  return last.state;
}

const rangesByPlan = new WeakMap<Plan, NumberRange[]>();

/** Ranges of all numbers of the plan. */
export function plannedRanges(plan: Plan): NumberRange[] {
  const known = rangesByPlan.get(plan) ?? toRanges(plan.numbers.map((n) => n.number));
  rangesByPlan.set(plan, known);
  return known;
}

/** The time by the stack's clock. A clock that others can steer is refused for a plan that is not a sandbox's. */
export async function now(plan: Plan | undefined): Promise<Date> {
  const address = new pulumi.Config("cutover").get("clock");
  if (address && !plan?.sandbox) {
    throw new UserError(
      `cutover:clock: seen ${address}; expected none, since ${plan ? `the plan ${plan.name}` : "a stack without a plan"} is not marked sandbox: true; fix: remove cutover:clock.`,
    );
  }
  return clockFrom(address).now();
}
