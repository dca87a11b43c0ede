import { describe, expect, it } from "vitest";
import { loops, missingCodecFallback, missingFailover, readFlow } from "../model/rules/flow";
import { frontFlow, standbyFlow } from "./front-flow";

describe("flow rules", () => {
  const inbound = { failoverQueue: "Overflow", codecFallbackQueue: "Codec fallback", standbyMessage: "Not now." };
  const text = frontFlow({
    name: "Claims front",
    flow: "Claims",
    shadow: "+16175550100",
    parts: [{ part: "w1", ranges: [{ from: "+16173540791", to: "+16173540830" }] }],
    table: "Cutover routing",
    inbound,
  });
  const rules = (yaml: string) => {
    const flow = readFlow(yaml)!;
    return {
      loops: loops(flow).map((f) => f.seen),
      failover: missingFailover(flow, "Overflow").map((f) => f.seen),
      codec: missingCodecFallback(flow, "Codec fallback").length,
    };
  };
  const right = { loops: [], failover: [], codec: 0 };

  it("find nothing in the flows that the program generates", () => {
    expect(rules(text)).toEqual(right);
    expect(loops(readFlow(standbyFlow("S", inbound))!)).toEqual([]);
    expect(missingFailover(readFlow(standbyFlow("S", inbound))!, "Overflow")).toEqual([]);
  });

  it("find a task that runs out before a queue was tried, and none that cannot", () => {
    const lines = text.split("\n");
    const at = lines.findIndex((l, i) => /jumpToTask:/.test(l) && /name: Direct$/.test(lines[i + 1] ?? ""));
    expect(at).toBeGreaterThan(0);
    const dropped = [...lines.slice(0, at), ...lines.slice(at + 3)].join("\n");
    expect(rules(dropped)).toMatchObject({
      loops: [],
      failover: ["the task Route runs out before a queue was tried: the call ends there"],
    });
    const both = (no: string) => `inboundCall:
  name: F
  startUpRef: /inboundCall/tasks/task[A]
  settingsErrorHandling: { errorHandling: { queue: { targetQueue: { lit: { name: Overflow } } } } }
  tasks:
    - task:
        name: First
        refId: A
        actions:
          - decision:
              name: Open
              condition: { exp: "true" }
              outputs:
                yes: { actions: [{ jumpToTask: { name: B, targetTaskRef: "/inboundCall/tasks/task[B]" } }] }
                no: { actions: [${no}] }
    - task:
        name: Second
        refId: B
        actions:
          - transferToAcd: { name: Q, targetQueue: { lit: { name: Overflow } }, outputs: { failure: { actions: [] } } }
`;
    const queue = "{ transferToAcd: { name: Q2, targetQueue: { lit: { name: Overflow } } } }";
    expect(missingFailover(readFlow(both(queue))!, "Overflow")).toEqual([]);
    expect(missingFailover(readFlow(both(""))!, "Overflow").map((f) => f.seen)).toEqual([
      "the task First runs out before a queue was tried: the call ends there",
    ]);
  });

  it.each([
    ["a guard against the shadow that is gone", 'Task.dialled == "+16175550100"', 'Task.dialled == ""'],
    ["a guard against BYOC that is gone", 'Task.source == "byoc"', 'Task.source == "none"'],
    ["another shadow than the guard's", 'lit: "+16175550100"', 'lit: "+16175550199"'],
  ])("find %s: a call goes round", (_, from, to) => {
    expect(text).toContain(from);
    const found = rules(text.replace(from, to));
    expect(found.loops.length).toBeGreaterThan(0);
    expect(found).toMatchObject({ failover: [], codec: 0 });
  });

  it("find tasks in a circle and a transfer of a flow to itself", () => {
    const circle = text.replace(/name: Failover queue/, "name: Failover queue again");
    expect(rules(circle)).toEqual(right);
    const self = text.replace("name: Claims\n", "name: Claims front\n");
    expect(rules(self).loops).toEqual(["Existing flow: a transfer of Claims front to itself"]);
    const back = text.replace(
      "targetTaskRef: /inboundCall/tasks/task[Closed_30]",
      "targetTaskRef: /inboundCall/tasks/task[Route_10]",
    );
    expect(rules(back).loops).toEqual(["tasks in a circle: Route_10, Route_10"]);
  });

  it.each([
    ["an error queue that is another", "name: Overflow\n", "name: Nobody\n"],
    ["a canary leg without a time limit", "seconds: 5", "seconds: 0"],
  ])("find %s", (_, from, to) => {
    expect(text).toContain(from);
    expect(rules(text.replace(from, to)).failover.length).toBeGreaterThan(0);
  });

  it("find a lost way to the codec fallback queue", () => {
    expect(rules(text.replaceAll('"488"', '"999"')).codec).toBe(1);
    // Nothing writes the variables that the decision looks at any more.
    expect(rules(text.replaceAll(/var: Flow\.canary\w+/g, "var: Flow.other")).codec).toBe(1);
    expect(rules(text.replace("name: Codec fallback\n", "name: Other\n")).codec).toBe(1);
  });

  it("leave flows of other types alone and refuse a text that is none", () => {
    expect(readFlow("inboundEmail: { name: x }")).toBeUndefined();
    expect(() => readFlow("")).toThrow(/empty/);
    expect(() => readFlow("{")).toThrow(/not YAML/);
  });
});
