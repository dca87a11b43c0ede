import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { advance, type AdvanceResult } from "../daily/advance/advance";
import { AuditLog } from "../daily/advance/audit";
import type { Journal } from "../daily/advance/journal";
import type { Rules } from "../daily/advance/machine";
import { stackPorts } from "../daily/advance/ports";
import { readUntil, targetText } from "../daily/advance/target";
import { builtProbes } from "../daily/probes";
import { type Place, settingsOf, stackFile } from "../daily/settings";
import { askerOf } from "../daily/standing";
import { UserError } from "../model/errors";
import { loadPlan } from "../model/plan";
import { openStackEngine } from "./advance-engines";
import { askStackName, Stopped } from "./confirm";
import { takeEnvironment } from "./environment";
import { journalDir } from "./journal-dir";

export interface AdvanceArgs extends Place {
  stack: string;
  yes?: string;
  until?: string;
  wave?: string;
  engine?: "embedded" | "pulumi";
  /** Minutes. */
  soak: number;
  soakMax: number;
  lookEvery: number;
  waitMax: number;
  poll: number;
  wait?: boolean;
  /** True and false as asked for; undefined leaves it to the step: complete is only previewed. */
  dryRun?: boolean;
  journal?: string;
  audit?: string;
  state?: string;
  json?: boolean;
}

/** Exit codes of advance and back (docs/advance.md). */
const EXIT: Record<AdvanceResult["end"], number> = {
  good: 0,
  there: 0,
  dry: 0,
  refused: 1,
  declined: 1,
  failed: 1,
  stuck: 1,
  paused: 3,
  held: 3,
  returned: 4,
};

const WORDS: Record<AdvanceResult["end"], string> = {
  good: "done",
  there: "nothing to do",
  dry: "previewed only",
  refused: "NOT MADE: refused",
  declined: "not made: not confirmed",
  failed: "FAILED half way: run the same again, or cutover back",
  stuck: "THE WAY BACK FAILED: mend its cause and run the same again, it goes back first",
  paused: "paused: cutover resume, then the same again",
  held: "held: no answer yet; the same again looks on",
  returned: "WENT BACK by itself",
};

const seconds = (minutes: number) => minutes * 60;

function rulesOf(o: AdvanceArgs): Rules {
  return {
    soakSeconds: seconds(o.soak),
    soakSecondsMax: seconds(Math.max(o.soakMax, o.soak)),
    lookSeconds: seconds(o.lookEvery),
    brokenLooks: 2,
    wait: o.wait ?? o.until !== undefined,
    waitSecondsMax: o.waitMax * 3600,
    pollSeconds: seconds(o.poll),
    pollSecondsMax: Math.max(seconds(o.poll), 3600),
    dry: o.dryRun === true,
  };
}

/** The stack's name: given beforehand, or typed by somebody who sees what it is for. */
const confirmer =
  (o: AdvanceArgs, say: (text: string) => void, stop: AbortController) =>
  async ({ from, to }: Journal): Promise<boolean> =>
    o.yes !== undefined ||
    askStackName({ what: `${targetText(from)} -> ${targetText(to)}`, stack: o.stack, say, stop });

function checkArgs(o: AdvanceArgs): void {
  if (o.yes !== undefined && o.yes !== o.stack)
    throw new UserError(
      `--yes=${o.yes}: expected the stack's name, --yes=${o.stack}: it says that you know which stack moves.`,
    );
  if (o.yes === undefined && o.dryRun !== true && process.stdin.isTTY !== true)
    throw new UserError(`No terminal to confirm on: expected --yes=${o.stack}, or --dry-run to preview only.`);
}

