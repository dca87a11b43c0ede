/** The compiler's view of one YAML document: reads values, outputs, audio and action lists, and collects every mistake. */

import { actionCompilers } from "./actions";
import { type Compiled, compileExpression, ExpressionError, fits, type Lookup, type Scope } from "./compile-expression";
import { CALL_SLOTS, FIRST_FREE_SLOT, type Step, type Task } from "./program";
import { type AudioValue, NOT_SET, type Value, type ValueType } from "./values";

export type Yaml = unknown;
export type YamlMap = Record<string, Yaml>;

/** What a flow may refer to; asked at publish. */
export interface PublishContext {
  hasQueue(name: string): boolean;
  /** A published inbound call flow of this name. */
  hasFlow(name: string): boolean;
  /** Columns (key included) and their types, or null when there is no such table. */
  dataTable(name: string): ReadonlyMap<string, ValueType> | null;
}

const VARIABLE_KINDS: Record<string, ValueType> = {
  stringVariable: "string",
  booleanVariable: "boolean",
  integerVariable: "integer",
  decimalVariable: "decimal",
  jsonVariable: "json",
  queueVariable: "queue",
  phoneNumberVariable: "phoneNumber",
  stringCollectionVariable: "stringCollection",
};

const TASK_REF = /^(?:\/inboundCall|\.)?\/tasks\/task\[([^\]]+)\]$/;

/** Whether a YAML node is a map. */
export function isMap(node: Yaml): node is YamlMap {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}

/** Compiles the YAML of a flow as a publish job does; what is wrong with it is in `problems`. */
export class FlowCompiler {
  readonly problems: string[] = [];
  readonly tasks = new Map<string, Task>();
  readonly uses = { queues: new Set<string>(), flows: new Set<string>(), dataTables: new Set<string>() };
  readonly flowName: string;
  readonly context: PublishContext;
  private readonly variables = new Map<string, { slot: number; type: ValueType }>();
  private nextSlot = FIRST_FREE_SLOT;

  constructor(flowName: string, context: PublishContext) {
    this.flowName = flowName;
    this.context = context;
    for (const [name, slot] of Object.entries(CALL_SLOTS)) this.variables.set(name, { slot, type: "string" });
  }

  get slots(): number {
    return this.nextSlot;
  }

  /** Declares `variables:` of the flow (`Flow.`) or of one task (`Task.`) and returns how they start. */
  declare(list: Yaml, prefix: "Flow" | "Task", task: string | null, place: Place): Task["initial"] {
    if (list === undefined) return [];
    if (!Array.isArray(list)) {
      place.fail("'variables' must be a list");
      return [];
    }
    const initial: Task["initial"] = [];
    for (const entry of list) {
      const [kind, body] = place.single(entry, "variable") ?? [];
      if (kind === undefined) continue;
      const type = VARIABLE_KINDS[kind];
      const name = isMap(body) ? body.name : undefined;
      if (!type || !isMap(body)) place.fail(`unknown kind of variable '${kind}'`);
      else if (typeof name !== "string" || !new RegExp(`^${prefix}\\.[A-Za-z_]\\w*$`).test(name))
        place.fail(`a variable here must be named ${prefix}.<name>, saw '${String(name)}'`);
      else {
        place.keys(body, ["name", "initialValue", "isInput", "isOutput", "description"]);
        const key = variableKey(name, task);
        if (this.variables.has(key)) place.fail(`variable '${name}' is declared twice`);
        const slot = this.nextSlot++;
        this.variables.set(key, { slot, type });
        const start = body.initialValue === undefined ? notSet() : place.value(body.initialValue, type, `'${name}'`);
        initial.push({ slot, value: start.run });
      }
    }
    return initial;
  }

  lookup(task: string | null): Lookup {
    return (name) => this.variables.get(variableKey(name, task)) ?? null;
  }

  task(ref: Yaml, place: Place): Task | null {
    const id = typeof ref === "string" ? TASK_REF.exec(ref)?.[1] : undefined;
    const task = id === undefined ? undefined : this.tasks.get(id);
    if (!task) place.fail(`no task '${String(ref)}'; a reference looks like /inboundCall/tasks/task[<refId>]`);
    return task ?? null;
  }
}

function variableKey(name: string, task: string | null): string {
  return name.startsWith("Task.") ? `${task}\u0000${name}` : name;
}

function notSet(): Compiled {
  return { type: "any", run: () => NOT_SET };
}

/** A place in the document: knows its task and how to name itself in a message. */
export class Place {
  readonly flow: FlowCompiler;
  readonly taskId: string | null;
  private readonly label: string;

  constructor(flow: FlowCompiler, taskId: string | null, label: string) {
    this.flow = flow;
    this.taskId = taskId;
    this.label = label;
  }

  fail(message: string): void {
    this.flow.problems.push(this.label === "" ? message : `${this.label}: ${message}`);
  }

  within(label: string): Place {
    return new Place(this.flow, this.taskId, this.label === "" ? label : `${this.label}, ${label}`);
  }

  /** A map of exactly one key: its key and value. */
  single(node: Yaml, what: string): [string, Yaml] | null {
    const entries = isMap(node) ? Object.entries(node) : [];
    if (entries.length === 1) return entries[0] as [string, Yaml];
    this.fail(`each ${what} must be a map of one key`);
    return null;
  }

  /** Refuses keys that are not in `allowed` and tells missing ones of `required`. */
  keys(node: Yaml, allowed: readonly string[], required: readonly string[] = []): node is YamlMap {
    if (!isMap(node)) {
      this.fail("expected a map");
      return false;
    }
    for (const key of Object.keys(node)) if (!allowed.includes(key)) this.fail(`unknown key '${key}'`);
    for (const key of required) if (node[key] === undefined) this.fail(`'${key}' is missing`);
    return true;
  }

