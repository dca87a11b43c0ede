import * as pulumi from "@pulumi/pulumi";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { notJudged } from "../../policies/basis";
import { policies } from "../../policies/pack";
import type { Declared } from "./declare";

/** Stands for the SDK's own class of this name, by which a policy knows a secret. */
class Secret {
  constructor(readonly value: unknown) {}
}
class NotApplicable extends Error {}
const notApplicable = (reason?: string): never => {
  throw new NotApplicable(reason);
};

/** A report of the pack: policy, resource, message. */
export interface Report {
  policy: string;
  resource: string;
  message: string;
}

/** Sets the stack's configuration for the pack. */
export const configure = (config: Record<string, string>): void =>
  pulumi.runtime.setAllConfig(Object.fromEntries(Object.entries(config).map(([k, v]) => [`cutover:${k}`, v])));

const optsOf = (d: Declared) => ({
  protect: d.protect,
  ignoreChanges: [],
  aliases: [],
  additionalSecretOutputs: d.secretOutputs,
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
});

async function askOne(policy: ResourceValidationPolicy, d: Declared): Promise<Report[]> {
  const reports: Report[] = [];
  const base = { type: d.type, name: d.name, urn: d.urn, opts: optsOf(d), getConfig: () => ({}), notApplicable };
  const wrapped = Object.fromEntries(
    Object.entries(d.props).map(([k, v]) => [k, d.secrets.includes(k) ? new Secret(v) : v]),
  );
  await policy.remediateResource?.({ ...base, props: wrapped } as never);
  for (const validate of [policy.validateResource ?? []].flat()) {
    // As the SDK does: a validation of one type is not asked about others.
    const type = (validate as { __pulumiType?: string }).__pulumiType;
    if (type && type !== d.type) continue;
    try {
      const report = (message: string) => reports.push({ policy: policy.name, resource: d.name, message });
      await validate({ ...base, props: d.props } as never, report);
    } catch (error) {
      if (!(error instanceof NotApplicable)) throw error;
      reports.push({ policy: policy.name, resource: d.name, message: `not applicable: ${error.message}` });
    }
  }
  return reports;
}

async function askAll(policy: StackValidationPolicy, declared: readonly Declared[]): Promise<Report[]> {
  const byUrn = new Map(
    declared.map((d) => [d.urn, { ...d, opts: optsOf(d), dependencies: [], propertyDependencies: {} as object }]),
  );
  for (const d of declared) {
    const of = Object.entries(d.propertyDependencies).map(([k, urns]) => [k, urns.flatMap((u) => byUrn.get(u) ?? [])]);
    byUrn.get(d.urn)!.propertyDependencies = Object.fromEntries(of);
  }
  const reports: Report[] = [];
  const report = (message: string, urn?: string) =>
    reports.push({ policy: policy.name, resource: urn ?? "stack", message });
  await policy.validateStack(
    { resources: [...byUrn.values()], getConfig: () => ({}), notApplicable, stackTags: new Map() } as never,
    report,
  );
  return reports;
}

/** What the whole pack says of some declared resources: each by itself, then all together. */
export async function askPack(declared: readonly Declared[], only?: (policy: string) => boolean): Promise<Report[]> {
  const reports: Report[] = [];
  notJudged.take();
  for (const policy of policies) {
    if (only && !only(policy.name)) continue;
    if ("validateResource" in policy || "remediateResource" in policy)
      for (const d of declared) reports.push(...(await askOne(policy as ResourceValidationPolicy, d)));
    if ("validateStack" in policy) reports.push(...(await askAll(policy as StackValidationPolicy, declared)));
  }
  return reports;
}
