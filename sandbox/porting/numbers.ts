import type { NumberRange } from "../../model/types";

/** Whole E.164 number as an integer: at most 15 digits (ITU-T E.164), so exact in a double. */
function valueOf(number: string): number {
  return Number(number.slice(1));
}

/** True for `+` and 7 to 15 digits, the first not 0: the only form the carriers of the sandbox take. */
export function isE164(text: unknown): text is string {
  return typeof text === "string" && /^\+[1-9]\d{6,14}$/.test(text);
}

/**
 * Every number of some ranges, in order. Throws RangeError for a range that is not E.164, runs backwards or holds more than
 * 1,000,000 numbers (a typing error would otherwise fill the memory).
 */
export function expandRanges(ranges: readonly NumberRange[]): string[] {
  const out: string[] = [];
  for (const { from, to } of ranges) {
    if (!isE164(from) || !isE164(to) || from.length !== to.length) throw new RangeError(`${from} to ${to} is not a range of E.164 numbers`);
    const last = valueOf(to);
    if (last < valueOf(from) || last - valueOf(from) >= 1_000_000) throw new RangeError(`${from} to ${to} holds no or too many numbers`);
    for (let n = valueOf(from); n <= last; n++) out.push(`+${n}`);
  }
  return out;
}

/** True when `number` lies in one of the ranges (same length, so that +1212 is never inside +12120000000). */
export function inRanges(number: string, ranges: readonly NumberRange[]): boolean {
  return ranges.some((r) => number.length === r.from.length && number >= r.from && number <= r.to);
}

/** Contiguous ranges of some numbers, in E.164 order. */
export function toRanges(numbers: Iterable<string>): NumberRange[] {
  const sorted = [...new Set(numbers)].sort((a, b) => valueOf(a) - valueOf(b));
  const out: NumberRange[] = [];
  for (const number of sorted) {
    const last = out[out.length - 1];
    if (last && last.to.length === number.length && valueOf(number) === valueOf(last.to) + 1) last.to = number;
    else out.push({ from: number, to: number });
  }
  return out;
}
