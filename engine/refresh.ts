/** Refresh: every resource is read back; the state follows what is there. The program does not run. */
import { message } from "./apply";
import type { Deployment } from "./deployment";
import type { DiffKind } from "./diff";
import { isBlurred } from "./interrupted";
import { InitError, type Provider, ProviderError } from "./provider";
import type { Step } from "./result";
import type { State } from "./state";
import { isDefaultProvider, isProviderType } from "./urn";
import { deepEqual, hasSecret, markSecrets, mapProps, type Props, plain, secret } from "./values";

/** Reads back what an earlier engine died in changing or deleting: the state may be wrong about it. */
export async function refreshBlurred(d: Deployment): Promise<void> {
  const { pending } = d.o.loaded;
  if (pending.length > 0) await refreshAll(d, false, (s) => isBlurred(pending, s.urn));
}

/**
 * Reads the operation's targets in parallel and takes what is found into the state; what is gone leaves it. `counted`: the reading is
 * the operation itself, its results are its changes; otherwise it only goes before one.
 */
export async function refreshAll(
  d: Deployment,
  counted: boolean,
  asked: (s: State) => boolean = () => true,
): Promise<void> {
  const states = d.o.loaded.states.filter((s) => !isDefaultProvider(s.urn) && d.o.targets.includes(s) && asked(s));
  const gone = new Set<State>();
  await Promise.all(states.map((s) => d.slots.run(() => refreshOne(d, s, gone, counted))));
  forget(d, gone);
}

async function refreshOne(d: Deployment, s: State, gone: Set<State>, counted: boolean): Promise<void> {
  if (d.aborted) return;
  const was: State = { ...s };
  const head = { urn: s.urn, type: s.type, old: was, refresh: true };
  d.o.reporter.begin({ ...head, op: "refresh", new: was });
  const end = (step: Step) => {
    const told: Step = counted ? step : { ...step, op: "refresh" };
    if (counted) d.o.reporter.done(told);
    d.o.reporter.outputs(told);
  };
  if (!s.custom || isProviderType(s.type) || s.pendingReplacement) return end({ ...head, op: "same", new: s });
  try {
    const provider = await d.provider(s.provider);
    const read = await readBack(d, s, provider);
    if (isBlurred(d.o.loaded.pending, s.urn)) d.o.snapshot.resolved(s.urn);
    if (read.id === "") {
      gone.add(s);
      d.o.snapshot.drop(s);
      return end({ ...head, op: "delete" });
    }
    end({ ...head, new: s, ...(await compare(s, was, provider)) });
  } catch (e) {
    failRead(d, s, was, e);
  }
}

/** Takes what is there into the state. */
async function readBack(d: Deployment, s: State, provider: Provider): Promise<{ id: string }> {
  let read: { id: string; outputs: Props; inputs?: Props };
  let reasons: string[] = [];
  try {
    read = await provider.read(s, s.outputs, s.inputs);
  } catch (e) {
    // It is there, if not well: the next update is to bring it up.
    if (!(e instanceof InitError)) throw e;
    reasons = e.reasons;
    read = { id: e.id || s.id, outputs: e.outputs, ...(e.inputs ? { inputs: e.inputs } : {}) };
    d.o.reporter.say("warning", `Refreshed resource is in an unhealthy state:\n* ${reasons.join("\n* ")}`, s.urn);
  }
  if (read.id === "") return read;
  const inputs = read.inputs ? keepSecrets(s.inputs, read.inputs) : s.inputs;
  const outputs = markSecrets(keepSecrets(s.outputs, read.outputs), inputs, s.additionalSecretOutputs);
  if (!deepEqual(s.outputs, outputs) || !deepEqual(s.inputs, inputs)) s.modified = new Date().toISOString();
  Object.assign(s, { id: read.id, outputs, inputs, initErrors: reasons });
  d.o.snapshot.changed(s);
  return read;
}

/**
 * What the reading means: the provider compares what is there with the inputs as they were, which is what the next update would do; the
 * answer is turned round, since here what is there is the news. Source: Pulumi step.go, RefreshStep.
 */
async function compare(s: State, was: State, provider: Provider): Promise<Pick<Step, "op" | "diffs" | "detailed">> {
  if (s.external) return { op: deepEqual(was.outputs, s.outputs) ? "same" : "update" };
  const diff = await provider.diff(s, was.inputs, s.ignoreChanges);
  if (diff === "unavailable" || diff.changes === "none") return { op: "same" };
  const turned = diff.detailed && Object.entries(diff.detailed).map(([k, v]) => [k, { ...v, kind: turn(v.kind) }]);
  return { op: "update", diffs: diff.diffs, detailed: turned && Object.fromEntries(turned) };
}

function turn(kind: DiffKind): DiffKind {
  if (kind.startsWith("add")) return kind.replace("add", "delete") as DiffKind;
  return kind.startsWith("delete") ? (kind.replace("delete", "add") as DiffKind) : kind;
}

function failRead(d: Deployment, s: State, was: State, e: unknown): void {
  if (e instanceof ProviderError && e.unknownState) d.o.reporter.maybeCorrupt = true;
  d.fault(s.urn, message(e));
  d.o.reporter.failed({ op: "refresh", urn: s.urn, type: s.type, old: was, new: was, refresh: true });
}

/** What was secret stays secret, whatever form the provider reads it back in. */
function keepSecrets(was: Props, read: Props): Props {
  return mapProps(read, (v, k) => {
    const old = was[k];
    if (old === undefined || hasSecret(v) || !hasSecret(old)) return v;
    return deepEqual(plain(old), v) ? old : secret(v);
  });
}

/**
 * The states after a refresh: those that are gone leave the list and the references of the others; a resource whose parent is gone goes
 * to the parent's parent. Source: Pulumi deployment_executor.go, rebuildBaseState.
 */
function forget(d: Deployment, gone: ReadonlySet<State>): void {
  const { loaded, snapshot } = d.o;
  const there = new Set<string>();
  const parents = new Map<string, string>();
  for (const s of gone) if (!s.delete) parents.set(s.urn, s.parent);
  const keep = (urns: string[]) => urns.filter((u) => there.has(u));
  loaded.states = loaded.states.filter((s) => !gone.has(s));
  for (const s of loaded.states) {
    s.dependencies = keep(s.dependencies);
    s.replaceWith = keep(s.replaceWith);
    if (!there.has(s.deletedWith)) s.deletedWith = "";
    const properties = Object.entries(s.propertyDependencies).map(([k, urns]) => [k, keep(urns)] as const);
    s.propertyDependencies = Object.fromEntries(properties.filter(([, urns]) => urns.length > 0));
    while (s.parent && !there.has(s.parent)) s.parent = parents.get(s.parent) ?? "";
    there.add(s.urn);
    snapshot.changed(s);
  }
  for (const s of gone) if (d.olds.get(s.urn) === s) d.olds.delete(s.urn);
}
