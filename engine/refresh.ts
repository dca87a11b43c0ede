/** Refresh: every resource is read back; the state follows what is there. The program does not run. */
import { message } from "./apply";
import type { Deployment } from "./deployment";
import { InitError, ProviderError } from "./provider";
import type { Step } from "./result";
import type { State } from "./state";
import { isProviderType } from "./urn";
import { deepEqual, hasSecret, markSecrets, mapProps, type Props, plain, secret } from "./values";

/** Reads all resources in parallel and takes what is found into the state; what is gone leaves it. */
export async function refreshAll(d: Deployment): Promise<void> {
  const states = d.o.loaded.states.filter((s) => !s.delete && !isProviderType(s.type));
  const gone = new Set<string>();
  await Promise.all(states.map((s) => d.slots.run(() => refreshOne(d, s, gone))));
  if (gone.size > 0) forget(d, gone);
}

async function refreshOne(d: Deployment, s: State, gone: Set<string>): Promise<void> {
  if (d.aborted) return;
  const was: State = { ...s };
  d.o.reporter.begin({ op: "refresh", urn: s.urn, type: s.type, old: was, new: was });
  const end = (step: Step) => {
    d.o.reporter.done(step);
    d.o.reporter.outputs(step);
  };
  const head = { urn: s.urn, type: s.type, old: was, refresh: true };
  if (!s.custom || s.pendingReplacement) return end({ ...head, op: "same", new: s });
  let read: { id: string; outputs: Props; inputs?: Props };
  try {
    read = await (await d.provider(s.provider)).read(s, s.outputs, s.inputs);
  } catch (e) {
    if (!(e instanceof InitError)) return failRead(d, s, was, e);
    read = { id: e.id || s.id, outputs: e.outputs, ...(e.inputs ? { inputs: e.inputs } : {}) };
    s.initErrors = e.reasons;
  }
  if (read.id === "") {
    gone.add(s.urn);
    d.o.snapshot.drop(s);
    return end({ ...head, op: "delete" });
  }
  const inputs = read.inputs ? keepSecrets(s.inputs, read.inputs) : s.inputs;
  const outputs = markSecrets(keepSecrets(s.outputs, read.outputs), inputs, s.additionalSecretOutputs);
  if (read.id === s.id && deepEqual(s.outputs, outputs) && deepEqual(s.inputs, inputs))
    return end({ ...head, op: "same", new: s });
  Object.assign(s, { id: read.id, outputs, inputs, modified: new Date().toISOString() });
  d.o.snapshot.changed(s);
  end({ ...head, op: "update", new: s });
}

function failRead(d: Deployment, s: State, was: State, e: unknown): void {
  if (e instanceof ProviderError && e.unknownState) d.o.reporter.maybeCorrupt = true;
  d.fault(s.urn, message(e));
  d.o.reporter.failed({ op: "refresh", urn: s.urn, type: s.type, old: was, new: was });
}

/** What was secret stays secret, whatever form the provider reads it back in. */
function keepSecrets(was: Props, read: Props): Props {
  return mapProps(read, (v, k) => {
    const old = was[k];
    if (old === undefined || hasSecret(v) || !hasSecret(old)) return v;
    return deepEqual(plain(old), v) ? old : secret(v);
  });
}

/** Resources that are gone leave the dependency lists of the others. */
function forget(d: Deployment, gone: ReadonlySet<string>): void {
  const keep = (urns: string[]) => urns.filter((u) => !gone.has(u));
  for (const s of d.o.snapshot.states()) {
    s.dependencies = keep(s.dependencies);
    s.replaceWith = keep(s.replaceWith);
    if (gone.has(s.deletedWith)) s.deletedWith = "";
    for (const [k, urns] of Object.entries(s.propertyDependencies)) s.propertyDependencies[k] = keep(urns);
    d.o.snapshot.changed(s);
  }
}
