/** Compilers of the actions that decide and remember; those that move the call are in transfer-actions.ts. */

import type { Place, YamlMap } from "./compiler";
import { isMap } from "./compiler";
import type { Outcome, Run, Step, Task } from "./program";
import { playAudioValue, runSteps } from "./steps";
import { transferToAcd, transferToFlow, transferToNumber } from "./transfer-actions";
import { FlowRuntimeError, fromJson, NOT_SET, textOf, type Value, type ValueType } from "./values";

export type ActionCompiler = (body: YamlMap, place: Place) => Step;

/** Errors that an action hands to its failure branch. */
export function failureOutputs(node: unknown, place: Place): (run: Run, type: string, message: string) => void {
  const outputs = isMap(node) ? node : {};
  if (node !== undefined) place.keys(node, ["errorType", "errorMessage"]);
  const type = place.output(outputs.errorType, "string", "failureOutputs.errorType");
  const message = place.output(outputs.errorMessage, "string", "failureOutputs.errorMessage");
  return (run, errorType, errorMessage) => {
    type(run.scope, errorType);
    message(run.scope, errorMessage);
  };
}

const playAudio: ActionCompiler = (body, place) => {
  place.keys(body, ["name", "audio"], ["audio"]);
  const audio = place.audio(body.audio, "audio");
  return (run) => (audio ? playAudioValue(run, audio(run.scope)) : undefined);
};

const disconnect: ActionCompiler = (body, place) => {
  place.keys(body, ["name"]);
  return async (run) => {
    await run.host.disconnect();
    return { kind: "end" };
  };
};

const jumpToTask: ActionCompiler = (body, place) => {
  place.keys(body, ["name", "targetTaskRef"], ["targetTaskRef"]);
  const task = place.flow.task(body.targetTaskRef, place);
  return () => ({ kind: "jump", task: task as Task });
};

const callTask: ActionCompiler = (body, place) => {
  place.keys(body, ["name", "targetTaskRef"], ["targetTaskRef"]);
  const task = place.flow.task(body.targetTaskRef, place) as Task;
  return async (run) => {
    for (const { slot, value } of task.initial) run.scope.slots[slot] = value(run.scope);
    const outcome = await runSteps(task.steps, run);
    return outcome?.kind === "return" ? undefined : outcome;
  };
};

const endTask: ActionCompiler = (body, place) => {
  place.keys(body, ["name"]);
  return () => ({ kind: "return" });
};

const decision: ActionCompiler = (body, place) => {
  place.keys(body, ["name", "condition", "outputs"], ["condition"]);
  const condition = place.value(body.condition, "boolean", "condition");
  const { yes, no } = place.branches(body.outputs, ["yes", "no"]);
  return (run) => runSteps(condition.run(run.scope) === true ? yes : no, run);
};

const switchAction: ActionCompiler = (body, place) => {
  place.keys(body, ["name", "evaluate"], ["evaluate"]);
  const first = isMap(body.evaluate) ? body.evaluate.firstTrue : undefined;
  if (!isMap(first) || !place.keys(body.evaluate, ["firstTrue"])) {
    place.fail("evaluate must be {firstTrue: {default, cases}}");
    return () => undefined;
  }
  place.keys(first, ["default", "cases"], ["cases"]);
  const fallback = place.branches(first.default === undefined ? undefined : { default: first.default }, [
    "default",
  ]).default;
  const cases = (Array.isArray(first.cases) ? first.cases : []).map((entry, index) => {
    const part = place.within(`case ${index + 1}`);
    const [kind, content] = part.single(entry, "case") ?? ["", undefined];
    if (kind !== "case" || !part.keys(content, ["value", "actions"], ["value"])) {
      part.fail("expected case: {value, actions}");
      return { test: () => NOT_SET as Value, steps: [] as Step[] };
    }
    return { test: part.value(content.value, "boolean", "value").run, steps: place.actions(content.actions) };
  });
  return (run) => {
    for (const one of cases) if (one.test(run.scope) === true) return runSteps(one.steps, run);
    return runSteps(fallback, run);
  };
};

const STATEMENT_KINDS: Record<string, ValueType> = {
  string: "string",
  boolean: "boolean",
  integer: "integer",
  decimal: "decimal",
  json: "json",
  queue: "queue",
  phoneNumber: "phoneNumber",
  stringCollection: "stringCollection",
};

const updateData: ActionCompiler = (body, place) => {
  place.keys(body, ["name", "statements"], ["statements"]);
  const statements = (Array.isArray(body.statements) ? body.statements : []).map((entry, index) => {
    const part = place.within(`statement ${index + 1}`);
    const [kind, content] = part.single(entry, "statement") ?? ["", undefined];
    const type = STATEMENT_KINDS[kind];
    if (!type || !part.keys(content, ["variable", "value"], ["variable", "value"])) {
      part.fail(`unknown kind of statement '${kind}'`);
      return () => undefined;
    }
    const value = part.value(content.value, type, "value");
    const store = part.output({ var: content.variable }, type, "variable");
    return (run: Run) => store(run.scope, value.run(run.scope));
  });
  return (run) => {
    for (const statement of statements) statement(run);
    return undefined;
  };
};

