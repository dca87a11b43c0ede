import type { Plan } from "../../model/types";
import { formatWaves } from "../../model/waves";
import { clockFrom } from "../../providers/lib/clock";
import type { StackSettings } from "../settings";
import { type AskProbe, judgeWithoutCalls, readStanding } from "../standing";
import type { DriverPorts } from "./advance";
import { type AuditLog, type Evidence, evidenceOf } from "./audit";
import type { Journal, JournalDir } from "./journal";
import { isWatched, judgeLook, lookAsks } from "./limits";
import type { Outcome } from "./machine";
import type { Target } from "./target";

/** An engine that previews and applies a stack at a target; the stack's file is its own business. */
export interface StackEngine {
  readonly name: string;
  preview(to: Target): Promise<Outcome>;
  up(to: Target): Promise<Outcome>;
  /** Inputs of the gate as the engine's state keeps them: what the last move was passed with. */
  gateFacts(): Promise<object>;
  close(): Promise<void>;
}

/** Wall milliseconds between two looks at least, whatever the clock of the stack does: analytics has one budget of requests for all. */
const LOOK_WALL_MS_MIN = 1500;

/** The configuration keys that bring a stack to a target; undefined removes one. */
export function configOf(
  plan: Plan,
  to: Target,
  stack: string,
  known: ReadonlySet<string>,
): Record<string, string | number | undefined> {
  const waves = formatWaves(to.waves);
  return {
    "cutover:phase": to.phase,
    ...(waves !== "" || known.has("cutover:waves") ? { "cutover:waves": waves } : {}),
    "cutover:canaryPercent":
      to.canaryPercent !== undefined && to.canaryPercent < plan.canary.percent ? to.canaryPercent : undefined,
    // The one step without a way back is asked for by the stack's name: the policy confirmed-by-name wants it here.
    ...(to.phase === "complete" ? { "cutover:confirm": stack } : {}),
  };
}

/** Joins an engine, the probes, the clock and the files of a stack to what a step needs. */
export function stackPorts(o: {
  plan: Plan;
  settings: StackSettings;
  engine: StackEngine;
  ask: AskProbe;
  dir: JournalDir;
  log: AuditLog;
  /** Reads the stack's own file again: an update writes it. */
  canaryPercent: () => number | undefined;
  confirm: (journal: Journal) => Promise<boolean>;
  say: (text: string) => void;
  signal: AbortSignal;
}): DriverPorts {
  const { plan, settings, engine, ask, dir, log } = o;
  const clock = clockFrom(settings.clock);
  const standing = () => {
    o.signal.throwIfAborted();
    return readStanding(ask);
  };
  return {
    save: (journal) => dir.save(journal),
    audit: (entry) => log.append(entry),
    standing,
    where: async () => (await standing()).at,
    canaryPercent: o.canaryPercent,
    async judge(to) {
      // What only the step itself sets is judged as the step will have it.
      const asked = to.phase === "complete" ? { ...settings, confirm: settings.stack } : settings;
      const { verdicts, waiting, facts } = await judgeWithoutCalls(plan, await standing(), to, asked, ask);
      return { verdicts, waiting, evidence: evidenceOf(facts) };
    },
    preview: (to) => engine.preview(to),
    up: (to) => engine.up(to),
    evidence: async (): Promise<Evidence[]> => evidenceOf(await engine.gateFacts()),
    isWatched: (from, to) => isWatched(plan, from, to),
    async look(from, to, since, tests) {
      o.signal.throwIfAborted();
      const pause = new Promise((done) => setTimeout(done, LOOK_WALL_MS_MIN));
      const asks = lookAsks(plan, from, to, since, tests);
      const docs = await Promise.all(asks.map(async (a) => [a.probe, await ask(a.probe, a.ask)] as const));
      const facts = Object.fromEntries(docs);
      await pause;
      return { limits: judgeLook(plan, from, to, facts, tests), evidence: evidenceOf(facts) };
    },
    confirm: o.confirm,
    now: () => clock.now(),
    sleep: (seconds) => clock.sleep(seconds, o.signal),
    paused: () => dir.paused(),
    say: o.say,
  };
}
