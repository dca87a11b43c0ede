import type { CarrierDoc } from "../facts";
import { formatRanges, rangesContain, subtractRanges } from "../ranges";
import type { NumberRange } from "../types";
import type { DatedOrder } from "./orders";

/** What the carrier has on file of orders and numbers. */
export type OnFile = Required<Pick<CarrierDoc, "orders" | "numbers">>;

/**
 * An account at the losing carrier whose billing number has its date, and what does not leave before it. Each text names an order, its numbers
 * where it is only some of them, and the date.
 */
export interface AccountDates {
  billing: string;
  /** Order that holds the billing number. */
  order: string;
  /** Date agreed for the billing number, ISO 8601; the time of its activation once it is ported. */
  at: string;
  ported: boolean;
  /** Dated after it: the account is closed over them. */
  later: string[];
  /** Refused, or not on file at all: nothing will take them off the account in time. */
  stuck: string[];
  /** Without a date so far. */
  undated: string[];
  /** Of another order, dated at the same moment: if that one slips, the account is closed over it. */
  same: string[];
}

/** Order states that no longer move by themselves. */
const STUCK = /^(exception|refused|cancel-pending|cancelled|canceled)$/i;

/** The accounts of a plan whose billing number moves with it. */
export const billedOrders = (orders: readonly DatedOrder[]): DatedOrder[] =>
  orders.filter((o) => o.billingNumber !== undefined && rangesContain(o.ranges, o.billingNumber));

interface Piece {
  ranges: readonly NumberRange[];
  active: boolean;
  /** Milliseconds; undefined while none is agreed. */
  dateMs: number | undefined;
  /** Why there is none, or the order's state. */
  state: string;
  stuck: boolean;
}

const ms = (iso: string | null | undefined): number | undefined => {
  const at = Date.parse(iso ?? "");
  return Number.isFinite(at) ? at : undefined;
};

/**
 * An order in pieces of one state and date: a split order has several dates under its name. A number's own date counts; where the carrier tells
 * dates by order only, `pick` chooses among those of the order's parts.
 */
function piecesOf(
  order: DatedOrder,
  { orders, numbers }: OnFile,
  pick: (dates: number[]) => number,
  submitMs: number | undefined,
): Piece[] {
  const parts = orders.filter((o) => o.id === order.id);
  if (parts.length === 0 && submitMs !== undefined) {
    const dateMs = submitMs + order.day * 86_400_000;
    return [{ ranges: order.ranges, active: false, dateMs, state: "to be ordered", stuck: false }];
  }
  const dates = parts.map((o) => ms(o.foc));
  const known = dates.filter((d) => d !== undefined);
  const ofOrder = known.length > 0 && known.length === dates.length ? pick(known) : undefined;
  const halted = parts.find((o) => STUCK.test(o.status));
  const state = halted ? `${halted.status}${halted.why ? `: ${halted.why}` : ""}` : (parts[0]?.status ?? "not on file");
  const told = numbers.filter((n) => (n.order ?? order.id) === order.id);
  const own = told.flatMap((n): Piece[] => {
    const held = overlap(order.ranges, n.range);
    if (held.length === 0) return [];
    const active = n.status === "Active";
    const dateMs = (active ? ms(n.activatedAt) : undefined) ?? ms(n.foc) ?? ofOrder;
    const gone = STUCK.test(n.status);
    const why = gone ? n.status : state;
    return [{ ranges: held, active, dateMs: gone ? undefined : dateMs, state: why, stuck: gone || !!halted }];
  });
  const silent = subtractRanges(
    order.ranges,
    told.map((n) => n.range),
  );
  const rest: Piece = { ranges: silent, active: false, dateMs: ofOrder, state, stuck: !!halted || parts.length === 0 };
  return silent.length > 0 ? [...own, rest] : own;
}

/** What of the ranges lies in one range. */
function overlap(ranges: readonly NumberRange[], one: NumberRange): NumberRange[] {
  return subtractRanges(ranges, subtractRanges(ranges, [one]));
}

const earliest = (dates: number[]) => Math.min(...dates);
const latest = (dates: number[]) => Math.max(...dates);
const iso = (at: number) => new Date(at).toISOString();

/**
 * The accounts whose billing number has an agreed date, each with what that date does to the rest: carriers agree on other dates than were asked
 * for, split orders and move them. Accounts whose billing number has none yet, and those of which nothing is left, are not in it. `submitMs`: when
 * orders that are not on file are submitted, and take the date they ask for; left out, nobody submits them.
 */
export function accountDates(orders: readonly DatedOrder[], onFile: OnFile, submitMs?: number): AccountDates[] {
  return billedOrders(orders).flatMap((main) => {
    const billing = main.billingNumber!;
    // One that is not on file itself has no agreed date: the rule on what the plan asks for judges it.
    const own = piecesOf(main, onFile, earliest, undefined);
    const lead = own.find((p) => rangesContain(p.ranges, billing));
    if (lead?.dateMs === undefined) return [];
    const at = lead.dateMs;
    const found: AccountDates = {
      ...{ billing, order: main.id, at: iso(at), ported: lead.active },
      ...{ later: [], stuck: [], undated: [], same: [] },
    };
    for (const order of orders.filter((o) => o.billingNumber === billing)) {
      const pieces = order === main ? own.filter((p) => p !== lead) : piecesOf(order, onFile, latest, submitMs);
      for (const p of pieces.filter((piece) => !piece.active)) {
        const whole = pieces.length === 1 && order !== main;
        const name = whole ? order.id : `${order.id} (${formatRanges([...p.ranges])})`;
        if (p.dateMs === undefined) found[p.stuck ? "stuck" : "undated"].push(`${name} without a date (${p.state})`);
        else if (p.dateMs > at || lead.active) found.later.push(`${name} on ${iso(p.dateMs)}`);
        else if (p.dateMs === at && order !== main) found.same.push(name);
      }
    }
    const told = found.later.length + found.stuck.length + found.undated.length + found.same.length;
    return told > 0 ? [found] : [];
  });
}

/** Whether numbers will be left on the account when it is closed, as far as dates are known. */
export const endangered = (a: AccountDates): boolean => a.later.length + a.stuck.length > 0;

/** One account in words: the billing number's date, and what is left on the account by then. Undefined when nothing is. */
export function accountText(a: AccountDates): string | undefined {
  const left = [...a.later, ...a.stuck, ...a.undated];
  const same =
    a.same.length > 0 ? `${a.same.join(", ")} at the same moment: if one slips, the account closes over it` : "";
  const verb = a.ported ? "was ported on" : "is dated";
  const head = `the billing number ${a.billing} (order ${a.order}) ${verb} ${a.at}`;
  const rest = left.length > 0 ? `${a.ported ? "still on its account" : "the rest"}: ${left.join(", ")}` : "";
  const told = [rest, same].filter((text) => text !== "");
  return told.length > 0 ? `${head}, ${told.join("; ")}` : undefined;
}
