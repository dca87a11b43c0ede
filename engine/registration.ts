/**
 * From one registration to its steps: find the old state, check, judge, compare, decide (Pulumi's step generator).
 * Registrations may interleave at every await: what the program may still register never depends on what it has.
 */
import type { Deployment } from "./deployment";
import { applyReplaceOnChanges, type Diff, NO_DIFF, replaces } from "./diff";
import { defaultProvider, registerProvider } from "./defaults";
import type { Goal } from "./goal";
import { formerUrns } from "./aliases";
import { ignoreChanges } from "./paths";
import { deleteDependents, deleteForReplacement } from "./replace";
import type { CheckFailure, Provider } from "./provider";
import { StatusError } from "./rpc";
import { emptyState, references, type State } from "./state";
import { applyCreate, applyNothing, applyReplacement, applySame, applyUntouched, applyUpdate, message } from "./apply";
import { adopt } from "./import";
import { isProviderType, makeUrn, nameOf, packageOf, parseReference, STACK_TYPE } from "./urn";
import { deepEqual, display, known, normaliseAssets, type Props, type Value } from "./values";

/** What the program gets back. `failed`: the resource did not come about, and the program goes on without it. */
export interface Answer {
  urn: string;
  id: string;
  outputs: Props;
  failed: boolean;
  /** Not tried, because something it needs failed. */
  skipped?: boolean;
}

/** Ends a registration whose step is not tried. */
class Skipped extends Error {}

/** Everything a registration's steps need. */
export interface Work {
  d: Deployment;
  goal: Goal;
  urn: string;
  old: State | undefined;
  /** The state being made; its inputs are the checked ones once `check` has run. */
  next: State;
  provider: Provider | undefined;
  /** `old` was adopted by this very registration. */
  imported?: true;
}

