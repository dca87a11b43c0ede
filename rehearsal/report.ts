import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Harm } from "./harm";
import type { Bucket, CallSums, LostCall } from "./ledger";
import type { TimeLine } from "./timeline";
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
  /** Changes of a second up of the same step; null when a hurried walk made none. */
  secondUpSteps: number | null;
  policies: { evaluated: number; violations: { policy: string; resource: string; level: string; message: string }[] };
  apiCalls: ApiCounts;
  changed: { op: string; type: string; name: string; diffs: string[] }[];
}

export interface Stopped {
  policy: string;
  /** `cutover w1=live`, or the phase. */
  phase: string;
  message: string;
  /** `preview`, or the up in which a proof or the gate's provider refused. */
  in: "preview" | "up" | "second up";
  /** Other policies that refused the same step. */
  also: string[];
  /** API calls of that step up to the stop which were not reads, over all APIs of the world. */
  writes: number;
}

export interface TrapReport {
  name: string;
  policy: string;
  mistake: string;
  without: string[];
  /** The worst kind of harm, and all of them. */
  harm: Harm | null;
  harms: Harm[];
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
  /** What stopped the walk: the policy, and the step it would not let through. Null when nothing did. */
  stopped?: Stopped | null;
  /** With a trap: its name, the policy that has to stop it, what was left out, and the harm seen in the world. */
  trap?: TrapReport;
  peakMemoryMb: number;
  series: Bucket[];
  events: (WorldEvent & { wall: number })[];
  /** What was migrated; `minMos` is the limit of the canary. */
  estate?: {
    numbers: number;
    sites: number;
    flows: number;
    waves: number;
    portOrders: number;
    minMos: number;
  };
  /** What the world noted beside the calls: resolvers, port orders, audio quality. Absent when the world never came up. */
  timeline?: TimeLine;
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
