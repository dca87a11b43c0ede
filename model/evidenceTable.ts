import { type Facts, PROBES, type ProbeDoc, type ProbeName } from "./facts";
import { freshMinutes } from "./freshness";
import type { Plan } from "./types";

/** One line of the evidence that a move was asked with: each fact what, where, when, by what, and how old it may be. */
export interface EvidenceRow {
  fact: ProbeName;
  what: string;
  where: string;
  at: string;
  by: string;
  minutesMax: number;
}

const count = (n: number | undefined, what: string) => `${n ?? 0} ${what}${n === 1 ? "" : "s"}`;

/** What a document holds, in a few words; of one that failed or is inconclusive, why. */
function summaryOf(fact: ProbeName, facts: Facts): string {
  const doc = facts[fact] as ProbeDoc;
  if (doc.status !== "ok") return `${doc.status ?? "no status"}: ${doc.error ?? "no reason given"}`;
  const { record, dns, sip, carrier, quality, entitlement } = facts;
  if (fact === "record") {
    const inventory = record!.inventory
      ? `, ${count(record!.inventory.checked, "number")} looked up in the GCV inventory`
      : "";
    const existing = record!.existing ? `, ${count(record!.existing.ivrs.length, "call route")} to adopt` : "";
    return `${record!.record ? `stands at ${record!.record.phase}` : "no record yet"}${inventory}${existing}`;
  }
  if (fact === "dns") return count(dns!.answers?.length, "answer");
  if (fact === "sip") {
    const tests = sip!.tests ?? [];
    return `${tests.filter((t) => t.answered).length} of ${count(tests.length, "test call")} answered, OPTIONS ${sip!.options?.code ?? "without answer"}`;
  }
  if (fact === "carrier") {
    const active = (carrier!.numbers ?? []).filter((n) => n.status === "Active").length;
    return `${count(carrier!.routes?.length, "route")}, ${count(carrier!.orders?.length, "order")}, ${active} of ${count(carrier!.numbers?.length, "range")} Active`;
  }
  if (fact === "entitlement")
    return `organisation ${entitlement!.organisation?.name ?? "unknown"}, ${count(entitlement!.products?.length, "product")}`;
  const { canary, gcv } = quality!;
  return [
    ...(canary ? [`${count(canary.calls, "canary call")}, ${canary.failed} failed`] : []),
    ...(gcv ? [`last call on GCV ${gcv.lastCallAt ?? "none seen"}`] : []),
  ].join(", ");
}

/** The evidence of a move, one row a document, in the order of the probes. */
export const evidenceRows = (plan: Pick<Plan, "limits">, facts: Facts): EvidenceRow[] =>
  PROBES.flatMap((fact) => {
    const doc = facts[fact];
    if (!doc) return [];
    return [
      {
        fact,
        what: summaryOf(fact, facts),
        where: doc.where ?? "not told",
        at: doc.at || "no date",
        by: doc.by || "nobody",
        minutesMax: freshMinutes(plan, fact),
      },
    ];
  });

/** The rows as a text table for a preview. */
export function evidenceTable(plan: Pick<Plan, "limits">, facts: Facts): string {
  const rows = evidenceRows(plan, facts).map((r) => [r.fact, r.what, r.where, r.at, `${r.minutesMax} min`, r.by]);
  const head = ["evidence", "what", "where", "when", "may be", "by"];
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i]!.length)));
  return [head, ...rows]
    .map((r) =>
      r
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
