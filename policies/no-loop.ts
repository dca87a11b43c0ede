import { loops } from "../model/rules/flow";
import { flowOf } from "./flow-file";
import { FLOW, resourcePolicy } from "./policy";

/** Judged on the flow's own file, also in programs without a plan: a loop is a loop wherever its numbers come from. */
export const noLoop = resourcePolicy(
  "no-loop",
  "A call that came in over BYOC or on a shadow is never canaried, and no flow leads back to itself: such a call would go round until its channels end.",
  FLOW,
  (resource) => {
    const flow = flowOf(resource);
    return flow ? loops(flow) : [];
  },
);
