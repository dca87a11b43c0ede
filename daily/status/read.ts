import type { CarrierDoc, QualityDoc, RecordDoc, Verdict } from "../../model/facts";
import { loadPlan } from "../../model/plan";
import { toRanges } from "../../model/ranges";
import type { Seat } from "../../model/rules/emergencyGroups";
import { accountDates, accountText, endangered } from "../../model/rules/accounts";
import { plannedOrders } from "../../model/rules/orders";
import { partKey, type Since } from "../../model/recordSince";
import { safeWaitSeconds } from "../../model/ttl";
import { type NumberRange, PHASES, type Plan, type Position, WAVE_STEPS, type WaveStep } from "../../model/types";
import { allAtLeast, stepOf, stepRank } from "../../model/waves";
import { Desk } from "../../providers/carrier/desk";
import { clockFrom } from "../../providers/lib/clock";
import type { UserError } from "../../model/errors";
import type { JournalDir } from "../advance/journal";
import { positionText } from "../plan/markdown";
import { positionAt } from "../plan/view";
import type { RunProbe } from "../probes";
import { type Place, settingsOf, type StackSettings } from "../settings";
import { openStep, type OpenStep } from "./open-step";
import { type AskProbe, askerOf, judgeWithoutCalls, planOfStack, type Standing, standingOf } from "../standing";

/** Next steps that are judged: each asks the carrier and the organisation anew. */
const NEXT_MAX = 8;
const DAY_MS = 86_400_000;

/** A step that could come next, and what it waits for. */
export interface NextStep {
  to: string;
  /** Gates that do not pass now; `leftSeconds` where only time is missing that is known. */
  waiting: (Verdict & { leftSeconds?: number })[];
  /** Gates that need test calls: they are placed by `plan` and by the update, not here. */
  atTheStep: string[];
}

/** A request that no person has answered. */
export interface OpenRequest {
  id: string;
  kind: string;
  subject: string;
  at: string;
  ageSeconds: number;
  ranges: NumberRange[];
  /** Call routes that are to be added to emergency groups, by group and flow. */
  groups?: Seat[];
}

export interface Status {
  schema: "cutover/status/v1";
  stack: string;
  at: string;
  /** Undefined when the record could not be read; `problem` says why. */
  position?: string;
  problem?: string;
  /** When the phase was entered, ISO 8601. */
  since?: string;
  /** False: the estate was changed since the last update. */
  planAgrees?: boolean;
  /** Where each part stands and since when, ISO 8601; none when the record could not be read. */
  parts: { part: string; step: WaveStep; numbers: number; since?: string }[];
  next: NextStep[];
  /** Steps beyond NEXT_MAX that were not judged. */
  notJudged: number;
  orders: NonNullable<CarrierDoc["orders"]> | { unknown: string };
  /** Accounts whose billing number has its date, and what is to leave after it or has no date yet; endangered: the account is closed over it. */
  accounts?: { told: string; endangered: boolean }[];
  /** Calls of the last 24 h to the plan's numbers and shadows, by path. */
  traffic: NonNullable<QualityDoc["traffic"]> | { unknown: string };
  requests: OpenRequest[] | { unknown: string };
  /** What `cutover advance` has open on this machine; undefined when nothing. */
  advance?: OpenStep;
}

/**
 * Where a stack stands, what it waits for and what a person has to do. Reads only, and places no test call. `journal`: where `advance` keeps its own.
 * @throws UserError for a wrong estate or configuration.
 */
export async function readStatus(
  place: Place,
  probe: RunProbe,
  journal?: JournalDir,
  tell?: (problem: string) => void,
): Promise<Status> {
  // It only looks: what a wrong key means for the next step is that step's to say.
  const settings = settingsOf(place, tell);
  const plan = planOfStack(loadPlan(settings.planDir), settings);
  const now = await clockFrom(settings.clock).now();
  const ask = askerOf(settings, plan, probe);
  const [record, carrier, requests] = await Promise.all([
    ask("record", {}) as Promise<RecordDoc>,
    ask("carrier", {}) as Promise<CarrierDoc>,
    openRequests(settings, now),
  ]);
  const row = record.record;
  const standing = standingOf(record);
  const quality = (await ask("quality", trafficAsk(plan, standing, now))) as QualityDoc;
  const from: Position = standing?.at ?? { phase: "none", waves: {} };
  const steps = standing ? nextPositions(plan, from) : [];
  const next: NextStep[] = [];
  for (const to of steps.slice(0, NEXT_MAX)) next.push(await judgeStep(plan, standing!, to, settings, ask));
  const advance = journal && openStep(journal, standing?.at);
  return {
    schema: "cutover/status/v1",
    stack: settings.stack,
    at: now.toISOString(),
    ...(standing
      ? { position: positionText(from) }
      : { problem: record.error ?? "the phase record could not be read" }),
    ...(row && from.phase !== "none" ? { since: row.since?.[from.phase], planAgrees: row.digest === plan.digest } : {}),
    parts: standing ? partsOf(plan, from, row?.since ?? {}) : [],
    next,
    notJudged: Math.max(0, steps.length - NEXT_MAX),
    orders: carrier.status === "ok" && carrier.orders ? carrier.orders : { unknown: carrier.error ?? "no answer" },
    ...accountsOf(plan, carrier),
    traffic: quality.status === "ok" && quality.traffic ? quality.traffic : { unknown: quality.error ?? "no answer" },
    requests,
    ...(advance ? { advance } : {}),
  };
}

