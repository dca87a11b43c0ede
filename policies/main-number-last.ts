import { mainNumberEarly, plannedOrders } from "../model/rules/orders";
import type { NumberRange } from "../model/types";
import { gatePolicy, ORDER, resourcePolicy, together } from "./policy";

const NAME = "main-number-last";
const WHAT =
  "The billing number of an account is not ported before the rest: with it the losing carrier closes the account.";

/** Judged on the plan before the orders are submitted, on each order as it is declared, and by the dates agreed on in the steps after that. */
export const mainNumberLast = together(
  gatePolicy(NAME, WHAT),
  resourcePolicy(NAME, WHAT, ORDER, ({ props }, basis) => {
    const planned = plannedOrders(basis.plan("the plan, which names the billing number (ports.csv, billing_number)"));
    const id = String(props.orderName);
    const ranges = JSON.parse(JSON.stringify(props.ranges ?? [])) as NumberRange[];
    const declared = planned.map((o) => (o.id === id ? { ...o, ranges, day: Number(props.focInDays) } : o));
    return mainNumberEarly(declared).filter((f) => f.seen.includes(id));
  }),
);
