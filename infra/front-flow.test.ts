import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { frontFlow, rangeConditions, standbyFlow } from "./front-flow";

/** Evaluates what rangeConditions writes, independently of the sandbox's own evaluator. */
function holds(conditions: string[], number: string): boolean {
  const js = conditions
    .join(" or ")
    .replaceAll(" or ", " || ")
    .replaceAll(" and ", " && ")
    .replaceAll(" == ", " === ")
    .replaceAll("Task.dialled", "d");
  const Length = (s: string) => s.length;
  const Left = (s: string, n: number) => s.slice(0, n);
  const Right = (s: string, n: number) => s.slice(-n);
  return new Function("d", "Length", "Left", "Right", "ToInt", `return ${js}`)(number, Length, Left, Right, Number);
}

describe("rangeConditions", () => {
  it("matches exactly the numbers of the range, also across a change of prefix", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2_000_000, max: 9_999_000 }),
        fc.integer({ min: 0, max: 2_000_000 }),
        fc.integer({ min: -3, max: 3 }),
        (start, size, off) => {
          const at = (n: number) => `+1617${String(n).padStart(7, "0")}`;
          const end = Math.min(9_999_999, start + size);
          const conditions = rangeConditions({ from: at(start), to: at(end) }, "Task.dialled");
          for (const n of [start, end, start + off, end + off]) {
            if (n < 0 || n > 9_999_999) continue;
            expect(holds(conditions, at(n))).toBe(n >= start && n <= end);
          }
        },
      ),
    );
  });
  it("never matches a longer or shorter number", () => {
    const conditions = rangeConditions({ from: "+16173540791", to: "+16173540830" }, "Task.dialled");
    expect(holds(conditions, "+116173540800")).toBe(false);
    expect(holds(conditions, "+6173540800")).toBe(false);
    expect(holds(conditions, "")).toBe(false);
  });
});

const inbound = { failoverQueue: "Overflow", codecFallbackQueue: "Codec fallback", standbyMessage: "Not available." };

describe("frontFlow", () => {
  const yaml = frontFlow({
    name: "Claims front",
    flow: "Claims",
    shadow: "+16175550100",
    parts: [{ part: "w1", ranges: [{ from: "+16173540791", to: "+16173540830" }] }],
    table: "Cutover routing",
    inbound,
  });
  it("is one inbound call flow that never ends a call before a queue was tried", () => {
    const doc = parse(yaml) as { inboundCall: { name: string; tasks: { task: { name: string } }[] } };
    expect(doc.inboundCall.name).toBe("Claims front");
    expect(doc.inboundCall.tasks.map((t) => t.task.name)).toEqual(["Route", "Direct", "Closed"]);
  });
  it("names the queues, the shadow and the existing flow", () => {
    for (const name of ["Overflow", "Codec fallback", "+16175550100", "name: Claims\n"]) expect(yaml).toContain(name);
  });
  it("is the same text every time: a flow is published once", () => {
    expect(standbyFlow("S", inbound)).toBe(standbyFlow("S", inbound));
  });
});
