/** Deletions: what the program no longer names, what was replaced, everything on destroy. Dependents go first. */
import { message } from "./apply";
import type { Deployment } from "./deployment";
import { ProviderError } from "./provider";
import type { Op, Step } from "./result";
import { references, type State } from "./state";
import { isProviderType, packageOfProvider } from "./urn";

/** Removes whatever the run left over, in reverse dependency order, in parallel where order does not matter. */
export async function deleteLeftovers(d: Deployment): Promise<void> {
  const left = d.o.loaded.states.filter((s) => (s.delete || !d.claimed.has(s)) && !settled.get(d)?.has(s));
  await deleteAll(d, left);
}

/** Removes what an earlier, interrupted run had replaced but not deleted yet. */
export async function deletePending(d: Deployment): Promise<void> {
  const left = d.o.loaded.states.filter((s) => s.delete);
  const done = settled.get(d) ?? new Set<State>();
  settled.set(d, done);
  for (const s of left) done.add(s);
  await deleteAll(d, left);
}
const settled = new WeakMap<Deployment, Set<State>>();

/** Removes these states. Returns when all that can go are gone; what failed keeps what it depends on. */
export async function deleteAll(d: Deployment, states: readonly State[]): Promise<void> {
  const byUrn = new Map<string, State[]>();
  for (const s of states) byUrn.set(s.urn, [...(byUrn.get(s.urn) ?? []), s]);
  // For each state, those that must be gone before it: they refer to its URN.
  const before = new Map<State, State[]>(states.map((s) => [s, []]));
  for (const s of states) {
    const urns = new Set(references(s).map((u) => d.o.snapshot.renamed.get(u) ?? u));
    for (const u of references(s)) urns.add(u);
    for (const u of urns) for (const t of byUrn.get(u) ?? []) if (t !== s) before.get(t)?.push(s);
  }
  const gone = new Map<State, Promise<boolean>>();
  const remove = (s: State): Promise<boolean> => {
    let p = gone.get(s);
    if (!p) {
      // A later state never is referred to by an earlier one, so this ends.
      p = Promise.all((before.get(s) ?? []).map(remove)).then((all) => all.every(Boolean) && removeOne(d, s, byUrn));
      gone.set(s, p);
    }
    return p;
  };
  await Promise.all([...states].reverse().map(remove));
}

async function removeOne(d: Deployment, s: State, going: ReadonlyMap<string, State[]>): Promise<boolean> {
  if (d.aborted && !isProviderType(s.type)) return false;
  const step: Step = { op: s.delete ? "delete-replaced" : "delete", urn: s.urn, type: s.type, old: s };
  if (s.pendingReplacement && !s.delete) {
    const ended: Step = { ...step, op: "remove-pending-replace" };
    d.o.reporter.begin(ended);
    d.o.snapshot.drop(s);
    d.o.reporter.done(ended);
    return true;
  }
  if (s.protect && !s.delete) return refuse(d, step, s);
  const withOwner = s.deletedWith !== "" && going.has(s.deletedWith);
  return runDelete(d, s, step.op, () => d.o.snapshot.drop(s), withOwner);
}

// Other deletions go on: all protected resources are told of at once.
function refuse(d: Deployment, step: Step, s: State): boolean {
  d.o.reporter.begin(step);
  d.o.reporter.say(
    "error",
    `resource "${s.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${s.urn}'\``,
    s.urn,
  );
  d.o.reporter.failed({ ...step, left: "nothing" });
  d.failed = true;
  return false;
}

/**
 * One deletion: events, pending operation, the provider's call (none for what is retained, external, or goes with its
 * owner). `done` takes it into the states. Returns false when it failed; the failure is told.
 */
export async function runDelete(
  d: Deployment,
  s: State,
  op: Op,
  done: () => void,
  withOwner = false,
): Promise<boolean> {
  const step: Step = { op, urn: s.urn, type: s.type, old: s };
  const silent = !s.custom || isProviderType(s.type) || s.retainOnDelete || s.external || withOwner || d.preview;
  return d.slots.run(async () => {
    if (d.aborted && !isProviderType(s.type)) return false;
    d.o.reporter.begin(step);
    try {
      if (!silent) await callDelete(d, s);
    } catch (e) {
      if (e instanceof ProviderError && e.unknownState) d.o.reporter.maybeCorrupt = true;
      d.fault(s.urn, message(e));
      d.o.reporter.failed(step);
      return false;
    }
    done();
    d.o.reporter.done(step);
    d.o.reporter.outputs(step);
    return true;
  });
}

async function callDelete(d: Deployment, s: State): Promise<void> {
  const provider = await d.provider(s.provider);
  if (!provider.configured) throw new Error(`the provider ${packageOfProvider(s.type)} is not configured`);
  const end = await d.o.snapshot.begin("deleting", s);
  try {
    await provider.delete(s, s.customTimeouts.delete ?? 0);
  } finally {
    end();
  }
}
