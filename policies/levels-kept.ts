import type { ResourceValidationPolicy } from "@pulumi/policy";
import { configuredOverrides, overrideState } from "./override";
import { forgetMove, resourcePolicy, STACK, timeFor } from "./policy";
import { levelOf } from "./levels";

/** Policies whose level a stack may lower as it likes: what they prevent costs no call and can be taken back. */
const FREE = ["allowlist-not-too-wide", "least-privilege", "not-judged", "override-in-use"];

/**
 * Levels are CrossGuard's, per stack; a policy that keeps calls from being lost is lowered only together with an override by its name,
 * with reason and end. So it cannot vanish by a line in a file that nobody reads.
 */
export const levelsKept = (names: () => readonly string[]): ResourceValidationPolicy =>
  resourcePolicy(
    "levels-kept",
    "A policy that protects calls keeps its level, unless an override names it with a reason and an end.",
    STACK,
    async () => {
      // The stack is the first resource of an operation.
      forgetMove();
      const { overrides } = configuredOverrides();
      const now = await timeFor();
      const lowered = names().flatMap((name) => {
        const level = levelOf(name);
        if (FREE.includes(name) || (level !== "advisory" && level !== "disabled")) return [];
        return overrideState(overrides[name], now).active ? [] : [{ name, level }];
      });
      return lowered.map(({ name, level }) => ({
        seen: `${name} at level ${level}`,
        required: "mandatory, or an override of its name that counts today",
        fix: `take it out of the pack's configuration, or set cutover:override to {"${name}": {"reason": "...", "until": "<date>"}}`,
      }));
    },
  );
