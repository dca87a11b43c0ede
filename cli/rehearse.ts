import { relative, resolve } from "node:path";
import { Listr } from "listr2";
import { UserError } from "../model/errors";
import { readOverrides } from "../model/override";
import { loadPlan } from "../model/plan";
import type { Phase, Plan } from "../model/types";
import { formatWaves } from "../model/waves";
import { stepsBackFrom, turningPoint } from "../rehearsal/back";
import { embeddedDeployer } from "../rehearsal/embedded";
import { findPulumiRoot, NO_CLI } from "../rehearsal/cli-finder";
import { renderHtml } from "../rehearsal/html";
import { duration, plural } from "../rehearsal/html-text";
import { prepareOut } from "../rehearsal/out-dir";
import { pulumiDeployer } from "../rehearsal/pulumi";
import { type PhaseReport, type Report, writeReport } from "../rehearsal/report";
import type { Progress } from "../rehearsal/options";
import { Rehearsal } from "../rehearsal/run";
import { straightSteps, type WalkStep, walkSteps } from "../rehearsal/steps";
import { endOfLife } from "../sandbox/lifetime";
import { applySwitches } from "../sandbox/switches";

export interface RehearseArgs {
  plan: string;
  seed: number;
  to: Phase;
  callsPerSecond: number;
  out: string;
  engine: "embedded" | "pulumi";
  inboundMatching?: "org-wide" | "by-pool";
  /** Named switches of the world. */
  world?: string[];
  /** Text of `cutover:override`. */
  override?: string;
  json: boolean;
  /** No preview and no second up on the way to the last step. */
  hurried: boolean;
  /** Walk to this phase or wave step and back again, instead of the whole way. */
  backFrom?: string;
}

const title = (s: WalkStep): string => {
  const waves = formatWaves(s.waves);
  const where = s.phase === "cutover" && waves ? waves : s.phase;
  return s.direction === "back" ? `back to ${waves || s.phase}` : where;
};

const changes = (p: PhaseReport): string =>
  (["import", "create", "update", "replace", "delete"] as const)
    .filter((k) => p.up.steps[k] > 0)
    .map((k) => `${p.up.steps[k]} ${k}`)
    .join(", ") || "the record only";

const secondUp = (steps: number | null): string =>
  steps === null ? "not made" : steps === 0 ? "empty" : `changed ${steps}`;

function emptySecondUps({ phases }: Report): string {
  const made = phases.filter((p) => p.secondUpSteps !== null);
  const whose = made.length === phases.length ? "each" : `${made.length} of them`;
  return `${whose} with an empty second up: ${made.every((p) => p.secondUpSteps === 0) ? "yes" : "NO"}`;
}

/** Longest time an interrupted rehearsal takes to end what it started, wall ms. */
const CLOSE_MS_MAX = 4000;

/** Progress on a terminal: one line a step, the current one with what it waits for. Plain lines where there is no terminal. */
class Screen implements Progress {
  private readonly waits: { promise: Promise<void>; resolve: () => void; reject: (e: Error) => void }[];
  private current: { output: string; title: string } | undefined;
  private counts = "";
  private reached = 0;
  readonly list: Listr;

  constructor(plan: string, steps: WalkStep[]) {
    this.waits = steps.map(() => {
      let resolve!: () => void;
      let reject!: (e: Error) => void;
      const promise = new Promise<void>((ok, no) => {
        resolve = ok;
        reject = no;
      });
      // Listr awaits one at a time; a failure before its turn must not count as unhandled.
      promise.catch(() => undefined);
      return { promise, resolve, reject };
    });
    this.list = new Listr(
      steps.map((step, i) => ({
        title: title(step),
        task: async (_ctx: unknown, task: { output: string; title: string }) => {
          this.current = task;
          if (i === 0) task.output = `starting the world of ${plan}`;
          await this.waits[i]!.promise;
        },
      })),
      {
        concurrent: false,
        exitOnError: true,
        collectErrors: false,
        registerSignalListeners: false,
        rendererOptions: { collapseErrors: false },
      },
    );
  }

  steps(): void {}
  step(_: WalkStep, index: number): void {
    this.reached = index;
    this.note("calls flow");
  }
  note(text: string): void {
    if (this.current) this.current.output = this.counts ? `${text} · ${this.counts}` : text;
  }
  calls(offered: number, lost: number): void {
    this.counts = `${offered} calls, ${lost} lost`;
  }
  done(step: WalkStep, index: number, phase: PhaseReport): void {
    if (this.current)
      this.current.title = `${title(step)}: ${changes(phase)}, second up ${secondUp(phase.secondUpSteps)} · ${this.counts}`;
    this.waits[index]!.resolve();
  }
  /** Ends the list at the step that is under way. */
  fail(error: Error): void {
    for (const wait of this.waits.slice(this.reached)) wait.reject(error);
  }
}

const silent: Progress = { steps() {}, step() {}, note() {}, calls() {}, done() {} };

/** Days, or hours and minutes where it is less than two days: a walk of the first steps alone is no "0 days". */
const simulated = (seconds: number): string =>
  seconds < 2 * 86_400 ? duration(seconds) : `${Math.round(seconds / 86_400)} days`;

