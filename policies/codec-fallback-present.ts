import { missingCodecFallback } from "../model/rules/flow";
import { planCallRoutes } from "../model/phases";
import { planIfAny } from "./context";
import { flowOf } from "./flow-file";
import { type Finding, FLOW, resourcePolicy } from "./policy";

/** Only flows that canary calls can meet a 488: the fronts of the plan's flows, or any flow with a transfer to a number. */
export const codecFallbackPresent = resourcePolicy(
  "codec-fallback-present",
  "Calls that met a codec mismatch on the canary leg reach people who look at them by hand, when the direct path fails too.",
  FLOW,
  (resource, basis): Finding[] => {
    const flow = flowOf(resource);
    if (!flow) return [];
    const fronts = planIfAny() && planCallRoutes(planIfAny()!).map((r) => `${r.callRoute} front`);
    const canaries = fronts ? fronts.includes(flow.name) : flow.transfersOut;
    if (!canaries) return [];
    return missingCodecFallback(
      flow,
      basis.either("queue", "the codec fallback queue", (plan) => plan.inbound.codecFallbackQueue),
    );
  },
  {
    configSchema: {
      properties: { queue: { type: "string", description: "The codec fallback queue, for a stack without a plan." } },
    },
  },
);
