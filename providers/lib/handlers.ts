import { status } from "@grpc/grpc-js";
import { UserError } from "../../model/errors";
import { checkInputs, coerceConfig } from "./check";
import { type Clock, clockFrom } from "./clock";
import { diffInputs } from "./diff";
import type { EngineLog } from "./enginelog";
import {
  type AnyResource,
  type Ctx,
  type Failure,
  type Interrupted,
  NothingLeft,
  PartialFailure,
  type PropertyDiff,
  type PropertySpec,
  type ProviderSpec,
} from "./provider";
import { equal, hasSecret, own, type Props, Secret, UNKNOWN, unsecret, unsecretProps, type Value } from "./values";

/** What each RPC means, on decoded values. One instance per plug-in process. */
export class Handlers {
  private client: unknown;
  private clock: Clock | undefined;
  private readonly abort = new AbortController();
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: the client's type is the provider's own affair
    readonly spec: ProviderSpec<any>,
    private readonly log: EngineLog,
  ) {}

  /** Ends every wait; operations then fail or finish on their own. */
  cancel(): void {
    this.abort.abort(Object.assign(new Error("cancelled by the engine"), { grpcCode: status.CANCELLED }));
  }

  /** Resolves when no operation is in progress. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  /** Keeps count of an operation. */
  track<T>(p: Promise<T>): Promise<T> {
    this.running.add(p);
    const done = () => this.running.delete(p);
    p.then(done, done);
    return p;
  }

  checkConfig(news: Props): { inputs: Props; failures: Failure[] } {
    const { __internal, version, pluginDownloadURL, ...own } = unsecretProps(news);
    return { inputs: news, failures: checkInputs(this.spec.config, coerceConfig(this.spec.config, own), null) };
  }

  /** No change of configuration replaces the provider: its resources would be replaced with it. */
  diffConfig(olds: Props, news: Props): PropertyDiff[] {
    const plain = (p: Props) => coerceConfig(this.spec.config, unsecretProps(p));
    return diffInputs(this.spec.config, plain(olds), plain(news));
  }

  async configure(args: Props, variables: Record<string, string>): Promise<void> {
    const given: Props = { ...unsecretProps(args) };
    // Engines that send only the old form prefix each key with `<package>:config:`.
    for (const [k, v] of Object.entries(variables)) given[k.slice(k.lastIndexOf(":") + 1)] ??= v;
    const config: Record<string, Value> = {};
    const typed = coerceConfig(this.spec.config, given);
    for (const key of Object.keys(this.spec.config)) if (typed[key] !== undefined) config[key] = typed[key];
    const failures = checkInputs(this.spec.config, config, null);
    if (failures.length > 0)
      throw new UserError(failures.map((f) => `Configuration ${this.spec.name}:${f.property} ${f.reason}.`));
    this.clock = clockFrom(config.clock as string | undefined);
    const log: Ctx["log"] = (level, message) => this.log.write(level, message, "");
    this.client = await this.spec.configure({ config, clock: this.clock, signal: this.abort.signal, log });
  }

  async check(urn: string, olds: Props, news: Props): Promise<{ inputs: Props; failures: Failure[] }> {
    const r = this.resource(urn);
    const [plain, before] = [unsecretProps(news), unsecretProps(olds)];
    // The engine sends {} for a resource that does not exist yet.
    const old = Object.keys(before).length === 0 ? null : before;
    const failures = checkInputs(r.inputs, plain, old);
    if (failures.length === 0 && r.check) failures.push(...(await r.check(plain, old, this.ctx(urn, true))));
    return { inputs: markSecrets(news, r.inputs, news), failures };
  }

  async diff(
    urn: string,
    id: string,
    d: { olds: Props; oldInputs: Props; news: Props; ignore: string[] },
  ): Promise<PropertyDiff[]> {
    const r = this.resource(urn);
    const [olds, oldInputs, news] = [unsecretProps(d.olds), unsecretProps(d.oldInputs), unsecretProps(d.news)];
    // Old inputs may hold what only another provider of the same tokens knows, or outputs where an engine sends no inputs.
    const known = Object.entries(oldInputs).filter(([key]) => Object.hasOwn(r.inputs, key) || Object.hasOwn(news, key));
    let diffs = diffInputs(r.inputs, Object.fromEntries(known), news);
    if (r.diff) diffs = await r.diff(diffs, { id, olds, oldInputs, news });
    const ignored = (path: string) =>
      d.ignore.some((i) => path === i || path.startsWith(`${i}.`) || path.startsWith(`${i}[`));
    return diffs.filter((x) => !ignored(x.path));
  }

  /** `resumed`: how a creation came out that was interrupted before; undefined when nobody can tell. */
  async create(
    urn: string,
    inputs: Props,
    preview: boolean,
    interrupted?: Interrupted,
  ): Promise<{ id: string; outputs: Props; resumed?: "adopted" | "made" }> {
    const r = this.resource(urn);
    const plain = unsecretProps(inputs);
    if (preview) return { id: "", outputs: this.secrets(r, inputs, await planned(r, plain, null)) };
    const ctx = { ...this.ctx(urn, false), ...(interrupted ? { interrupted } : {}) };
    const made = await this.guard(r, inputs, () => r.create(plain, ctx));
    if (!made.id) throw new Error(`create of ${urn} gave no id`);
    const done = { id: made.id, outputs: this.secrets(r, inputs, made.outputs) };
    return interrupted && r.resumes ? { ...done, resumed: made.adopted ? "adopted" : "made" } : done;
  }

  /** What an interrupted creation left, which nobody wants any more; null when it made nothing. */
  async leftBehind(
    urn: string,
    inputs: Props,
    interrupted: Interrupted,
  ): Promise<{ id: string; outputs: Props } | null> {
    const r = this.resource(urn);
    if (!r.resumes) throw new UserError(`${this.spec.name} cannot look for what a creation of ${urn} left.`);
    try {
      const ctx = { ...this.ctx(urn, false), interrupted: { ...interrupted, undo: true } };
      const { id, outputs } = await r.create(unsecretProps(inputs), ctx);
      return { id, outputs: this.secrets(r, inputs, outputs) };
    } catch (e) {
      if (e instanceof NothingLeft) return null;
      throw e;
    }
  }

  async read(
    urn: string,
    id: string,
    state: Props,
    inputs: Props,
  ): Promise<{ id: string; inputs: Props; outputs: Props } | null> {
    const r = this.resource(urn);
    const known = Object.keys(inputs).length > 0;
    const found = await r.read(
      id,
      { inputs: known ? unsecretProps(inputs) : null, outputs: unsecretProps(state) },
      this.ctx(urn, false),
    );
    if (!found) return null;
    const secretsOf = { ...state, ...inputs };
    return {
      id: found.id ?? id,
      inputs: markSecrets(found.inputs, r.inputs, secretsOf),
      outputs: this.secrets(r, secretsOf, found.outputs),
    };
  }

  async update(
    urn: string,
    id: string,
    news: Props,
    old: { olds: Props; oldInputs: Props },
    preview: boolean,
  ): Promise<Props> {
    const r = this.resource(urn);
    const [plain, olds, oldInputs] = [unsecretProps(news), unsecretProps(old.olds), unsecretProps(old.oldInputs)];
    if (preview) return this.secrets(r, news, await planned(r, plain, olds));
    const outputs = await this.guard(r, news, async () => ({
      id,
      outputs: await r.update(id, plain, { inputs: oldInputs, outputs: olds }, this.ctx(urn, false)),
    }));
    return this.secrets(r, news, outputs.outputs);
  }

  async delete(urn: string, id: string, state: Props, inputs: Props): Promise<void> {
    const outputs = unsecretProps(state);
    const old = Object.keys(inputs).length > 0 ? unsecretProps(inputs) : outputs;
    await this.resource(urn).delete(id, { inputs: old, outputs }, this.ctx(urn, false));
  }

  async invoke(token: string, args: Props, preview: boolean): Promise<Props> {
    const f = this.spec.invokes?.[token];
    if (!f)
      throw new UserError(
        `${this.spec.name} has no function ${token}; it has ${Object.keys(this.spec.invokes ?? {}).join(", ") || "none"}.`,
      );
    return (await f(unsecretProps(args), { ...this.ctx(token, preview), client: this.client as never })) as Props;
  }

  private resource(urn: string): AnyResource {
    const token = (urn.split("::")[2] ?? "").split("$").pop() ?? "";
    const r = Object.hasOwn(this.spec.resources, token) ? this.spec.resources[token] : undefined;
    if (!r)
      throw new UserError(
        `${this.spec.name} has no resource type ${token}; it has ${Object.keys(this.spec.resources).join(", ")}.`,
      );
    return r;
  }

  private ctx(urn: string, preview: boolean): Ctx<unknown> {
    return {
      client: this.client,
      clock: this.clock ?? clockFrom(),
      signal: this.abort.signal,
      urn,
      name: urn.split("::").slice(3).join("::"),
      preview,
      log: (level, message) => this.log.write(level, message, urn.startsWith("urn:") ? urn : ""),
    };
  }

  private secrets(r: AnyResource, inputs: Props, outputs: Props): Props {
    return markSecrets(outputs, { ...r.inputs, ...r.outputs }, inputs);
  }

  /** A half-made object's state needs its secrets marked, too. */
  private async guard<T>(r: AnyResource, inputs: Props, f: () => Promise<T>): Promise<T> {
    try {
      return await f();
    } catch (e) {
      if (!(e instanceof PartialFailure)) throw e;
      throw new PartialFailure(
        e.id,
        this.secrets(r, inputs, e.outputs as Props),
        markSecrets(e.inputs as Props, r.inputs, inputs),
        e.reasons,
      );
    }
  }
}

