/** What a program may ask for and the embedded engine does not do: one sentence each, before anything is changed. */
import type * as ResourceProto from "@pulumi/pulumi/proto/resource_pb";
import type { Deployment } from "./deployment";
import type { Provider } from "./provider";
import { isProviderType, packageOf } from "./urn";

const CURE = "which the embedded engine does not offer: run this stack with the Pulumi CLI, or leave it out";

/**
 * Features that are announced to the SDK although they are refused: it then asks, and the program gets our sentence. Unannounced, the
 * SDK would tell the user to update a CLI that is not there.
 */
export const ANNOUNCED_TO_REFUSE = [
  "transforms",
  "invokeTransforms",
  "resourceHooks",
  "errorHooks",
  "parameterization",
] as const;

/** Ends the operation with one sentence. */
export function refuse(d: Deployment, what: string): never {
  return d.die("", `the program ${what}, ${CURE}`);
}

/** Refuses a registration that asks for more than the engine does. */
export function refuseUnoffered(d: Deployment, r: ResourceProto.RegisterResourceRequest): void {
  const name = `${r.getType()} "${r.getName()}"`;
  if (r.getRemote()) refuse(d, `declares the remote component ${name}`);
  if (r.getTransformsList().length > 0) refuse(d, `gives ${name} a transform`);
  const hooks = r.getHooks();
  if (hooks && Object.values(hooks.toObject()).some((list) => Array.isArray(list) && list.length > 0))
    refuse(d, `gives ${name} a resource hook`);
  if (packageOf(r.getType()) === "pulumi-nodejs") refuse(d, `declares ${name} with a dynamic provider`);
}

/** Refuses a look into another stack. */
export function refuseStackReference(d: Deployment, type: string, name: string): void {
  if (type === "pulumi:pulumi:StackReference") refuse(d, `reads the stack reference "${name}"`);
}

const told = new WeakMap<Deployment, Set<string>>();

/** Says, once an operation, that a provider which cannot preview is not asked to: it might act. */
export function tellBlindPreview(d: Deployment, provider: Provider, type: string): void {
  if (!d.preview || provider.previews || isProviderType(type)) return;
  const said = told.get(d) ?? new Set();
  told.set(d, said);
  const pkg = packageOf(type);
  if (said.has(pkg)) return;
  said.add(pkg);
  d.o.reporter.say(
    "info",
    `the provider ${pkg} cannot preview: it is not asked, so outputs are shown as the inputs, and what it would refuse shows in the update only`,
  );
}
