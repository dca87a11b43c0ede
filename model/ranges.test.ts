import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareNumbers,
  countNumbers,
  expandRanges,
  formatRanges,
  rangeIndex,
  rangesContain,
  splitRanges,
  subtractRanges,
  toRanges,
} from "./ranges";

const number = fc.integer({ min: 990, max: 1040 }).map((n) => `+${n}`);
const numbers = fc.array(number, { maxLength: 60 });
const unique = (list: string[]) => [...new Set(list)].sort(compareNumbers);

describe("number ranges", () => {
  it("hold exactly the numbers given, in order, none twice, and touch nowhere", () => {
    fc.assert(
      fc.property(numbers, (list) => {
        const ranges = toRanges(list);
        expect([...expandRanges(ranges)]).toEqual(unique(list));
        expect(countNumbers(ranges)).toBe(unique(list).length);
        for (let i = 1; i < ranges.length; i++) {
          const [a, b] = [ranges[i - 1]!, ranges[i]!];
          if (a.to.length === b.from.length) expect(Number(b.from.slice(1)) - Number(a.to.slice(1))).toBeGreaterThan(1);
        }
      }),
    );
  });

  it("never join numbers of different length: +999 and +1000 are of two numbering plans", () => {
    expect(toRanges(["+999", "+1000"])).toEqual([
      { from: "+999", to: "+999" },
      { from: "+1000", to: "+1000" },
    ]);
  });

  it("split into pieces of the size asked without losing a number", () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 9 }), (list, max) => {
        const pieces = splitRanges(toRanges(list), max);
        expect([...expandRanges(pieces)]).toEqual(unique(list));
        for (const piece of pieces) expect(countNumbers([piece])).toBeLessThanOrEqual(max);
      }),
    );
    expect(() => splitRanges([], 0)).toThrow(RangeError);
  });

  it("subtract, contain and find as sets do", () => {
    fc.assert(
      fc.property(numbers, numbers, number, (a, b, n) => {
        const rest = [...expandRanges(subtractRanges(toRanges(a), toRanges(b)))];
        expect(rest).toEqual(unique(a).filter((x) => !b.includes(x)));
        expect(rangesContain(toRanges(a), n)).toBe(a.includes(n));
        expect(rangeIndex(toRanges(a))(n) !== undefined).toBe(a.includes(n));
      }),
    );
  });

  it("read well in a message", () => {
    expect(formatRanges(toRanges(["+49301", "+49302", "+49304"]))).toBe("+49301..+49302, +49304");
    expect(formatRanges([])).toBe("none");
    expect(formatRanges(toRanges(["+491", "+493", "+495", "+497", "+499"]))).toBe("+491, +493, +495 and 2 more");
  });
});
