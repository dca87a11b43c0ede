import { describe, expect, test } from "vitest";
import { flowYaml, strings, testStore, twoTasks } from "../testing";
import { PublishError } from "./values";

describe("publish refuses", () => {
  const refusal = (actions: string, variables = "[]"): string => {
    const { store } = testStore();
    try {
      store.flows.publishText(flowYaml("Test", actions, variables));
    } catch (error) {
      if (error instanceof PublishError) return error.message;
      throw error;
    }
    return "published";
  };
  test.each([
    ["- sing: {name: A}", "unknown action 'sing'"],
    ["- disconnect: {name: A, loudly: true}", "unknown key 'loudly'"],
    ["- transferToAcd: {name: A, targetQueue: {lit: {name: Nobody}}}", "no queue 'Nobody'"],
    ["- transferToFlow: {name: A, targetFlow: {name: Nowhere}}", "no published flow 'Nowhere'"],
    ["- jumpToTask: {name: A, targetTaskRef: '/inboundCall/tasks/task[X]'}", "no task '/inboundCall/tasks/task[X]'"],
    [
      "- dataTableLookup: {name: A, lookupValue: {lit: x}, dataTable: {Ghost: {foundOutputs: {}}}}",
      "no data table 'Ghost'",
    ],
    ["- playAudio: {name: A, audio: {exp: Sing(1)}}", "unknown function 'Sing'"],
    ["- updateData: {name: A, statements: [{string: {variable: Task.x, value: {lit: y}}}]}", "declared variable"],
    ["- transferToNumber: {name: A, targetNumber: {lit: '12125550199'}}", "E.164"],
    [
      "- transferToNumber: {name: A, targetNumber: {lit: '+12125550199'}, connectTimeout: {lit: {seconds: 0}}}",
      "more than 0 seconds",
    ],
    ["- decision: {name: A, condition: {exp: '1'}}", "condition must be boolean"],
    ["- decision: {name: A, condition: {exp: 'true'}, outputs: {maybe: {actions: []}}}", "unknown key 'maybe'"],
    [
      "- getSIPHeaders: {name: A, sipHeaderNames: {lit: [a,b,c,d,e,f,g,h,i,j,k]}, sipHeadersResult: {noValue: true}}",
      "at most 10 header names",
    ],
    ["- playAudio: {name: A, audio: {tts: '{{text}}'}}", "{{text}}"],
  ])("%s", (actions, message) => {
    expect(refusal(actions)).toContain(message);
  });

  test("every mistake is told at once, with task and action", () => {
    const message = refusal("- sing: {name: A}\n- disconnect: {name: B, x: 1}");
    expect(message.split("\n")).toEqual([
      "task 'Main_1': unknown action 'sing'",
      "task 'Main_1', action 'B' (disconnect): unknown key 'x'",
    ]);
  });

  test("a type that does not fit its variable, and one task's variable in another", () => {
    expect(
      refusal("- updateData: {name: A, statements: [{integer: {variable: Task.a, value: {lit: 1}}}]}", strings("a")),
    ).toContain("is integer, the variable 'Task.a' is string");
    const { store } = testStore();
    expect(() =>
      store.flows.publishText(twoTasks("- playAudio: {name: A, audio: {exp: Task.only}}", "- endTask: {name: E}")),
    ).toThrow("unknown variable 'Task.only'");
  });

  test("what is no flow at all", () => {
    const { store } = testStore();
    expect(() => store.flows.publishText("a: [")).toThrow(PublishError);
    expect(() => store.flows.publishText("workflow: {name: X}")).toThrow("inboundCall");
    expect(() => store.flows.publishText("")).toThrow("inboundCall");
  });
});
