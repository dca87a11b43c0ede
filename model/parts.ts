import { compareNumbers } from "./ranges";
import type { Plan } from "./types";

/**
 * Splits waves by the number of numbers one update may move, in E.164 order: a wave of at most `max` numbers is one part of
 * its own name (`w1`), a larger one becomes `w2.1`, `w2.2`, all full but the last. Waves keep the order given.
 * Throws RangeError unless max >= 1.
 */
export function splitWaves(waves: readonly { wave: string; numbers: readonly string[] }[], max: number): Plan["parts"] {
  if (!(max >= 1)) throw new RangeError(`waves cannot be split into parts of ${max} numbers`);
  return waves.flatMap(({ wave, numbers }) => {
    const sorted = [...numbers].sort(compareNumbers);
    if (sorted.length <= max) return [{ id: wave, wave, numbers: sorted }];
    const parts: Plan["parts"] = [];
    for (let at = 0; at < sorted.length; at += max) {
      parts.push({ id: `${wave}.${parts.length + 1}`, wave, numbers: sorted.slice(at, at + max) });
    }
    return parts;
  });
}