/** Carries one registration through. Throws UNAVAILABLE when the operation ends with it. */
export async function register(d: Deployment, goal: Goal): Promise<Answer> {
  d.ensureRunning();
  const urn = makeUrn(d.o.stack, d.o.project.name, goal.parent, goal.type, goal.name);
  if (d.seen.has(urn)) d.die(urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
  d.seen.add(urn);
  const old = claim(d, goal, urn);
  try {
    // Of a provider that did not come about nothing can be asked.
    if (goal.provider && d.unmade.has(parseReference(goal.provider).urn)) throw new Skipped();
    const state = isProviderType(goal.type)
      ? await registerProvider(d, goal, urn, old)
      : await registerResource(d, goal, urn, old);
    return { urn: state.urn, id: state.id, outputs: state.outputs, failed: false };
  } catch (e) {
    const skipped = e instanceof Skipped;
    // Whatever fails before there is a step ends the operation, told to go on or not.
    if (!skipped && !(e instanceof StatusError)) d.die(urn, message(e));
    if (!skipped && (!d.o.continueOnError || d.aborted)) throw e;
    // Told to go on: the program learns that this one failed, and what needs it is skipped.
    d.unmade.add(urn);
    if (old) d.left.add(old);
    const { id, outputs } = d.planned.get(urn) ?? { id: "", outputs: {} };
    return { urn, id, outputs, failed: true, skipped };
  }
}

/**
 * Asked before a resource's first step. What hangs on a failed resource is skipped; what hangs on a resource that is not created because
 * it is no target is a fault. Source: Pulumi step_generator.go, validateSteps; deployment_executor.go, doesStepDependOn.
 */
function admit({ d, next, urn }: Work): void {
  const near = references(next).filter((u) => u !== next.provider.slice(0, next.provider.lastIndexOf("::")));
  if (near.some((u) => d.unmade.has(u))) throw new Skipped();
  const told = d.toldUntargeted;
  for (const u of references(next)) {
    if (!d.untargetedCreates.has(u) || told.has(u)) continue;
    told.add(u);
    d.flaw(urn, `Resource '${urn}' depends on '${u}' which was was not specified in --target list.`);
  }
}

/** Finds the old state by URN, then by aliases, and takes it over. */
function claim(d: Deployment, goal: Goal, urn: string): State | undefined {
  for (const u of [urn, ...formerUrns(d, goal)]) {
    const old = d.olds.get(u);
    if (!old || d.claimed.has(old)) continue;
    d.claimed.add(old);
    if (old.urn !== urn) {
      d.aliased.set(urn, old.urn);
      d.o.snapshot.renamed.set(old.urn, urn);
    }
    return old;
  }
  return undefined;
}

/** The state that the goal describes, before anything is known of its outputs. */
export function prepare(
  d: Deployment,
  goal: Goal,
  urn: string,
  old: State | undefined,
  ref: string,
  provider: Provider | undefined,
): Work {
  if (goal.deleteBeforeReplace !== undefined) d.deleteBeforeReplace.set(urn, goal.deleteBeforeReplace);
  const next = emptyState({
    urn,
    type: goal.type,
    custom: goal.custom,
    inputs: normaliseAssets(goal.inputs, d.o.project.pwd),
    parent: goal.parent,
    provider: ref,
    protect: goal.protect ?? false,
    retainOnDelete: goal.retainOnDelete ?? false,
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    customTimeouts: goal.timeouts,
    deletedWith: goal.deletedWith,
    replaceWith: goal.replaceWith,
    ignoreChanges: goal.ignoreChanges,
    replaceOnChanges: goal.replaceOnChanges,
    ...(goal.replacementTrigger === undefined ? {} : { replacementTrigger: goal.replacementTrigger }),
  });
  if (old) {
    next.rest = old.rest;
    next.importID = old.importID;
    next.created = old.created;
    next.modified = old.modified;
  }
  d.planned.set(urn, next);
  d.o.reporter.hide(next.inputs);
  return { d, goal, urn, old, next, provider };
}

async function registerResource(d: Deployment, goal: Goal, urn: string, old: State | undefined): Promise<State> {
  if (!goal.custom) return registerComponent(prepare(d, goal, urn, old, "", undefined));
  const ref = goal.provider || (await defaultProvider(d, packageOf(goal.type), goal.version, goal.pluginDownloadURL));
  const w = prepare(d, goal, urn, old, ref, await d.provider(ref));
  const recreated = d.deletedForReplacement.get(old?.urn ?? urn);
  const importedId = old ? old.importID || old.id : "";
  if (goal.importId !== "" && (!old || old.external || importedId !== goal.importId) && !recreated) return adopt(w);
  return proceed(w, old);
}

/** From a described state to its step: check, judgement, comparison. `old` is what there is of it, if anything. */
export async function proceed(w: Work, old: State | undefined): Promise<State> {
  const { d, goal, urn } = w;
  const targeted = isTargeted(w);
  const recreated = d.deletedForReplacement.get(old?.urn ?? urn);
  if (old && goal.ignoreChanges.length > 0)
    w.next.inputs = ignoreChanges(w.next.inputs, old.inputs, goal.ignoreChanges);
  if (targeted) await check(w, old && !recreated && !old.external ? old.inputs : {});
  else w.next.inputs = old?.inputs ?? {};
  w.next.inputs = await d.judge(d.subject(w.next, w.next.inputs));
  d.ensureRunning();
  if (!targeted) return leave(w, old);
  if (!old || recreated || old.external) admit(w);
  if (!old) return applyCreate(w, "create");
  if (recreated) return applyReplacement(w, { keys: recreated, createFirst: false, follows: true });
  // What was only read until now comes under management: a new one is made, the old one was never ours to delete.
  if (old.external) return applyReplacement(w, { keys: [], createFirst: true });
  return decide(w, old);
}

/** A component has no provider: equal inputs mean nothing to do. Its outputs event comes with its outputs. */
async function registerComponent(w: Work): Promise<State> {
  const { d, old, next } = w;
  next.inputs = await d.judge(d.subject(next, next.inputs));
  d.ensureRunning();
  if (!isTargeted(w)) return leave(w, old);
  admit(w);
  if (!old) return applyCreate(w, "create");
  if (deepEqual(old.inputs, next.inputs)) return applySame(w);
  return applyUpdate(w, NO_DIFF);
}

/** Lets the provider check the inputs; its failures end the registration. */
async function check(w: Work, olds: Props): Promise<void> {
  // Only a preview shows a provider what is not known. (In an update that is what hangs on a failed resource.)
  const news = w.d.preview ? w.next.inputs : (known(w.next.inputs) as Props);
  const { inputs, failures } = await (w.provider as Provider).check(w.next, olds, news);
  if (failures.length > 0) failCheck(w, failures);
  w.next.inputs = inputs;
}

function failCheck(w: Work, failures: CheckFailure[]): never {
  for (const f of failures.slice(0, -1)) w.d.o.reporter.say("error", failureText(w, f), w.urn);
  return w.d.die(w.urn, failureText(w, failures.at(-1) as CheckFailure));
}

function failureText(w: Work, f: CheckFailure): string {
  const head = `${w.goal.type} resource '${nameOf(w.urn)}'`;
  if (!f.property) return `${head} has a problem: ${f.reason}`;
  const value = w.next.inputs[f.property];
  const shown = typeof value === "string" ? ` value {${value}}` : "";
  return `${head}: property ${f.property}${shown} has a problem: ${f.reason}`;
}

/** Providers and the Stack are the engine's own affair: no choice of targets leaves them out. */
const isTargeted = ({ d, next }: Work): boolean =>
  isProviderType(next.type) || next.type === STACK_TYPE || d.o.targets.includes(next);

/** No target: what is there stays as it is, what is not there is not made. */
function leave(w: Work, old: State | undefined): State {
  const { d, urn } = w;
  if (!old) return applyNothing(w);
  if (old.provider && !d.hasProvider(old.provider))
    throw new Error(
      `provider ${old.provider} for resource ${urn} has not been registered yet, this is due to a change of providers mixed with --target. Change your program back to the original providers`,
    );
  return applyUntouched(w, old);
}

async function decide(w: Work, old: State): Promise<State> {
  const diff = await compare(w, old);
  w.d.ensureRunning();
  admit(w);
  if (replaces(diff) || old.pendingReplacement) return replaceWith(w, old, diff);
  if (diff.changes === "some") return applyUpdate(w, diff);
  // A resource that did not come up right is brought up again, changed or not.
  if (old.initErrors.length > 0) return applyUpdate(w, diff);
  // What was just adopted and is as it should be needs no step of its own.
  if (w.imported) return old;
  await (w.provider as Provider).keep(old, w.next.inputs);
  return applySame(w);
}

/** What the change from old to new means, forced replacements included. */
async function compare(w: Work, old: State): Promise<Diff> {
  const { d, goal, next } = w;
  const forced = await forcedReplacement(w, old);
  // A trigger is no property: the CLI names no key for it.
  if (forced)
    return { ...NO_DIFF, changes: "some", replaces: forced === "replacementTrigger" ? [] : [forced], forced: true };
  // A renamed resource is asked about by its new name.
  const diff = await (w.provider as Provider).diff({ ...old, urn: w.urn }, next.inputs, goal.ignoreChanges);
  if (diff === "unavailable") {
    const text =
      "The provider for this resource has inputs that are not known during preview.\nThis preview may not correctly represent the changes that will be applied during an update.";
    d.o.reporter.say("warning", text, w.urn);
    return { ...NO_DIFF, changes: "some" };
  }
  return applyReplaceOnChanges(diff, goal.replaceOnChanges);
}

/** The reason why a resource is replaced whatever its provider says, if there is one. */
async function forcedReplacement(w: Work, old: State): Promise<string | undefined> {
  const { d, goal, next } = w;
  if (old.provider !== next.provider && (await providerChanged(d, old.provider, next.provider))) return "provider";
  if (old.replacementTrigger !== undefined && !deepEqual(old.replacementTrigger, goal.replacementTrigger)) {
    return "replacementTrigger";
  }
  if (goal.deletedWith && d.replaced.has(goal.deletedWith)) return "deletedWith";
  if (goal.replaceWith.some((u) => d.replaced.has(u))) return "replaceWith";
  return undefined;
}

/** A provider that is another one now decides by its configuration; default providers are asked even when theirs is equal but for the version. */
async function providerChanged(d: Deployment, oldRef: string, newRef: string): Promise<boolean> {
  if (!oldRef || !newRef) return false;
  const was = parseReference(oldRef).urn;
  const is = parseReference(newRef).urn;
  const old = d.oldProvider(oldRef);
  const next = d.providerState(newRef);
  if (!old || !next || (was === is && deepEqual(old.inputs, next.inputs))) return false;
  const provider = await d.provider(newRef);
  return replaces(await provider.diffConfig(old, next.inputs));
}

async function replaceWith(w: Work, old: State, diff: Diff): Promise<State> {
  const { d, goal, next } = w;
  if (old.protect && next.protect) {
    d.flaw(
      w.urn,
      `unable to replace resource "${w.urn}"\nas it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\``,
    );
  }
  if (goal.importId) replacedImport(w, old, diff);
  // The replacement is a new resource: names and the like are chosen afresh, so the old inputs must not show.
  next.inputs =
    goal.ignoreChanges.length > 0
      ? ignoreChanges(normaliseAssets(goal.inputs, d.o.project.pwd), old.inputs, goal.ignoreChanges)
      : normaliseAssets(goal.inputs, d.o.project.pwd);
  await check(w, {});
  d.replaced.add(w.urn);
  const keys = diff.replaces;
  if (old.pendingReplacement) return applyReplacement(w, { keys, diff, createFirst: false });
  const deleteFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
  if (!deleteFirst) return applyReplacement(w, { keys, diff, createFirst: true });
  await deleteDependents(d, old);
  await deleteForReplacement(d, old);
  return applyReplacement(w, { keys, diff, createFirst: false });
}

/** A replacement has another id than the one the program imports. */
function replacedImport({ d, next, urn }: Work, old: State, diff: Diff): void {
  const show = (v: Value | undefined) => JSON.stringify(display(v));
  const keys = diff.replaces.map((k) => `${k}: ${show(old.inputs[k])} => ${show(next.inputs[k])}`);
  const text = `previously-imported resources that still specify an ID may not be replaced; please remove the \`import\` declaration from your program;\n${keys.join("\n")}`;
  if (!d.preview) d.die(urn, text);
  d.o.reporter.say("warning", text, urn);
}
