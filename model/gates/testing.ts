import { join } from "node:path";
import { expect, it } from "vitest";
import { blocking, judge } from "../evidence";
import type { Facts } from "../facts";
import { loadPlan } from "../plan";
import { allAdopted, goodFacts } from "../testing";
import type { Phase, Position, WaveStates } from "../types";

export const plan = loadPlan(join(__dirname, "../../stacks/dev"));
const NOW = new Date("2026-05-04T10:00:00Z");
const at = (phase: Phase | "none", waves: WaveStates = {}): Position => ({ phase, waves });

/** The moment so many hours before the one at which the gates are asked; negative: after it. */
export const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

/** One move into each phase and step, from the position before it. */
const MOVES = {
  baseline: [at("none"), at("baseline")],
  parallel: [at("baseline"), at("parallel")],
  "ttl-lowered": [at("parallel"), at("ttl-lowered")],
  canary: [at("ttl-lowered"), at("canary")],
  porting: [at("canary"), at("porting")],
  live: [at("cutover"), at("cutover", { w1: "live" })],
  released: [at("cutover", { w1: "live" }), at("cutover", { w1: "released" })],
  adopted: [at("cutover", { w1: "released" }), at("cutover", { w1: "adopted" })],
  complete: [at("cutover", allAdopted(plan)), at("complete", allAdopted(plan))],
} satisfies Record<string, [Position, Position]>;

export type Move = keyof typeof MOVES;

/** Facts that let the move through. */
export const good = (move: Move): Facts => goodFacts(plan, MOVES[move][0], MOVES[move][1], NOW);

/** The verdicts of the move on these facts. */
export const verdicts = (move: Move, facts: Facts) => judge(plan, MOVES[move][0], MOVES[move][1], facts, NOW);

/** The gates that refuse the move on these facts, each with how: `<gate> failed|errored|inconclusive`. */
export const refused = (move: Move, facts: Facts): string[] =>
  blocking(verdicts(move, facts)).map((v) => `${v.gate} ${v.status}`);

/** What is wrong with the facts of a move, and exactly which gates are to refuse it. */
export type Trap = [move: Move, what: string, change: (facts: Facts) => void, ...expected: string[]];

/** One test for each trap: the same facts without it are let through (`model/evidence.test.ts`), with it only `expected` refuse. */
export const refuses = (traps: Trap[]) =>
  it.each(traps)("%s: %s", (move, _, change, ...expected) => {
    const facts = structuredClone(good(move));
    change(facts);
    expect(refused(move, facts)).toEqual(expected);
  });
