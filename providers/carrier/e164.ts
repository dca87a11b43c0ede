import { UserError } from "../../model/errors";
import { expandRanges, toRanges } from "../../model/ranges";
import type { NumberRange } from "../../model/types";

const E164 = /^\+[1-9]\d{6,14}$/;
/** Largest range taken: a slip of one digit must not become a job over millions of numbers. */
const RANGE_MAX = 1_000_000;

/** One sentence on what is wrong with a range, or null. */
export function rangeProblem({ from, to }: NumberRange): string | null {
  if (!E164.test(from) || !E164.test(to)) return `range ${from} to ${to} is not in +E.164 form`;
  if (from.length !== to.length) return `range ${from} to ${to} has ends of different length`;
  const count = Number(to) - Number(from) + 1;
  if (count < 1) return `range ${from} to ${to} runs backwards`;
  return count > RANGE_MAX ? `range ${from} to ${to} holds ${count} numbers; at most ${RANGE_MAX} are taken` : null;
}

/** Every number of the ranges, in order. @throws UserError for a range that is none. */
export function numbersOf(ranges: readonly NumberRange[]): string[] {
  for (const range of ranges) {
    const problem = rangeProblem(range);
    if (problem) throw new UserError(`${problem}; expected contiguous numbers such as +12125550100 to +12125550199.`);
  }
  return [...expandRanges(ranges)];
}

/** Ranges in the one form that compares equal for equal numbers. */
export const normalRanges = (ranges: readonly NumberRange[]): NumberRange[] => toRanges(expandRanges(ranges));
