import { createHash } from "node:crypto";
import type { Plan } from "./types";

/**
 * sha256 (hexadecimal) over everything the plan means: the same for files that differ in comments, order of keys or rows,
 * line ends; different as soon as one number, order or setting differs. The file lines (`row`) are left out.
 */
export function planDigest(plan: Omit<Plan, "digest">): string {
  // Findings are observations: an answer changes nothing that was planned.
  const { numbers, portOrders, parts, findings: _findings, ...rest } = plan;
  const hash = createHash("sha256");
  hash.update(canonical(rest));
  for (const order of [...portOrders].sort((a, b) => (a.id < b.id ? -1 : 1)))
    hash.update(`\n${canonical({ ...order, row: 0 })}`);
  // One update: thousands of small ones cost more than the hash.
  const lines = numbers.map((n) =>
    JSON.stringify([
      ...[n.number, n.wave, n.part, n.kind, n.flow, n.site, n.portOrder, n.emergencyAddress],
      // Left out where it is the flow's name: a digest on record from before there was such a column stays what it is.
      ...(n.callRoute === n.flow ? [] : [n.callRoute]),
    ]),
  );
  hash.update(lines.map((line) => `\n${line}`).join(""));
  hash.update(`\n${parts.map((p) => `${p.id}:${p.numbers.length}`).join(",")}`);
  return hash.digest("hex");
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .join(",")}}`;
}
