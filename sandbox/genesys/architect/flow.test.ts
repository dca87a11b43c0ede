import { describe, expect, test } from "vitest";
import { flowYaml, strings, testStore, twoTasks } from "../testing";
import type { FlowHost, TransferResult } from "./program";
import { runFlow } from "./run";

interface HostOptions {
  headers?: Record<string, string> | null;
  queueTakes?: (name: string) => boolean;
  number?: (number: string, timeoutSeconds: number) => TransferResult;
  endAfter?: number;
}

/** A host that writes down what the flow did. */
function recorder(
  store: ReturnType<typeof testStore>["store"],
  o: HostOptions = {},
): { log: string[]; host: FlowHost } {
  const log: string[] = [];
  const host: FlowHost = {
    play: (text) => void log.push(`play ${text}`),
    disconnect: () => void log.push("disconnect"),
    toQueue: (name) => {
      log.push(`queue ${name}`);
      return o.queueTakes?.(name) ?? true;
    },
    toNumber: async (number, timeoutSeconds) => {
      log.push(`number ${number} ${timeoutSeconds}`);
      return o.number?.(number, timeoutSeconds) ?? { ok: true };
    },
    sipHeaders: () => o.headers ?? null,
    lookup: (table, key) => store.lookup(table, key),
    ended: () => o.endAfter !== undefined && log.length >= o.endAfter,
    participantData: (name, value) => void log.push(`data ${name}=${value}`),
  };
  return { log, host };
}

const CALL = { conversationId: "c-1", ani: "+12125550142", calledAddress: "+12125550100" };

/** Publishes one flow and runs it for a call from +12125550142. */
async function runYaml(
  actions: string,
  variables = "[]",
  o: HostOptions & { extra?: string; before?: (s: ReturnType<typeof testStore>["store"]) => void } = {},
) {
  const { store } = testStore();
  o.before?.(store);
  store.flows.publishText(flowYaml("Test", actions, variables, o.extra ?? ""));
  const { log, host } = recorder(store, o);
  await runFlow(store.flow("Test") as never, host, CALL);
  return log;
}

