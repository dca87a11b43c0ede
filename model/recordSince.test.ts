import { expect, it } from "vitest";
import { sinceOf } from "./recordSince";

const [T1, T2, T3] = ["2026-06-01T08:00:00Z", "2026-06-02T08:00:00Z", "2026-06-03T08:00:00Z"];

it("a phase and a part's step keep the time they were entered, and lose it when they are left", () => {
  const canary = sinceOf({ baseline: T1 }, { phase: "canary", waves: {} }, T2);
  expect(canary).toEqual({ baseline: T1, canary: T2 });
  expect(sinceOf(canary, { phase: "baseline", waves: {} }, T3)).toEqual({ baseline: T1 });

  const live = sinceOf({ cutover: T1 }, { phase: "cutover", waves: { w1: "live", w2: "waiting" } }, T2);
  expect(live).toEqual({ cutover: T1, "w1=live": T2 });
  const both = sinceOf(live, { phase: "cutover", waves: { w1: "live", w2: "live" } }, T3);
  expect(both).toEqual({ cutover: T1, "w1=live": T2, "w2=live": T3 });
  expect(sinceOf(both, { phase: "cutover", waves: { w1: "released", w2: "live" } }, T3)).toEqual({
    cutover: T1,
    "w1=released": T3,
    "w2=live": T3,
  });
});

it.each([
  "cutover",
  "complete",
] as const)("a second run at %s writes the same text, also of a record that an older version wrote", (phase) => {
  const at = { phase, waves: { w1: "adopted", "w2.1": "adopted" } } as const;
  const before = sinceOf({ baseline: T1, cutover: T1 }, { ...at, phase: "cutover" }, T1);
  for (const previous of [before, { baseline: T1, cutover: T1 }]) {
    const first = sinceOf(previous, at, T2);
    expect(JSON.stringify(sinceOf(first, at, T3))).toBe(JSON.stringify(first));
  }
});

it("the same waves written in another order are the same text", () => {
  const first = sinceOf({}, { phase: "cutover", waves: { w2: "live", w1: "adopted" } }, T1);
  const again = sinceOf(first, { phase: "cutover", waves: { w1: "adopted", w2: "live" } }, T2);
  expect(JSON.stringify(again)).toBe(JSON.stringify(first));
});
