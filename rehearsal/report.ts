import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bucket, CallSums, LostCall } from "./ledger";
import type { ApiCounts, WorldEvent } from "./world";

export type Steps = Record<"create" | "update" | "replace" | "delete" | "same" | "import", number>;

export interface PhaseReport {
  phase: string;
  waves: string;
  direction: "forward" | "back";
  /** World time the step was asked for. */
  at: string;
  /** Wall seconds since the rehearsal began. */
  wallStart: number;
  wallEnd: number;
  preview: { seconds: number; steps: Steps };
  up: { seconds: number; steps: Steps };
  secondUpSteps: number;
  policies: { evaluated: number; violations: { policy: string; resource: string; level: string; message: string }[] };
  apiCalls: ApiCounts;
  changed: { op: string; type: string; name: string; diffs: string[] }[];
}

/** The report's contract, `cutover/report/v1`. */
export interface Report {
  schema: "cutover/report/v1";
  engine: string;
  plan: string;
  stack: string;
  seed: number;
  inboundMatching: string;
  wallSeconds: number;
  simulatedSeconds: number;
  phases: PhaseReport[];
  calls: CallSums;
  lostCalls: LostCall[];
  lastReversiblePhase: string;
  verdict: "pass" | "fail";
  failures: string[];
  peakMemoryMb: number;
  series: Bucket[];
  events: (WorldEvent & { wall: number })[];
}

/** Difference of two API counts: what one step called. */
export function apiDelta(before: ApiCounts, after: ApiCounts): ApiCounts {
  return Object.fromEntries(
    Object.entries(after).map(([api, now]) => {
      const then = before[api] ?? { reads: 0, writes: 0, throttled: 0 };
      return [
        api,
        { reads: now.reads - then.reads, writes: now.writes - then.writes, throttled: now.throttled - then.throttled },
      ];
    }),
  );
}

/** Writes report.json and report.html and says where. */
export function writeReport(out: string, report: Report, html: string): { json: string; html: string } {
  mkdirSync(out, { recursive: true });
  const files = { json: join(out, "report.json"), html: join(out, "report.html") };
  writeFileSync(files.json, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(files.html, html);
  return files;
}
