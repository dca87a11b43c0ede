import type { ResourceValidationPolicy } from "@pulumi/policy";
import { POLICY_NAMES } from "../model/policyNames";
import { nearest } from "../model/problems";
import * as context from "./context";
import { levelOf } from "./levels";
import { configuredOverrides, overrideState } from "./override";
import { GATE, STACK, timeFor } from "./policy";

/** Names every override that counts now, so that a review sees it in the preview: at the gate, or in a stack without a plan at its first resource. Advisory: it stops nothing. */
export const overrideInUse: ResourceValidationPolicy = {
  name: "override-in-use",
  description: "Every policy that is set aside is told, with its reason and its end.",
  enforcementLevel: "advisory",
  validateResource: async (args, report) => {
    if (args.type !== (context.isMigration() ? GATE : STACK)) return;
    if (levelOf("levels-kept") === "disabled")
      report("levels-kept is disabled: levels of policies may be lowered unseen");
    const { overrides, problem } = configuredOverrides();
    if (problem) report(problem);
    if (Object.keys(overrides).length === 0) return;
    const now = args.type === GATE ? await context.now(context.planAt(String(args.props.plan))) : await timeFor();
    for (const [policy, override] of Object.entries(overrides)) {
      if (!POLICY_NAMES.includes(policy)) {
        const near = nearest(policy, POLICY_NAMES);
        report(`${policy} is no policy, so nothing is set aside by it${near ? `; the nearest name is ${near}` : ""}`);
        continue;
      }
      const { active, why } = overrideState(override, now);
      report(
        active
          ? `${policy} is set aside until ${override.until}: ${override.reason}`
          : `${policy} is not set aside: ${why}`,
      );
    }
  },
};