describe("actions", () => {
  test("playAudio by text and by expression; running out of actions disconnects", async () => {
    expect(
      await runYaml(
        '- playAudio: {name: A, audio: {tts: "hello"}}\n- playAudio: {name: B, audio: {exp: \'ToAudioTTS("you " + Right("xyz", 1))\'}}',
      ),
    ).toEqual(["play hello", "play you z", "disconnect"]);
  });

  test("decision takes no on NOT_SET", async () => {
    const log = await runYaml(
      `- decision:
    name: D
    condition: {exp: 'Task.a == "x" and Length(Task.a) > 0'}
    outputs: {"yes": {actions: [{playAudio: {name: Y, audio: {tts: yes}}}]}, "no": {actions: [{playAudio: {name: N, audio: {tts: "none"}}}]}}
- decision: {name: E, condition: {exp: Length(Task.a) > 0}, outputs: {"no": {actions: [{playAudio: {name: M, audio: {tts: "not set"}}}]}}}`,
      strings("a"),
    );
    expect(log).toEqual(["play none", "play not set", "disconnect"]);
  });

  test("switch runs the first true case, else default", async () => {
    const action = (
      value: string,
    ) => `- updateData: {name: U, statements: [{integer: {variable: Task.n, value: {lit: ${value}}}}]}
- switch:
    name: S
    evaluate:
      firstTrue:
        default: {actions: [{playAudio: {name: X, audio: {tts: other}}}]}
        cases:
          - case: {value: {exp: Task.n > 10}, actions: [{playAudio: {name: A, audio: {tts: big}}}]}
          - case: {value: {exp: Task.n > 5}, actions: [{playAudio: {name: B, audio: {tts: middle}}}]}`;
    const variables = "[{integerVariable: {name: Task.n, initialValue: {noValue: true}}}]";
    expect((await runYaml(action("11"), variables))[0]).toBe("play big");
    expect((await runYaml(action("6"), variables))[0]).toBe("play middle");
    expect((await runYaml(action("1"), variables))[0]).toBe("play other");
  });

  const lookup = (key: string) => `- dataTableLookup:
    name: L
    lookupValue: ${key}
    dataTable: {Routes: {foundOutputs: {path: {var: Task.path}, percent: {var: Task.n}}, failureOutputs: {errorType: {var: Task.error}, errorMessage: {noValue: true}}}}
    outputs:
      found: {actions: [{playAudio: {name: F, audio: {exp: 'Task.path + " " + Task.n'}}}]}
      notFound: {actions: [{playAudio: {name: N, audio: {tts: missing}}}]}
      failure: {actions: [{playAudio: {name: X, audio: {exp: Task.error}}}]}`;
  const lookupVariables = `${strings("path", "error").slice(0, -1)}, {integerVariable: {name: Task.n, initialValue: {noValue: true}}}]`;
  const routes = (store: ReturnType<typeof testStore>["store"]) => {
    const columns = { key: { type: "string" }, path: { type: "string" }, percent: { type: "integer" } };
    const table = store.flows.tables.create({ name: "Routes", schema: { properties: columns } });
    store.flows.tables.createRow(table.id, { key: "w1", path: "byoc", percent: 10 });
    return table;
  };

  test("dataTableLookup: found, notFound, failure on NOT_SET", async () => {
    expect((await runYaml(lookup("{lit: w1}"), lookupVariables, { before: routes }))[0]).toBe("play byoc 10");
    expect((await runYaml(lookup("{lit: w2}"), lookupVariables, { before: routes }))[0]).toBe("play missing");
    expect((await runYaml(lookup("{exp: Task.path}"), lookupVariables, { before: routes }))[0]).toBe(
      "play InvalidLookupValue",
    );
  });

  test("a row changed between two calls changes the next call only by itself", async () => {
    const { store } = testStore();
    const table = routes(store);
    store.flows.publishText(flowYaml("Test", lookup("{lit: w1}"), lookupVariables));
    const first = recorder(store);
    await runFlow(store.flow("Test") as never, first.host, CALL);
    store.flows.tables.updateRow(table.id, "w1", { path: "gcv", percent: 0 });
    const second = recorder(store);
    await runFlow(store.flow("Test") as never, second.host, CALL);
    expect([first.log[0], second.log[0]]).toEqual(["play byoc 10", "play gcv 0"]);
  });

  const headers = `- getSIPHeaders:
    name: H
    sipHeaderNames: {exp: 'MakeList("To", "X-None")'}
    sipHeadersResult: {var: Task.h}
    failureOutputs: {errorType: {var: Task.error}, errorMessage: {noValue: true}}
    outputs:
      success: {actions: [{playAudio: {name: S, audio: {exp: 'GetJsonObjectProperty(Task.h, "To")'}}}]}
      failure: {actions: [{playAudio: {name: F, audio: {exp: Task.error}}}]}`;
  const headerVariables = `${strings("error").slice(0, -1)}, {jsonVariable: {name: Task.h, initialValue: {noValue: true}}}]`;

  test("getSIPHeaders: success on BYOC, failure on GCV, three runs at most", async () => {
    const byoc = { headers: { to: "<sip:+12125550100@x>", from: "f" } };
    expect((await runYaml(headers, headerVariables, byoc))[0]).toBe("play <sip:+12125550100@x>");
    expect((await runYaml(headers, headerVariables, { headers: null }))[0]).toBe("play NoSipHeadersExist");
    const four = await runYaml([headers, headers, headers, headers].join("\n"), headerVariables, byoc);
    expect(four[2]).toBe("play <sip:+12125550100@x>");
    expect(four[3]).toBe("play ActionInvocationLimitExceeded");
  });

  const transfer = `- transferToNumber:
    name: T
    targetNumber: {lit: "+12125550199"}
    connectTimeout: {lit: {seconds: 8}}
    failureOutputs: {errorType: {var: Task.error}, errorMessage: {var: Task.text}}
    outputs: {failure: {actions: [{playAudio: {name: F, audio: {exp: Task.text}}}]}}
- transferToAcd: {name: Q, targetQueue: {lit: {name: Claims}}}`;

  test("transferToNumber ends the flow on success and goes on after a failure", async () => {
    expect(await runYaml(transfer, strings("error", "text"))).toEqual(["number +12125550199 8"]);
    expect(await runYaml(transfer, strings("error", "text"), { number: () => ({ error: "488" }) })).toEqual([
      "number +12125550199 8",
      "play 488",
      "queue Claims",
    ]);
  });

  test("transferToNumber without a number fails inside the flow; without a timeout it waits two minutes", async () => {
    const unset =
      "- transferToNumber: {name: T, targetNumber: {exp: Task.a}}\n- transferToNumber: {name: U, targetNumber: {exp: Call.Ani}, connectTimeout: {noValue: true}}";
    expect(await runYaml(unset, strings("a"))).toEqual(["number +12125550142 120"]);
  });

  test("transferToAcd: failure branch when the queue does not take the call, by variable too", async () => {
    const actions = `- findQueue: {name: F, findName: {lit: Sales}, findResult: {var: Task.q}, outputs: {notFound: {actions: []}}}
- transferToAcd: {name: Q, targetQueue: {exp: Task.q}, outputs: {failure: {actions: [{transferToAcd: {name: O, targetQueue: {lit: {name: Overflow}}}}]}}}`;
    const variables = "[{queueVariable: {name: Task.q, initialValue: {noValue: true}}}]";
    expect(await runYaml(actions, variables)).toEqual(["queue Sales"]);
    expect(await runYaml(actions, variables, { queueTakes: (n) => n !== "Sales" })).toEqual([
      "queue Sales",
      "queue Overflow",
    ]);
  });

  test("transferToFlow goes on in the other flow", async () => {
    expect(await runYaml("- transferToFlow: {name: T, targetFlow: {name: Claims}}")).toEqual(["queue Claims"]);
  });

  test("setParticipantData and the stop when the caller has gone", async () => {
    const actions =
      "- setParticipantData: {name: P, attributes: [{attribute: {name: {lit: path}, value: {exp: '\"byoc\"'}}}]}\n- playAudio: {name: A, audio: {tts: x}}";
    expect(await runYaml(actions)).toEqual(["data path=byoc", "play x", "disconnect"]);
    expect(await runYaml(actions, "[]", { endAfter: 1 })).toEqual(["data path=byoc"]);
  });
});

