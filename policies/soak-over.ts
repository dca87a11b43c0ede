import { gatePolicy } from "./policy";

export const soakOver = gatePolicy("soak-over", "GCV was silent for the soak time.", {
  configSchema: {
    properties: {
      hours: {
        type: "number",
        minimum: 1,
        maximum: 8760,
        description: "Hours without a call on GCV; counts when it is more than the plan's.",
      },
    },
  },
  stricter: (plan, basis) => ({
    ...plan,
    limits: { ...plan.limits, soakHours: Math.max(plan.limits.soakHours, basis.setting<number>("hours") ?? 0) },
  }),
});
