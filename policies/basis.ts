import type { Plan } from "../model/types";
import { planIfAny } from "./context";

/**
 * A policy cannot judge a resource: something it would compare with is not there. Said, never taken for a pass: the policy is "not
 * applicable" with this reason, and the advisory `not-judged` lists it in every preview.
 */
export class Lacks extends Error {}

/** What a policy may compare a resource with: the stack's plan where there is one, and the pack's configuration. */
export class Basis {
  constructor(private readonly settings: Record<string, unknown>) {}

  /** The stack's plan. Throws Lacks for a program without one, UserError for a plan with mistakes. */
  plan(what: string): Plan {
    const plan = planIfAny();
    if (plan) return plan;
    throw new Lacks(`it lacks ${what}: set cutover:plan to the directory of a plan`);
  }

  /** A value of the pack's configuration for this policy; undefined when nobody set it. */
  setting<T>(key: string): T | undefined {
    return this.settings[key] as T | undefined;
  }

  /** The basis for one resource: what the configuration says under `key` for its name comes before what it says for all. */
  of(key: string, props: Record<string, unknown>): Basis {
    const each = this.settings[key] as Record<string, Record<string, unknown>> | undefined;
    return each ? new Basis({ ...this.settings, ...each[String(props.name)] }) : this;
  }

  /** The pack's configured value, else the plan's. Throws Lacks when there is neither. */
  either<T>(key: string, what: string, ofPlan: (plan: Plan) => T): T {
    const configured = this.setting<T>(key);
    if (configured !== undefined) return configured;
    const plan = planIfAny();
    if (plan) return ofPlan(plan);
    throw new Lacks(`it lacks ${what}: set ${key} in the pack's configuration, or cutover:plan`);
  }
}

/** What policies could not judge in this operation, by policy: reason to resources. */
class NotJudged {
  private readonly byPolicy = new Map<string, Map<string, Set<string>>>();

  note(policy: string, resource: string, reason: string): void {
    const reasons = this.byPolicy.get(policy) ?? new Map<string, Set<string>>();
    this.byPolicy.set(policy, reasons);
    reasons.set(reason, (reasons.get(reason) ?? new Set()).add(resource));
  }

  /** One line for each policy and reason, sorted; and the list begins anew. */
  take(): string[] {
    const lines = [...this.byPolicy].flatMap(([policy, reasons]) =>
      [...reasons].map(
        ([reason, resources]) => `${policy} did not judge ${[...resources].sort().join(", ")}: ${reason}.`,
      ),
    );
    this.byPolicy.clear();
    return lines.sort();
  }
}

export const notJudged = new NotJudged();