const dataTableLookup: ActionCompiler = (body, place) => {
  place.keys(body, ["name", "lookupValue", "dataTable", "outputs"], ["lookupValue", "dataTable"]);
  const key = place.value(body.lookupValue, "string", "lookupValue");
  const [table, content] = place.single(body.dataTable, "dataTable") ?? ["", {}];
  const columns = place.flow.context.dataTable(table);
  place.flow.uses.dataTables.add(table);
  if (!columns) place.fail(`no data table '${table}'`);
  place.keys(content, ["foundOutputs", "failureOutputs"]);
  const found = Object.entries(isMap(content) && isMap(content.foundOutputs) ? content.foundOutputs : {}).map(
    ([column, output]) => {
      const type = columns?.get(column);
      if (columns && !type) place.fail(`data table '${table}' has no column '${column}'`);
      return { column, store: place.output(output, type ?? "any", `foundOutputs.${column}`) };
    },
  );
  const failure = failureOutputs(isMap(content) ? content.failureOutputs : undefined, place);
  const branches = place.branches(body.outputs, ["found", "notFound", "failure"]);
  return async (run): Promise<Outcome> => {
    const wanted = textOf(key.run(run.scope));
    if (wanted === null) {
      failure(run, "InvalidLookupValue", "the lookup value is NOT_SET");
      return runSteps(branches.failure, run);
    }
    const row = await run.host.lookup(table, wanted);
    if (!row) return runSteps(branches.notFound, run);
    for (const { column, store } of found) store(run.scope, fromJson(row[column]));
    return runSteps(branches.found, run);
  };
};

const SIP_HEADER_NAMES_MAX = 10;
const SIP_HEADER_RUNS_MAX = 3;

const getSIPHeaders: ActionCompiler = (body, place) => {
  place.keys(
    body,
    ["name", "sipHeaderNames", "sipHeadersResult", "failureOutputs", "outputs"],
    ["sipHeaderNames", "sipHeadersResult"],
  );
  const names = place.value(body.sipHeaderNames, "stringCollection", "sipHeaderNames");
  if (
    isMap(body.sipHeaderNames) &&
    Array.isArray(body.sipHeaderNames.lit) &&
    body.sipHeaderNames.lit.length > SIP_HEADER_NAMES_MAX
  )
    place.fail(`at most ${SIP_HEADER_NAMES_MAX} header names, saw ${body.sipHeaderNames.lit.length}`);
  const result = place.output(body.sipHeadersResult, "json", "sipHeadersResult");
  const failure = failureOutputs(body.failureOutputs, place);
  const branches = place.branches(body.outputs, ["success", "failure"]);
  const fail = (run: Run, type: string, message: string) => {
    failure(run, type, message);
    return runSteps(branches.failure, run);
  };
  return (run) => {
    const wanted = (names.run(run.scope) ?? []) as readonly string[];
    if (run.sipHeaderRuns >= SIP_HEADER_RUNS_MAX)
      return fail(run, "ActionInvocationLimitExceeded", `${SIP_HEADER_RUNS_MAX} successful runs per flow`);
    if (wanted.length > SIP_HEADER_NAMES_MAX)
      return fail(run, "GeneralError", `${wanted.length} header names, at most ${SIP_HEADER_NAMES_MAX}`);
    const headers = run.host.sipHeaders([...wanted]);
    if (!headers) return fail(run, "NoSipHeadersExist", "the call has no SIP headers of a BYOC Cloud trunk");
    run.sipHeaderRuns++;
    result(run.scope, { kind: "json", value: pick(headers, wanted) });
    return runSteps(branches.success, run);
  };
};

/** The wanted headers under the names they were asked for; all of them when none was named. */
function pick(headers: Record<string, string>, wanted: readonly string[]): Record<string, string> {
  if (wanted.length === 0) return headers;
  const byLower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const picked: Record<string, string> = {};
  for (const name of wanted) {
    const value = byLower.get(name.toLowerCase());
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

const findQueue: ActionCompiler = (body, place) => {
  place.keys(body, ["name", "findName", "findResult", "outputs"], ["findName", "findResult"]);
  const name = place.value(body.findName, "string", "findName");
  const result = place.output(body.findResult, "queue", "findResult");
  const branches = place.branches(body.outputs, ["found", "notFound"]);
  return (run) => {
    const wanted = textOf(name.run(run.scope));
    if (wanted === null || !run.flow.directory.hasQueue(wanted)) return runSteps(branches.notFound, run);
    result(run.scope, { kind: "queue", name: wanted });
    return runSteps(branches.found, run);
  };
};

const setParticipantData: ActionCompiler = (body, place) => {
  place.keys(body, ["name", "attributes"], ["attributes"]);
  const attributes = (Array.isArray(body.attributes) ? body.attributes : []).map((entry, index) => {
    const part = place.within(`attribute ${index + 1}`);
    const [kind, content] = part.single(entry, "attribute") ?? ["", undefined];
    if (kind !== "attribute" || !part.keys(content, ["name", "value"], ["name", "value"])) {
      part.fail("expected attribute: {name, value}");
      return () => undefined;
    }
    const name = part.value(content.name, "string", "name");
    const value = part.value(content.value, "any", "value");
    return (run: Run) => {
      const key = textOf(name.run(run.scope));
      if (key === null) throw new FlowRuntimeError("a participant data name is NOT_SET");
      run.host.participantData?.(key, textOf(value.run(run.scope)) ?? "");
    };
  });
  return (run) => {
    for (const set of attributes) set(run);
    return undefined;
  };
};

/** Every action the sandbox knows, by its YAML key. */
export const actionCompilers: ReadonlyMap<string, ActionCompiler> = new Map(
  Object.entries({
    playAudio,
    disconnect,
    jumpToTask,
    callTask,
    endTask,
    decision,
    switch: switchAction,
    updateData,
    dataTableLookup,
    getSIPHeaders,
    findQueue,
    setParticipantData,
    transferToAcd,
    transferToNumber,
    transferToFlow,
  }),
);
