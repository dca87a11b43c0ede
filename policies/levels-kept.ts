import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { some } from "../model/rules/finding";
import { isMigration } from "./context";
import { configuredNames, levelOf } from "./levels";
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

/** What of a policy the configuration can name. */
type Policy = Pick<ResourceValidationPolicy | StackValidationPolicy, "name" | "configSchema">;

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
export const levelsKept = (pack: () => readonly Policy[]): ResourceValidationPolicy => {
  const lowered = async () => [...misnamed(pack()), ...(await loweredLevels(pack().map((p) => p.name)))];
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

/**
 * Names of the configuration that mean nothing here. The CLI checks the values of the properties that a policy has and takes any other name
 * without a word, so that a threshold with a slip of the pen would be none.
 */
function misnamed(pack: readonly Policy[]): Finding[] {
  const found = (seen: string, required: string): Finding => ({
    seen: `${seen} in the pack's configuration`,
    required,
    fix: "correct the name",
  });
  return [...configuredNames()].flatMap(([name, given]) => {
    const policy = pack.find((p) => p.name === name);
    if (!policy) return name === "all" ? [] : [found(`a policy ${name}`, "a name of docs/policies.md")];
    const known = Object.keys(policy.configSchema?.properties ?? {});
    return given
      .filter((key) => !known.includes(key))
      .map((key) => found(`${name} with ${key}`, known.length > 0 ? `one of ${known.join(", ")}` : "a level alone"));
  });
}

/** How many policies of one level are told each by itself. */
const EACH_MAX = 4;

async function loweredLevels(names: readonly string[]): Promise<Finding[]> {
  const { overrides } = configuredOverrides();
  const now = await timeFor();
  const lowered = names.flatMap((name) => {
    const level = levelOf(name);
    if (FREE.includes(name) || (level !== "advisory" && level !== "disabled")) return [];
    return overrideState(overrides[name], now).active ? [] : [{ name, level }];
  });
  const required = "mandatory, or an override of its name that counts today";
  if (lowered.length > EACH_MAX)
    return [
      {
        seen: some(lowered.map(({ name, level }) => `${name} at level ${level}`)),
        required: `of each: ${required}`,
        fix: "take them out of the pack's configuration, all included",
      },
    ];
  return lowered.map(({ name, level }) => ({
    seen: `${name} at level ${level}`,
    required,
    fix: `take it out of the pack's configuration, or set cutover:override to {"${name}": {"reason": "...", "until": "<date>"}}`,
  }));
}
