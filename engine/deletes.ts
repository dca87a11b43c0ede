/** Deletions: what the program no longer names, what was replaced, everything on destroy. Dependents go first. */
import { message } from "./apply";
import type { Deployment } from "./deployment";
import { type Attempt, attemptOf } from "./interrupted";
import { ProviderError } from "./provider";
import { dependentReplacements } from "./replace";
import type { Op, Step } from "./result";
import { references, type State } from "./state";
import { isProviderType, packageOfProvider } from "./urn";

/**
 * Removes whatever the run left over (in a destroy: everything), in reverse dependency order, in parallel where order does not matter.
 * What is no target stays, and so does what a resource that failed still refers to.
 */
export async function deleteLeftovers(d: Deployment): Promise<void> {
  const left = d.o.loaded.states.filter((s) => s.delete || !d.claimed.has(s));
  const going = await targetedDeletes(d, left);
  const bound = boundTo(d, d.left);
  await deleteAll(
    d,
    going.filter((s) => !bound.has(s)),
  );
}

/** What the choice of targets lets go of `left`; the rest is told of as unchanged. */
async function targetedDeletes(d: Deployment, left: readonly State[]): Promise<readonly State[]> {
  const { targets } = d.o;
  if (!targets.constrained) return left;
  const allowed = await withDependents(d);
  const going = left.filter((s) => allowed.has(s.urn));
  const refused = tellUnnamed(d, going);
  if (refused && !d.preview) return [];
  for (const s of left) if (!allowed.has(s.urn) && !d.news.has(s.urn)) tellSame(d, s);
  return going;
}

/** What would be deleted with a target without being one: all are told of, so that a user need not find them one after another. */
function tellUnnamed(d: Deployment, going: readonly State[]): boolean {
  const { targets, reporter } = d.o;
  const unnamed = going.filter((s) => !targets.named(s.urn) && !targets.withDependents);
  for (const { urn } of unnamed)
    reporter.say(
      "error",
      `Resource '${urn}' will be destroyed but was not specified in --target list.\nEither include resource in --target list or pass --target-dependents to proceed.`,
      urn,
    );
  if (unnamed.length > 0) d.failed = true;
  return unnamed.length > 0;
}

function tellSame(d: Deployment, s: State): void {
  const step: Step = { op: "same", urn: s.urn, type: s.type, old: s, new: { ...s, id: "" } };
  d.o.reporter.begin(step);
  step.new = { ...s };
  d.o.reporter.done(step);
  if (s.custom || d.preview) d.o.reporter.outputs(step);
}

/** URNs of the targets and of all that depends on them, directly or not, and of what would be replaced with them. */
async function withDependents(d: Deployment): Promise<ReadonlySet<string>> {
  const states = d.o.loaded.states;
  const found = new Set(states.filter((s) => d.o.targets.named(s.urn)).map((s) => s.urn));
  // What a state refers to stands before it, so that one pass finds all.
  for (const s of states) if (references(s).some((u) => found.has(u))) found.add(s.urn);
  const roots = states.filter((s) => found.has(s.urn));
  for (const s of roots) for (const r of await dependentReplacements(d, s)) found.add(r.state.urn);
  return found;
}

/** What these states refer to, directly or not, themselves included. */
function boundTo(d: Deployment, states: ReadonlySet<State>): ReadonlySet<State> {
  const bound = new Set(states);
  const byUrn = d.olds;
  for (const s of bound)
    for (const u of references(s)) {
      const t = byUrn.get(u);
      if (t) bound.add(t);
    }
  return bound;
}

/**
 * Deletes what interrupted creations left and the program no longer names: it is in no state, so that nothing else would ever take it back.
 * Providers that cannot look leave it to people, who are told of it in every run.
 */
export async function deleteLeftBehind(d: Deployment): Promise<void> {
  const { loaded, targets } = d.o;
  if (targets.constrained || d.preview || d.broken) return;
  const named = (urn: string) => d.seen.has(urn) || loaded.states.some((s) => s.urn === urn);
  const left = loaded.pending.filter((p) => p.type === "creating" && !p.resource.protect && !named(p.resource.urn));
  await Promise.all(left.map(({ resource }) => takeBack(d, resource)));
}

async function takeBack(d: Deployment, s: State): Promise<void> {
  const { loaded, reporter, snapshot } = d.o;
  try {
    const attempt = attemptOf(loaded.pending, loaded.states, s.urn) as Attempt;
    const found = await d.slots.run(async () => (await d.provider(s.provider)).leftBehind(s, attempt));
    if (found) await runDelete(d, { ...s, ...found }, "delete", () => snapshot.resolved(s.urn));
    else snapshot.resolved(s.urn);
  } catch (e) {
    reporter.say("warning", `what its interrupted creation left could not be looked for: ${message(e)}`, s.urn);
  }
}

/** Removes these states. Returns when all that can go are gone; what failed keeps what it depends on. */
async function deleteAll(d: Deployment, states: readonly State[]): Promise<void> {
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
  const step: Step = { op: deletion(s), urn: s.urn, type: s.type, old: s };
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

function deletion(s: State): Op {
  if (s.external) return s.delete ? "discard-replaced" : "discard";
  return s.delete ? "delete-replaced" : "delete";
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
  d.broken = true;
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