/** Outputs of a preview: known inputs as they are, computed ones unknown unless they cannot change. */
async function planned(r: AnyResource, news: Props, olds: Props | null): Promise<Props> {
  const out: Props = {};
  for (const [key, spec] of Object.entries(r.outputs ?? {})) out[key] = olds && spec.stable ? own(olds, key) : UNKNOWN;
  for (const [key, spec] of Object.entries(r.inputs)) {
    const v = own(news, key);
    if (v !== undefined) out[key] = v;
    else if (spec.computed) out[key] = olds ? own(olds, key) : UNKNOWN;
    else if (spec.default !== undefined) out[key] = spec.default;
  }
  return r.planned ? { ...out, ...(await r.planned(news, olds)) } : out;
}

/**
 * Wraps what must stay secret: properties whose spec says so, and those that were (or held) secrets in `like`.
 * A value that did not change keeps its secrets where they were, so that a map with one secret entry does not hide the others.
 */
function markSecrets(values: Props, specs: Record<string, { secret?: boolean } | PropertySpec>, like: Props): Props {
  const out: Props = {};
  for (const [key, value] of Object.entries(values)) {
    const model = own(like, key);
    const wanted = specs[key]?.secret === true || hasSecret(model);
    if (!wanted || value === undefined || value instanceof Secret) out[key] = value;
    else if (!specs[key]?.secret && equal(unsecret(model), unsecret(value))) out[key] = model;
    else out[key] = new Secret(unsecret(value));
  }
  return out;
}
