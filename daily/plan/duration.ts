import { safeWaitSeconds, settleSeconds } from "../../model/ttl";
import type { Plan } from "../../model/types";
import { stepOf } from "../../model/waves";
import type { Change } from "./changes";
import type { HourLoad } from "./hours";
import type { PlanView } from "./view";

/** One line of the expected duration: what takes the time, how it is computed, and how long it is at least. */
export interface Span {
  what: string;
  formula: string;
  /** Undefined when a person decides. */
  seconds?: number;
  /** Before the step may pass, in its update, or afterwards until the next step. */
  when: "before" | "update" | "after";
}

/** Genesys Cloud's limit for one OAuth client, requests a minute. */
const REQUESTS_PER_MINUTE = 300;
/** Requests for one changed object: read, write, read back. */
const REQUESTS_PER_OBJECT = 3;
const HOUR = 3600;
const DAY = 24 * HOUR;

/** What this step takes, by rules that are written beside each value. */
export function spansOf(
  view: Pick<PlanView, "plan" | "to" | "from" | "move" | "hours">,
  changes: readonly Change[],
): Span[] {
  const { plan, to, move } = view;
  const update: Span = {
    what: "the update itself",
    formula: `${changes.length} objects x ${REQUESTS_PER_OBJECT} requests / ${REQUESTS_PER_MINUTE} a minute`,
    seconds: Math.max(60, Math.ceil((changes.length * REQUESTS_PER_OBJECT * 60) / REQUESTS_PER_MINUTE)),
    when: "update",
  };
  if (move.direction !== "forward") return [update];
  const steps = new Set(move.entering.map((e) => e.step));
  const spans = [update];
  if (to.phase === "canary" && move.entering.length === 0)
    spans.unshift({
      what: "the lowered TTL in effect",
      formula: "max(48 h, longest old TTL) since ttl-lowered",
      seconds: safeWaitSeconds(plan.dns),
      when: "before",
    });
  if (to.phase === "porting") spans.unshift(canarySpan(plan, view.hours));
  if (to.phase === "porting") spans.push(portSpan(plan));
  if (steps.has("released"))
    spans.unshift({
      what: "networks learn of the port",
      formula: "limits.lrnSettleHours since the last activation",
      seconds: plan.limits.lrnSettleHours * HOUR,
      when: "before",
    });
  if (steps.has("released"))
    spans.push({
      what: "a person takes the numbers out of the GCV inventory",
      formula: "minutes to days",
      when: "after",
    });
  if (steps.has("adopted"))
    spans.push({
      what: "every resolver agrees on the new target",
      formula: "lowered TTL + 30 s for stale answers",
      seconds: settleSeconds(plan.dns),
      when: "update",
    });
  if (to.phase === "complete")
    spans.unshift({
      what: "soak without a call on GCV",
      formula: "limits.soakHours",
      seconds: plan.limits.soakHours * HOUR,
      when: "before",
    });
  return spans;
}

function canarySpan(plan: Plan, hours: HourLoad[] | { unknown: string }): Span {
  const { minCalls, percent } = plan.canary;
  const calls = Array.isArray(hours) ? hours.reduce((sum, h) => sum + h.calls, 0) : 0;
  const perDay = (calls * percent) / 100;
  return {
    what: `${minCalls} canary calls`,
    formula: `canary.minCalls / (calls a day x canary.percent); ${calls > 0 ? `${calls} calls in the last 24 h` : "calls a day not known"}`,
    seconds: perDay > 0 ? Math.ceil((minCalls / perDay) * DAY) : undefined,
    when: "before",
  };
}

const portSpan = (plan: Plan): Span => ({
  what: "the port orders",
  formula: "longest requested_foc_in_days; a carrier may confirm another date",
  seconds: Math.max(...plan.portOrders.map((o) => o.requestedFocInDays)) * DAY,
  when: "after",
});

/** The least time from here to `complete`: the waits that no one can shorten, waves one after the other as far as they have not moved. */
export function restOfMigration(plan: Plan, from: PlanView["from"]): { formula: string; seconds: number } {
  const order = ["none", "baseline", "parallel", "ttl-lowered", "canary", "porting", "cutover", "complete"];
  const at = order.indexOf(from.phase);
  const parts: [string, number][] = [];
  if (at < order.indexOf("canary")) parts.push(["TTL wait", safeWaitSeconds(plan.dns)]);
  if (at < order.indexOf("cutover"))
    parts.push(["longest port", Math.max(...plan.portOrders.map((o) => o.requestedFocInDays)) * DAY]);
  const unsettled = plan.parts.some((p) => ["waiting", "live"].includes(stepOf(from.waves, p.id)));
  if (at < order.indexOf("complete")) {
    if (unsettled) parts.push(["settle time of the last wave", plan.limits.lrnSettleHours * HOUR]);
    parts.push(["soak", plan.limits.soakHours * HOUR]);
  }
  return {
    formula: parts.map(([name, seconds]) => `${name} ${spanText(seconds)}`).join(" + ") || "nothing left to wait for",
    seconds: parts.reduce((sum, [, seconds]) => sum + seconds, 0),
  };
}

/** `90 s`, `5 min`, `31 h`, `13.5 days`. */
export function spanText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 2 * HOUR) return `${Math.round(seconds / 60)} min`;
  if (seconds <= 3 * DAY) return `${Math.round(seconds / HOUR)} h`;
  return `${Math.round((seconds / DAY) * 10) / 10} days`;
}
