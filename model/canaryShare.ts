import { UserError } from "./errors";
import type { Plan } from "./types";

/** Shares of callers, percent, on the way to the plan's own: small enough at first that a bad trunk hurts few of them. */
const SHARES = [5, 10, 25] as const;

/** The shares that a canary takes one after another, percent, ascending; the last is the plan's own. */
export function canaryShares({ canary }: Pick<Plan, "canary">): number[] {
  return [...SHARES.filter((share) => share < canary.percent), canary.percent];
}

/**
 * The plan with a smaller canary share, for the sub-steps on the way to its own; without `percent` the plan itself. The digest stays: a
 * share below the plan's is a part of the way that was reviewed, not another plan.
 * @throws UserError for a share that is not above 0 and at most the plan's.
 */
export function withCanaryPercent(plan: Plan, percent: number | undefined): Plan {
  if (percent === undefined) return plan;
  if (!(percent > 0 && percent <= plan.canary.percent))
    throw new UserError(
      `cutover:canaryPercent: seen ${percent}; expected a number above 0 and at most canary.percent of the plan, ${plan.canary.percent}; fix: lower it, or leave it out.`,
    );
  return { ...plan, canary: { ...plan.canary, percent } };
}
