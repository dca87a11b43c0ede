import { canaryShares } from "../../model/canaryShare";
import { UserError } from "../../model/errors";
import { PHASES, type Phase, type Plan, type Position, WAVE_STEPS, type WaveStates } from "../../model/types";
import { allAtLeast, formatWaves, parseWaves, stepOf, stepRank } from "../../model/waves";
import { positionAt } from "../plan/view";

/** Where a stack is to stand: a position, and inside `canary` a share below the plan's own. */
export interface Target extends Position {
  /** Percent of callers on the BYOC path; left out, the plan's canary.percent. */
  canaryPercent?: number;
}

/** `canary 5 %`, `cutover w1=live`, `porting`. */
export function targetText(t: Target): string {
  const waves = formatWaves(t.waves);
  const share = t.canaryPercent === undefined ? "" : ` ${t.canaryPercent} %`;
  return t.phase === "none" ? "no record yet" : `${t.phase}${share}${waves ? ` ${waves}` : ""}`;
}

/** Whether two positions are the same place, whatever the order of their waves; a canary's share does not count, since no phase record knows it. */
export const samePlace = (a: Position, b: Position): boolean =>
  a.phase === b.phase && formatWaves(a.waves) === formatWaves(b.waves);

/** The place with the share that the stack's configuration names, as far as it means one. */
export function here(plan: Plan, at: Position, canaryPercent: number | undefined): Target {
  if (at.phase !== "canary" || canaryPercent === undefined || canaryPercent >= plan.canary.percent) return { ...at };
  return { ...at, canaryPercent };
}

const atShare = (plan: Plan, share: number): Target => ({
  phase: "canary",
  waves: {},
  ...(share < plan.canary.percent ? { canaryPercent: share } : {}),
});

/**
 * The one next step: the canary's shares one after another, then wave by wave in the plan's order, each through all its steps.
 * Undefined when the stack is complete. `wave` chooses the part (or the wave) that moves inside `cutover`.
 * @throws UserError for a wave that the plan does not have or that has no step left.
 */
export function nextTarget(plan: Plan, at: Target, wave?: string): Target | undefined {
  if (at.phase === "complete") return undefined;
  if (at.phase === "none") return { phase: "baseline", waves: {} };
  const shares = canaryShares(plan);
  if (at.phase === "ttl-lowered") return atShare(plan, shares[0]!);
  if (at.phase === "canary" && at.canaryPercent !== undefined)
    return atShare(plan, shares.find((s) => s > at.canaryPercent!) ?? plan.canary.percent);
  if (at.phase === "cutover" && !allAtLeast(plan, at.waves, "adopted")) {
    const open = partsOf(plan, wave).find((p) => stepOf(at.waves, p) !== "adopted");
    if (!open) throw new UserError(`--wave ${wave}: seen adopted; expected a wave with a step left.`);
    const step = WAVE_STEPS[stepRank(stepOf(at.waves, open)) + 1]!;
    return { phase: "cutover", waves: { ...at.waves, [open]: step } };
  }
  const next = PHASES[PHASES.indexOf(at.phase) + 1]!;
  return positionAt(plan, next, next === "complete" ? at.waves : {});
}

/**
 * One step back: the share before, the last moved part's step before, or the phase before. Undefined where there is none.
 * @throws UserError for a wave that the plan does not have or that waits already.
 */
export function previousTarget(plan: Plan, at: Target, wave?: string): Target | undefined {
  if (at.phase === "none" || at.phase === "baseline" || at.phase === "complete") return undefined;
  if (at.phase === "canary") {
    const lower = canaryShares(plan).filter((s) => s < (at.canaryPercent ?? plan.canary.percent));
    if (lower.length > 0) return atShare(plan, lower.at(-1)!);
  }
  if (at.phase === "cutover" && Object.values(at.waves).some((s) => s !== "waiting")) {
    const moved = partsOf(plan, wave).filter((p) => stepOf(at.waves, p) !== "waiting");
    const part = moved.at(-1);
    if (!part) throw new UserError(`--wave ${wave}: seen waiting; expected a wave with a step to take back.`);
    return { phase: "cutover", waves: stepped(at.waves, part) };
  }
  if (at.phase === "porting") return { phase: "canary", waves: {} };
  return { phase: PHASES[PHASES.indexOf(at.phase) - 1]!, waves: {} };
}

function stepped(waves: WaveStates, part: string): WaveStates {
  const { [part]: step, ...rest } = waves;
  const before = WAVE_STEPS[stepRank(step!) - 1]!;
  return before === "waiting" ? rest : { ...rest, [part]: before };
}

function partsOf(plan: Plan, wave?: string): string[] {
  const parts = plan.parts.filter((p) => wave === undefined || p.id === wave || p.wave === wave).map((p) => p.id);
  if (parts.length > 0) return parts;
  const known = plan.parts.map((p) => p.id);
  throw new UserError(`--wave ${wave}: seen no such wave; expected one of ${known.slice(0, 20).join(", ")}.`);
}

/**
 * Where to go when a limit broke after a step: at any canary share all callers leave the path at once, not share by share; else the
 * place before the step. Undefined where nothing on a call's way would be better for it, or no way back exists.
 */
export function retreatFrom(from: Target, to: Target): Target | undefined {
  if (to.phase === "canary") return { phase: "ttl-lowered", waves: {} };
  if (to.phase === "cutover" && from.phase === "cutover") return from;
  return undefined;
}

/** Where `--until` ends. */
export interface Until {
  phase: Phase;
  /** Steps that parts have to have reached, inside `cutover`. */
  waves: WaveStates;
}

/** Reads `canary`, or `w1=released`. @throws UserError for anything else. */
export function readUntil(plan: Plan, text: string): Until {
  if ((PHASES as readonly string[]).includes(text)) return { phase: text as Phase, waves: {} };
  if (!text.includes("="))
    throw new UserError(
      `--until ${text}: seen no phase; expected one of ${PHASES.join(", ")}, or a wave's step such as ${plan.parts[0]!.id}=live.`,
    );
  const waves = Object.fromEntries(
    Object.entries(parseWaves(text)).flatMap(([name, step]) =>
      partsOf(plan, name).map((part) => [part, step] as const),
    ),
  );
  return { phase: "cutover", waves };
}

/** Whether `at` is as far as `until` asks. */
export function reached(until: Until, at: Target): boolean {
  if (at.phase === "none") return false;
  const [now, asked] = [PHASES.indexOf(at.phase), PHASES.indexOf(until.phase)];
  if (now !== asked) return now > asked;
  if (at.canaryPercent !== undefined) return false;
  return Object.entries(until.waves).every(([part, step]) => stepRank(stepOf(at.waves, part)) >= stepRank(step));
}
