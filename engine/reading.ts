/** `Resource.get`: an existing thing is read and kept in the state as external; it is never changed or deleted. */
import { defaultProvider } from "./defaults";
import type { Deployment } from "./deployment";
import { message } from "./apply";
import { ProviderError } from "./provider";
import type { Step } from "./result";
import { Code, StatusError } from "./rpc";
import { emptyState, references, type State } from "./state";
import { makeUrn, packageOf } from "./urn";
import { isUnknown, markSecrets, type Props } from "./values";

export interface ReadGoal {
  type: string;
  name: string;
  id: string;
  parent: string;
  provider: string;
  version: string;
  pluginDownloadURL: string;
  inputs: Props;
  dependencies: string[];
  additionalSecretOutputs: string[];
}

/** Reads one resource. Throws UNAVAILABLE when the operation ends with it. */
export async function readResource(d: Deployment, g: ReadGoal): Promise<State> {
  d.ensureRunning();
  const urn = makeUrn(d.o.stack, d.o.project.name, g.parent, g.type, g.name);
  if (d.seen.has(urn)) d.die(urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
  d.seen.add(urn);
  const old = d.olds.get(urn);
  if (old) d.claimed.add(old);
  const ref = g.provider || (await defaultProvider(d, packageOf(g.type), g.version, g.pluginDownloadURL));
  const provider = await d.provider(ref).catch((e) => d.die(urn, message(e)));
  const stamp = new Date().toISOString();
  const next = emptyState({
    urn,
    type: g.type,
    custom: true,
    id: g.id,
    inputs: g.inputs,
    parent: g.parent,
    provider: ref,
    external: true,
    dependencies: g.dependencies,
    additionalSecretOutputs: g.additionalSecretOutputs,
    created: old?.created ?? stamp,
    modified: stamp,
  });
  // A managed resource gives way to another one that is only read: it is deleted at the end. The same one is just let go of.
  const replaces = old !== undefined && !old.external && old.id !== g.id;
  if (references(next).some((u) => d.unmade.has(u))) {
    d.unmade.add(urn);
    if (old) d.left.add(old);
    return next;
  }
  const step: Step = {
    op: replaces ? "read-replacement" : "read",
    urn,
    type: g.type,
    new: next,
    ...(old ? { old } : {}),
  };
  await d.slots.run(async () => {
    d.ensureRunning();
    d.o.reporter.begin(step);
    const end = d.preview ? () => undefined : await d.o.snapshot.begin("reading", { ...next });
    try {
      if (!isUnknown(g.id)) await fill(next, () => provider.read({ urn, type: g.type, id: g.id }, g.inputs));
    } catch (e) {
      end();
      if (e instanceof ProviderError && e.unknownState) d.o.reporter.maybeCorrupt = true;
      d.fault(urn, message(e));
      d.o.reporter.failed(step);
      throw new StatusError(Code.UNAVAILABLE, message(e));
    }
    next.outputs = markSecrets(next.outputs, next.inputs, g.additionalSecretOutputs);
    d.news.set(urn, next);
    if (old && replaces) {
      old.delete = true;
      d.replaced.add(urn);
      d.o.snapshot.changed(old);
    }
    d.o.snapshot.add(next, replaces ? undefined : old);
    end();
    d.o.reporter.done(step);
    d.o.reporter.outputs(step);
    if (replaces) tellReplace(d, { ...step, op: "replace" });
  });
  return next;
}

async function fill(next: State, read: () => Promise<{ id: string; outputs: Props; inputs?: Props }>): Promise<void> {
  const found = await read();
  if (found.id === "") throw new Error(`resource '${next.id}' does not exist`);
  next.id = found.id;
  next.outputs = found.outputs;
}

function tellReplace(d: Deployment, step: Step): void {
  d.o.reporter.begin(step);
  d.o.reporter.done(step);
  d.o.reporter.outputs(step);
}
