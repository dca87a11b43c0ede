import { UserError } from "../../model/errors";
import { judge } from "../../model/evidence";
import type { Facts, RecordDoc } from "../../model/facts";
import { checkMove } from "../../model/moves";
import { loadPlan } from "../../model/plan";
import type { Phase, Plan, Position, WaveStates } from "../../model/types";
import { namedParts, parseWaves } from "../../model/waves";
import { clockFrom } from "../../providers/lib/clock";
import type { RunProbe } from "../probes";
import { readStack, settingsOf } from "../settings";
import { askerOf, gatherFacts, planOfStack, standingOf } from "../standing";
import { callsByHour } from "./hours";
import { renderPlan } from "./markdown";
import { readPreview } from "./preview";
import { obstacles, type PlanView, positionAt, positionBefore } from "./view";

export interface PlanArgs {
  stack?: string;
  plan?: string;
  to?: Phase;
  waves?: string;
  /** File to read the stack's configuration from instead of `Pulumi.<stack>.yaml`. */
  config?: string;
  /** A running sandbox whose addresses replace the stack's. */
  world?: string;
  /** Output of `pulumi preview --json`. */
  preview?: string;
}

/** Time of a judgement without a world: gates that look at the clock find it unknown, which is never a pass. */
const NOT_KNOWN = new Date(Number.NaN);

export interface PlanResult {
  markdown: string;
  /** Whether the step may be merged. */
  mergeable: boolean;
  /** Why not, most important first. */
  why: string[];
}

/**
 * Makes the pull request comment of a step. With a stack: from its phase record to its configuration (or `to`), evidence gathered by the
 * probes. With an estate alone: from one step before, no evidence.
 * @throws UserError for a wrong estate or configuration, or when neither or both of stack and plan are named.
 */
export async function makePlan(args: PlanArgs, probe: RunProbe): Promise<PlanResult> {
  if ((args.stack === undefined) === (args.plan === undefined))
    throw new UserError("Name either --stack or --plan: the stack that is to move, or an estate alone.");
  if (args.world !== undefined && args.stack === undefined)
    throw new UserError("--world goes with --stack: an estate alone asks no world.");
  const view = args.stack === undefined ? estateView(args) : await stackView(args, probe);
  if (args.preview) view.preview = readPreview(args.preview);
  const why = obstacles(view);
  return { markdown: renderPlan(view), mergeable: why.length === 0, why };
}

function estateView(args: PlanArgs): PlanView {
  // The stack's file alone says where a pull request leads; nothing else of it is used.
  const asked = args.config === undefined ? undefined : readStack("", args.config);
  const plan = planOfStack(loadPlan(args.plan!), asked ?? {});
  const waves = args.waves === undefined && asked ? namedParts(plan, asked.waves) : wavesOf(plan, args.waves ?? "");
  // Waves move inside cutover only: who names one, if only as waiting, means that phase.
  const otherwise = args.waves || Object.keys(waves).length > 0 ? "cutover" : "baseline";
  const to = positionAt(plan, args.to ?? asked?.phase ?? otherwise, waves);
  const from = positionBefore(plan, to);
  const move = checkMove(plan, from, to);
  const verdicts = judge(plan, from, to, {}, NOT_KNOWN);
  const hours = { unknown: "no stack was named, so no organisation was asked" };
  return { plan, from, assumed: true, to, move, floor: from.waves, gathered: false, facts: {}, verdicts, hours };
}

async function stackView(args: PlanArgs, probe: RunProbe): Promise<PlanView> {
  const settings = settingsOf({ stack: args.stack, config: args.config, world: args.world });
  const plan = planOfStack(loadPlan(settings.planDir), settings);
  const waves = args.waves === undefined ? namedParts(plan, settings.waves) : wavesOf(plan, args.waves);
  const to = positionAt(plan, args.to ?? settings.phase ?? "baseline", waves);
  const ask = askerOf(settings, plan, probe);
  const [record, hours] = await Promise.all([ask("record", {}) as Promise<RecordDoc>, callsByHour(plan, settings)]);
  const where = standingOf(record);
  const base = { plan, stack: settings.stack, to, hours, override: settings.override };
  if (!where) return { ...base, ...unreadable(plan, to, record) };
  const { at: from, floor } = where;
  const move = checkMove(plan, from, to, floor);
  const facts = await gatherFacts(plan, where, to, settings, ask);
  const now = await clockFrom(settings.clock).now();
  const verdicts = judge(plan, from, to, facts, now);
  return { ...base, from, assumed: false, move, floor, gathered: true, facts, verdicts, now };
}

/** An organisation that does not answer is no "fresh stack": the step before is assumed for the words, and nothing may be merged. */
function unreadable(plan: Plan, to: Position, record: RecordDoc) {
  const from = positionBefore(plan, to);
  const facts: Facts = { record };
  const seen = `the phase record could not be read: ${record.error ?? "no reason given"}`;
  const broken = {
    gate: "record-agrees",
    status: "errored" as const,
    seen,
    required: "the phase record answers",
    fix: "check credentials, permissions and addresses with cutover doctor",
  };
  const others = judge(plan, from, to, facts, NOT_KNOWN).filter((v) => v.gate !== broken.gate);
  return {
    from,
    assumed: true,
    move: checkMove(plan, from, to),
    floor: from.waves,
    gathered: false,
    facts,
    verdicts: [broken, ...others],
  };
}

/** Waves of the text. @throws UserError for a part that the plan does not have. */
const wavesOf = (plan: Plan, text: string): WaveStates => namedParts(plan, parseWaves(text), "--waves");
