import type { Facts, Verdict } from "../facts";
import type { Move } from "../moves";
import { toRanges } from "../ranges";
import type { NumberRange, Plan, Position, WaveStep } from "../types";
import { stepOf, stepRank } from "../waves";

/** What a gate knows when it judges. `now` comes from the one clock of the run. */
export interface GateContext {
  plan: Plan;
  from: Position;
  to: Position;
  move: Move;
  facts: Facts;
  now: Date;
}

/** One gate: a stable name, and a pure judgement. */
export interface GateRule {
  name: string;
  judge(context: GateContext): Verdict;
}

/** Ids of the parts that enter a step in this move. */
export const partsEntering = (move: Move, step: WaveStep): string[] =>
  move.entering.filter((e) => e.step === step).map((e) => e.part);

/** Ranges of all numbers of some parts. */
export function rangesOfParts(plan: Plan, parts: readonly string[]): NumberRange[] {
  return toRanges(plan.parts.filter((p) => parts.includes(p.id)).flatMap((p) => p.numbers));
}

/** Ranges of all numbers of the plan. */
export const rangesOfPlan = (plan: Plan): NumberRange[] => toRanges(plan.numbers.map((n) => n.number));

/** Sites all of whose numbers stand at `adopted` after a move, and did not before: their calls leave by the new trunk then. */
export function sitesLeaving(plan: Plan, from: Position, to: Position): string[] {
  const adopted = (at: Position, part: string) => stepRank(stepOf(at.waves, part)) >= stepRank("adopted");
  const waiting = { before: new Set<string>(), after: new Set<string>() };
  const sites = new Set<string>();
  for (const { site, part } of plan.numbers) {
    sites.add(site);
    if (!adopted(from, part)) waiting.before.add(site);
    if (!adopted(to, part)) waiting.after.add(site);
  }
  return [...sites].filter((site) => waiting.before.has(site) && !waiting.after.has(site)).sort();
}
