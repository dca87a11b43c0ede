/** Carries steps out: the provider's call, the state it leaves, and what is told of it. */
import type { Diff } from "./diff";
import { InitError, type Provider, ProviderError } from "./provider";
import type { Work } from "./registration";
import type { Step } from "./result";
import { Code, StatusError } from "./rpc";
import type { PendingOperation, State } from "./state";
import { markSecrets, type Props } from "./values";
import { ignoreChanges } from "./paths";

const now = (): string => new Date().toISOString();
export const message = (e: unknown): string => (e instanceof Error ? e.message : String(e));

/**
 * Runs a step that calls a provider: slot, events, pending operation, and on failure the error that ends the
 * registration. `finish` takes the call's result into the states.
 */
async function perform(
  w: Work,
  step: Step,
  kind: PendingOperation["type"],
  call: () => Promise<void>,
  finish: () => void,
): Promise<void> {
  const { d } = w;
  await d.slots.run(async () => {
    d.ensureRunning();
    d.o.reporter.begin(step);
    const pending = {
      ...(step.new as State),
      ...(step.old && kind !== "creating" ? { outputs: step.old.outputs, id: step.old.id } : {}),
    };
    const end = d.preview ? () => undefined : await d.o.snapshot.begin(kind, pending);
    let failure: unknown;
    try {
      await call();
    } catch (e) {
      failure = e;
    }
    if (failure === undefined || failure instanceof InitError) finish();
    end();
    if (failure !== undefined) throw fail(w, step, failure);
    d.o.reporter.done(step);
    if (w.goal.custom) d.o.reporter.outputs(step);
  });
}

/** Tells of a failed step and gives the error that ends its registration. */
function fail(w: Work, step: Step, e: unknown): StatusError {
  const { d } = w;
  // As the CLI has it: a creation or import that gave no id left nothing that the state could be wrong about.
  const creating = /^(create|import)/.test(step.op);
  const unknown = e instanceof ProviderError && e.unknownState && !creating;
  if (unknown) d.o.reporter.maybeCorrupt = true;
  const text =
    e instanceof InitError
      ? `${e.reasons.length} error${e.reasons.length === 1 ? "" : "s"} occurred:\n${e.reasons.map((r) => `\t* ${r}`).join("\n")}`
      : message(e);
  d.fault(w.urn, text);
  const left = e instanceof InitError ? "partial" : creating ? "nothing" : "unknown";
  d.o.reporter.failed({ ...step, left });
  return new StatusError(Code.UNAVAILABLE, text);
}

/** The new state takes its place; the one it replaces leaves the snapshot. */
export function settle(w: Work, replaces: State | undefined): void {
  w.next.outputs = markSecrets(w.next.outputs, w.next.inputs, w.next.additionalSecretOutputs);
  w.d.news.set(w.urn, w.next);
  w.d.o.snapshot.add(w.next, replaces);
}

/** Nothing to do; the state is written again with the goal's options, dependencies and URN. */
export function applySame(w: Work): State {
  const { d, next, urn } = w;
  const old = w.old as State;
  const step: Step = { op: "same", urn, type: next.type, old, new: next };
  d.o.reporter.begin(step);
  next.id = old.id;
  next.outputs = old.outputs;
  settle(w, old);
  d.o.reporter.done(step);
  tellOrWait(w, step);
  return next;
}

/** Makes a resource. `place` puts the finished state where it belongs (default: it is simply new). */
export async function applyCreate(
  w: Work,
  op: "create" | "create-replacement",
  extra: Partial<Step> = {},
  place: () => void = () => settle(w, undefined),
): Promise<State> {
  const { d, next, urn } = w;
  const step: Step = { op, urn, type: next.type, new: next, ...extra };
  next.id = "";
  next.outputs = {};
  next.created = now();
  next.modified = next.created;
  if (!w.goal.custom) {
    d.o.reporter.begin(step);
    place();
    d.o.reporter.done(step);
    tellOrWait(w, step);
    return next;
  }
  const call = () =>
    attempt(w, async (p) => {
      const made = await p.create(next, next.inputs, next.customTimeouts.create ?? 0, d.preview);
      next.id = made.id;
      next.outputs = made.outputs;
    });
  await perform(w, step, "creating", call, place);
  return next;
}

/** Takes what a failed initialisation left into the state, and lets the failure go on. */
async function attempt(w: Work, call: (p: Provider) => Promise<void>): Promise<void> {
  const { next } = w;
  try {
    await call(w.provider as Provider);
    next.initErrors = [];
  } catch (e) {
    if (e instanceof InitError) {
      next.id = e.id || next.id;
      next.outputs = e.outputs;
      if (e.inputs) next.inputs = e.inputs;
      next.initErrors = e.reasons;
    }
    throw e;
  }
}

