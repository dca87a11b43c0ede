/** Carries steps out: the provider's call, the state it leaves, and what is told of it. */
import type { Diff } from "./diff";
import { attemptOf, type Outcome } from "./interrupted";
import { InitError, type Provider, ProviderError } from "./provider";
import { tellBlindPreview } from "./refusals";
import type { Work } from "./registration";
import type { Step } from "./result";
import { Code, StatusError } from "./rpc";
import type { PendingOperation, State } from "./state";
import { markSecrets } from "./values";
import { isProviderType } from "./urn";

const now = (): string => new Date().toISOString();
/** What an error says, for texts that name its cause. */
export const message = (e: unknown): string => (e instanceof Error ? e.message : String(e));

/**
 * Runs a step that calls a provider: slot, events, pending operation, and on failure the error that ends the
 * registration. `finish` takes the call's result into the states.
 */
export async function perform(
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
    const pending = { ...(step.new as State) };
    // A provider resource is a setting of the engine's own: a killed run leaves nothing of it that could be pending.
    const silent = d.preview || isProviderType(step.type);
    const end = silent ? () => undefined : await d.o.snapshot.begin(kind, pending);
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
  w.d.o.reporter.hide(w.next.outputs);
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
      const before = attemptOf(d.o.loaded.pending, d.o.loaded.states, urn);
      const made = await p.create(next, next.inputs, next.customTimeouts.create ?? 0, d.preview, before);
      if (made.outcome) resume(w, made.id, made.outcome);
      next.id = made.id;
      next.outputs = made.outputs;
    });
  await perform(w, step, "creating", call, place);
  return next;
}

/** The provider has looked for what an interrupted creation left: it is told, and no longer pending. */
function resume({ d, next, urn }: Work, id: string, outcome: Outcome): void {
  const holder = d.o.snapshot
    .states()
    .find((s) => s.type === next.type && s.provider === next.provider && s.id === id && !s.delete);
  if (holder)
    throw new Error(`the provider took ${id} for what an interrupted run had made, but it belongs to ${holder.urn}`);
  d.o.snapshot.resolved(urn);
  const text = {
    adopted: `an interrupted run had made it already (${id}): adopted, not made again`,
    made: "an interrupted run had begun to make it: looked for, and made now",
  };
  d.o.reporter.say("info", text[outcome], urn);
}

/** Takes what a failed initialisation left into the state, and lets the failure go on. */
async function attempt(w: Work, call: (p: Provider) => Promise<void>): Promise<void> {
  const { next } = w;
  tellBlindPreview(w.d, w.provider as Provider, next.type);
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

/** Updates a resource in place; a component only takes its new outputs. @returns its new state. */
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

/** No target: the state as it was, under the URN it had. */
export function applyUntouched(w: Work, old: State): State {
  const { d } = w;
  d.o.snapshot.renamed.delete(old.urn);
  w.urn = old.urn;
  const next: State = { ...old, id: "" };
  const step: Step = { op: "same", urn: old.urn, type: old.type, old, new: next };
  d.o.reporter.begin(step);
  next.id = old.id;
  d.news.set(old.urn, next);
  d.o.snapshot.add(next, old);
  d.o.reporter.done(step);
  tellOrWait(w, step);
  return next;
}

/** No target and not there: told of as unchanged, and not made. */
export function applyNothing(w: Work): State {
  const { d, next, urn } = w;
  d.untargetedCreates.add(urn);
  const step: Step = { op: "same", urn, type: next.type, old: { ...next }, new: next };
  d.o.reporter.begin(step);
  d.o.reporter.done(step);
  if (w.goal.custom || d.preview) d.o.reporter.outputs(step);
  return next;
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
