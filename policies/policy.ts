import * as pulumi from "@pulumi/pulumi";
import {
  type EnforcementLevel,
  type PolicyConfigSchema,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import { UserError } from "../model/errors";
import { judge } from "../model/evidence";
import type { Facts, Verdict } from "../model/facts";
import { leftOut, readNames } from "../model/leftOut";
import type { Finding } from "../model/rules/finding";
import type { Plan, Position } from "../model/types";
import { Basis, Lacks, notJudged } from "./basis";
import * as context from "./context";
import { configuredOverrides, overrideState } from "./override";
import { GATE } from "./types";
import { goesBack, learnMove } from "./way-back";

export { forgetMove } from "./way-back";
export type { Finding } from "../model/rules/finding";
export * from "./types";

/** A resource as a policy sees it: plain values, nothing unknown in what was read. */
export interface Judged {
  type: string;
  name: string;
  urn: string;
  props: Record<string, unknown>;
  secretOutputs: string[];
  protect: boolean;
  deleteBeforeReplace: boolean;
}

type Judge = (resource: Judged, basis: Basis) => Finding[] | Promise<Finding[]>;

/** What a policy may be told besides its judgement. */
type Extra = Partial<ResourceValidationPolicy> & {
  enforcementLevel?: EnforcementLevel;
  configSchema?: PolicyConfigSchema;
};

/** The message form of all policies: resource, seen, required, fix, override by name. */
function formatFinding(policy: string, resource: string, finding: Finding, ended?: string): string {
  const override = `to override: set cutover:override to {"${policy}": {"reason": "...", "until": "<date>"}}`;
  return `${resource}: seen ${finding.seen}; required ${finding.required}; fix: ${finding.fix}; ${override}${ended ? ` (${ended})` : ""}.`;
}

/**
 * A value read from a resource that is not known yet: what cannot be known cannot be allowed. Of a stack without a plan it is told and
 * judged in the update, before the resource is made: there a preview that fails would never let the value become known.
 */
function unknownFinding(error: UnknownValueError): Finding {
  if (!context.isMigration()) throw new Lacks(`${error.message}; the update judges it before it is made`);
  return {
    seen: `a value that is not known yet (${error.message})`,
    required: "values known before the update",
    fix: "make the program know it in preview",
  };
}

async function findings(judgeIt: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await judgeIt();
  } catch (error) {
    if (error instanceof UnknownValueError) return [unknownFinding(error)];
    if (error instanceof UserError)
      return error.problems.map((problem) => ({
        seen: problem.replace(/\.$/, ""),
        required: "what can be read without a mistake",
        fix: "correct it",
      }));
    throw error;
  }
}

/** For a policy that judges resources of every type. */
export const ANY = "*";

const judgedOf = (args: ResourceValidationArgs): Judged => ({
  type: args.type,
  name: args.name,
  urn: args.urn,
  props: args.props,
  secretOutputs: args.opts?.additionalSecretOutputs ?? [],
  protect: args.opts?.protect === true,
  deleteBeforeReplace: args.opts?.deleteBeforeReplace === true,
});

/** A mandatory policy on one type of resource (or ANY), around a judgement that returns findings. */
export function resourcePolicy(
  name: string,
  description: string,
  type: string,
  judgeIt: Judge,
  extra: Extra = {},
): ResourceValidationPolicy {
  const validate = async (args: ResourceValidationArgs, report: (message: string) => void) => {
    if (type !== ANY && args.type !== type) return;
    const resource = judgedOf(args);
    const basis = new Basis(args.getConfig());
    let lacks: Lacks | undefined;
    const found = await findings(() => judgeIt(resource, basis)).catch((error) => {
      if (!(error instanceof Lacks)) throw error;
      lacks = error;
      return [];
    });
    if (goesBack()) toldOnly(name, args.name, found);
    else await reportAll(name, args.name, found, planNamed(resource), report);
    if (!lacks) return;
    notJudged.note(name, args.name, lacks.message);
    args.notApplicable(lacks.message);
  };
  // The SDK skips a validation of another type before it has unpacked the resource: most policies judge one type of many.
  if (type !== ANY) Object.assign(validate, { __pulumiType: type });
  return { name, description, enforcementLevel: "mandatory", validateResource: validate, ...extra };
}

/** One policy of several validations, each on a type of its own. */
export function together(
  first: ResourceValidationPolicy,
  ...more: ResourceValidationPolicy[]
): ResourceValidationPolicy {
  const validations = [first, ...more].flatMap((p) => p.validateResource ?? []);
  const properties = Object.assign({}, ...[first, ...more].map((p) => p.configSchema?.properties ?? {}));
  const schema = Object.keys(properties).length > 0 ? { configSchema: { properties } } : {};
  return { ...first, ...schema, validateResource: validations };
}

