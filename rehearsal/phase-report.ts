import type { Plan } from "../model/types";
import { formatWaves } from "../model/waves";
import { changeCount, type DeployResult } from "./deployer";
import type { PhaseReport, Report } from "./report";
import type { WalkStep } from "./steps";
import type { ApiCounts } from "./world";

/** How much of a change the report tells: differences of a resource, and characters of a value. */
const DIFFS_SHOWN = 12;
const VALUE_CHARS_SHOWN = 160;

/** One step's runs of the engine, and when they were: `asked` in world time, the others in wall seconds since the rehearsal began. */
export interface StepRuns {
  asked: Date;
  wallStart: number;
  wallEnd: number;
  preview: DeployResult;
  up: DeployResult;
  second?: DeployResult;
  apiCalls: ApiCounts;
}

/** What the report tells of one step. */
export function phaseReportOf(step: WalkStep, r: StepRuns): PhaseReport {
  const seconds = (n: number) => Math.round(n * 100) / 100;
  return {
    phase: step.phase,
    waves: formatWaves(step.waves),
    direction: step.direction,
    at: r.asked.toISOString(),
    wallStart: seconds(r.wallStart),
    wallEnd: seconds(r.wallEnd),
    preview: { seconds: seconds(r.preview.seconds), steps: r.preview.changes },
    up: { seconds: seconds(r.up.seconds), steps: r.up.changes },
    secondUpSteps: r.second ? changeCount(r.second.changes) : null,
    policies: {
      evaluated: r.preview.policies.evaluated + r.up.policies.evaluated,
      violations: [r.preview, r.up, r.second].flatMap((run) => run?.policies.violations ?? []),
    },
    apiCalls: r.apiCalls,
    changed: r.up.steps
      .filter((s) => s.op !== "same" && !s.type.startsWith("pulumi:providers:"))
      .map((s) => ({
        op: s.op,
        type: s.type,
        name: s.name,
        diffs: (s.diffs ?? []).slice(0, DIFFS_SHOWN).map(showDiff),
      })),
  };
}

/** The last step walked from which every number could still be taken back to GCV: no part was adopted yet. */
export function lastReversible(phases: readonly PhaseReport[]): string {
  const adopting = phases.findIndex((p) => p.waves.includes("=adopted"));
  const last = adopting === -1 ? phases.at(-1) : phases[adopting - 1];
  return last ? (last.waves ? `${last.phase} ${last.waves}` : last.phase) : "none";
}

/** How much is migrated. */
export const estateOf = (plan: Plan): NonNullable<Report["estate"]> => ({
  numbers: plan.numbers.length,
  sites: new Set(plan.numbers.map((n) => n.site)).size,
  flows: new Set(plan.numbers.map((n) => n.flow)).size,
  waves: new Set(plan.numbers.map((n) => n.wave)).size,
  portOrders: plan.portOrders.length,
  minMos: plan.canary.minMos,
});

function showDiff(d: { path: string; kind: string; old?: unknown; new?: unknown }): string {
  const show = (v: unknown) => (v === undefined ? "" : JSON.stringify(v).slice(0, VALUE_CHARS_SHOWN));
  return `${d.path}: ${show(d.old)} -> ${show(d.new)}`;
}
