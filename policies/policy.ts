import * as pulumi from "@pulumi/pulumi";
import { type EnforcementLevel, type ResourceValidationPolicy, UnknownValueError } from "@pulumi/policy";
import { UserError } from "../model/errors";
import { judge } from "../model/evidence";
import type { Facts, Verdict } from "../model/facts";
import { leftOut, readNames } from "../model/leftOut";
import type { Plan, Position } from "../model/types";
import * as context from "./context";
import { configuredOverrides, overrideState } from "./override";

export const GATE = "gates:index:Gate";
export const TRUNK =
  "genesyscloud:index/telephonyProvidersEdgesTrunkbasesettings:TelephonyProvidersEdgesTrunkbasesettings";
export const ROUTE = "carrier:index:Route";
export const EMERGENCY = "carrier:index:EmergencyAddress";
export const ROLE = "genesyscloud:index/authRole:AuthRole";
export const GROUP = "genesyscloud:index/architectEmergencygroup:ArchitectEmergencygroup";
export const TABLE_ROW = "genesyscloud:index/architectDatatableRow:ArchitectDatatableRow";

/** What a policy found: the value seen, the value required, how to fix it. */
export interface Finding {
  seen: string;
  required: string;
  fix: string;
}

/** A resource as a policy sees it: plain values, nothing unknown in what was read. */
export interface Judged {
  type: string;
  name: string;
  urn: string;
  props: Record<string, unknown>;
  secretOutputs: string[];
}

type Judge = (resource: Judged) => Finding[] | Promise<Finding[]>;

/** The message form of all policies: resource, seen, required, fix, override by name. */
export function formatFinding(policy: string, resource: string, finding: Finding, ended?: string): string {
  const override = `to override: set cutover:override to {"${policy}": {"reason": "...", "until": "<date>"}}`;
  return `${resource}: seen ${finding.seen}; required ${finding.required}; fix: ${finding.fix}; ${override}${ended ? ` (${ended})` : ""}.`;
}

/** A value read from a resource that is not known yet: what cannot be known cannot be allowed. */
function unknownFinding(error: UnknownValueError): Finding {
  return {
    seen: `a value that is not known yet (${error.message})`,
    required: "values known before the update",
    fix: "make the program know it in preview",
  };
}

async function findings(judgeIt: Judge, resource: Judged): Promise<Finding[]> {
  try {
    return await judgeIt(resource);
  } catch (error) {
    if (error instanceof UnknownValueError) return [unknownFinding(error)];
    if (error instanceof UserError)
      return error.problems.map((seen) => ({
        seen,
        required: "a plan and configuration without mistakes",
        fix: "correct them",
      }));
    throw error;
  }
}

/** A mandatory policy on one type of resource, around a judgement that returns findings. */
export function resourcePolicy(
  name: string,
  description: string,
  type: string,
  judgeIt: Judge,
  extra: Partial<ResourceValidationPolicy> & { enforcementLevel?: EnforcementLevel } = {},
): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: async (args, report) => {
      if (args.type !== type) return;
      const resource = {
        type: args.type,
        name: args.name,
        urn: args.urn,
        props: args.props,
        secretOutputs: args.opts?.additionalSecretOutputs ?? [],
      };
      const found = await findings(judgeIt, resource);
      if (found.length === 0 || isLeftOut(name, resource)) return;
      const override = configuredOverrides();
      const state = override.problem
        ? { active: false, why: override.problem }
        : overrideState(override.overrides[name], await timeFor(resource));
      if (state.active) return;
      for (const finding of found) report(formatFinding(name, args.name, finding, state.why));
    },
    ...extra,
  };
}

/**
 * Whether a rehearsal leaves this policy out. Where the switch is not allowed, or the plan that would allow it cannot be read, the policy
 * stands: the program and the gate's provider say why.
 */
function isLeftOut(name: string, resource: Judged): boolean {
  const cfg = new pulumi.Config("cutover");
  const names = readNames(cfg.get("withoutPolicies"));
  if (names.length === 0) return false;
  try {
    const plan = context.planAt(resource.type === GATE ? String(resource.props.plan) : undefined);
    return leftOut(plan, names, cfg.get("clock")).has(name);
  } catch {
    return false;
  }
}

/** The time by which an override ends. Without a readable plan or clock no override counts. */
async function timeFor(resource: Judged): Promise<Date> {
  try {
    return await context.now(context.planAt(resource.type === GATE ? String(resource.props.plan) : undefined));
  } catch {
    return new Date(Number.POSITIVE_INFINITY);
  }
}

/** What a gate resource holds, copied out of the SDK's proxies. Throws UnknownValueError for a value not yet known. */
export function gateInputs(props: Record<string, unknown>): { from: Position; to: Position; plan: Plan; facts: Facts } {
  const copy = <T>(value: unknown): T =>
    value === undefined ? (undefined as T) : (JSON.parse(JSON.stringify(value)) as T);
  const from = copy<Position | undefined>(props.from);
  const to = copy<Position | undefined>(props.to);
  if (!from?.phase || !to?.phase)
    throw new UserError("The gate names no position to move from and to; expected {phase, waves} in both.");
  return {
    from: position(from),
    to: position(to),
    plan: context.planAt(String(props.plan)),
    facts: copy<Facts | undefined>(props.facts) ?? {},
  };
}

const position = (p: Position): Position => ({ phase: p.phase, waves: p.waves ?? {} });

/** A policy that is one gate of model/evidence: the same predicate that the gate's provider asks once more. */
export function gatePolicy(gate: string, description: string): ResourceValidationPolicy {
  return resourcePolicy(gate, description, GATE, async ({ props }) => {
    const { from, to, plan, facts } = gateInputs(props);
    // The stack's name comes from the engine, not from the program that asks to pass.
    const named = { ...facts, stack: pulumi.getStack() };
    const verdicts = judge(plan, from, to, named, await context.now(plan));
    return verdicts.filter((v) => v.gate === gate && v.status !== "passed").map(findingOf);
  });
}

const findingOf = ({ status, seen, required, fix }: Verdict): Finding => ({
  seen: status === "failed" ? seen : `${seen} (${status})`,
  required,
  fix,
});