export async function applyUpdate(w: Work, diff: Diff): Promise<State> {
  const { d, next, urn } = w;
  const old = w.old as State;
  const step: Step = { op: "update", urn, type: next.type, old, new: next, diffs: diff.diffs, detailed: diff.detailed };
  if (!w.goal.custom) {
    d.o.reporter.begin(step);
    next.modified = now();
    settle(w, old);
    d.o.reporter.done(step);
    tellOrWait(w, step);
    return next;
  }
  const call = () =>
    attempt(w, async (p) => {
      next.id = old.id;
      next.outputs = await p.update(
        { ...old, urn },
        next.inputs,
        next.customTimeouts.update ?? 0,
        w.goal.ignoreChanges,
        d.preview,
      );
      next.modified = now();
    });
  await perform(w, step, "updating", call, () => settle(w, old));
  return next;
}

/**
 * A replacement. `createFirst`: the new one is made, then the old one waits for its deletion at the end. Otherwise the
 * old one is gone already, and its place is taken.
 */
export async function applyReplacement(
  w: Work,
  o: { keys: string[]; diff?: Diff; createFirst: boolean; follows?: boolean },
): Promise<State> {
  const { d, next, urn } = w;
  const old = w.old as State;
  const extra: Partial<Step> = { old, keys: o.keys, diffs: o.diff?.diffs ?? [], detailed: o.diff?.detailed ?? null };
  // One that only follows another's replacement names its reasons on the creation alone, as the CLI does.
  const replace: Step = {
    op: "replace",
    urn,
    type: next.type,
    new: next,
    ...extra,
    ...(o.follows ? { keys: [] } : {}),
  };
  const tell = () => {
    d.o.reporter.begin(replace);
    d.o.reporter.done(replace);
    d.o.reporter.outputs(replace);
  };
  next.importID = "";
  d.replaced.add(urn);
  if (!o.createFirst) {
    next.id = "";
    tell();
    return applyCreate(w, "create-replacement", extra, () => settle(w, old));
  }
  await applyCreate(w, "create-replacement", extra, () => {
    // Marked in the same breath, so that no saved checkpoint holds two live entries of one URN.
    old.delete = true;
    d.o.snapshot.changed(old);
    settle(w, undefined);
  });
  tell();
  return next;
}

/** Adopts an existing resource: it is read, and the program's inputs must describe what is there. */
export async function applyImport(w: Work): Promise<State> {
  const { d, next, urn, goal } = w;
  const provider = w.provider as Provider;
  next.importID = goal.importId;
  const replaced = w.old;
  const step: Step = {
    op: replaced ? "import-replacement" : "import",
    urn,
    type: next.type,
    new: next,
    ...(replaced ? { old: replaced } : {}),
  };
  const call = async () => {
    if (!provider.configured) return;
    const read = await provider.read({ urn, type: next.type, id: goal.importId });
    if (read.id === "") throw new Error(`resource '${goal.importId}' does not exist`);
    if (!read.inputs) throw new Error(`the provider of ${next.type} cannot import: its Read gave no inputs`);
    next.id = read.id;
    next.outputs = read.outputs;
    next.created = now();
    next.modified = next.created;
    const found: State = { ...next, inputs: read.inputs };
    step.old = found;
    await matchImport(w, step, found, read.inputs);
  };
  await perform(w, step, "importing", call, () => {
    if (replaced) {
      replaced.delete = true;
      d.o.snapshot.changed(replaced);
    }
    settle(w, undefined);
  });
  return next;
}

/** The program's inputs against what was read; a difference is a warning in a preview, an error in an update. */
async function matchImport(w: Work, step: Step, found: State, readInputs: Props): Promise<void> {
  const { d, next, goal } = w;
  const provider = w.provider as Provider;
  next.inputs = ignoreChanges(next.inputs, readInputs, goal.ignoreChanges);
  const { inputs, failures } = await provider.check(next, readInputs, next.inputs);
  const failure = failures[0];
  if (failure) throw new Error(`${next.type} resource: property ${failure.property} has a problem: ${failure.reason}`);
  next.inputs = inputs;
  const diff = await provider.diff(found, inputs, goal.ignoreChanges);
  if (diff === "unavailable" || diff.changes === "none") return;
  step.diffs = diff.diffs;
  step.detailed = diff.detailed;
  const text = "inputs to import do not match the existing resource";
  if (!d.preview)
    throw new Error(
      `${text}: ${(diff.detailed ? Object.keys(diff.detailed) : diff.diffs).join(", ") || "see the preview"}`,
    );
  d.o.reporter.say("warning", `${text}; importing this resource will fail`, w.urn);
}

/** A custom resource's outputs are known at once; a component's come when it registers them. */
function tellOrWait(w: Work, step: Step): void {
  if (w.goal.custom) {
    w.d.o.reporter.outputs(step);
    return;
  }
  // In a preview the CLI tells of a component twice: when its step is done, and with its outputs.
  if (w.d.preview) w.d.o.reporter.outputs(step);
  w.d.awaitingOutputs.set(w.urn, step);
}