/** `cutover advance` and `cutover back`. @returns the exit code: 0 done, 1 not done, 3 paused or without an answer, 4 went back by itself. */
export async function advanceVerb(direction: "forward" | "back", o: AdvanceArgs): Promise<number> {
  checkArgs(o);
  takeEnvironment(o);
  const root = resolve(__dirname, "..");
  const file = resolve(o.config ?? stackFile(o.stack));
  const said = new Set<string>();
  // A way back is never stopped by a key that says nothing of where it leads.
  const tell = (problem: string) => {
    if (!said.has(problem)) console.error(`warning: ${problem}`);
    said.add(problem);
  };
  const spare = direction === "back" ? tell : undefined;
  const settings = settingsOf({ ...o, config: file }, spare);
  const plan = loadPlan(settings.planDir);
  const until = o.until === undefined ? undefined : readUntil(plan, o.until);
  const dir = journalDir(o.stack, o.journal);
  // The Pulumi CLI has a backend of its own: only the copy that a preview reads is kept here.
  const stateDir = plan.sandbox ? resolve(o.state ?? join(root, ".cutover", o.stack, "state")) : dir.dir;
  mkdirSync(stateDir, { recursive: true });
  const release = dir.hold();
  const stop = new AbortController();
  const say = (text: string) => console.error(text);
  const onSignal = () => {
    // An up is never cut short by the first signal: half an up is the one thing nobody wants.
    if (stop.signal.aborted) process.exit(130);
    say("stopping at the next safe point; once more ends at once");
    stop.abort(new Stopped());
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    const engine = await openStackEngine({ ...o, plan, file, root, stateDir });
    try {
      const ports = stackPorts({
        plan,
        settings,
        engine,
        ask: askerOf(settings, plan, builtProbes(stop.signal)),
        dir,
        log: new AuditLog(resolve(o.audit ?? join(dir.dir, "audit.jsonl"))),
        canaryPercent: () => settingsOf({ stack: o.stack, config: file }, spare).canaryPercent,
        confirm: confirmer(o, say, stop),
        say,
        signal: stop.signal,
      });
      const rules = rulesOf(o);
      const really = o.dryRun === false;
      const result = await advance(
        { plan, stack: o.stack, direction, until, wave: o.wave, rules, reallyComplete: really },
        dir,
        ports,
      );
      show(o, result, engine.name);
      return EXIT[result.end];
    } finally {
      await engine.close();
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    say("stopped: run the same again to go on");
    return 130;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    release();
  }
}

function show(o: AdvanceArgs, { end, steps, at, why }: AdvanceResult, engine: string): void {
  if (o.json) {
    const shown = steps.map(({ id, from, to, end: e, direction }) => ({
      id,
      direction,
      from: targetText(from),
      to: targetText(to),
      end: e,
    }));
    console.log(
      JSON.stringify({ schema: "cutover/advance-result/v1", stack: o.stack, engine, end, at, why, steps: shown }),
    );
    return;
  }
  for (const s of steps)
    console.log(
      `${s.direction === "back" ? "back" : "step"}  ${targetText(s.from)} -> ${targetText(s.to)}: ${s.end ?? s.stage}`,
    );
  const words = WORDS[end === "there" && steps.length > 0 ? "good" : end];
  console.log(`${o.stack}: ${words}; stands at ${at}${why ? `\n${why}` : ""}`);
}

/** `cutover pause`: asked of an advance in another terminal; it stops before its next up. */
export function pauseVerb(o: { stack: string; journal?: string; why?: string }): number {
  const dir = journalDir(o.stack, o.journal);
  // A mistyped name would hold nothing, and say that it did.
  if (!existsSync(dir.dir) && !existsSync(stackFile(o.stack)))
    throw new UserError(
      `--stack ${o.stack}: seen neither ${stackFile(o.stack)} nor ${dir.dir}; expected a stack that advances here; fix: correct the name, or name its --journal.`,
    );
  dir.pause(o.why);
  console.log(
    `${o.stack}: paused (${dir.pauseFile}); an advance stops before its next up, its soak is watched to the end`,
  );
  return 0;
}

/** `cutover resume`. @returns 0, or 1 when nobody had paused. */
export function resumeVerb(o: { stack: string; journal?: string }): number {
  const was = journalDir(o.stack, o.journal).resume();
  console.log(was ? `${o.stack}: no longer paused` : `${o.stack}: was not paused`);
  return was ? 0 : 1;
}
