/**
 * A Pulumi provider as a table. Write one of these and call `serve(provider)` from `./serve` in your main.ts:
 *
 *   serve({
 *     name: "carrier", version: "0.1.0",
 *     config: { url: { type: "string" }, clock: { type: "string" } },
 *     configure: ({ config, clock }) => new Client(config.url, clock),          // cheap, no I/O; its result is `ctx.client`
 *     resources: {
 *       "carrier:index:Route": resource<RouteInputs, RouteOutputs, Client>({
 *         inputs: { name: { type: "string", required: true }, ranges: { type: "array", required: true, set: true }, nextHost: { type: "string" } },
 *         outputs: { state: {} },                         // computed: unknown in previews (`stable: true` keeps the old value in an update's)
 *         check: (news, olds) => [{ property: "ranges", reason: "..." }],       // extra failures, [] when fine; values may be UNKNOWN
 *         create: async (inputs, ctx) => ({ id: "r1", outputs: { ...inputs, state: "pending" } }),
 *         read: async (id, { inputs, outputs }, ctx) => ({ inputs: {...}, outputs: {...} }),    // null = gone; inputs undefined on import
 *         update: async (id, news, { inputs, outputs }, ctx) => ({ ...news, state: "active" }), // outputs of the new state
 *         delete: async (id, { inputs, outputs }, ctx) => {},
 *       }),
 *     },
 *     invokes: { "carrier:index:getX": async (args, ctx) => ({ ... }) },
 *   });
 *
 * What the framework does, so that a resource need not:
 *   secrets    hooks see plain values; every output whose input was secret (or whose spec says `secret`) goes back as one
 *   unknowns   `create` and `update` never run in a preview and never see UNKNOWN; check and diff may
 *   preview    known inputs are echoed; computed outputs (and inputs marked `computed`, when left out) are unknown
 *   check      types, required, enum, pattern, range, unknown names, `frozen` (a change is a failure: nothing is replaced behind your back)
 *   diff       property by property with paths, sets without order, defaults and computed values not reported, `view` for text that
 *              holds JSON; `diff(base, args)` may add to or replace the result
 *   errors     thrown UserError/HttpError/Error become one message; `PartialFailure` saves what was half made
 *   waiting    `ctx.clock.sleep`, ended by `ctx.signal` when the engine cancels
 */
import type { Clock } from "./clock";
import type { Props, Value } from "./values";

/** Shape and behaviour of one property. Light on purpose: no schema library is loaded when a plug-in starts. */
export interface PropertySpec {
  /** `any` skips the check of the type. Config properties may also come as JSON text, as Pulumi's configuration has strings only. */
  type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "any";
  required?: boolean;
  /** What the API takes when the property is left out; `undefined` and the default are the same to diff. Never added to inputs. */
  default?: Value;
  /** Left out by the program, the server chooses: no diff then. */
  computed?: boolean;
  secret?: boolean;
  /** Elements of an array. */
  items?: PropertySpec;
  /** Known keys of an object; without it any key is fine. */
  properties?: Record<string, PropertySpec>;
  /** Array whose order means nothing. */
  set?: boolean;
  enum?: readonly string[];
  /** `expected` completes "expected ...". */
  pattern?: { test: RegExp; expected: string };
  min?: number;
  max?: number;
  minItems?: number;
  /** A change is a Check failure; the text says what to do instead. */
  frozen?: string;
  /** A change replaces the resource. Only for stand-ins of plug-ins that do so. */
  replace?: boolean;
  /** How the value is compared and its paths are shown, e.g. JSON text parsed. Must be pure; a throw means "compare as it is". */
  view?: (value: Value) => Value;
  /** With `view` of an object: keys that the program leaves out keep what the server has, so they are no diff. */
  partial?: boolean;
}

export interface OutputSpec {
  secret?: boolean;
  /** Does not change in an update, so an update's preview shows the old value instead of unknown. */
  stable?: boolean;
}

export type DiffKind = "add" | "delete" | "update";
export interface PropertyDiff {
  /** Pulumi property path: `a.b[0]`, `a["dotted.key"]`. */
  path: string;
  kind: DiffKind;
  replace?: boolean;
}

export interface Failure {
  property: string;
  reason: string;
}

