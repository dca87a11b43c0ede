import type { ResourceValidationPolicy } from "@pulumi/policy";
import { UserError } from "../model/errors";
import { planIfAny } from "./context";
import { levelOf } from "./levels";
import { configuredOverrides, overrideState } from "./override";
import {
  andStack,
  type Finding,
  forgetMove,
  GATE,
  gateInputs,
  resourcePolicy,
  STACK,
  timeFor,
  together,
} from "./policy";
import { learnMove } from "./way-back";

const NAME = "levels-kept";
const WHAT = "A policy that protects calls keeps its level, unless an override names it with a reason and an end.";

/** Policies whose level a stack may lower as it likes: what they prevent costs no call and can be taken back. */
const FREE = ["allowlist-not-too-wide", "least-privilege", "not-judged", "override-in-use"];

/**
 * Levels are CrossGuard's, per stack; a policy that keeps calls from being lost is lowered only together with an override by its name,
 * with reason and end. So it cannot vanish by a line in a file that nobody reads.
 *
 * A migration's stack is judged with its gate, which says whether this is a way back: no policy stops one, and an override that ended last
 * night may not. A stack without a plan has no gate and is judged with its first resource; one that has lost its gate, at the end.
 */
export const levelsKept = (names: () => readonly string[]): ResourceValidationPolicy => {
  const lowered = () => loweredLevels(names());
  const onStack = resourcePolicy(NAME, WHAT, STACK, async () => {
    // The stack is the first resource of an operation.
    forgetMove();
    return isMigration() ? [] : lowered();
  });
  const onGate = resourcePolicy(NAME, WHAT, GATE, async ({ props }) => {
    const { plan, from, to, facts } = gateInputs(props);
    learnMove(plan, from, to, facts);
    return lowered();
  });
  return andStack(together(onStack, onGate), async ({ resources }) => {
    if (!isMigration() || resources.some((r) => r.type === GATE)) return [];
    const stack = resources.find((r) => r.type === STACK) ?? resources[0];
    return stack ? (await lowered()).map((finding) => ({ urn: stack.urn, name: stack.name, finding })) : [];
  });
};

/** Whether the stack has a plan; one that cannot be read is none that is known to be absent. */
function isMigration(): boolean {
  try {
    return planIfAny() !== undefined;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

async function loweredLevels(names: readonly string[]): Promise<Finding[]> {
  const { overrides } = configuredOverrides();
  const now = await timeFor();
  const lowered = names.flatMap((name) => {
    const level = levelOf(name);
    if (FREE.includes(name) || (level !== "advisory" && level !== "disabled")) return [];
    return overrideState(overrides[name], now).active ? [] : [{ name, level }];
  });
  return lowered.map(({ name, level }) => ({
    seen: `${name} at level ${level}`,
    required: "mandatory, or an override of its name that counts today",
    fix: `take it out of the pack's configuration, or set cutover:override to {"${name}": {"reason": "...", "until": "<date>"}}`,
  }));
}
