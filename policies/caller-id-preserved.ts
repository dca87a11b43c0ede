import { callerIdOrder } from "../model/rules/trunk";
import { trunkPolicy } from "./byoc-trunk";
import { CALLER_ID, textList } from "./trunk-settings";

export const callerIdPreserved = trunkPolicy(
  "caller-id-preserved",
  "Who calls is told as before: CRMs match callers by their number. The trunk looks for it as GCV did, and canary calls arrive with it.",
  (settings, basis) => {
    const wanted = basis.either(
      "priority",
      "the order in which GCV looks for the caller id",
      (plan) => plan.gcv.callerIdPriority,
    );
    return callerIdOrder(textList(settings(), CALLER_ID), wanted);
  },
  {
    keys: [CALLER_ID],
    properties: {
      priority: {
        type: "array",
        items: { type: "string" },
        description: "The order in which the GCV trunk looks for the caller id, for a stack without a plan.",
      },
    },
  },
);
