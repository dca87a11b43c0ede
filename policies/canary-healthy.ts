import { gatePolicy } from "./policy";

export const canaryHealthy = gatePolicy(
  "canary-healthy",
  "Enough canary calls, with quality, success and caller id as the plan demands.",
);
