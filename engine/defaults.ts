/** Provider resources: explicit ones, and the default one of a package, made when the first resource needs it. */
import { randomUUID } from "node:crypto";
import { message, settle } from "./apply";
import type { Deployment } from "./deployment";
import { replaces } from "./diff";
import type { Goal } from "./goal";
import { withoutInternal } from "./provider";
import { failCheck, register, type Work } from "./registration";
import type { Op } from "./result";
import type { State } from "./state";
import { defaultProviderName, isDefaultProvider, packageOfProvider, providerType } from "./urn";
import { type Props, secret, UNKNOWN } from "./values";

const pending = new WeakMap<Deployment, Map<string, Promise<string>>>();

/** Reference of the package's default provider for a version; registered once in an operation. */
export function defaultProvider(d: Deployment, pkg: string, version: string, url: string): Promise<string> {
  let mine = pending.get(d);
  if (!mine) {
    mine = new Map();
    pending.set(d, mine);
  }
  const name = defaultProviderName(version);
  let ref = mine.get(`${pkg} ${name}`);
  if (!ref) {
    ref = register(d, defaultGoal(d, pkg, name, version, url)).then((a) => `${a.urn}::${a.id || UNKNOWN}`);
    mine.set(`${pkg} ${name}`, ref);
  }
  return ref;
}

/** A default provider takes its inputs from the stack's `<package>:*` configuration. */
function defaultGoal(d: Deployment, pkg: string, name: string, version: string, url: string): Goal {
  const inputs: Props = {};
  for (const [key, value] of Object.entries(d.o.config)) {
    const [head, ...rest] = key.split(":");
    // Both `pkg:name` and the older `pkg:config:name` are in use.
    const field = rest[0] === "config" && rest.length > 1 ? rest.slice(1).join(":") : rest.join(":");
    if (head === pkg && field) inputs[field] = d.o.secretKeys.includes(key) ? secret(value) : value;
  }
  if (version) inputs.version = version;
  if (url) inputs.pluginDownloadURL = url;
  return {
    type: providerType(pkg),
    name,
    custom: true,
    parent: "",
    inputs,
    provider: "",
    version: "",
    pluginDownloadURL: "",
    dependencies: [],
    propertyDependencies: {},
    protect: undefined,
    retainOnDelete: undefined,
    deleteBeforeReplace: undefined,
    ignoreChanges: [],
    replaceOnChanges: [],
    replacementTrigger: undefined,
    additionalSecretOutputs: [],
    aliases: [],
    importId: "",
    deletedWith: "",
    replaceWith: [],
    timeouts: {},
  };
}

/** Checks, judges and configures a provider resource. Nothing outside the engine is written by it. */
export async function registerProvider(d: Deployment, w: Work): Promise<State> {
  const { next, old, urn } = w;
  const pkg = packageOfProvider(next.type);
  // Only default providers carry the engine's own key, as the CLI writes them.
  const news: Props = isDefaultProvider(urn)
    ? { ...next.inputs, __internal: next.inputs.__internal ?? {} }
    : next.inputs;
  const { inputs, failures } = await d.o.plugins.checkConfig(urn, next.type, pkg, old?.inputs ?? {}, news);
  if (failures.length > 0) failCheck(w, failures);
  next.inputs = await d.judge(d.subject(next, inputs));
  d.ensureRunning();
  const op = await decideProvider(d, w);
  const fresh = op === "create" || op === "replace";
  next.id = fresh ? (d.preview ? UNKNOWN : randomUUID()) : (old as State).id;
  next.outputs = withoutInternal(next.inputs);
  if (op !== "same") next.modified = new Date().toISOString();
  if (fresh) next.created = next.modified;
  try {
    d.addProvider(
      next,
      await d.o.plugins.configure(urn, next.type, pkg, d.preview && fresh ? "" : next.id, next.inputs),
    );
  } catch (e) {
    d.die(urn, `could not configure the provider ${urn}: ${message(e)}`);
  }
  const step = { op, urn, type: next.type, new: next, ...(old ? { old } : {}) };
  d.o.reporter.begin(step);
  if (op === "replace" && old) {
    old.delete = true;
    d.o.snapshot.changed(old);
  }
  settle(w, op === "replace" ? undefined : old);
  d.o.reporter.done(step);
  d.o.reporter.outputs(step);
  return next;
}

/** The provider says whether its configuration changed and whether what it manages must be replaced; equal inputs are asked about too, as the CLI does. */
async function decideProvider(d: Deployment, w: Work): Promise<Op> {
  const { old, next, urn } = w;
  if (!old) return "create";
  const bare = await d.o.plugins.bare(urn, packageOfProvider(next.type));
  const diff = await bare.diffConfig(old, next.inputs);
  if (diff.changes === "none") return "same";
  return replaces(diff) ? "replace" : "update";
}
