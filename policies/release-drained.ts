import { gatePolicy } from "./policy";

export const releaseDrained = gatePolicy(
  "release-drained",
  "No call reaches the old path any more, and every network arrives over BYOC.",
  {
    configSchema: {
      properties: {
        settleHours: {
          type: "number",
          minimum: 1,
          maximum: 720,
          description: "Hours since the last activation; counts when it is more than the plan's.",
        },
      },
    },
    stricter: (plan, basis) => ({
      ...plan,
      limits: {
        ...plan.limits,
        lrnSettleHours: Math.max(plan.limits.lrnSettleHours, basis.setting<number>("settleHours") ?? 0),
      },
    }),
  },
);
