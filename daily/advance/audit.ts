import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Facts, ProbeDoc, Verdict } from "../../model/facts";
import { writeDurably } from "./journal";

/** One probe's document as evidence: when it was measured, by what, and the sha256 of all of it. */
export interface Evidence {
  probe: string;
  at: string;
  by: string;
  status: string;
  sha256: string;
}

/** What happened. */
export type AuditEvent =
  | "asked"
  | "resumed"
  | "previewed"
  | "refused"
  | "confirmed"
  | "declined"
  | "applying"
  | "applied"
  | "failed"
  | "look"
  | "limit-broken"
  | "returning"
  | "returned"
  | "held"
  | "good"
  | "paused";

export interface AuditEntry {
  /** Id of the step (Journal.id). */
  step: string;
  event: AuditEvent;
  stack: string;
  from: string;
  to: string;
  by: string;
  /** By the clock of the stack. */
  at: string;
  digest: string;
  what?: string;
  verdicts?: Pick<Verdict, "gate" | "status" | "seen">[];
  evidence?: Evidence[];
  changes?: Record<string, number>;
}

/** As written: `wall` is this machine's time, `prev` the sha256 of the line before (64 zeros for the first). */
export type AuditLine = AuditEntry & { schema: "cutover/audit/v1"; wall: string; prev: string };

const NONE = "0".repeat(64);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Documents of the facts with their dates and digests. */
export function evidenceOf(facts: Facts): Evidence[] {
  return Object.values(facts as Record<string, unknown>)
    .filter((doc): doc is ProbeDoc => typeof doc === "object" && doc !== null && "probe" in doc)
    .map((doc) => ({
      probe: doc.probe,
      at: doc.at,
      by: doc.by,
      status: doc.status,
      sha256: sha256(canonical(doc)),
    }));
}

/** JSON with sorted keys, so that the same document has the same digest wherever it was kept. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(",")}}`;
}

/** An append-only log, one JSON document a line, each with the digest of the line before: a changed or missing line is seen. */
export class AuditLog {
  constructor(readonly file: string) {}

  append(entry: AuditEntry): void {
    mkdirSync(dirname(this.file), { recursive: true });
    const text = existsSync(this.file) ? readFileSync(this.file, "utf8") : "";
    // A line that a kill cut short is ended, so that the next one stands alone; checkAudit tells of it.
    const start = text === "" || text.endsWith("\n") ? "" : "\n";
    const last = text.trimEnd().split("\n").at(-1) ?? "";
    const line: AuditLine = {
      schema: "cutover/audit/v1",
      ...entry,
      wall: new Date().toISOString(),
      prev: last === "" ? NONE : sha256(last),
    };
    writeDurably(this.file, `${start}${JSON.stringify(line)}\n`, "a");
  }
}

/** Lines that do not follow from the one before, 1-based; empty for an untouched log. */
export function checkAudit(text: string): number[] {
  const lines = text.split("\n").filter((l) => l !== "");
  return lines.flatMap((line, i) => {
    const before = i === 0 ? NONE : sha256(lines[i - 1]!);
    try {
      return (JSON.parse(line) as AuditLine).prev === before ? [] : [i + 1];
    } catch {
      return [i + 1];
    }
  });
}
