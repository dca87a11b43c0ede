/**
 * Adoption by the option `import`: the resource is read and taken into the state as it is; from there on it is a resource like any other,
 * so that inputs which do not describe what is there are followed by an update at once. Source: Pulumi step.go, ImportStep; step_generator.go,
 * continueStepsFromImport.
 */
import { perform, settle } from "./apply";
import { InitError, type Provider } from "./provider";
import { prepare, proceed, type Work } from "./registration";
import type { Step } from "./result";
import type { State } from "./state";

/** Adopts what has the id that the program names, then brings it to what the program declares. */
export async function adopt(w: Work): Promise<State> {
  const { d, next, urn, goal } = w;
  const replaced = w.old;
  next.importID = goal.importId;
  const step: Step = { op: replaced ? "import-replacement" : "import", urn, type: next.type, new: next };
  await perform(
    w,
    step,
    "importing",
    () => read(w, step),
    () => {
      if (replaced) {
        // In the same breath, so that no saved checkpoint holds two live entries of one URN.
        replaced.delete = true;
        d.o.snapshot.changed(replaced);
      }
      settle(w, undefined);
    },
  );
  if (replaced) {
    const replace: Step = { op: "replace", urn, type: next.type, old: replaced, new: next };
    d.o.reporter.begin(replace);
    d.o.reporter.done(replace);
    d.o.reporter.outputs(replace);
  }
  const goes: Work = { ...prepare(d, goal, urn, next, next.provider, w.provider), imported: true };
  return proceed(goes, next);
}

/** Fills the state with what is there. Throws when it is not, or when the provider cannot say what its inputs are. */
async function read({ next, goal, provider: p }: Work, step: Step): Promise<void> {
  const provider = p as Provider;
  if (!provider.configured) return;
  let found: { id: string; outputs: State["outputs"]; inputs?: State["inputs"] };
  try {
    found = await provider.read({ urn: next.urn, type: next.type, id: goal.importId });
  } catch (e) {
    if (!(e instanceof InitError)) throw e;
    found = { id: e.id, outputs: e.outputs, ...(e.inputs ? { inputs: e.inputs } : {}) };
    next.initErrors = e.reasons;
  }
  if (found.id === "") throw new Error(`resource '${goal.importId}' does not exist`);
  if (!found.inputs) throw new Error(`the provider of ${next.type} cannot import: its Read gave no inputs`);
  const at = new Date().toISOString();
  Object.assign(next, { id: found.id, outputs: found.outputs, inputs: found.inputs, created: at, modified: at });
  step.old = { ...next };
}