  /** `{lit}`, `{exp}` or `{noValue: true}` as a closure of the wanted type. */
  value(node: Yaml, type: ValueType, what: string): Compiled {
    const [kind, body] = isMap(node) ? (Object.entries(node)[0] ?? []) : [];
    if (!isMap(node) || Object.keys(node).length !== 1) this.fail(`${what} must be one of lit, exp, noValue`);
    else if (kind === "noValue" && body === true) return notSet();
    else if (kind === "exp" && (typeof body === "string" || typeof body === "number" || typeof body === "boolean"))
      return this.expression(String(body), type, what);
    else if (kind === "lit") return this.literal(body, type, what);
    else this.fail(`${what}: unknown form '${kind}'`);
    return notSet();
  }

  expression(text: string, type: ValueType, what: string): Compiled {
    try {
      const compiled = compileExpression(text, this.flow.lookup(this.taskId));
      if (!fits(compiled.type, type))
        this.fail(`${what} must be ${type}, the expression '${text}' is ${compiled.type}`);
      return compiled;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.fail(`${what}: '${text}': ${error.message}`);
      return notSet();
    }
  }

  private literal(body: Yaml, type: ValueType, what: string): Compiled {
    const value = literalOf(body, type);
    if (value === undefined) this.fail(`${what} must be a literal ${type}, saw ${JSON.stringify(body)}`);
    else if (type === "queue") this.queue((value as { name: string }).name);
    return { type, run: () => value ?? NOT_SET };
  }

  /** Notes a queue by name, refusing one that does not exist. */
  queue(name: string): void {
    this.flow.uses.queues.add(name);
    if (!this.flow.context.hasQueue(name)) this.fail(`no queue '${name}'`);
  }

  /** `{tts}`, `{exp}` or `{noValue}`; null when there is nothing to play. */
  audio(node: Yaml, what: string): ((scope: Scope) => Value) | null {
    if (node === undefined || (isMap(node) && Object.keys(node).length === 0)) return null;
    if (isMap(node) && typeof node.tts === "string" && Object.keys(node).length === 1) {
      const audio: AudioValue | null = node.tts === "" ? null : { kind: "audio", text: node.tts };
      return audio && (() => audio);
    }
    if (isMap(node) && "lit" in node) this.fail(`${what} must be tts, exp or noValue`);
    else return this.value(node, "any", what).run;
    return null;
  }

  /** `{var: Task.x}` or `{noValue: true}`: how to store an output; its type must fit the variable. */
  output(node: Yaml, type: ValueType, what: string): (scope: Scope, value: Value) => void {
    const nothing = () => undefined;
    if (node === undefined || (isMap(node) && node.noValue === true)) return nothing;
    const name = isMap(node) ? node.var : undefined;
    const found = typeof name === "string" ? this.flow.lookup(this.taskId)(name) : null;
    if (!found || typeof name !== "string" || name.startsWith("Call.")) {
      this.fail(`${what} must be {var: <declared variable>} or {noValue: true}, saw ${JSON.stringify(node)}`);
      return nothing;
    }
    if (!fits(type, found.type)) this.fail(`${what} is ${type}, the variable '${name}' is ${found.type}`);
    const { slot } = found;
    return (scope, value) => {
      scope.slots[slot] = value;
    };
  }

  /** `outputs:` of an action: the actions of each named branch, [] where left out. */
  branches<K extends string>(node: Yaml, names: readonly K[]): Record<K, Step[]> {
    const result = Object.fromEntries(names.map((name) => [name, [] as Step[]])) as Record<K, Step[]>;
    if (node === undefined || !this.keys(node, names)) return result;
    for (const name of names) {
      const branch = node[name];
      if (branch !== undefined && this.keys(branch, ["actions"])) result[name] = this.actions(branch.actions);
    }
    return result;
  }

  actions(list: Yaml): Step[] {
    if (list === undefined || list === null) return [];
    if (!Array.isArray(list)) {
      this.fail("'actions' must be a list");
      return [];
    }
    const steps: Step[] = [];
    for (const entry of list) {
      const [kind, body] = this.single(entry, "action") ?? [];
      if (kind === undefined) continue;
      const compile = actionCompilers.get(kind);
      if (!compile) this.fail(`unknown action '${kind}'`);
      else if (!isMap(body) || typeof body.name !== "string") this.fail(`action '${kind}' must be a map with a name`);
      else
        steps.push(
          compile(body, new Place(this.flow, this.taskId, `task '${this.taskId}', action '${body.name}' (${kind})`)),
        );
    }
    return steps;
  }
}

function literalOf(body: Yaml, type: ValueType): Value | undefined {
  if (type === "any")
    return typeof body === "string" || typeof body === "number" || typeof body === "boolean" ? body : undefined;
  if (type === "string") return typeof body === "string" ? body : undefined;
  if (type === "boolean") return typeof body === "boolean" ? body : undefined;
  if (type === "integer") return Number.isSafeInteger(body) ? (body as number) : undefined;
  if (type === "decimal") return typeof body === "number" && Number.isFinite(body) ? body : undefined;
  if (type === "stringCollection")
    return Array.isArray(body) && body.every((x) => typeof x === "string") ? body : undefined;
  if (type === "json") return { kind: "json", value: body };
  if (type === "queue")
    return isMap(body) && typeof body.name === "string" ? { kind: "queue", name: body.name } : undefined;
  return undefined;
}
