import { expandRanges } from "../../model/ranges";
import type { NumberRange } from "../../model/types";

/** A typing error in a range must not fill the memory: more numbers than this in one request are refused. */
const NUMBERS_MAX = 1_000_000;

/** True for `+` and 7 to 15 digits, the first not 0: the only form the carriers of the sandbox take. */
export function isE164(text: unknown): text is string {
  return typeof text === "string" && /^\+[1-9]\d{6,14}$/.test(text);
}

/** Every number of ranges that came from outside. Throws RangeError when they are not E.164, run backwards or hold more than a million. */
export function numbersIn(ranges: readonly NumberRange[]): string[] {
  let total = 0;
  for (const { from, to } of ranges) {
    if (!isE164(from) || !isE164(to) || from.length !== to.length || from > to) {
      throw new RangeError(`${from} to ${to} is not a range of E.164 numbers`);
    }
    total += Number(to.slice(1)) - Number(from.slice(1)) + 1;
    if (total > NUMBERS_MAX) throw new RangeError(`more than ${NUMBERS_MAX} numbers at once`);
  }
  return [...expandRanges(ranges)];
}
