import { formatWaves, stepOf, stepRank, allAtLeast } from "./waves";
import { PHASES, type Phase, type Plan, type Position, type WaveStates, type WaveStep } from "./types";

/** What going from one position to another means. `why` is set exactly for an illegal move: one clear sentence. */
export interface Move {
  direction: "none" | "forward" | "back" | "illegal";
  why?: string;
  /** Parts whose step changes, with the step they enter and how many numbers they hold. */
  entering: { part: string; step: WaveStep; numbers: number }[];
  /** Set for a forward move that brings too many numbers into one step: one clear sentence; the policy blast-radius refuses it. */
  crowded?: string;
}

const illegal = (why: string): Move => ({ direction: "illegal", why, entering: [] });

/**
 * Judges a move by its form alone; evidence is judged by evidence.ts. One phase at a time; waves only inside `cutover`, each part
 * one step at a time, several parts in one update as long as the numbers that enter any one step stay within
 * limits.maxNumbersPerUpdate; forward and back never mixed. A way back is not counted.
 * `floor` (highest step each part ever reached) lets it refuse the ways back that would take the only path from live numbers.
 */
export function checkMove(plan: Plan, from: Position, to: Position, floor: WaveStates = {}): Move {
  const misplaced = unknownParts(plan, from, "stands") ?? unknownParts(plan, to, "is asked") ?? wrongWaves(plan, to);
  if (misplaced) return illegal(misplaced);
  if (to.phase === "none") {
    if (from.phase === "none") return { direction: "none", entering: [] };
    return illegal(
      `From ${from.phase} the way out of Cutover is pulumi destroy after baseline; expected a phase of ${PHASES.join(", ")}.`,
    );
  }
  if (from.phase === "none") {
    if (to.phase === "baseline") return { direction: "forward", entering: [] };
    return illegal(
      `A stack without a phase record starts at baseline; seen cutover:phase ${to.phase}; set it to baseline first.`,
    );
  }
  return from.phase === to.phase
    ? waveMove(plan, from, to)
    : phaseMove(plan, from.phase, to.phase, from.waves, to.waves, floor);
}

function unknownParts(plan: Plan, at: Position, verb: string): string | undefined {
  const known = new Set(plan.parts.map((p) => p.id));
  const unknown = Object.entries(at.waves).find(([part]) => !known.has(part));
  if (!unknown) return undefined;
  return `The part ${unknown[0]} ${verb} at ${unknown[1]} but the plan has no such part; expected one of ${[...known].join(", ")}.`;
}

/** Waves that a phase cannot have. */
function wrongWaves(plan: Plan, to: Position): string | undefined {
  const moved = formatWaves(to.waves);
  if (to.phase === "cutover") return undefined;
  if (to.phase === "complete") {
    if (allAtLeast(plan, to.waves, "adopted")) return undefined;
    const left = plan.parts
      .filter((p) => stepOf(to.waves, p.id) !== "adopted")
      .map((p) => `${p.id}=${stepOf(to.waves, p.id)}`);
    return `The phase complete needs every part adopted; seen ${left.join(",")}; finish these waves in cutover first.`;
  }
  if (moved === "") return undefined;
  return `Waves move only inside the phase cutover; seen cutover:waves ${moved} at ${to.phase}; leave the waves out there.`;
}

function phaseMove(plan: Plan, from: Phase, to: Phase, before: WaveStates, after: WaveStates, floor: WaveStates): Move {
  const distance = PHASES.indexOf(to) - PHASES.indexOf(from);
  if (from === "complete")
    return illegal(`The phase complete has no way back; seen cutover:phase ${to}; set it to complete again.`);
  if (Math.abs(distance) !== 1) {
    const next = PHASES[PHASES.indexOf(from) + Math.sign(distance)];
    return illegal(`The phase moves one at a time; seen ${from} to ${to}; expected ${next} first.`);
  }
  if (formatWaves(before) !== formatWaves(after)) {
    return illegal(
      `The phase and the waves cannot move in one update; seen ${from} to ${to} with cutover:waves "${formatWaves(before)}" to "${formatWaves(after)}"; move one of them.`,
    );
  }
  if (distance > 0) return { direction: "forward", entering: [] };
  const stranded = strandedBy(plan, from, to, floor);
  return stranded ? illegal(stranded) : { direction: "back", entering: [] };
}

/** A way back that would take the only path from numbers that already live at the new carrier. */
function strandedBy(plan: Plan, from: Phase, to: Phase, floor: WaveStates): string | undefined {
  // Below porting there is no carrier route for the real numbers, and a number that was live is ported.
  if (from !== "porting") return undefined;
  const ported = plan.parts.filter((p) => stepRank(stepOf(floor, p.id)) >= stepRank("live"));
  if (ported.length === 0) return undefined;
  const list = ported.map((p) => `${p.id}=${stepOf(floor, p.id)}`).join(",");
  return `Going back from ${from} to ${to} would take the carrier routes from ported numbers; seen ${list} reached before; expected no part ever live; port the numbers back first, or stay at porting.`;
}

function waveMove(plan: Plan, from: Position, to: Position): Move {
  const entering: Move["entering"] = [];
  let forward = false;
  let back = false;
  for (const part of plan.parts) {
    const before = stepOf(from.waves, part.id);
    const after = stepOf(to.waves, part.id);
    if (before === after) continue;
    const distance = stepRank(after) - stepRank(before);
    if (Math.abs(distance) !== 1) {
      return illegal(
        `A part moves one step at a time; seen ${part.id} from ${before} to ${after}; move it one step, then the next.`,
      );
    }
    if (distance > 0) forward = true;
    else back = true;
    entering.push({ part: part.id, step: after, numbers: part.numbers.length });
  }
  if (forward && back) {
    const list = entering.map((e) => `${e.part}=${e.step}`).join(",");
    return illegal(
      `One update moves waves forward or back, not both; seen ${list}; take the steps back first, in an update of their own.`,
    );
  }
  if (back) return { direction: "back", entering };
  if (!forward) return { direction: "none", entering: [] };
  const crowded = tooMany(plan, entering);
  return { direction: "forward", entering, ...(crowded ? { crowded } : {}) };
}

/** The limit of numbers that one update may bring into any one step. */
function tooMany(plan: Plan, entering: Move["entering"]): string | undefined {
  const max = plan.limits.maxNumbersPerUpdate;
  const sums = new Map<WaveStep, { numbers: number; parts: string[] }>();
  for (const { part, step, numbers } of entering) {
    const sum = sums.get(step) ?? { numbers: 0, parts: [] };
    sums.set(step, { numbers: sum.numbers + numbers, parts: [...sum.parts, part] });
  }
  for (const [step, { numbers, parts }] of sums) {
    if (numbers > max) {
      return `One update may bring ${max} numbers into a step; seen ${numbers} entering ${step} (${parts.join(", ")}); move fewer parts at once.`;
    }
  }
  return undefined;
}
