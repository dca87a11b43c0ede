import { missingFailover } from "../model/rules/flow";
import { planIfAny } from "./context";
import { flowPolicy } from "./flow-policy";

/** A failure of a transfer, of the data table or of the flow leads to a queue, never out. */
export const failoverPathsPresent = flowPolicy(
  "failover-paths-present",
  "Whatever fails in a flow of the migration leads on to the failover queue: no call ends before a queue was tried.",
  (flow, basis) => missingFailover(flow, basis.setting<string>("queue") ?? planIfAny()?.inbound.failoverQueue),
  {
    properties: {
      queue: {
        type: "string",
        description: "The failover queue, for a stack without a plan; left out, any queue will do.",
      },
    },
  },
);
