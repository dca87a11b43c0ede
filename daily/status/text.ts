import { countNumbers, formatRange } from "../../model/ranges";
import { spanText } from "../plan/duration";
import type { PathTraffic } from "../../model/facts";
import type { Status } from "./read";

/** Orders that are shown one by one; those that are neither done nor merely submitted come first. */
const ORDERS_SHOWN = 20;
const STUCK = /^(exception|refused|cancel-pending)$/i;
const CALM = /^(ported|complete|completed|active|submitted|in-process)$/i;

/** The status for people: position, waves, what each next step waits for, what people have to do, orders, old path. */
export function statusText(s: Status): string {
  const ago = (iso: string) => spanText(Math.max(0, (Date.parse(s.at) - Date.parse(iso)) / 1000));
  const lines = [
    `${s.stack}: ${s.position ?? `NOT KNOWN: ${s.problem}`}${s.since ? `, for ${ago(s.since)}` : ""} (${s.at})`,
  ];
  if (s.planAgrees === false) lines.push("plan     changed since the last update: its next update is judged anew");
  lines.push(...advanceLines(s.advance));
  for (const p of s.parts)
    lines.push(
      `part     ${p.part.padEnd(8)} ${p.step.padEnd(9)} ${p.numbers} numbers${p.since ? `, for ${ago(p.since)}` : ""}`,
    );
  for (const n of s.next) {
    if (n.waiting.length === 0)
      lines.push(
        `next     ${n.to}: ${n.atTheStep.length > 0 ? `ready for the test calls of ${n.atTheStep.join(", ")}` : "ready"}`,
      );
    for (const v of n.waiting) {
      const left = v.leftSeconds === undefined ? "" : ` ${hoursAndMinutes(v.leftSeconds)}`;
      lines.push(`next     ${n.to}: waiting for ${v.gate}${left}: ${v.seen}; required ${v.required}`);
    }
  }
  if (s.notJudged > 0) lines.push(`next     ${s.notJudged} more parts, not judged here`);
  if (Array.isArray(s.requests)) {
    for (const r of s.requests) {
      const what =
        r.ranges.length > 0 ? `, ${countNumbers(r.ranges)} numbers: ${r.ranges.map(formatRange).join(" ")}` : "";
      const seats = (r.groups ?? []).map((g) => `, ${g.callRoutes.join(", ")} to ${g.group} with ${g.flow}`).join("");
      lines.push(`people   ${r.kind} ${r.subject} (${r.id}), open for ${spanText(r.ageSeconds)}${what}${seats}`);
    }
    if (s.requests.length === 0) lines.push("people   nothing to do");
  } else lines.push(`people   not known: ${s.requests.unknown}`);
  for (const { told, endangered } of s.accounts ?? []) {
    const cure = "; with that number the losing carrier closes the account: call both carriers' desks today";
    lines.push(`${endangered ? "ACCOUNT" : "account"}  ${told}${endangered ? cure : ""}`);
  }
  lines.push(...orderLines(s.orders), ...trafficLines(s.traffic, ago));
  return lines.join("\n");
}

function advanceLines(advance: Status["advance"]): string[] {
  if (!advance) return [];
  const { step, by, paused, auditBroken } = advance;
  const who = by ? `process ${by.pid} on ${by.host}` : "nobody: run cutover advance again, or cutover back";
  const what = step
    ? `${step.from} -> ${step.to}, ${step.state}, asked by ${step.askedBy} at ${step.askedAt}`
    : "between two steps";
  const why = paused?.why ? `: ${paused.why}` : "";
  return [
    ...(step || by ? [`advance  ${what}; run by ${who}`] : []),
    ...(paused ? [`advance  paused by ${paused.by} since ${paused.at}${why}; cutover resume ends it`] : []),
    ...(auditBroken
      ? [`audit    BROKEN: line ${auditBroken.slice(0, 5).join(", ")} does not follow from the one before`]
      : []),
  ];
}

/** `31 h 12 min`. */
export const hoursAndMinutes = (seconds: number): string => {
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

type Orders = Extract<Status["orders"], readonly unknown[]>;

/** Orders that no longer move by themselves: refused ones, and the refused part of a split one. */
function stuckLine(o: Orders[number], parts: Orders): string {
  const why = o.why ? `: ${o.why}` : "";
  const state = o.status === "exception" || o.status === "refused" ? "rejected" : o.status;
  if (parts.length > 1)
    return `stuck    order ${o.id} split into ${parts.length}, child ${o.orderId ?? "unknown"} ${state}${why}`;
  return `stuck    order ${o.id} ${state}${why}`;
}

function orderLines(orders: Status["orders"]): string[] {
  if (!Array.isArray(orders)) return [`orders   not known: ${orders.unknown}`];
  const stuck = orders.filter((o) => STUCK.test(o.status));
  const told = stuck.map((o) =>
    stuckLine(
      o,
      orders.filter((other) => other.id === o.id),
    ),
  );
  const sorted = orders
    .filter((o) => !stuck.includes(o))
    .sort((a, b) => Number(CALM.test(a.status)) - Number(CALM.test(b.status)));
  const lines = sorted
    .slice(0, ORDERS_SHOWN)
    .map((o) => `order    ${o.id}: ${o.status}${o.foc ? `, date ${o.foc}` : ""}`);
  const more = sorted.length > ORDERS_SHOWN ? [`order    ${sorted.length - ORDERS_SHOWN} more`] : [];
  return [...told, ...lines, ...more];
}

function trafficLines(traffic: Status["traffic"], ago: (iso: string) => string): string[] {
  if ("unknown" in traffic) return [`traffic  not known: ${traffic.unknown}`];
  const { gcv, byoc, canaried, since, complete } = traffic;
  const span = complete ? "24 h" : `${ago(since)} (the newest that are read at one look)`;
  const path = ({ calls, failed, meanMos, lastCallAt }: PathTraffic) => {
    if (lastCallAt === null) return `no call in ${span}`;
    const mos = meanMos === null ? "" : `, mean MOS ${meanMos.toFixed(2)}`;
    return `${calls} calls in ${span}, ${failed} failed${mos}, the last ${ago(lastCallAt)} ago`;
  };
  const sent = canaried > 0 ? `; ${canaried} of those on GCV were sent on here by the canary` : "";
  return [`traffic  GCV: ${path(gcv)}`, `traffic  BYOC: ${path(byoc)}${sent}`];
}