/** Billing numbers as they are dated; nobody submits an order that is missing while a status is read. */
function accountsOf(plan: Plan, { status, orders, numbers }: CarrierDoc): Pick<Status, "accounts"> {
  if (status !== "ok" || !orders || !numbers || orders.length === 0) return {};
  const accounts = accountDates(plannedOrders(plan), { orders, numbers }).flatMap((a) => {
    const told = accountText(a);
    return told ? [{ told, endangered: endangered(a) }] : [];
  });
  return accounts.length > 0 ? { accounts } : {};
}

/** What the quality probe is asked. Pooled at BYOC is what was ever adopted: that stays on the way back. */
function trafficAsk(plan: Plan, standing: Standing | undefined, now: Date): Record<string, unknown> {
  const adopted = plan.parts.filter((p) => stepOf(standing?.floor ?? {}, p.id) === "adopted").flatMap((p) => p.numbers);
  return { trafficSince: new Date(now.getTime() - DAY_MS).toISOString(), adopted: toRanges(adopted) };
}

function partsOf(plan: Plan, from: Position, since: Since): Status["parts"] {
  return plan.parts.map((p) => {
    const step = stepOf(from.waves, p.id);
    const entered = since[partKey(p.id, step)];
    return { part: p.id, step, numbers: p.numbers.length, ...(entered ? { since: entered } : {}) };
  });
}

/** Steps that may come next by their form: the next phase, or the next step of each part, the furthest first. */
export function nextPositions(plan: Plan, from: Position): Position[] {
  if (from.phase === "complete") return [];
  if (from.phase !== "cutover" || allAtLeast(plan, from.waves, "adopted")) {
    const next = from.phase === "none" ? "baseline" : PHASES[PHASES.indexOf(from.phase) + 1]!;
    return [positionAt(plan, next, next === "complete" ? from.waves : {})];
  }
  return plan.parts
    .filter((p) => stepOf(from.waves, p.id) !== "adopted")
    .sort((a, b) => stepRank(stepOf(from.waves, b.id)) - stepRank(stepOf(from.waves, a.id)))
    .map((p) => {
      const step = WAVE_STEPS[stepRank(stepOf(from.waves, p.id)) + 1]!;
      return { phase: "cutover", waves: { ...from.waves, [p.id]: step } };
    });
}

/** When the time that a gate asks for is over at the earliest, ms; NaN when its beginning is not known. What else it asks for may take longer. */
const END_OF_WAIT: Record<string, (plan: Plan, since: Since) => number> = {
  "ttl-lowered-in-time": (plan, since) => Date.parse(since["ttl-lowered"] ?? "") + safeWaitSeconds(plan.dns) * 1000,
  "soak-over": (plan, since) => Date.parse(since.cutover ?? "") + plan.limits.soakHours * 3_600_000,
};

async function judgeStep(
  plan: Plan,
  standing: Standing,
  to: Position,
  settings: StackSettings,
  ask: AskProbe,
): Promise<NextStep> {
  const { waiting, atTheStep } = await judgeWithoutCalls(plan, standing, to, settings, ask);
  const since = standing.record.record?.since ?? {};
  const now = (await clockFrom(settings.clock).now()).getTime();
  const timed = waiting.map((v) => {
    const ends = END_OF_WAIT[v.gate]?.(plan, since) ?? Number.NaN;
    return ends > now ? { ...v, leftSeconds: Math.round((ends - now) / 1000) } : v;
  });
  return { to: stepText(plan, standing.at, to), waiting: timed, atTheStep };
}

/** `w1=live` for a part that moves, else the phase. */
export function stepText(plan: Plan, from: Position, to: Position): string {
  const moved = plan.parts.find((p) => stepOf(from.waves, p.id) !== stepOf(to.waves, p.id));
  return to.phase === from.phase && moved ? `${moved.id}=${stepOf(to.waves, moved.id)}` : to.phase;
}

/** Requests of the desk that are neither withdrawn nor answered, oldest first. */
async function openRequests(settings: StackSettings, now: Date): Promise<OpenRequest[] | { unknown: string }> {
  try {
    const desk = new Desk(settings.deskDir, clockFrom(settings.clock));
    const open: OpenRequest[] = [];
    for (const r of await desk.requests()) {
      if (r.withdrawn === true || (await desk.confirmation(r.id)) !== null) continue;
      const ranges = Array.isArray(r.ranges) ? (r.ranges as NumberRange[]) : [];
      const ageSeconds = Math.max(0, Math.round((now.getTime() - Date.parse(r.at)) / 1000));
      const groups = Array.isArray(r.groups) ? { groups: r.groups as Seat[] } : {};
      open.push({ id: r.id, kind: r.kind, subject: r.subject, at: r.at, ageSeconds, ranges, ...groups });
    }
    return open.sort((a, b) => (a.at < b.at ? -1 : 1));
  } catch (error) {
    return { unknown: (error as UserError).message };
  }
}
