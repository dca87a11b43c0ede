import { createHash } from "node:crypto";
import type { Plan } from "./types";

/** What of a plan may change under a standing stack, and is judged by evidence of its own. */
export type Section = "path" | "dns" | "orders";

const SECTIONS: readonly Section[] = ["path", "dns", "orders"];

/**
 * Digest of everything the plan means: the same for files that differ in comments, order of keys or rows, line ends; different as soon
 * as one number, order or setting differs. The file lines (`row`) are left out. Behind the sha256 of the whole (hexadecimal) stand those of
 * its sections, 16 digits each, in the order of SECTIONS: the record then tells what changed.
 */
export function planDigest(plan: Omit<Plan, "digest">): string {
  const { organisation, trunk, carrier, gcv, canary, dns, sandbox, numbers, portOrders } = plan;
  const ordered = [
    ...numbers.map((n) => `${n.number} ${n.part} ${n.portOrder}`),
    ...portOrders.map((o) => canonical({ ...o, row: 0 })),
  ];
  const of: Record<Section, string> = {
    path: canonical({ organisation, trunk, carrier, gcv, canary, dns, sandbox }),
    dns: canonical(dns),
    orders: ordered.sort().join("\n"),
  };
  const short = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
  return [wholeDigest(plan), ...SECTIONS.map((s) => short(of[s]))].join(".");
}

/**
 * Sections that differ between the digest on record and the plan's; none when both are of one plan. A record from before there were sections
 * tells only that something changed: then all of them count.
 */
export function changedSections(recorded: string, digest: string): Section[] {
  const [before, after] = [recorded.split("."), digest.split(".")];
  if (before[0] === after[0]) return [];
  const known = before.length === after.length && after.length === SECTIONS.length + 1;
  return SECTIONS.filter((_, i) => !known || before[i + 1] !== after[i + 1]);
}

function wholeDigest(plan: Omit<Plan, "digest">): string {
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
