import { isDialable } from "./numberingPlan";
import { UserError } from "./errors";
import { compareNumbers } from "./ranges";

/** How far the search for spare numbers goes before it gives up; a national plan has gaps of this order between blocks. */
const SEARCH_NUMBERS_MAX = 200_000;

/**
 * `count` valid numbers that nobody in the plan uses: the first free ones after its highest number (of the length that most
 * numbers share), then before its lowest. The same plan always gives the same spares. For sandboxes only: in production spare
 * numbers are bought, not computed. Throws UserError when the numbering plan has no room.
 */
export function spareNumbers(numbers: readonly string[], taken: readonly string[], count: number): string[] {
  const used = new Set([...numbers, ...taken]);
  const sorted = sameLength(numbers).sort(compareNumbers);
  if (sorted.length === 0) return [];
  const spares: string[] = [];
  const search = (start: number, step: 1 | -1, digits: number) => {
    for (let i = 1; i <= SEARCH_NUMBERS_MAX && spares.length < count; i++) {
      const candidate = `+${start + i * step}`;
      if (candidate.length !== digits) return;
      if (!used.has(candidate) && isDialable(candidate)) spares.push(candidate);
    }
  };
  const digits = sorted[0]!.length;
  search(Number(sorted.at(-1)!.slice(1)), 1, digits);
  search(Number(sorted[0]!.slice(1)), -1, digits);
  if (spares.length < count) {
    throw new UserError(
      `No ${count} spare numbers were found around ${sorted[0]}; expected room in its numbering plan; set carrier.shadowNumbers and carrier.testNumbers.`,
    );
  }
  return spares;
}

/** The numbers of the most frequent length (the first such on a tie). */
function sameLength(numbers: readonly string[]): string[] {
  const length = numbers[0]?.length;
  if (numbers.every((n) => n.length === length)) return [...numbers];
  const counts = new Map<number, number>();
  for (const n of numbers) counts.set(n.length, (counts.get(n.length) ?? 0) + 1);
  const best = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  return numbers.filter((n) => n.length === best);
}
