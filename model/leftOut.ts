import { UserError } from "./errors";
import type { Plan } from "./types";

/**
 * Policies that a rehearsal leaves out of all three layers (pack, gate, provider) to show what they prevent:
 * `cutover:withoutPolicies`, a comma list of names. It is a sandbox's switch only, and two marks that no production stack can
 * carry have to agree: the plan says `sandbox: true`, and the stack's clock is a world's (a configured clock is itself refused
 * unless it is loopback). Throws UserError when names are given and either mark is missing: the switch is refused, never ignored.
 */
export function leftOut(
  plan: Pick<Plan, "name" | "sandbox">,
  names: readonly string[],
  clock: string | undefined,
): ReadonlySet<string> {
  if (names.length === 0) return new Set();
  if (plan.sandbox === true && clock) return new Set(names);
  const lack =
    plan.sandbox === true
      ? "no sandbox clock is configured (cutover:clock)"
      : `the plan ${plan.name} is not marked sandbox: true`;
  throw new UserError(
    `cutover:withoutPolicies: seen ${names.join(", ")}; expected nothing, since ${lack}: policies are left out in rehearsals only; fix: remove it, or override one policy by name with a reason and an end in cutover:override.`,
  );
}

/** Names in the text of `cutover:withoutPolicies`, sorted and each once. */
export const readNames = (text: string | undefined): string[] =>
  [
    ...new Set(
      (text ?? "")
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== ""),
    ),
  ].sort();
