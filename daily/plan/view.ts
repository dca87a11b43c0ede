import { covers, missingFrom } from "../../model/allowlist";
import type { Facts, Verdict } from "../../model/facts";
import { type Override, overrideState, readOverrides } from "../../model/override";
import { checkMove, type Move } from "../../model/moves";
import { PHASES, type Phase, type Plan, type Position, type WaveStates, WAVE_STEPS } from "../../model/types";
import { stepOf, stepRank } from "../../model/waves";
import type { HourLoad } from "./hours";
import { type PreviewSummary, STREAMED } from "./preview";

/** Everything the pull request comment says; made by command.ts, rendered by markdown.ts. */
export interface PlanView {
  plan: Plan;
  /** Stack, or undefined when only an estate was named. */
  stack?: string;
  from: Position;
  /** True when `from` was not read from a phase record: it is the step before `to`. */
  assumed: boolean;
  to: Position;
  move: Move;
  /** Highest step each part ever reached, as the phase record keeps it. */
  floor: WaveStates;
  /** Whether probes were asked at all. */
  gathered: boolean;
  facts: Facts;
  verdicts: readonly Verdict[];
  /** Time of the judgement, by the clock of the stack. */
  now?: Date;
  /** Calls by hour, or why they are not known. */
  hours: HourLoad[] | { unknown: string };
  preview?: PreviewSummary;
  /** Text of `cutover:override`. */
  override?: string;
}

/** The override of a policy that counts at the time of the judgement; undefined without a time, since every override has an end. */
export function overrideOf(
  { override, now }: Pick<PlanView, "override" | "now">,
  policy: string,
): Override | undefined {
  const own = readOverrides(override).overrides[policy];
  return now && overrideState(own, now).active ? own : undefined;
}

/** The position before `to`, for an estate without a world: one phase earlier, or the last named part one step earlier. */
export function positionBefore(plan: Plan, to: Position): Position {
  if (to.phase === "none") return to;
  const moved = plan.parts.filter((p) => stepOf(to.waves, p.id) !== "waiting").map((p) => p.id);
  const last = moved.at(-1);
  if (to.phase === "cutover" && last) {
    const { [last]: step, ...rest } = to.waves;
    const before = WAVE_STEPS[stepRank(step!) - 1]!;
    return { phase: "cutover", waves: before === "waiting" ? rest : { ...rest, [last]: before } };
  }
  const phase: Phase | "none" = PHASES[PHASES.indexOf(to.phase) - 1] ?? "none";
  return { phase, waves: to.waves };
}

/** The position a phase is reached with when nobody named waves: `complete` needs every part adopted, the others none. */
export function positionAt(plan: Plan, phase: Phase, waves: WaveStates): Position {
  if (phase !== "complete" || Object.keys(waves).length > 0) return { phase, waves };
  return { phase, waves: Object.fromEntries(plan.parts.map((p) => [p.id, "adopted" as const])) };
}

/** Why the step may not be merged, most important first; empty when it may. A way back is never gated. */
export function obstacles(view: Omit<PlanView, "move" | "facts" | "hours" | "assumed">): string[] {
  const move = checkMove(view.plan, view.from, view.to, view.floor);
  if (move.direction === "illegal") return [move.why!];
  const reasons: string[] = [];
  const { allowlist } = view.plan.trunk;
  // The pack judges the trunk itself too; here it is said before any preview runs.
  if (move.direction === "forward" && !covers(allowlist, view.plan.carrier.sourceRanges))
    reasons.push(`trunk.allowlist is without ${missingFrom(allowlist, view.plan.carrier.sourceRanges).join(", ")}`);
  const open = view.verdicts.filter((v) => v.status !== "passed" && !overrideOf(view, v.gate));
  for (const v of open) {
    const missing = !view.gathered && v.status === "inconclusive";
    reasons.push(missing ? `${v.gate}: evidence not gathered` : `${v.gate} ${v.status}: ${v.seen}`);
  }
  if (view.preview) reasons.push(...previewObstacles(view.preview));
  return reasons;
}

function previewObstacles({ errors, violations }: PreviewSummary): string[] {
  if (errors.length > 0) return [`the preview failed: ${errors[0]}`];
  if (!violations) return [`the preview does not tell what the policy pack says: run it as ${STREAMED}`];
  return violations.filter((v) => v.level !== "advisory").map((v) => `policy ${v.policy}: ${v.message}`);
}
