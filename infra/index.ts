import * as pulumi from "@pulumi/pulumi";
import { canaryShares, withCanaryPercent } from "../model/canaryShare";
import { UserError } from "../model/errors";
import { evidenceFor, type ProbeDoc } from "../model/evidence";
import type { Hours } from "../model/hours";
import type { EmergencyGroup } from "../model/rules/emergencyGroups";
import { evidenceTable } from "../model/evidenceTable";
import { leftOut } from "../model/leftOut";
import { adoptedByPools, checkMove, desiredState, raiseFloor } from "../model/phases";
import { sinceOf } from "../model/recordSince";
import { loadPlan } from "../model/plan";
import type { NumberRange, Plan, Position } from "../model/types";
import { formatWaves, parseWaves } from "../model/waves";
import { gather, probeSettings } from "./evidence";
import { Gate } from "./gate";
import { findExisting } from "./lookups";
import { Migration } from "./migration";
import type { RecordValue } from "./record";
import { loadSettings, type Settings } from "./settings";
import { refuseUnproven } from "./unproven";

interface RecordDoc extends ProbeDoc {
  record?: {
    phase: RecordValue["phase"];
    waves: string;
    floor: string;
    digest: string;
    since: RecordValue["since"];
  } | null;
  pooled?: NumberRange[];
  hours?: Record<string, Hours>;
  emergencyGroups?: EmergencyGroup[];
}

/**
 * Reads where the stack stands, what its call routes do outside their open hours, and which emergency groups the organisation has: no look-up
 * of the provider tells those, and hours left out of the program would be taken off the route. Who changes them at Genesys changes them for both
 * paths. `baseline` has no use for the groups. An organisation that does not answer is an error, never "a fresh stack".
 */
async function readRecord(settings: Settings) {
  const ask = { hours: true, ...(settings.phase === "baseline" ? {} : { emergencyGroups: true }) };
  const { record: doc } = (await gather({ record: probeSettings(settings, ask) })) as { record: RecordDoc };
  // Hours and groups that are not known are not the same as none.
  if (doc.status !== "ok" || !doc.hours || (ask.emergencyGroups && !doc.emergencyGroups)) {
    throw new UserError(
      `Phase record of stack ${settings.stack}: seen ${(doc.error ?? doc.status).replace(/\.$/, "")}; expected a record that can be read, and nothing is changed before; fix: check credentials, permissions and addresses with cutover doctor --stack ${settings.stack}.`,
    );
  }
  const record = doc.record ?? null;
  const from: Position = { phase: record?.phase ?? "none", waves: parseWaves(record?.waves ?? "") };
  return {
    doc,
    from,
    floor: parseWaves(record?.floor ?? ""),
    since: record?.since ?? {},
    at: doc.at,
    hours: doc.hours,
    emergencyGroups: doc.emergencyGroups ?? [],
  };
}

/** What the gate's provider is to set aside, as the pack does; left out of the gate when there is nothing. */
const setAside = ({ overrides, without }: Settings) => ({
  ...(Object.keys(overrides).length > 0 ? { overrides } : {}),
  ...(without.length > 0 ? { without } : {}),
});

/**
 * The settings without what a way back can do without. A way back is how calls get away from what is wrong: a mistake in anything that does not say
 * where it leads is told there and stops nothing. @throws UserError for these mistakes in any other step.
 */
async function usable(settings: Settings, plan: Plan, back: boolean): Promise<Settings> {
  const problems = [...settings.problems];
  const tried = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      return otherwise;
    }
  };
  const { without, canaryPercent, clock } = settings;
  const used = {
    ...settings,
    without: tried(() => [...leftOut(plan, without, clock)], []),
    // Of shares that could be meant the one that hurts the fewest callers.
    canaryPercent: tried(() => withCanaryPercent(plan, canaryPercent) && canaryPercent, canaryShares(plan)[0]),
  };
  if (problems.length > 0 && !back) throw new UserError(problems);
  for (const problem of problems)
    await pulumi.log.warn(`${problem.replace(/\.$/, "")}; told only: a way back is never stopped.`);
  return used;
}