/** What every hook gets beside its arguments. */
export interface Ctx<C = unknown> {
  client: C;
  clock: Clock;
  /** Aborted by the engine's Cancel or a signal. */
  signal: AbortSignal;
  urn: string;
  /** Logical name, the last part of the URN. */
  name: string;
  preview: boolean;
  log(level: "debug" | "info" | "warning", message: string): void;
  /** In `create` only: an earlier creation of this very resource was cut off, as the engine's own state says. */
  interrupted?: Interrupted;
}

/** A creation that an engine announced in its state and died in: whether it took effect is not known. */
export interface Interrupted {
  /** ISO 8601, by the engine's clock. */
  since: string;
  /** Ids that the resource has or had in the state: objects that the creation did not make. */
  ids: readonly string[];
  /** The program no longer wants it: only look, and throw NothingLeft where nothing was made. */
  undo?: boolean;
}

/** Thrown by a `create` that was to look for what an interrupted one left (`interrupted.undo`), and found nothing. */
export class NothingLeft extends Error {}

/** A resource's last known state. `outputs` is what create, update or read returned; `inputs` what the program said. */
export interface State<I, O> {
  inputs: I;
  outputs: O;
}

export interface ResourceSpec<I = Props, O = Props, C = unknown> {
  inputs: Record<string, PropertySpec>;
  /** Computed outputs beside the inputs. */
  outputs?: Record<string, OutputSpec>;
  /** Olds is null at creation. May be given values that are UNKNOWN. */
  check?(news: I, olds: I | null, ctx: Ctx<C>): Failure[] | Promise<Failure[]>;
  /** Changes the framework's own result; `args.olds` are the old outputs. */
  diff?(
    base: PropertyDiff[],
    args: { id: string; olds: O; oldInputs: I; news: I },
  ): PropertyDiff[] | Promise<PropertyDiff[]>;
  /** Computed outputs already known in a preview. */
  planned?(news: I, olds: O | null): Partial<O> | Promise<Partial<O>>;
  /** `adopted`: an interrupted creation had made it, and it was found. */
  create(inputs: I, ctx: Ctx<C>): Promise<{ id: string; outputs: O; adopted?: boolean }>;
  /** `create` may be repeated after an interruption: it looks for what is there, or asks for the same again under the same key. */
  resumes?: boolean;
  /** `state.inputs` is null on import. Null = gone. `id` may be corrected (import by another form). */
  read(
    id: string,
    state: { inputs: I | null; outputs: Partial<O> },
    ctx: Ctx<C>,
  ): Promise<{ id?: string; inputs: I; outputs: O } | null>;
  update(id: string, news: I, olds: State<I, O>, ctx: Ctx<C>): Promise<O>;
  delete(id: string, olds: State<I, O>, ctx: Ctx<C>): Promise<void>;
}

/** A ResourceSpec whose own types are hidden, as the table holds them. */
export type AnyResource = ResourceSpec<Props, Props, unknown>;

/** Types a table entry: hooks see I and O, the framework sees properties. */
export function resource<I, O, C>(spec: ResourceSpec<I, O, C>): AnyResource {
  return spec as unknown as AnyResource;
}

/** `args` are plain; a failure of an argument is thrown as UserError. */
export type Invoke = (args: Props, ctx: Ctx<never>) => Promise<object>;

/** Types an invoke entry. */
export function invoke<A, C>(f: (args: A, ctx: Ctx<C>) => Promise<object>): Invoke {
  return f as unknown as Invoke;
}

export interface ProviderSpec<C = unknown> {
  /** Package name: first part of every token. */
  name: string;
  version: string;
  config: Record<string, PropertySpec>;
  /** Called once with checked, plain config. Must not do I/O: a preview without resources needs no credentials. `clock` is the one of config key `clock`. */
  configure(args: {
    config: Record<string, Value>;
    clock: Clock;
    signal: AbortSignal;
    log: Ctx["log"];
  }): C | Promise<C>;
  resources: Record<string, AnyResource>;
  invokes?: Record<string, Invoke>;
}

/** Create made the object but could not finish it: the engine saves it with `reasons`, and the next run carries on. */
export class PartialFailure extends Error {
  constructor(
    readonly id: string,
    readonly outputs: object,
    readonly inputs: object,
    readonly reasons: string[],
  ) {
    super(reasons.join("; "));
    this.name = "PartialFailure";
  }
}
