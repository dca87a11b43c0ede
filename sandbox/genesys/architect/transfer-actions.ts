/** Compilers of the three transfers. On success the call has left the flow; on failure the flow goes on. */

import { type ActionCompiler, failureOutputs } from "./actions";
import type { Compiled } from "./compile-expression";
import { isMap, type Place, type YamlMap } from "./compiler";
import type { Outcome, Run } from "./program";
import { playAudioValue, runSteps } from "./steps";
import { FlowRuntimeError, NOT_SET, type QueueValue, textOf, toPhoneNumber, type Value } from "./values";

const COMMON = ["name", "preTransferAudio", "failureTransferAudio", "failureOutputs", "outputs"];

/** Wait of a transfer without a timeout of its own: default of `trunk_maxDialTimeout`, 2 minutes. */
const CONNECT_TIMEOUT_DEFAULT_SECONDS = 120;

/** What all transfers share: audio before, then the attempt, then audio and branch of a failure. */
function transfer(
  body: YamlMap,
  place: Place,
  attempt: (run: Run) => Promise<Outcome | { error: [type: string, message: string] }>,
) {
  const before = place.audio(body.preTransferAudio, "preTransferAudio");
  const after = place.audio(body.failureTransferAudio, "failureTransferAudio");
  const failure = failureOutputs(body.failureOutputs, place);
  const branches = place.branches(body.outputs, ["failure"]);
  return async (run: Run): Promise<Outcome> => {
    if (before) await playAudioValue(run, before(run.scope));
    const result = await attempt(run);
    if (!result || !("error" in result)) return result;
    if (after) await playAudioValue(run, after(run.scope));
    failure(run, ...result.error);
    return runSteps(branches.failure, run);
  };
}

/** Transfer to ACD: the call goes to a queue. */
export const transferToAcd: ActionCompiler = (body, place) => {
  place.keys(
    body,
    [...COMMON, "targetQueue", "priority", "preferredAgents", "languageSkill", "appendSkills"],
    ["targetQueue"],
  );
  const queue = place.value(body.targetQueue, "queue", "targetQueue");
  if (body.priority !== undefined) place.value(body.priority, "integer", "priority");
  return transfer(body, place, async (run) => {
    const target = queue.run(run.scope) as QueueValue | null;
    if (target === NOT_SET) return { error: ["InvalidQueue", "the queue is NOT_SET"] };
    if (!run.flow.directory.hasQueue(target.name)) return { error: ["InvalidQueue", `no queue '${target.name}'`] };
    const taken = await run.host.toQueue(target.name);
    return taken ? { kind: "end" } : { error: ["TransferFailed", `queue '${target.name}' did not take the call`] };
  });
};

/** Transfer to Number: out over the site and back in; its failure output on a refusal or after `connectTimeout`. */
export const transferToNumber: ActionCompiler = (body, place) => {
  place.keys(body, [...COMMON, "targetNumber", "connectTimeout"], ["targetNumber"]);
  const number = place.value(body.targetNumber, "any", "targetNumber");
  checkLiteralNumber(body.targetNumber, place);
  const timeout = connectTimeout(body.connectTimeout, place);
  return transfer(body, place, async (run) => {
    const target = phoneNumberOf(number.run(run.scope));
    if (target === null) return { error: ["InvalidNumber", "the number is NOT_SET or not in E.164 form"] };
    const result = await run.host.toNumber(target, timeoutSeconds(timeout, run));
    return "ok" in result ? { kind: "end" } : { error: ["TransferFailed", result.error] };
  });
};

function checkLiteralNumber(node: unknown, place: Place): void {
  if (isMap(node) && "lit" in node && (typeof node.lit !== "string" || toPhoneNumber(node.lit).e164 === null))
    place.fail(`targetNumber must be in E.164 form with '+', saw ${JSON.stringify(node.lit)}`);
}

function phoneNumberOf(value: Value): string | null {
  const text = textOf(value);
  return text === null ? null : toPhoneNumber(text).e164;
}

/** `{lit: {minutes, seconds, milliseconds}}`, `{exp: <seconds>}` or `{noValue: true}`. */
function connectTimeout(node: unknown, place: Place): Compiled | null {
  if (node === undefined) return null;
  if (!isMap(node) || !("lit" in node)) return place.value(node, "decimal", "connectTimeout");
  const duration = node.lit;
  const units: Record<string, number> = { minutes: 60, seconds: 1, milliseconds: 0.001 };
  if (!isMap(duration) || !place.within("connectTimeout").keys(duration, Object.keys(units))) {
    place.fail("connectTimeout must be {lit: {seconds: <number>}}");
    return null;
  }
  const seconds = Object.entries(duration).reduce((sum, [unit, n]) => sum + Number(n) * (units[unit] ?? Number.NaN), 0);
  if (!(seconds > 0)) place.fail(`connectTimeout must be more than 0 seconds, saw ${JSON.stringify(duration)}`);
  return { type: "decimal", run: () => seconds };
}

function timeoutSeconds(timeout: Compiled | null, run: Run): number {
  const seconds = timeout?.run(run.scope) ?? CONNECT_TIMEOUT_DEFAULT_SECONDS;
  if (typeof seconds !== "number" || !(seconds > 0))
    throw new FlowRuntimeError(`connectTimeout must be more than 0 seconds, is ${String(seconds)}`);
  return seconds;
}

/** Transfer to Flow: the flow goes on as another published one. */
export const transferToFlow: ActionCompiler = (body, place) => {
  place.keys(body, [...COMMON, "targetFlow"], ["targetFlow"]);
  const target = isMap(body.targetFlow) && isMap(body.targetFlow.lit) ? body.targetFlow.lit : body.targetFlow;
  const name = isMap(target) ? target.name : undefined;
  if (typeof name !== "string") place.fail("targetFlow must be {name: <flow>}");
  else if (name !== place.flow.flowName) {
    place.flow.uses.flows.add(name);
    if (!place.flow.context.hasFlow(name)) place.fail(`no published flow '${name}'`);
  }
  return transfer(body, place, async (run) => {
    const flow = run.flow.directory.runnable(name as string);
    return flow ? { kind: "flow", flow } : { error: ["InvalidFlow", `no published flow '${name}'`] };
  });
};
