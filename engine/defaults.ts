/** Provider resources: explicit ones, and the default one of a package, made when the first resource needs it. */
import { defaultVersion } from "./default-versions";
import type { Deployment } from "./deployment";
import type { Goal } from "./goal";
import { ProviderResource } from "./provider-resource";
import { prepare, proceed, register } from "./registration";
import { Code, StatusError } from "./rpc";
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
  const chosen = version || defaultVersion(d, pkg);
  const name = defaultProviderName(chosen);
  let ref = mine.get(`${pkg} ${name}`);
  if (!ref) {
    ref = register(d, defaultGoal(d, pkg, name, chosen, url)).then((a) => {
      if (a.failed) throw new StatusError(Code.UNAVAILABLE, `the default provider of ${pkg} did not come about`);
      return `${a.urn}::${a.id || UNKNOWN}`;
    });
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
  inputs.__internal = url ? { pluginDownloadURL: url } : {};
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

/**
 * Carries the registration of a provider resource through, like any other's. An explicit provider that names no plug-in gets the one the
 * package's default provider would have.
 */
export async function registerProvider(d: Deployment, goal: Goal, urn: string, old: State | undefined): Promise<State> {
  const inputs: Props = { ...goal.inputs };
  if (!isDefaultProvider(urn)) {
    const version = goal.version || (goal.pluginDownloadURL ? "" : defaultVersion(d, packageOfProvider(goal.type)));
    if (version) Object.assign(inputs, { version, __internal: {} });
    if (goal.pluginDownloadURL) inputs.__internal = { pluginDownloadURL: goal.pluginDownloadURL };
  }
  const w = prepare(d, { ...goal, inputs }, urn, old, "", undefined);
  w.provider = await ProviderResource.open(d, w.next);
  return proceed(w, old);
}
