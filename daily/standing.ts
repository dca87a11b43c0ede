import { UserError } from "../model/errors";
import { evidenceFor, judge } from "../model/evidence";
import type { Ask, Facts, ProbeDoc, ProbeName, RecordDoc, Verdict } from "../model/facts";
import { withCanaryPercent } from "../model/canaryShare";
import type { Plan, Position, WaveStates } from "../model/types";
import { parseWaves } from "../model/waves";
import { clockFrom } from "../providers/lib/clock";
import type { RunProbe } from "./probes";
import { probeSettings, type StackSettings } from "./settings";

/** Asks one probe of one stack. */
export type AskProbe = (probe: ProbeName, question: Record<string, unknown>) => Promise<ProbeDoc>;

/** Probes with the addresses of a stack. */
export const askerOf =
  (settings: StackSettings, plan: Plan, probe: RunProbe): AskProbe =>
  (name, question) =>
    probe(name, probeSettings(settings, plan.porting.provider, question));

/** Where a stack stands, by its phase record. */
export interface Standing {
  at: Position;
  /** Highest step each part ever reached. */
  floor: WaveStates;
  record: RecordDoc;
}

/** Where the stack stands; undefined when its record cannot be read: that is never "a fresh stack". */
export function standingOf(record: RecordDoc): Standing | undefined {
  if (record.status !== "ok" || record.record === undefined) return undefined;
  const row = record.record;
  const waves = (text: unknown) => parseWaves(typeof text === "string" ? text : "");
  return { at: { phase: row?.phase ?? "none", waves: waves(row?.waves) }, floor: waves(row?.floor), record };
}

/** @throws UserError when the phase record cannot be read. */
export async function readStanding(ask: AskProbe): Promise<Standing> {
  const record = (await ask("record", {})) as RecordDoc;
  const standing = standingOf(record);
  if (standing) return standing;
  throw new UserError(
    `The phase record could not be read: ${(record.error ?? record.status).replace(/\.$/, "")}; fix: check credentials, permissions and addresses with cutover doctor.`,
  );
}

/** The facts of a move, by the same questions as the program's; `only` narrows the probes. */
export async function gatherFacts(
  plan: Plan,
  standing: Standing,
  to: Position,
  settings: Pick<StackSettings, "stack" | "confirm">,
  ask: AskProbe,
  only: (asked: Ask) => boolean = () => true,
): Promise<Facts> {
  const { record, at } = standing;
  const asks = evidenceFor(plan, at, to, record.record?.since ?? {}, record.at, record.record?.digest).filter(only);
  const docs = await Promise.all(asks.map(async (a) => [a.probe, await ask(a.probe, a.ask)] as const));
  return { record, stack: settings.stack, confirm: settings.confirm, ...Object.fromEntries(docs) };
}

/** What a verdict says that waits for test calls nobody placed: nothing is known against the gate. */
const needsTestCalls = (v: Verdict): boolean =>
  v.status === "inconclusive" && v.seen === "no document of the sip probe";

/** Gates of a move judged now without placing a test call: `waiting` do not pass, `atTheStep` need test calls. */
export async function judgeWithoutCalls(
  plan: Plan,
  standing: Standing,
  to: Position,
  settings: StackSettings,
  ask: AskProbe,
): Promise<{ verdicts: Verdict[]; waiting: Verdict[]; atTheStep: string[]; facts: Facts }> {
  const facts = await gatherFacts(plan, standing, to, settings, ask, (a) => a.probe !== "sip");
  const verdicts = judge(plan, standing.at, to, facts, await clockFrom(settings.clock).now());
  const open = verdicts.filter((v) => v.status !== "passed");
  return {
    verdicts,
    facts,
    waiting: open.filter((v) => !needsTestCalls(v)),
    atTheStep: open.filter(needsTestCalls).map((v) => v.gate),
  };
}

/** The plan with the canary share that the stack's configuration asks for. */
export const planOfStack = (plan: Plan, settings: Pick<StackSettings, "canaryPercent">): Plan =>
  withCanaryPercent(plan, settings.canaryPercent);
