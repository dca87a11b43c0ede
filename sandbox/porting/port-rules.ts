import { FROZEN_HOURS } from "../../model/rules/orders";
import { type PortOrder, PortRefusal } from "./port-order";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/**
 * The instant a port happens: the requested day (UTC), at a drawn hour (`drawn` 0 to 1), nights and weekends too. A date asked for too
 * early is answered with the first one the losing carrier can do: a day after submission, and not within the hour.
 */
export function focDate(o: { wanted: Date; submitted: Date; now: Date; drawn: number }): Date {
  const day = Date.UTC(o.wanted.getUTCFullYear(), o.wanted.getUTCMonth(), o.wanted.getUTCDate());
  const foc = day + Math.floor(o.drawn * 24) * HOUR;
  return new Date(Math.max(foc, o.submitted.getTime() + DAY, o.now.getTime() + HOUR));
}

/** Throws PortRefusal 422 for an order with live numbers, and within `hours` of its confirmed date. */
export function assertCancellable(order: PortOrder, o: { live: boolean; now: Date; hours: number }): void {
  if (order.status === "ported" || o.live) {
    throw new PortRefusal(422, `Porting order ${order.id} has numbers that are ported: it can no longer be cancelled.`);
  }
  const foc = order.focActual;
  if (foc && foc.getTime() - o.now.getTime() < o.hours * HOUR) {
    throw new PortRefusal(
      422,
      `Porting order ${order.id} has its FOC at ${foc.toISOString()}: it could be cancelled until ${o.hours} hours before that.`,
    );
  }
}

/** Whether a cancellation comes too late to reach those who cut: within FROZEN_HOURS of the confirmed date. */
export const isLate = (order: PortOrder, now: Date): boolean =>
  order.focActual !== null && order.focActual.getTime() - now.getTime() < FROZEN_HOURS * HOUR;

/** 32 hexadecimal digits in the form of a version 4 UUID. */
export function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
