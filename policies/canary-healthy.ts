import { gatePolicy } from "./policy";

export const canaryHealthy = gatePolicy(
  "canary-healthy",
  "Enough canary calls, with quality and success as the plan demands; failed, errored and inconclusive are told apart.",
  {
    configSchema: {
      properties: {
        minCalls: {
          type: "integer",
          minimum: 1,
          description: "Fewest canary calls; counts when it is more than the plan's.",
        },
        minMos: {
          type: "number",
          minimum: 1,
          maximum: 4.5,
          description: "Least mean MOS; counts when it is more than the plan's.",
        },
        maxFailureRate: {
          type: "number",
          minimum: 0,
          maximum: 0.1,
          description: "Greatest share of failed calls; counts when it is less than the plan's.",
        },
      },
    },
    stricter: (plan, basis) => ({
      ...plan,
      canary: {
        ...plan.canary,
        minCalls: Math.max(plan.canary.minCalls, basis.setting<number>("minCalls") ?? 0),
        minMos: Math.max(plan.canary.minMos, basis.setting<number>("minMos") ?? 0),
        maxFailureRate: Math.min(plan.canary.maxFailureRate, basis.setting<number>("maxFailureRate") ?? 1),
      },
    }),
  },
);
