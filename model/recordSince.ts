import { PHASES, type Phase, type Position, type WaveStep } from "./types";
import { stepOf } from "./waves";

/**
 * Since when, ISO 8601, by what it is that lasts: a phase by its name, the step of a wave's part as `w1=live`. Part ids hold no `=`, so the two
 * cannot be mistaken for each other.
 */
export type Since = Partial<Record<Phase | PartAtStep, string>>;
type PartAtStep = `${string}=${WaveStep}`;

/** The key of a part's step. */
export const partKey = (part: string, step: WaveStep): PartAtStep => `${part}=${step}`;

/** Since when each phase up to the one asked for, and each part's step, has been in effect without a break; `at` is the time of this run. */
export function sinceOf(
  previous: Since,
  { phase, waves }: Pick<Position, "waves"> & { phase: Phase },
  at: string,
): Since {
  const phases = PHASES.slice(0, PHASES.indexOf(phase)).flatMap((p) => (previous[p] ? [[p, previous[p]]] : []));
  const named = Object.keys(waves).sort();
  const parts = named.flatMap((part) => {
    const key = partKey(part, stepOf(waves, part));
    return stepOf(waves, part) === "waiting" ? [] : [[key, previous[key] ?? at]];
  });
  // Always in this order, however the waves were written: the record is a text, and a settled stack's next up must find the same one.
  return Object.fromEntries([...phases, [phase, previous[phase] ?? at], ...parts]);
}
