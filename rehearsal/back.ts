import { UserError } from "../model/errors";
import { checkMove, raiseFloor } from "../model/phases";
import { PHASES, type Phase, type Plan, type Position, WAVE_STEPS, type WaveStates } from "../model/types";
import { parseWaves, stepOf, stepRank } from "../model/waves";
import { straightSteps, type WalkStep } from "./steps";

/**
 * Where `--back-from` turns round: a phase, or a step of one wave or part (`w1=released`: every part of wave w1).
 * Throws UserError for anything else, and for complete, which has no way back.
 */
export function turningPoint(plan: Plan, text: string): { phase: Phase; waves: WaveStates } {
  const phases = PHASES.filter((p) => p !== "complete");
  if ((phases as readonly string[]).includes(text)) return { phase: text as Phase, waves: {} };
  if (!text.includes("="))
    throw new UserError(
      `--back-from ${text}: expected a phase with a way back (${phases.join(", ")}) or a wave's step such as ${plan.parts[0]!.id}=live.`,
    );
  const waves = Object.fromEntries(
    Object.entries(parseWaves(text)).flatMap(([name, step]) => {
      const parts = plan.parts.filter((p) => p.id === name || p.wave === name);
      if (parts.length === 0)
        throw new UserError(
          `--back-from ${text}: no wave ${name}; expected one of ${plan.parts.map((p) => p.id).join(", ")}.`,
        );
      return parts.map((p) => [p.id, step] as const);
    }),
  );
  return { phase: "cutover", waves };
}

/** Forward to the turning point by the plan's own walk, then back one step at a time as far as the model has a way. */
export function stepsBackFrom(plan: Plan, turn: { phase: Phase; waves: WaveStates }): WalkStep[] {
  const reached = (s: WalkStep) =>
    s.phase === turn.phase &&
    Object.entries(turn.waves).every(([part, step]) => stepRank(stepOf(s.waves, part)) >= stepRank(step));
  const forward = straightSteps(plan, turn.phase);
  const there = forward.slice(0, forward.findIndex(reached) + 1);
  return [...there, ...backward(plan, there)];
}

/** One step back after another: each wave by one, then the phase, until the model says that there is no way further. */
function backward(plan: Plan, walked: WalkStep[]): WalkStep[] {
  const floor = walked.reduce<WaveStates>((f, s) => raiseFloor(f, s.waves), {});
  const steps: WalkStep[] = [];
  let at: Position = walked.at(-1)!;
  for (;;) {
    const next = oneBack(at);
    if (!next || checkMove(plan, at, next, floor).direction !== "back") return steps;
    steps.push({ ...next, direction: "back" });
    at = next;
  }
}

function oneBack(at: Position): (Position & { phase: Phase }) | undefined {
  const moved = Object.entries(at.waves).flatMap(([part, step]) => {
    const before = WAVE_STEPS[stepRank(step) - 1];
    return before && before !== "waiting" ? [[part, before] as const] : [];
  });
  if (Object.keys(at.waves).length > 0) return { phase: at.phase as Phase, waves: Object.fromEntries(moved) };
  const phase = PHASES[PHASES.indexOf(at.phase as Phase) - 1];
  return phase && { phase, waves: {} };
}