function summary(report: Report, files?: { json: string; html: string }): string {
  const c = report.calls;
  const lines = [
    "",
    `${report.verdict === "pass" ? "PASS" : "FAIL"}  ${report.plan}: ${simulated(report.simulatedSeconds)} of migration rehearsed in ${report.wallSeconds} s, peak memory ${report.peakMemoryMb} MB`,
    `calls   ${c.offered} offered = ${c.answered} answered + ${c.abandonedByCaller} abandoned by the caller + ${c.rejectedByDesign} rejected by design + ${c.lost} lost + ${c.misrouted} misrouted + ${c.noAudio} without audio`,
    `paths   ${c.byPath.gcv} GCV, ${c.byPath.byoc} BYOC, ${c.byPath.failover} failover; ${c.withMedia} with audio both ways; ${c.inProgressAcrossChange} in progress across a change, ${c.inProgressDropped} of them dropped`,
    `outward ${c.outbound.offered} outbound, ${c.outbound.lost} lost; ${c.wrongCallerId} wrong caller ids; ${c.unrecorded} unrecorded; ${c.intrudersAccepted} intruders accepted`,
    `steps   ${plural(report.phases.length, "up")}, ${emptySecondUps(report)}; last reversible: ${report.lastReversiblePhase}`,
    ...report.failures.map((f) => `why     ${f}`),
    ...(files
      ? [`report  ${relative(process.cwd(), files.html)} (and ${relative(process.cwd(), files.json)})`]
      : ["report  not written"]),
  ];
  return lines.join("\n");
}

function stepsOf(plan: Plan, { backFrom, hurried, to }: RehearseArgs): WalkStep[] {
  if (backFrom) return stepsBackFrom(plan, turningPoint(plan, backFrom));
  return hurried ? straightSteps(plan, to) : walkSteps(plan, to);
}

/** Writes the report; where there is no place for it, minutes of rehearsing still end with their verdict. */
function written({ out, json }: RehearseArgs, report: Report): ReturnType<typeof writeReport> {
  try {
    return writeReport(out, report, renderHtml(report));
  } catch (error) {
    console.log(json ? JSON.stringify(report) : summary(report));
    throw error;
  }
}

/** The plan as it is to be rehearsed. Everything that could be the user's mistake is looked at here, before anything has been started. */
function planOf(args: RehearseArgs): Plan {
  const loaded = loadPlan(args.plan);
  if (!loaded.sandbox)
    throw new UserError(
      `${args.plan}/plan.yaml, sandbox: ${loaded.sandbox}; a rehearsal runs only plans marked \`sandbox: true\`. Copy the estate and mark the copy.`,
    );
  applySwitches({}, args.world ?? []);
  const { problem } = readOverrides(args.override);
  if (problem) throw new UserError(`--override: ${problem}.`);
  if (args.engine === "pulumi" && !findPulumiRoot()) throw new UserError(NO_CLI);
  return args.inboundMatching
    ? { ...loaded, organisation: { ...loaded.organisation, inboundMatching: args.inboundMatching } }
    : loaded;
}

/** Ends an interrupted rehearsal with all it started, exit code 130. */
async function endWith(rehearsal: Rehearsal, abort: AbortController): Promise<void> {
  await endOfLife();
  abort.abort();
  // What hangs is ended with this process: all of it watches this end of a pipe.
  setTimeout(() => process.exit(130), CLOSE_MS_MAX);
  await rehearsal.close().catch(() => undefined);
  process.exit(130);
}

/** `cutover rehearse`: walks the estate, writes the report, says the verdict. @returns 0 for pass, 1 for fail. */
export async function rehearseCommand(args: RehearseArgs): Promise<number> {
  const plan = planOf(args);
  const steps = stepsOf(plan, args);
  const screen = args.json ? undefined : new Screen(plan.name, steps);
  const abort = new AbortController();
  const rehearsal = new Rehearsal(
    {
      plan,
      planDir: args.plan,
      seed: args.seed,
      to: args.to,
      callsPerSecond: args.callsPerSecond,
      out: args.out,
      inboundMatching: args.inboundMatching,
      world: args.world,
      override: args.override,
      steps,
      hurried: args.hurried,
      cli: process.argv[1]!,
      deployer: args.engine === "pulumi" ? pulumiDeployer : embeddedDeployer,
    },
    screen ?? silent,
  );
  void endWith(rehearsal, abort);
  // Before anything is shown or started: a place that cannot be written is the user's mistake.
  prepareOut(resolve(args.out));
  const shown = screen?.list.run().catch(() => undefined);
  const report = await rehearsal.run(abort.signal).catch((error: unknown) => {
    // Interrupted: what breaks on the way out is no news, and endWith says the exit code.
    if (abort.signal.aborted) return new Promise<never>(() => {});
    throw error;
  });
  if (report.failures.length) screen?.fail(new Error(report.failures[0]!.split("\n")[0]!));
  await shown;
  const files = written(args, report);
  if (args.json) console.log(JSON.stringify(report));
  else console.log(summary(report, files));
  return report.verdict === "pass" ? 0 : 1;
}
