import { UserError } from "../../model/errors";
import type { Plan } from "../../model/types";
import { type WalkStep, walkSteps } from "../steps";
import { sameStep, type Trap, type Until } from "./trap";

/** The whole way of a plan, each step once and none back. */
export const wayForward = (plan: Plan): WalkStep[] =>
  walkSteps(plan)
    .filter((s) => s.direction === "forward")
    .filter((s, i, all) => i === 0 || !sameStep(s, all[i - 1]!));

/**
 * The way into a trap, as its mistaken pull requests have it, up to and with `until`.
 * @throws UserError when the plan has no such step: traps are made for test/estates/guide.
 */
export function wayInto(trap: Trap, plan: Plan, until: Until): WalkStep[] {
  const way = wayForward(plan);
  const steps = trap.walk ? trap.walk(way) : way;
  // The last of its kind: a way back comes by the same place again.
  const last = steps.map((s) => sameStep(s, until)).lastIndexOf(true);
  if (last === -1)
    throw new UserError(
      `--trap ${trap.name}: this estate has no step ${until.phase} ${JSON.stringify(until.waves ?? {})}; use test/estates/guide, for which the trap is made.`,
    );
  return steps.slice(0, last + 1);
}
