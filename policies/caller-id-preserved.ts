import { callerIdOrder } from "../model/rules/trunk";
import { gatePolicy, resourcePolicy, together, TRUNK } from "./policy";
import { CALLER_ID, isByocTrunk, textList, trunkSettings } from "./trunk-settings";

const NAME = "caller-id-preserved";
const WHAT =
  "Who calls is told as before: CRMs match callers by their number. The trunk looks for it as GCV did, and canary calls arrive with it.";

export const callerIdPreserved = together(
  gatePolicy(NAME, WHAT),
  resourcePolicy(
    NAME,
    WHAT,
    TRUNK,
    ({ props }, basis) => {
      if (!isByocTrunk(props)) return [];
      const wanted = basis.either(
        "priority",
        "the order in which GCV looks for the caller id",
        (plan) => plan.gcv.callerIdPriority,
      );
      return callerIdOrder(textList(trunkSettings(props.properties), CALLER_ID), wanted);
    },
    {
      configSchema: {
        properties: {
          priority: {
            type: "array",
            items: { type: "string" },
            description: "The order in which the GCV trunk looks for the caller id, for a stack without a plan.",
          },
        },
      },
    },
  ),
);