async function program(): Promise<Record<string, unknown>> {
  const configured = loadSettings((dir) => loadPlan(dir).porting.provider);
  // The record is read while the plan is loaded, what exists is looked up while the record is read: both start the world over.
  const reading = readRecord(configured);
  reading.catch(() => undefined);
  // Loading the plan keeps this process busy: the question has to have left it before.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const plan = loadPlan(configured.planDir);
  const looking = findExisting(plan, configured.phase !== "baseline");
  looking.catch(() => undefined);
  const read = await reading;
  const to: Position = { phase: configured.phase, waves: configured.waves };
  const move = checkMove(plan, read.from, to, read.floor);
  const settings = await usable(configured, plan, move.direction === "back");
  // Where the stack stands it has been, also by a record whose floor was lost: a way back must not unbind what answers.
  const stood = raiseFloor(read.floor, read.from.waves);
  const floor = raiseFloor(adoptedByPools(plan, stood, read.doc.pooled ?? []), to.waves);
  const state = desiredState(withCanaryPercent(plan, settings.canaryPercent), settings.phase, settings.waves, floor);

  const asks = evidenceFor(plan, read.from, to, read.since, read.at, read.doc.record?.digest);
  const probes = Object.fromEntries(asks.map(({ probe, ask }) => [probe, probeSettings(settings, ask)]));
  const [found, docs] = await Promise.all([looking, gather(probes)]);
  // Also a stack that stays, when its plan has changed: the port orders may not change with it at any time.
  const moving = move.direction !== "none" || asks.length > 0;
  const { emergencyGroups: _groups, ...first } = read.doc;
  const asked: Record<string, ProbeDoc> = { record: first, ...docs };
  // The state keeps the facts: an organisation's pools and hours, which no gate asks for, may be thousands.
  const { pooled: _pools, hours: _hours, ...record } = asked.record as RecordDoc;
  const facts = moving ? { ...asked, record, stack: settings.stack, confirm: settings.confirm } : {};

  if (asks.length > 0 && pulumi.runtime.isDryRun()) await pulumi.log.info(evidenceTable(plan, facts));
  const gate = new Gate(
    "gate",
    {
      from: read.from,
      to,
      digest: plan.digest,
      plan: settings.planDir,
      settings: probes,
      facts,
      ...setAside(settings),
    },
    {},
  );
  // The gate is declared by now, so its own refusal is told as well; nothing that depends on it is.
  if (!pulumi.runtime.isDryRun()) refuseUnproven(plan, read.from, to, facts, settings);
  new Migration(plan.name, {
    plan,
    state,
    settings,
    existing: { ...found, hours: new Map(Object.entries(read.hours)), emergencyGroups: read.emergencyGroups },
    gate,
    record: {
      phase: settings.phase,
      waves: settings.waves,
      floor,
      digest: plan.digest,
      since: sinceOf(read.since, { phase: settings.phase, waves: settings.waves }, read.at),
    },
  });
  return {
    phase: settings.phase,
    waves: formatWaves(settings.waves),
    numbers: plan.numbers.length,
    trunk: plan.trunk.name,
  };
}

/**
 * Ends the program with a text. The SDK inspects an error that has a stack, its own loaded modules included, for most of a minute;
 * so a user's mistake goes without a stack, and a bug's stack travels as text.
 */
function told(error: unknown): Error {
  const text =
    error instanceof UserError || pulumi.RunError.isInstance(error) ? error.message : (error as Error)?.stack;
  const run = new pulumi.RunError(text ?? String(error));
  run.stack = undefined;
  return run;
}

export default async () => {
  try {
    return await program();
  } catch (error) {
    throw told(error);
  }
};
