import { PROOF_POLICY } from "../model/proof";
import { formatWaves } from "../model/waves";
import type { DeployResult } from "./deployer";
import type { Stopped } from "./report";
import type { WalkStep } from "./steps";
import type { ApiCounts } from "./world";

/** A step that did not go through, told with what the policies and the engine said. */
export class StepFailed extends Error {
  constructor(
    readonly step: WalkStep,
    readonly verb: Stopped["in"],
    readonly result: DeployResult,
  ) {
    const said = [
      ...result.policies.violations.filter((v) => v.level !== "advisory").map((v) => `${v.policy}: ${v.message}`),
      ...result.diagnostics.filter((d) => d.severity === "error").map((d) => d.message),
    ];
    super(
      `${verb} of ${step.phase}${formatWaves(step.waves) ? ` ${formatWaves(step.waves)}` : ""} failed: ${said.join("\n") || "no reason given"}`,
    );
    this.name = "StepFailed";
  }
}

/** A refusal of the gate's provider, one line per policy or proof (model/verdictText.ts). */
const REFUSAL = /^\s*- ([a-z0-9-]+) \((?:failed|errored|inconclusive)\): .*$/gm;

/** A refusal of a provider's own check that is a layer of a policy (providers/genesyscloud/trunk.ts). */
const CHECK_REFUSAL = /; policy ([a-z0-9-]+): /;

/** Calls that were not reads, over all APIs. */
export const writesOf = (api: ApiCounts): number => Object.values(api).reduce((sum, { writes }) => sum + writes, 0);

/**
 * Which policy stopped a step: `wanted` when it is among those that refused, else the first. Null when no policy had to do with the
 * failure. The gate's provider, the proofs and a resource's own check refuse as errors of their resource; their lines name the policy.
 */
export function stoppedBy(
  step: WalkStep,
  verb: Stopped["in"],
  result: DeployResult,
  writes: number,
  wanted?: string,
): Stopped | null {
  const refusals = [
    ...result.policies.violations
      .filter((v) => v.level !== "advisory")
      .map(({ policy, message }) => ({ policy, message })),
    ...result.diagnostics.flatMap((d) => [...d.message.matchAll(REFUSAL)].map(([line, name]) => refusal(line, name!))),
    ...result.diagnostics.flatMap(({ message }) => {
      const policy = CHECK_REFUSAL.exec(message)?.[1];
      return policy ? [{ policy, message: message.trim() }] : [];
    }),
  ];
  const first = refusals.find((r) => r.policy === wanted) ?? refusals[0];
  if (!first) return null;
  const also = [...new Set(refusals.map((r) => r.policy))].filter((p) => p !== first.policy);
  return { ...first, phase: `${step.phase} ${formatWaves(step.waves)}`.trim(), in: verb, also, writes };
}

function refusal(line: string, name: string): { policy: string; message: string } {
  const policy = (PROOF_POLICY as Record<string, string>)[name] ?? name;
  return { policy, message: line.trim().replace(/^- /, "") };
}