/** A finding of a judgement that has all resources in view, and the resource it is about. */
interface OnResource {
  urn: string;
  name: string;
  finding: Finding;
}

/** A policy that also judges all resources together, at the end: in a preview before anything is written. */
export function andStack(
  policy: ResourceValidationPolicy,
  judgeAll: (args: StackValidationArgs, basis: Basis) => OnResource[] | Promise<OnResource[]>,
): ResourceValidationPolicy & StackValidationPolicy {
  const validateStack: StackValidationPolicy["validateStack"] = async (args, report) => {
    const basis = new Basis(args.getConfig());
    let found: OnResource[] = [];
    try {
      found = await judgeAll(args, basis);
    } catch (error) {
      // What a single resource lacks is told by its own judgement; here it only cannot be compared with the others.
      if (error instanceof Lacks || error instanceof UnknownValueError || error instanceof UserError) return;
      throw error;
    }
    if (goesBack()) for (const { name, finding } of found) toldOnly(policy.name, name, [finding]);
    else
      for (const { urn, name, finding } of found)
        await reportAll(policy.name, name, [finding], undefined, (message) => report(message, urn));
  };
  return { ...policy, validateStack };
}

/** On a way back a finding stops nothing; `not-judged` tells it. */
function toldOnly(policy: string, resource: string, found: readonly Finding[]): void {
  for (const { seen, required } of found)
    notJudged.note(policy, resource, `the way back is never stopped; seen ${seen}, required ${required}`);
}

/** Reports findings, unless the policy is left out by a rehearsal or set aside by name. */
async function reportAll(
  policy: string,
  resource: string,
  found: readonly Finding[],
  plan: string | undefined,
  report: (message: string) => void,
): Promise<void> {
  if (found.length === 0 || isLeftOut(policy, plan)) return;
  const override = configuredOverrides();
  const state = override.problem
    ? { active: false, why: override.problem }
    : overrideState(override.overrides[policy], await timeFor(plan));
  if (state.active) return;
  for (const finding of found) report(formatFinding(policy, resource, finding, state.why));
}

/** Directory of the plan where the resource names it itself. */
const planNamed = (resource: Judged): string | undefined => {
  if (resource.type !== GATE) return undefined;
  try {
    return String(resource.props.plan);
  } catch {
    return undefined;
  }
};

const planFor = (named: string | undefined): Plan | undefined => (named ? context.planAt(named) : context.planIfAny());

/**
 * Whether a rehearsal leaves this policy out. Where the switch is not allowed, or the plan that would allow it cannot be read, the policy
 * stands: the program and the gate's provider say why.
 */
function isLeftOut(name: string, planDir: string | undefined): boolean {
  const cfg = new pulumi.Config("cutover");
  const names = readNames(cfg.get("withoutPolicies"));
  if (names.length === 0) return false;
  try {
    const plan = planFor(planDir);
    return plan !== undefined && leftOut(plan, names, cfg.get("clock")).has(name);
  } catch {
    return false;
  }
}

/** The time by which an override ends. Without a readable plan or clock no override counts. */
export async function timeFor(planDir?: string): Promise<Date> {
  try {
    return await context.now(planFor(planDir));
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

/**
 * A policy that is one gate of model/evidence: the same predicate that the gate's provider asks once more. `stricter` turns the pack's
 * configuration into a stricter plan; the provider goes by the plan itself.
 */
export function gatePolicy(
  gate: string,
  description: string,
  extra: Extra & { stricter?: (plan: Plan, basis: Basis) => Plan } = {},
): ResourceValidationPolicy {
  const { stricter, ...rest } = extra;
  return resourcePolicy(
    gate,
    description,
    GATE,
    async ({ props }, basis) => {
      const { from, to, plan, facts } = gateInputs(props);
      learnMove(plan, from, to, facts);
      // The stack's name comes from the engine, not from the program that asks to pass.
      const named = { ...facts, stack: pulumi.getStack() };
      const asked = stricter ? stricter(plan, basis) : plan;
      // Only this gate is judged: asking all of them for each policy would take the square of their number.
      const verdicts = judge(asked, from, to, named, await context.now(plan), gate);
      return verdicts.filter((v) => v.status !== "passed").map(findingOf);
    },
    rest,
  );
}

const findingOf = ({ status, seen, required, fix }: Verdict): Finding => ({
  seen: status === "failed" ? seen : `${seen} (${status})`,
  required,
  fix,
});
