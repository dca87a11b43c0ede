import { describe, expect, it } from "vitest";
import { UserError } from "./errors";
import { parsePlan } from "./parsePlan";
import { csvQuestions, questionPaths } from "./questions";

describe("open questions of an estate", () => {
  it("a column of questions is one problem with its count and first row", () => {
    const text = 'number,wave,site\n+12125550123,?,"A, B"\n+12125550124,w1,?\n+12125550125,?,C\n';
    const problems = csvQuestions("numbers.csv", text);
    expect(problems.map((p) => [p.column, p.row, p.expected])).toEqual([
      ["wave", 2, "a value instead of the question in 2 rows"],
      ["site", 3, "a value instead of the question in 1 row"],
    ]);
    const apart = "number,wave\n\n+12125550123,?\n";
    expect(csvQuestions("numbers.csv", apart)[0]?.row).toBe(3);
    expect(csvQuestions("numbers.csv", "number,site\n+12125550123,Who? Us\n")).toEqual([]);
  });

  it("paths in plan.yaml, lists included", () => {
    expect(questionPaths({ a: "?", b: { c: ["x", "?"] }, d: "what?" })).toEqual([["a"], ["b", "c", 1]]);
  });

  it("a plan with a question in a key of free text is refused, once", () => {
    const plan = 'name: x\ninbound: { failoverQueue: "?", codecFallbackQueue: Q, standbyMessage: M }\n';
    const error = (() => {
      try {
        parsePlan({ planName: "plan.yaml", plan, csv: () => undefined });
      } catch (e) {
        return e as UserError;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(UserError);
    const told = error!.problems.filter((p) => p.includes("inbound.failoverQueue"));
    expect(told).toEqual([
      'plan.yaml row 2, column inbound.failoverQueue: seen "?"; expected a value instead of the question; fix: answer it: fill in inbound.failoverQueue.',
    ]);
  });
});
