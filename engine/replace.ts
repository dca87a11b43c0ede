/** Delete-before-replace: what hangs on the old resource by a property that forces its own replacement goes first. */
import type { Deployment } from "./deployment";
import { applyReplaceOnChanges, replaces } from "./diff";
import { runDelete } from "./deletes";
import type { State } from "./state";
import { nameOf, parseReference } from "./urn";
import { type Props, UNKNOWN } from "./values";

/** Deletes, dependents first, what must be replaced because `root` is about to vanish. */
export async function deleteDependents(d: Deployment, root: State): Promise<void> {
  const found = await dependentReplacements(d, root);
  for (const { state } of found) {
    if (!state.protect) continue;
    d.die(
      root.urn,
      `unable to replace resource "${state.urn}" as part of replacing "${root.urn}" as it is currently marked for protection. To unprotect the resource, remove the \`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n\`pulumi state unprotect '${state.urn}'\``,
    );
  }
  for (const { state, keys } of found.reverse()) {
    d.deletedForReplacement.set(state.urn, keys);
    d.replaced.add(state.urn);
    await deleteForReplacement(d, state);
  }
}

/** Deletes one resource whose replacement comes later; its state stays, marked, until then. */
export async function deleteForReplacement(d: Deployment, old: State): Promise<void> {
  const ok = await runDelete(d, old, "delete-replaced", () => {
    old.pendingReplacement = true;
    d.o.snapshot.changed(old);
  });
  if (!ok) d.die("", `the replacement of ${nameOf(old.urn)} cannot go on: the old one was not deleted`);
}

/** What would have to be replaced with `root`: the plug-ins are asked, with what hangs on it unknown. */
export async function dependentReplacements(d: Deployment, root: State): Promise<{ state: State; keys: string[] }[]> {
  const gone = new Set([root.urn]);
  const found: { state: State; keys: string[] }[] = [];
  for (const s of d.olds.values()) {
    if (s === root || !s.custom || s.pendingReplacement || d.seen.has(s.urn)) continue;
    const keys = await replaceKeys(d, s, gone);
    if (!keys) continue;
    gone.add(s.urn);
    found.push({ state: s, keys });
  }
  return found;
}

/** The keys that force `s` to be replaced when all of `gone` are; undefined when it need not be. */
async function replaceKeys(d: Deployment, s: State, gone: ReadonlySet<string>): Promise<string[] | undefined> {
  if (s.external) return undefined;
  if (s.provider && gone.has(parseReference(s.provider).urn)) return [];
  if (gone.has(s.deletedWith) || s.replaceWith.some((u) => gone.has(u))) return [];
  const hanging = Object.entries(s.propertyDependencies).filter(([, urns]) => urns.some((u) => gone.has(u)));
  // A mere dependsOn orders the two, it does not tie one's identity to the other's.
  if (hanging.length === 0 || !s.provider) return undefined;
  const inputs: Props = { ...s.inputs };
  for (const [k] of hanging) inputs[k] = UNKNOWN;
  const provider = await d.provider(s.provider);
  const diff = await provider.diff(s, inputs, s.ignoreChanges);
  if (diff === "unavailable") return undefined;
  const whole = applyReplaceOnChanges(diff, s.replaceOnChanges);
  return replaces(whole) ? whole.replaces : undefined;
}
