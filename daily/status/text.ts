import { countNumbers, formatRange } from "../../model/ranges";
import { spanText } from "../plan/duration";
import type { Status } from "./read";

/** Orders that are shown one by one; those that are neither done nor merely submitted come first. */
const ORDERS_SHOWN = 20;
const CALM = /^(ported|complete|completed|active|submitted|in-process)$/i;

/** The status for people: position, waves, what each next step waits for, what people have to do, orders, old path. */
export function statusText(s: Status): string {
  const ago = (iso: string) => spanText(Math.max(0, (Date.parse(s.at) - Date.parse(iso)) / 1000));
  const lines = [
    `${s.stack}: ${s.position ?? `NOT KNOWN: ${s.problem}`}${s.since ? `, for ${ago(s.since)}` : ""} (${s.at})`,
  ];
  if (s.planAgrees === false) lines.push("plan     changed since the last update: its next update is judged anew");
  for (const p of s.parts) lines.push(`part     ${p.part.padEnd(8)} ${p.step.padEnd(9)} ${p.numbers} numbers`);
  for (const n of s.next) {
    if (n.waiting.length === 0)
      lines.push(
        `next     ${n.to}: ${n.atTheStep.length > 0 ? `ready for the test calls of ${n.atTheStep.join(", ")}` : "ready"}`,
      );
    for (const v of n.waiting) lines.push(`next     ${n.to}: waiting for ${v.gate}: ${v.seen}; required ${v.required}`);
  }
  if (s.notJudged > 0) lines.push(`next     ${s.notJudged} more parts, not judged here`);
  if (Array.isArray(s.requests)) {
    for (const r of s.requests) {
      const what =
        r.ranges.length > 0 ? `, ${countNumbers(r.ranges)} numbers: ${r.ranges.map(formatRange).join(" ")}` : "";
      lines.push(`people   ${r.kind} ${r.subject} (${r.id}), open for ${spanText(r.ageSeconds)}${what}`);
    }
    if (s.requests.length === 0) lines.push("people   nothing to do");
  } else lines.push(`people   not known: ${s.requests.unknown}`);
  lines.push(...orderLines(s.orders), gcvLine(s, ago));
  return lines.join("\n");
}

function orderLines(orders: Status["orders"]): string[] {
  if (!Array.isArray(orders)) return [`orders   not known: ${orders.unknown}`];
  const sorted = [...orders].sort((a, b) => Number(CALM.test(a.status)) - Number(CALM.test(b.status)));
  const lines = sorted
    .slice(0, ORDERS_SHOWN)
    .map((o) => `order    ${o.id}: ${o.status}${o.foc ? `, date ${o.foc}` : ""}`);
  return orders.length > ORDERS_SHOWN ? [...lines, `order    ${orders.length - ORDERS_SHOWN} more`] : lines;
}

function gcvLine({ gcv }: Status, ago: (iso: string) => string): string {
  if ("unknown" in gcv) return `gcv      not known: ${gcv.unknown}`;
  const last = gcv.lastCallAt ? `, the last ${ago(gcv.lastCallAt)} ago` : "";
  return `gcv      ${gcv.calls} calls of the plan's numbers in 24 h${last}`;
}
