import { loops } from "../model/rules/flow";
import { flowPolicy } from "./flow-policy";

/** Judged on the flow's own file, also in programs without a plan. */
export const noLoop = flowPolicy(
  "no-loop",
  "A call that came in over BYOC or on a shadow is never canaried, and no flow leads back to itself: such a call would go round until its channels end.",
  loops,
);
