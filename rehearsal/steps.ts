import {
  PHASES,
  type Phase,
  type Plan,
  type Position,
  WAVE_STEPS,
  type WaveStates,
  type WaveStep,
} from "../model/types";
import { formatWaves } from "../model/waves";

/** One line of a pull request: where the stack is to stand next. */
export interface WalkStep extends Position {
  phase: Phase;
  direction: "forward" | "back";
}

/**
 * The steps of one whole rehearsal: every phase once; inside `cutover` the wave parts one behind another, several in flight
 * (`w1=adopted,w2.1=released,w2.2=live`); and one step back and forward again, at the first wave's first step.
 * @param to last phase to walk to, `complete` by default.
 */
export function walkSteps(plan: Plan, to: Phase = "complete"): WalkStep[] {
  const steps: WalkStep[] = [];
  for (const phase of PHASES.slice(0, PHASES.indexOf(to) + 1)) {
    const waves = phase === "complete" ? all(plan, "adopted") : {};
    steps.push({ phase, waves, direction: "forward" });
    if (phase === "cutover") steps.push(...waveSteps(plan));
  }
  return steps;
}

const all = (plan: Plan, step: WaveStep): WaveStates => Object.fromEntries(plan.parts.map((p) => [p.id, step]));

/** Diagonals over (part, step): part i is one step behind part i-1. */
function waveSteps(plan: Plan): WalkStep[] {
  const steps: WalkStep[] = [];
  const last = WAVE_STEPS.length - 1;
  for (let tick = 1; tick < plan.parts.length + last; tick++) {
    const waves: Record<string, WaveStep> = {};
    plan.parts.forEach((part, i) => {
      const step = WAVE_STEPS[Math.max(0, Math.min(last, tick - i))]!;
      if (step !== "waiting") waves[part.id] = step;
    });
    steps.push({ phase: "cutover", waves, direction: "forward" });
    if (tick === 1) {
      steps.push({ phase: "cutover", waves: {}, direction: "back" }, { phase: "cutover", waves, direction: "forward" });
    }
  }
  return steps;
}

/** The walk without its step back and forward again: every place once. */
export const straightSteps = (plan: Plan, to: Phase = "complete"): WalkStep[] => {
  const forward = walkSteps(plan, to).filter((s) => s.direction === "forward");
  return forward.filter((s, i) => i === 0 || !samePlace(s, forward[i - 1]!));
};

const samePlace = (a: WalkStep, b: WalkStep) => a.phase === b.phase && formatWaves(a.waves) === formatWaves(b.waves);

/** Parts that enter a step by a move. */
export function entering(from: WaveStates, to: WaveStates, step: WaveStep): string[] {
  return Object.keys(to).filter((part) => to[part] === step && from[part] !== step);
}
