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
  const phases = PHASES.slice(0, PHASES.indexOf(phase) + 1).flatMap((p) => {
    const since = previous[p] ?? (p === phase ? at : undefined);
    return since ? [[p, since]] : [];
  });
  const parts = Object.keys(waves).flatMap((part) => {
    const key = partKey(part, stepOf(waves, part));
    return stepOf(waves, part) === "waiting" ? [] : [[key, previous[key] ?? at]];
  });
  // In the same order whatever the record held: it is kept as text, and a second run has to write the same text.
  return Object.fromEntries([...phases, ...parts]);
}
