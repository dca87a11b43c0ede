/** Publishing: one YAML document becomes a program, or a list of everything that is wrong with it. */

import { isAlias, parseDocument, visit } from "yaml";
import { FlowCompiler, isMap, Place, type PublishContext, type Yaml, type YamlMap } from "./compiler";
import type { ErrorHandling, Program, Task } from "./program";
import { PublishError } from "./values";

/** Documents beyond this are refused unread; a flow of this project has some 20 kB. */
const TEXT_MAX_CHARS = 2_000_000;

const TOP_KEYS = [
  "name",
  "description",
  "division",
  "startUpRef",
  "defaultLanguage",
  "supportedLanguages",
  "initialGreeting",
  "settingsActionDefaults",
  "settingsErrorHandling",
  "settingsMenu",
  "settingsPrompts",
  "settingsSpeechRec",
  "variables",
  "menus",
  "tasks",
];

/**
 * Validates and compiles an `inboundCall` document against the organisation.
 * @throws PublishError with one message per mistake, each naming task, action and the offending name.
 */
export function publish(text: string, context: PublishContext): Program {
  const top = readTop(text);
  const name = typeof top.name === "string" ? top.name.trim() : "";
  if (name === "") throw new PublishError(["the flow must have a name"]);
  const flow = new FlowCompiler(name, context);
  const place = new Place(flow, null, "");
  place.keys(top, TOP_KEYS, ["startUpRef", "tasks", "defaultLanguage"]);
  if (Array.isArray(top.menus) ? top.menus.length > 0 : top.menus !== undefined)
    place.fail("menus are not supported by the sandbox");
  checkLanguage(top, place);
  const initial = flow.declare(top.variables, "Flow", null, place.within("flow variables"));
  const bodies = collectTasks(top.tasks, flow, place);
  for (const [task, body, at] of bodies) compileTask(task, body, at);
  const start = flow.task(top.startUpRef, place.within("startUpRef"));
  const greeting = place.audio(top.initialGreeting, "initialGreeting");
  const { errorAudio, errorHandling } = errorSettings(top.settingsErrorHandling, place.within("settingsErrorHandling"));
  if (flow.problems.length > 0) throw new PublishError(flow.problems);
  return {
    name,
    slots: flow.slots,
    start: start as Task,
    initial,
    greeting,
    errorAudio,
    errorHandling,
    uses: flow.uses,
  };
}

function readTop(text: string): YamlMap {
  if (text.length > TEXT_MAX_CHARS) throw new PublishError([`the document has more than ${TEXT_MAX_CHARS} characters`]);
  const left = /\{\{[^{}]*\}\}/.exec(text);
  if (left) throw new PublishError([`the substitution ${left[0]} was not replaced`]);
  const document = parseDocument(text);
  const problems = document.errors.map((error) => error.message.split("\n")[0] as string);
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) problems.push("YAML aliases are not supported");
    },
  });
  if (problems.length > 0) throw new PublishError(problems);
  const root: Yaml = document.toJS();
  const keys = isMap(root) ? Object.keys(root) : [];
  if (!isMap(root) || keys.length !== 1 || keys[0] !== "inboundCall" || !isMap(root.inboundCall))
    throw new PublishError([
      `the document must have the one top key 'inboundCall', saw ${keys.map((k) => `'${k}'`).join(", ") || "none"}`,
    ]);
  return root.inboundCall;
}

function checkLanguage(top: YamlMap, place: Place): void {
  const supported = isMap(top.supportedLanguages) ? Object.keys(top.supportedLanguages) : [];
  if (typeof top.defaultLanguage === "string" && !supported.includes(top.defaultLanguage))
    place.fail(`defaultLanguage '${top.defaultLanguage}' is not one of supportedLanguages`);
}

/** Registers all tasks first, so that any may refer to any. */
function collectTasks(list: Yaml, flow: FlowCompiler, place: Place): [Task, YamlMap, Place][] {
  const bodies: [Task, YamlMap, Place][] = [];
  for (const entry of Array.isArray(list) ? list : []) {
    const [kind, body] = place.single(entry, "task") ?? ["", undefined];
    if (kind !== "task" || !isMap(body)) {
      place.fail("'tasks' must be a list of task: {name, refId, actions}");
      continue;
    }
    const refId = typeof body.refId === "string" ? body.refId : "";
    const at = new Place(flow, refId, `task '${refId || String(body.name)}'`);
    at.keys(body, ["name", "refId", "variables", "actions", "description"], ["name", "refId", "actions"]);
    if (flow.tasks.has(refId)) at.fail(`refId '${refId}' is used twice`);
    const task: Task = { refId, name: String(body.name), steps: [], initial: [] };
    flow.tasks.set(refId, task);
    bodies.push([task, body, at]);
  }
  return bodies;
}

function compileTask(task: Task, body: YamlMap, at: Place): void {
  task.initial = at.flow.declare(body.variables, "Task", task.refId, at);
  task.steps = at.actions(body.actions);
}

function errorSettings(node: Yaml, place: Place): Pick<Program, "errorAudio" | "errorHandling"> {
  const fallback = { errorAudio: null, errorHandling: { kind: "disconnect" } as ErrorHandling };
  if (node === undefined || !place.keys(node, ["errorHandling", "preHandlingAudio"])) return fallback;
  const errorAudio = place.audio(node.preHandlingAudio, "preHandlingAudio");
  const [kind, body] =
    node.errorHandling === undefined ? ["disconnect"] : (place.single(node.errorHandling, "errorHandling") ?? [""]);
  if (kind === "queue" && isMap(body)) {
    const queue = place.value(body.targetQueue, "queue", "targetQueue").run({ slots: [] });
    if (queue && typeof queue === "object" && "name" in queue)
      return { errorAudio, errorHandling: { kind: "queue", name: queue.name } };
  }
  if (kind === "task" && isMap(body)) {
    const task = place.flow.task(body.targetTaskRef, place);
    if (task) return { errorAudio, errorHandling: { kind: "task", task } };
  }
  if (kind !== "disconnect" && kind !== "queue" && kind !== "task") place.fail(`unknown errorHandling '${kind}'`);
  return { ...fallback, errorAudio };
}
