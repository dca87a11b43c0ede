import type { Facts, Verdict } from "../facts";
import type { Move } from "../moves";
import { toRanges } from "../ranges";
import type { NumberRange, Plan, Position, WaveStep } from "../types";

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
