import { planCallRoutes } from "../model/phases";
import { missingCodecFallback } from "../model/rules/flow";
import { planIfAny } from "./context";
import { flowPolicy } from "./flow-policy";

/** Only flows whose canary calls can meet a 488: the fronts of the plan's flows; without a plan, those that flowPolicy asks about. */
export const codecFallbackPresent = flowPolicy(
  "codec-fallback-present",
  "Calls that met a codec mismatch on the canary leg reach people who look at them by hand, when the direct path fails too.",
  (flow, basis) => {
    const plan = planIfAny();
    if (plan && !planCallRoutes(plan).some((r) => `${r.callRoute} front` === flow.name)) return [];
    return missingCodecFallback(
      flow,
      basis.either("queue", "the codec fallback queue", ({ inbound }) => inbound.codecFallbackQueue),
    );
  },
  { properties: { queue: { type: "string", description: "The codec fallback queue, for a stack without a plan." } } },
);
