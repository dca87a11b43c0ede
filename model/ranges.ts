import type { NumberRange } from "./types";

/** Most numbers in one DID pool; the help article on DID ranges shows a limit of this order, in a digit group that is garbled. */
export const POOL_NUMBERS_MAX = 10_000;

/** Orders E.164 numbers by digits count, then by value, so that numbers of one length that follow each other stand together. */
export function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** The number's digits as a value: E.164 has at most 15 (ITU-T E.164, 6.1), so they fit a double exactly. */
const digitsOf = (number: string): number => Number(number.slice(1));
const numberOf = (value: number): string => `+${value}`;

/** Contiguous ranges, in E.164 order, that hold exactly the given numbers; repeated numbers count once. */
export function toRanges(numbers: Iterable<string>): NumberRange[] {
  const sorted = [...numbers].sort(compareNumbers);
  const ranges: NumberRange[] = [];
  let last: NumberRange | undefined;
  for (const number of sorted) {
    if (last && number === last.to) continue;
    if (last && number.length === last.to.length && digitsOf(number) === digitsOf(last.to) + 1) last.to = number;
    else {
      last = { from: number, to: number };
      ranges.push(last);
    }
  }
  return ranges;
}

/** How many numbers a list of ranges holds; overlaps count twice. */
export function countNumbers(ranges: readonly NumberRange[]): number {
  return ranges.reduce((sum, r) => sum + digitsOf(r.to) - digitsOf(r.from) + 1, 0);
}

/** Whether one of the ranges holds the number. */
export function rangesContain(ranges: readonly NumberRange[], number: string): boolean {
  return ranges.some((r) => number.length === r.from.length && number >= r.from && number <= r.to);
}

/** A look-up over many sorted or unsorted ranges in O(log n) a question; for lists of thousands. Ranges may not overlap. */
export function rangeIndex<T extends NumberRange>(ranges: readonly T[]): (number: string) => T | undefined {
  const sorted = [...ranges].sort((a, b) => compareNumbers(a.from, b.from));
  return (number) => {
    let low = 0;
    let high = sorted.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = sorted[middle]!;
      if (compareNumbers(number, range.from) < 0) high = middle - 1;
      else if (compareNumbers(number, range.to) > 0) low = middle + 1;
      else return range;
    }
    return undefined;
  };
}

/** Every number of the ranges, in order. */
export function* expandRanges(ranges: readonly NumberRange[]): Generator<string> {
  for (const range of ranges) {
    const end = digitsOf(range.to);
    for (let value = digitsOf(range.from); value <= end; value++) yield numberOf(value);
  }
}

/** The same numbers in ranges of at most `max` numbers: a DID pool has an upper size. Throws RangeError unless max >= 1. */
export function splitRanges(ranges: readonly NumberRange[], max = POOL_NUMBERS_MAX): NumberRange[] {
  if (!(max >= 1)) throw new RangeError(`a range cannot be split into pieces of ${max} numbers`);
  return ranges.flatMap((range) => {
    const pieces: NumberRange[] = [];
    for (let from = digitsOf(range.from), end = digitsOf(range.to); from <= end; from += max) {
      pieces.push({ from: numberOf(from), to: numberOf(Math.min(end, from + max - 1)) });
    }
    return pieces;
  });
}

/** Sorted ranges without overlaps that hold the same numbers. */
function merged(ranges: readonly NumberRange[]): NumberRange[] {
  const out: NumberRange[] = [];
  for (const range of [...ranges].sort((x, y) => compareNumbers(x.from, y.from))) {
    const last = out.at(-1);
    if (last && compareNumbers(range.from, last.to) <= 0) {
      if (compareNumbers(range.to, last.to) > 0) out[out.length - 1] = { from: last.from, to: range.to };
    } else out.push(range);
  }
  return out;
}

/** Ranges of `a` without the numbers of `b`; O((a + b) log b) for lists of a hundred thousand. */
export function subtractRanges(a: readonly NumberRange[], b: readonly NumberRange[]): NumberRange[] {
  const cuts = merged(b);
  return a.flatMap((range) => {
    const left: NumberRange[] = [];
    let from = digitsOf(range.from);
    const end = digitsOf(range.to);
    for (let i = firstEndingAt(cuts, range.from); i < cuts.length; i++) {
      const cut = cuts[i]!;
      if (compareNumbers(cut.from, range.to) > 0) break;
      const cutFrom = digitsOf(cut.from);
      if (cutFrom > from) left.push({ from: numberOf(from), to: numberOf(cutFrom - 1) });
      from = digitsOf(cut.to) + 1;
    }
    if (from <= end) left.push({ from: numberOf(from), to: range.to });
    return left;
  });
}

/** Index of the first of some sorted ranges that ends at the number or behind it. */
function firstEndingAt(sorted: readonly NumberRange[], number: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareNumbers(sorted[middle]!.to, number) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `+12122270846` or `+12122270846..+12122270899`, for messages and keys. */
export const formatRange = (range: NumberRange): string =>
  range.from === range.to ? range.from : `${range.from}..${range.to}`;

/** The first few ranges and how many more there are, for messages. */
export function formatRanges(ranges: readonly NumberRange[], shown = 3): string {
  const more = ranges.length - shown;
  const head = ranges.slice(0, shown).map(formatRange).join(", ");
  return more > 0 ? `${head} and ${more} more` : head || "none";
}
