import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { checkMove, raiseFloor } from "../../model/phases";
import { loadPlan } from "../../model/plan";
import type { Position, WaveStates } from "../../model/types";
import { advance, type AdvanceOptions, type AdvanceResult, type DriverPorts } from "./advance";
import { AuditLog, type AuditLine, checkAudit } from "./audit";
import { JournalDir } from "./journal";
import type { Limit } from "./limits";
import type { Outcome, Rules } from "./machine";
import { readUntil, type Target, targetText } from "./target";

export const plan = loadPlan("test/estates/guide");
export const RULES: Rules = {
  soakSeconds: 1800,
  soakSecondsMax: 7200,
  lookSeconds: 600,
  brokenLooks: 2,
  wait: true,
  waitSecondsMax: 86_400,
  pollSeconds: 300,
  pollSecondsMax: 3600,
  dry: false,
};

/** A process that was killed. */
export class Killed extends Error {}

/** A stack and its engine, kept apart from any process: what a kill leaves is what the next process finds. */
export class FakeStack {
  at: Position = { phase: "none", waves: {} };
  floor: WaveStates = {};
  share: number | undefined;
  seconds = 0;
  /** Every up that was begun, in order. */
  readonly ups: string[] = [];
  running = 0;
  mostRunning = 0;
  /** Targets whose looks see a broken limit. */
  broken = new Set<string>();
  /** Targets whose up fails, this many times. */
  failing = new Map<string, number>();
  /** Polls until the gates of a target pass. */
  waits = new Map<string, number>();
  pauseAfter = Number.POSITIVE_INFINITY;
}

/** Ends the "process" at its n-th touch of the outside, before or after the touch took effect. */
export class Kills {
  count = 0;
  constructor(readonly at: ReadonlySet<number>) {}
  before(): void {
    if (this.at.has(this.count)) {
      this.count++;
      throw new Killed();
    }
    this.count++;
  }
}

/** The outside of an advance: the stack, the journal and the log, each touch of them a point where a kill may come. */
export function portsOf(stack: FakeStack, dir: JournalDir, log: AuditLog, kills: Kills): DriverPorts {
  const touch = async <T>(effect: () => T | Promise<T>): Promise<T> => {
    kills.before();
    const result = await effect();
    kills.before();
    return result;
  };
  const touchNow = <T>(effect: () => T): T => {
    kills.before();
    const result = effect();
    kills.before();
    return result;
  };
  const up = async (to: Target): Promise<Outcome> => {
    kills.before();
    stack.ups.push(targetText(to));
    stack.running++;
    stack.mostRunning = Math.max(stack.mostRunning, stack.running);
    try {
      await Promise.resolve();
      kills.before();
      const left = stack.failing.get(targetText(to)) ?? 0;
      if (left > 0) {
        stack.failing.set(targetText(to), left - 1);
        return { ok: false, changes: {}, refusals: [], errors: ["the API is down"] };
      }
      const move = checkMove(plan, stack.at, to, stack.floor);
      if (move.direction === "illegal") return { ok: false, changes: {}, refusals: [move.why!], errors: [] };
      stack.share = to.canaryPercent;
      stack.at = { phase: to.phase, waves: to.waves };
      stack.floor = raiseFloor(stack.floor, to.waves);
      kills.before();
      return { ok: true, changes: { update: 1 }, refusals: [], errors: [] };
    } finally {
      stack.running--;
    }
  };
  return {
    save: (journal) => touchNow(() => dir.save(journal)),
    audit: (entry) => touchNow(() => log.append(entry)),
    where: () => touch(() => stack.at),
    standing: () =>
      touch(() => ({
        at: stack.at,
        floor: stack.floor,
        record: { schema: "", probe: "record", at: "", by: "", status: "ok" as const, record: null },
      })),
    canaryPercent: () => stack.share,
    judge: (to) =>
      touch(() => {
        const left = stack.waits.get(targetText(to)) ?? 0;
        stack.waits.set(targetText(to), Math.max(0, left - 1));
        const waiting =
          left > 0
            ? [{ gate: "soak", status: "failed" as const, seen: "not yet", required: "later", fix: "wait" }]
            : [];
        return { waiting, verdicts: waiting, evidence: [] };
      }),
    preview: () => touch(() => ({ ok: true, changes: {}, refusals: [], errors: [] })),
    up,
    evidence: () => touch(() => []),
    isWatched: (_from, to) => to.phase === "canary" || (to.phase === "cutover" && Object.keys(to.waves).length > 0),
    look: (_from, to) =>
      touch(() => {
        const status: Limit["status"] = stack.broken.has(targetText(to)) ? "broken" : "good";
        return { limits: [{ name: "calls", status, seen: status, required: "good" }], evidence: [] };
      }),
    confirm: () => touch(() => true),
    now: async () => new Date(stack.seconds * 1000),
    sleep: (seconds) =>
      touch(() => {
        stack.seconds += seconds;
      }),
    paused: () => (stack.ups.length >= stack.pauseAfter ? { by: "a@b", at: "now" } : undefined),
    say: () => undefined,
  };
}

let root: string;

/** Gives every test of a file a directory of its own for journals and audit logs. Call it once, at the file's top; @returns its path. */
export function useRoot(): () => string {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "cutover-advance-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  return () => root;
}

/** Runs until a process ends by itself; each one before it is killed at the touches named. */
export async function runKilled(
  stack: FakeStack,
  options: Partial<AdvanceOptions>,
  kills: number[],
): Promise<{ result: AdvanceResult; killed: number; lines: AuditLine[] }> {
  const place = mkdtempSync(join(root, "run-"));
  const dir = new JournalDir(place);
  const log = new AuditLog(join(place, "audit.jsonl"));
  const o: AdvanceOptions = {
    plan,
    stack: "t",
    direction: "forward",
    rules: RULES,
    reallyComplete: true,
    until: readUntil(plan, "complete"),
    ...options,
  };
  let killed = 0;
  const counter = new Kills(new Set(kills));
  for (;;) {
    const before = counter.count;
    try {
      const result = await advance(o, dir, portsOf(stack, dir, log, counter));
      const text = readFileSync(log.file, "utf8");
      expect(checkAudit(text)).toEqual([]);
      return {
        result,
        killed,
        lines: text
          .trim()
          .split("\n")
          .map((l) => JSON.parse(l) as AuditLine),
      };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      expect(counter.count).toBeGreaterThan(before);
      killed++;
    }
  }
}
