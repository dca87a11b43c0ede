import { UserError } from "../../model/errors";
import { toRanges } from "../../model/ranges";
import type { CarrierSurvey, RouteSettings, RouteState } from "./adapter";
import type { PortingOrder, PortingPhoneNumber, VoiceSettings } from "./telnyx-client";

/** Telnyx writes numbers of port orders without their plus in places. */
export const e164 = (number: string) => (number.startsWith("+") ? number : `+${number}`);

/** The route that these numbers have at Telnyx: their connection and translated number. */
export function routeOf(
  name: string,
  numbers: VoiceSettings[],
  hosts: Map<string, string[]>,
): RouteSettings & { state: RouteState } {
  const settings = (n: VoiceSettings) => `${n.connection_id}|${n.translated_number}`;
  const groups = new Map<string, VoiceSettings[]>();
  for (const n of numbers) groups.set(settings(n), [...(groups.get(settings(n)) ?? []), n]);
  // Of numbers that disagree the largest group stands for the route; the others are a difference that an update repairs.
  const main = [...groups.values()].sort((a, b) => b.length - a.length)[0] as VoiceSettings[];
  const first = main[0] as VoiceSettings;
  const [host = "", nextHost] = hosts.get(first.connection_id) ?? [];
  return {
    name,
    ranges: toRanges(main.map((n) => n.phone_number)),
    host,
    ...(first.translated_number ? { calledNumber: first.translated_number } : {}),
    ...(nextHost ? { nextHost } : {}),
    state: groups.size > 1 ? "mixed" : "active",
  };
}

/** Every route on the account, by the customer reference that holds the route's name. */
export function surveyRoutes(voice: VoiceSettings[], hosts: Map<string, string[]>): CarrierSurvey["routes"] {
  const byName = new Map<string, VoiceSettings[]>();
  for (const n of voice) {
    if (!n.customer_reference || !n.connection_id) continue;
    const list = byName.get(n.customer_reference);
    if (list) list.push(n);
    else byName.set(n.customer_reference, [n]);
  }
  return [...byName].map(([key, numbers]) => {
    const { ranges, host, calledNumber, nextHost, state } = routeOf(key, numbers, hosts);
    return { key, ranges, host, calledNumber: calledNumber ?? null, ...(nextHost ? { nextHost } : {}), state };
  });
}

/** Numbers in ranges of one order, status and time. A number is live when it says Active itself, never by its order's status. */
export function surveyNumbers(
  orders: PortingOrder[],
  numbers: PortingPhoneNumber[],
  now: Date,
): CarrierSurvey["numbers"] {
  const byId = new Map(orders.map((o) => [o.id, o]));
  type Group = Omit<CarrierSurvey["numbers"][number], "range"> & { numbers: string[] };
  const groups = new Map<string, Group>();
  for (const n of numbers) {
    const order = byId.get(n.porting_order_id);
    if (!order || order.status.value === "cancelled") continue;
    // The part of a split order that holds the number has a date of its own.
    const foc = order.activation_settings.foc_datetime_actual;
    const entry = {
      status: n.activation_status,
      activatedAt: activatedAt(n, order, now),
      order: order.customer_reference ?? order.id,
      ...(foc && n.activation_status !== "Active" ? { foc } : {}),
    };
    const key = JSON.stringify(entry);
    const group = groups.get(key);
    if (group) group.numbers.push(e164(n.phone_number));
    else groups.set(key, { ...entry, numbers: [e164(n.phone_number)] });
  }
  return [...groups.values()].flatMap(({ numbers: held, ...entry }) =>
    toRanges(held).map((range) => ({ range, ...entry })),
  );
}

/** When a number went live. A date in the future (a port that came early) counts as now: waiting too long is the safe mistake. */
function activatedAt(number: PortingPhoneNumber, order: PortingOrder, now: Date): string | null {
  if (number.activation_status !== "Active") return null;
  const at = number.activated_at ?? order.activation_settings.foc_datetime_actual;
  if (!at) return null;
  return new Date(at) > now ? now.toISOString() : at;
}

/** The order as the program knows it: the oldest of its parts. */
export function summary(orders: PortingOrder[]): { orderId: string; submittedAt: string } {
  const first = [...orders].sort((a, b) => (a.created_at < b.created_at ? -1 : 1))[0] as PortingOrder;
  return { orderId: first.id, submittedAt: first.submitted_at ?? first.created_at };
}

/** The order's confirmed date, or null while a part has none. */
export function focOf(orders: PortingOrder[]): string | null {
  const dates = orders.map((o) => o.activation_settings.foc_datetime_actual);
  // A split order is confirmed when all its parts are; its date is the last one.
  return dates.every((d): d is string => d !== null) ? (dates.sort().at(-1) ?? null) : null;
}

/** Of a split order the part that is least far along speaks for all. */
export function statusOf(orders: PortingOrder[]): string {
  const order = ["exception", "cancel-pending", "draft", "in-process", "submitted", "foc-date-confirmed", "ported"];
  const values = orders.map((o) => o.status.value);
  return order.find((s) => values.includes(s)) ?? values[0] ?? "unknown";
}

/** What to tell of an order that the losing carrier refused. */
export function exception(orderName: string, order: PortingOrder): UserError {
  const details = order.status.details?.map((d) => `${d.code} (${d.description})`).join(", ") || "no reason given";
  return new UserError(
    `Port order ${orderName} (${order.id}): the losing carrier refused it: ${details}; correct the order in the carrier's portal, confirm it there and run again.`,
  );
}
