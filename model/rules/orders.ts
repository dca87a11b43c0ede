import type { CarrierDoc } from "../facts";
import { formatRanges, rangesContain, subtractRanges, toRanges } from "../ranges";
import type { NumberRange, Plan } from "../types";
import type { Finding } from "./finding";

/** From so many hours before its date on, nothing of a port order changes: carriers have handed it to the networks by then. */
export const FROZEN_HOURS = 48;

/** A port order as declared or planned: whole days from submission to the date asked for. */
export interface DatedOrder {
  id: string;
  ranges: readonly NumberRange[];
  day: number;
  billingNumber?: string;
}

/** The orders of a plan, dated as asked for. */
export function plannedOrders(plan: Plan): DatedOrder[] {
  const numbers = new Map<string, string[]>();
  for (const n of plan.numbers) {
    const list = numbers.get(n.portOrder);
    if (list) list.push(n.number);
    else numbers.set(n.portOrder, [n.number]);
  }
  return plan.portOrders.map((o) => ({
    id: o.id,
    ranges: toRanges(numbers.get(o.id) ?? []),
    day: o.requestedFocInDays,
    billingNumber: o.billingNumber,
  }));
}

/**
 * The billing number of an account is not ported before the rest: with it the losing carrier closes the account, and the numbers
 * still on it go dead or are refused (Telnyx: MAIN_BTN_PORTING). The last order of the account, or the same day, is right.
 */
export function mainNumberEarly(orders: readonly DatedOrder[]): Finding[] {
  return orders.flatMap((main) => {
    const billing = main.billingNumber;
    if (!billing || !rangesContain(main.ranges, billing)) return [];
    const later = orders.filter((o) => o.billingNumber === billing && o.day > main.day);
    if (later.length === 0) return [];
    return [
      {
        seen: `order ${main.id} with the billing number ${billing} on day ${main.day}, ${later.map((o) => `${o.id} on day ${o.day}`).join(", ")}`,
        required: `the billing number in the last order of its account, day ${Math.max(...later.map((o) => o.day))} or later`,
        fix: "raise requested_foc_in_days of its order in ports.csv, or have the losing carrier name another billing number first",
      },
    ];
  });
}

type NumberState = NonNullable<CarrierDoc["numbers"]>[number];

/**
 * What a changed plan would change of orders whose date is near: numbers added, taken out, or the order gone. `onFile` are the
 * carrier's orders and number states; an order whose numbers are all Active is done and no longer frozen.
 */
export function frozenChanges(
  wanted: readonly Pick<DatedOrder, "id" | "ranges">[],
  onFile: { orders: readonly { id: string; status: string; foc: string | null }[]; numbers: readonly NumberState[] },
  nowMs: number,
): string[] {
  const statesOf = new Map<string, NumberState[]>();
  for (const n of onFile.numbers) {
    const list = statesOf.get(n.order ?? "");
    if (list) list.push(n);
    else statesOf.set(n.order ?? "", [n]);
  }
  return onFile.orders.flatMap(({ id, foc }) => {
    const date = foc === null ? Number.NaN : Date.parse(foc);
    const states = statesOf.get(id) ?? [];
    const done = states.length > 0 && states.every((n) => n.status === "Active");
    if (done || !Number.isFinite(date) || nowMs < date - FROZEN_HOURS * 3_600_000) return [];
    const held = states.map((n) => n.range);
    const want = wanted.find((o) => o.id === id)?.ranges ?? [];
    const added = subtractRanges(want, held);
    const dropped = subtractRanges(held, want);
    const changes = [
      ...(added.length > 0 ? [`adds ${formatRanges(added)}`] : []),
      ...(dropped.length > 0 ? [`takes out ${formatRanges(dropped)}`] : []),
    ];
    return changes.length > 0 ? [`order ${id}, dated ${foc}: the plan ${changes.join(" and ")}`] : [];
  });
}