describe("tasks", () => {
  const run = async (yaml: string) => {
    const { store } = testStore();
    store.flows.publishText(yaml);
    const { log, host } = recorder(store);
    await runFlow(store.flow("Test") as never, host, CALL);
    return log;
  };
  const other =
    "- playAudio: {name: A, audio: {exp: Task.only}}\n- updateData: {name: U, statements: [{string: {variable: Task.only, value: {lit: used}}}]}\n- endTask: {name: R}\n- playAudio: {name: Z, audio: {tts: never}}";
  const ref = 'targetTaskRef: "/inboundCall/tasks/task[Other_2]"';

  test("callTask returns, with fresh variables each time; jumpToTask does not return", async () => {
    const call = `- callTask: {name: C, ${ref}}`;
    expect(await run(twoTasks(`${call}\n${call}\n- playAudio: {name: B, audio: {tts: back}}`, other))).toEqual([
      "play fresh",
      "play fresh",
      "play back",
      "disconnect",
    ]);
    expect(
      await run(twoTasks(`- jumpToTask: {name: J, ${ref}}\n- playAudio: {name: B, audio: {tts: back}}`, other)),
    ).toEqual(["play fresh", "disconnect"]);
  });

  test("a loop runs into the action limit and the error handling takes the call", async () => {
    const yaml = twoTasks(
      `- jumpToTask: {name: J, ${ref}}`,
      '- jumpToTask: {name: K, targetTaskRef: "/inboundCall/tasks/task[Main_1]"}',
    ).replace(
      /^ {2}tasks:/m,
      '  settingsErrorHandling: {errorHandling: {queue: {targetQueue: {lit: {name: Overflow}}}}, preHandlingAudio: {tts: "hold"}}\n  tasks:',
    );
    expect(await run(yaml)).toEqual(["play hold", "queue Overflow"]);
  });
});

test("an error at run time plays the error audio and disconnects by default", async () => {
  const extra = 'settingsErrorHandling: {errorHandling: {disconnect: {none: true}}, preHandlingAudio: {tts: "sorry"}}';
  expect(
    await runYaml(
      "- playAudio: {name: A, audio: {exp: ToString(1 / 0)}}\n- playAudio: {name: B, audio: {tts: never}}",
      "[]",
      { extra },
    ),
  ).toEqual(["play sorry", "disconnect"]);
});

test("the example of the README publishes and runs", async () => {
  const { readFileSync } = await import("node:fs");
  const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
  const example = /## Small full example\n\n```yaml\n([\s\S]*?)```/.exec(readme)?.[1] as string;
  const { store } = testStore();
  const schema = { properties: { key: { type: "string" }, path: { type: "string" }, percent: { type: "integer" } } };
  const table = store.flows.tables.create({ name: "Cutover routing", schema });
  store.flows.tables.createRow(table.id, { key: "+12125550100", path: "gcv", percent: 50 });
  store.flows.publishText(example);
  const inside = recorder(store, { number: () => ({ error: "timeout" }) });
  await runFlow(store.flow("Claims front") as never, inside.host, CALL);
  expect(inside.log).toEqual(["number +12125550199 8", "queue Claims"]);
  const outside = recorder(store);
  await runFlow(store.flow("Claims front") as never, outside.host, { ...CALL, ani: "+12125550175" });
  expect(outside.log).toEqual(["queue Claims"]);
});

test("a publish does not touch a call in progress, and an old version can be published again", async () => {
  const { store } = testStore();
  const flow = store.flows.publishText(
    flowYaml("Test", '- playAudio: {name: A, audio: {tts: "one"}}\n- playAudio: {name: B, audio: {tts: "one again"}}'),
  );
  const first = recorder(store);
  const republishing: FlowHost = {
    ...first.host,
    play: (text) => {
      first.log.push(text);
      store.flows.publishText(flowYaml("Test", '- playAudio: {name: A, audio: {tts: "two"}}'));
    },
  };
  await runFlow(store.flow("Test") as never, republishing, CALL);
  expect(first.log).toEqual(["one", "one again", "disconnect"]);
  const say = async () => {
    const { log, host } = recorder(store);
    await runFlow(store.flow("Test") as never, host, CALL);
    return log[0];
  };
  expect(await say()).toBe("play two");
  store.flows.publishVersion(flow.id, "1.0");
  expect(await say()).toBe("play one");
});
