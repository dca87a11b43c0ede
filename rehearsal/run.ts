import { join, resolve } from "node:path";
import { GenesysReader } from "../probes/genesys";
import { openCarrier } from "../providers/carrier/open";
import { clockFrom } from "../providers/lib/clock";
import type { Phase, Plan, Position } from "../model/types";
import { formatWaves } from "../model/waves";
import { aftermath } from "./aftermath";
import { canarySample } from "./canary-sample";
import type { Deployer } from "./deployer";
import { type Harm, harmOf, type Moved } from "./harm";
import { failures, Ledger } from "./ledger";
import { heldSeconds, loadFor } from "./load";
import { peakMemoryMb, watchMemory } from "./memory";
import type { Pause, Progress, RehearsalOptions, TrapRun } from "./options";
import { prepareOut } from "./out-dir";
import { estateOf, lastReversible, phaseReportOf } from "./phase-report";
import { apiDelta, type PhaseReport, type Report, type Stopped } from "./report";
import { SANDBOX_CREDENTIALS, stackConfig, type StackFiles, stackFiles, withoutPolicies, writeConfig } from "./stack";
import { type WalkStep, walkSteps } from "./steps";
import { StepFailed, stoppedBy, writesOf } from "./stopped";
import { type TimeLine, timeLineOf } from "./timeline";
import { sameStep } from "./traps/trap";
import { earliest, EVENT_WINDOW_MS, insideWindow, nextAwaited, outsideWindow, travel, travelBeforePort } from "./waits";
import { type ApiCounts, World, type WorldEvent } from "./world";

/** Calls before and after each up, wall milliseconds. */
const UP_MARGIN_MS = 300;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Walks one stack through its phases and waves in the sandbox, under call load. */
export class Rehearsal {
  private readonly started = performance.now();
  private readonly wallEpoch = Date.now();
  private readonly ledger: Ledger;
  private readonly changes: number[] = [];
  private readonly phases: PhaseReport[] = [];
  private readonly events: Report["events"] = [];
  private readonly since: Partial<Record<Phase, number>> = {};
  private readonly moves: Moved[] = [];
  private stopped: Stopped | null = null;
  private harms: Harm[] = [];
  /** API calls of an up that failed. */
  private halfDone: ApiCounts | null = null;
  private timeline: TimeLine | undefined;
  /** API calls when the step began. */
  private before: ApiCounts = {};
  private at: Position = { phase: "none", waves: {} };
  private world!: World;
  private deployer!: Deployer;
  private poll: NodeJS.Timeout | undefined;
  private collecting: Promise<void> = Promise.resolve();
  private worldStart = new Date(0);

  constructor(
    private readonly o: RehearsalOptions,
    private readonly progress: Progress,
  ) {
    const { trunk, gcv } = this.right;
    this.ledger = new Ledger(trunk.recording === "inherit-from-gcv" ? gcv.recording : trunk.recording === "on");
  }

  /** The plan as it was meant: what callers expect, and what load they bring, does not follow a mistake. */
  private get right(): Plan {
    return this.o.trap?.right ?? this.o.plan;
  }

  /** Runs the whole walk; a step that fails ends it, and the report says so. Everything started is ended again. */
  async run(signal: AbortSignal): Promise<Report> {
    const out = resolve(this.o.out);
    prepareOut(out);
    const files = stackFiles(out, "dev");
    const stopMemory = watchMemory();
    const failed: string[] = [];
    let simulatedSeconds = 0;
    try {
      await this.start(out, files);
      this.poll = setInterval(() => void this.collect(), 500);
      const steps = this.o.steps ?? walkSteps(this.o.plan, this.o.to);
      this.progress.steps(steps);
      for (const [index, step] of steps.entries()) {
        signal.throwIfAborted();
        this.progress.step(step, index);
        await this.walk(step, files);
        this.progress.done(step, index, this.phases.at(-1)!);
      }
      if (this.o.trap) await this.aftermath();
      await this.settle();
      simulatedSeconds = Math.round(((await this.world.now()).getTime() - this.worldStart.getTime()) / 1000);
    } catch (error) {
      if (signal.aborted) throw error;
      failed.push(error instanceof StepFailed ? error.message : `${(error as Error).stack ?? error}`);
      if (error instanceof StepFailed) {
        const api = apiDelta(this.before, await this.world.requests());
        this.stopped = stoppedBy(error.step, error.verb, error.result, writesOf(api), this.o.trap?.trap.policy);
        if (error.verb === "up") this.halfDone = api;
      }
      // What a step did before it failed stays done: with its policy left out callers may meet that too.
      if (this.o.trap?.without.length) await this.aftermath().catch(() => undefined);
      await this.settle().catch(() => undefined);
    } finally {
      if (this.o.trap && this.world)
        await this.seeHarm(files).catch((error: Error) => failed.push(`harm: ${error.message}`));
      await this.close();
      stopMemory();
    }
    return this.report(failed, simulatedSeconds);
  }

  /** Starts the world, as the plan was meant, and the engine beside it. */
  private async start(out: string, files: StackFiles): Promise<void> {
    const starting = World.start({
      cli: this.o.cli,
      planDir: this.o.trap?.rightDir ?? this.o.planDir,
      seed: this.o.seed,
      desk: join(out, "desk"),
      log: join(out, "world.log"),
      matching: this.o.inboundMatching,
      faults: this.o.trap?.trap.world,
      switches: this.o.world,
    });
    const [world, deployer] = await Promise.all([
      starting,
      this.o.deployer({
        stateDir: files.stateDir,
        passphrase: files.passphrase,
        stack: files.name,
        mistaken: this.o.trap?.trap.edit !== undefined,
        packConfig: this.o.trap?.trap.packConfig,
      }),
    ]);
    this.world = world;
    this.deployer = deployer;
    this.worldStart = await world.now();
  }

  /** Ends the world, the engine and all they started. */
  async close(): Promise<void> {
    clearInterval(this.poll);
    await Promise.allSettled([this.deployer?.close(), this.world?.close()]);
  }

  private wall = () => (performance.now() - this.started) / 1000;

  private collect(): Promise<void> {
    this.collecting = this.collecting.then(async () => {
      this.ledger.add(await this.world.records());
      const { offered, lost } = this.ledger.total([]);
      this.progress.calls(offered, lost);
    });
    // A failed poll shows up where the result is needed: the final collect is awaited.
    this.collecting.catch(() => undefined);
    return this.collecting;
  }

  /** Stops the load, lets calls in progress end and takes the last records. */
  private async settle(): Promise<void> {
    await this.world.stop();
    await this.collect();
    this.timeline = timeLineOf(await this.world.chronicle(), this.wallEpoch);
  }

  /** The plan a step is made with: a mistake may come into it later than the first step. */
  private planFor(step: WalkStep): { dir: string; content: Plan } {
    const { trap, plan, planDir } = this.o;
    return trap && !this.isMistaken(step)
      ? { dir: trap.rightDir, content: trap.right }
      : { dir: planDir, content: plan };
  }

  private isMistaken(step: WalkStep): boolean {
    const { trap, steps } = this.o;
    const begins = trap?.trap.begins && steps?.findIndex((s) => sameStep(s, trap.trap.begins!));
    return trap !== undefined && (begins === undefined || steps!.indexOf(step) >= begins);
  }

  private configOf(step: WalkStep, files: StackFiles, { dir, content } = this.planFor(step)): Record<string, string> {
    return stackConfig(files, step, this.world.addresses, {
      planDir: resolve(dir),
      adapter: content.porting.provider,
      confirm: step.phase === "complete",
      region: content.organisation.region,
    });
  }

  private async pause(moment: Pause["moment"], next: WalkStep, files: StackFiles): Promise<void> {
    await this.o.onPause?.({
      moment,
      at: this.at,
      next,
      world: this.world,
      deployer: this.deployer,
      config: (step, plan) => this.configOf(step, files, plan),
      passphrase: files.passphrase,
    });
  }

  private async walk(step: WalkStep, files: StackFiles): Promise<void> {
    const { callsPerSecond } = this.o;
    await this.pause("standing", step, files);
    await this.prepare(step);
    await this.pause("ready", step, files);
    const config = this.configOf(step, files);
    Object.assign(config, this.o.trap?.trap.config?.(step));
    if (this.o.trap?.trap.edit && this.isMistaken(step)) config["cutover:mistake"] = this.o.trap.trap.name;
    if (this.o.trap?.without.length) Object.assign(config, withoutPolicies(this.o.trap.without));
    if (this.o.override) config["cutover:override"] = this.o.override;
    writeConfig(files, config);
    // The load fits both sides of the change: the smaller of the two trunk budgets.
    const before = this.at.phase === "none" ? "baseline" : this.at.phase;
    const held = heldSeconds(this.ledger.calls);
    const load = [before, step.phase]
      .map((phase) => loadFor(this.right, phase, callsPerSecond, held))
      .sort((a, b) => a.perSecond - b.perSecond)[0]!;
    await this.world.load(load);
    await sleep(UP_MARGIN_MS);
    const wallStart = this.wall();
    const asked = await this.world.now();
    const api = await this.world.requests();
    this.before = api;
    const seen = this.asksPreview(step) ? await this.deployer.preview(config) : undefined;
    if (seen && !seen.ok) throw new StepFailed(step, "preview", seen);
    const upFrom = Date.now();
    const up = await this.deployer.up(config);
    if (!up.ok) throw new StepFailed(step, "up", up);
    const upTo = Date.now();
    this.changes.push(upFrom, (upFrom + upTo) / 2, upTo);
    const preview = seen ?? up;
    // A walk into a trap is about the mistake: that a settled stack's up is empty is shown by the whole rehearsal.
    const second = this.o.trap || this.isOnTheWay(step) ? undefined : await this.deployer.up(config);
    if (second && !second.ok) throw new StepFailed(step, "second up", second);
    this.moves.push({
      at: asked,
      before: formatWaves(this.at.waves),
      after: formatWaves(step.waves),
      complete: step.phase === "complete",
      unconfirmed: step.phase === "complete" && config["cutover:confirm"] !== files.name,
    });
    this.at = { phase: step.phase, waves: step.waves };
    this.since[step.phase] ??= asked.getTime();
    const apiCalls = apiDelta(api, await this.world.requests());
    this.phases.push(phaseReportOf(step, { asked, wallStart, wallEnd: this.wall(), preview, up, second, apiCalls }));
    await this.after(step);
  }

  /** A walk into a trap previews the step that is to be stopped; its right steps, and all of them without the policy, are only the way. */
  private asksPreview(step: WalkStep): boolean {
    const { trap } = this.o;
    if (trap) return trap.without.length === 0 && step === this.o.steps?.at(-1);
    return !this.isOnTheWay(step);
  }

  /** Whether a hurried walk passes a step by, on its way to the one it is about. */
  private isOnTheWay(step: WalkStep): boolean {
    const { hurried, onPause, steps } = this.o;
    return hurried === true && (onPause !== undefined || (step.direction === "forward" && step !== steps?.at(-1)));
  }

  /** Waits for what the step's evidence needs, with calls crossing every event on the way, and for the change window. */
  private async prepare(step: WalkStep): Promise<void> {
    // A moment passes first, so that desks have seen what the last step asked of them.
    await this.world.jump(new Date((await this.world.now()).getTime() + 1000));
    const trap = this.o.trap?.trap;
    if (trap?.hasty?.(step)) return;
    for (;;) {
      const at = (await this.world.now()).getTime();
      const awaited = nextAwaited(this.o.plan, this.at, step, await this.world.events(), at);
      if (!awaited) break;
      this.progress.note(`waiting for ${awaited.kind} ${awaited.detail}`);
      await travel(this.world, new Date(awaited.at), EVENT_WINDOW_MS, (e) => this.event(e));
      if ((await this.world.now()).getTime() <= at) await this.world.jump(new Date(at + 1000));
    }
    const now = await this.world.now();
    const when = earliest(this.o.plan, this.at, step, this.since, await this.world.events(), now.getTime());
    const hours = trap?.hoursBeforePort?.(step);
    if (hours !== undefined) await travelBeforePort(this.world, this.right, hours);
    const inside = insideWindow(this.o.plan, new Date(when));
    const target = trap?.outsideWindow?.(step) ? outsideWindow(this.o.plan, inside) : inside;
    if (target > now) {
      this.progress.note(`on to ${target.toISOString().slice(0, 16).replace("T", " ")}`);
      await travel(this.world, target, EVENT_WINDOW_MS, (e) => this.event(e));
      // Ports that were taken back on the way come again later, and their time runs anew.
      const reverted = (await this.world.events()).some(
        (e) => e.kind === "port-reverted" && Date.parse(e.at) > now.getTime() && Date.parse(e.at) <= target.getTime(),
      );
      if (reverted && !trap) await this.prepare(step);
    }
  }

  private event(e: WorldEvent): void {
    this.changes.push(Date.now() - EVENT_WINDOW_MS / 2);
    this.events.push({ ...e, wall: Math.round((this.wall() - EVENT_WINDOW_MS / 2000) * 10) / 10 });
    this.progress.note(`${e.kind}: ${e.detail}`);
  }

  /** The canary phase runs until its gate has its sample. */
  private async after(step: WalkStep): Promise<void> {
    await sleep(UP_MARGIN_MS);
    const { o } = this;
    const last = o.steps ? o.steps.at(-1) === step : o.to === "canary";
    if (step.phase !== "canary" || last || step.direction === "back") return;
    await canarySample({
      world: this.world,
      ledger: this.ledger,
      collect: () => this.collect(),
      note: (text) => this.progress.note(text),
      plan: o.plan,
      right: this.right,
      callsPerSecond: o.callsPerSecond,
      hurried: o.trap !== undefined || o.hurried === true,
      without: o.trap?.without,
    });
  }

  private aftermath(): Promise<void> {
    return aftermath(this.world, this.o.plan, this.at, (e) => this.event(e));
  }

  private async seeHarm(files: StackFiles): Promise<void> {
    const { addresses } = this.world;
    const clock = clockFrom(addresses.clock);
    const credentials = {
      id: SANDBOX_CREDENTIALS.GENESYSCLOUD_OAUTHCLIENT_ID,
      secret: SANDBOX_CREDENTIALS.GENESYSCLOUD_OAUTHCLIENT_SECRET,
    };
    this.harms = await harmOf({
      plan: this.o.plan,
      organisation: new GenesysReader({ api: addresses.genesys, login: addresses.genesys }, clock, credentials),
      carrier: openCarrier({ adapter: "manual", deskDir: addresses.desk }, clock),
      calls: this.ledger.total(this.changes),
      lost: this.ledger.lostCalls,
      examples: this.ledger.examples,
      lastOnGcv: this.ledger.lastOnGcv,
      interval: { from: this.worldStart, to: await clock.now() },
      moves: this.moves,
      halfDone: this.halfDone,
      stateDir: files.stateDir,
      secret: files.trunkPassword,
    });
  }

  private report(failed: string[], simulatedSeconds: number): Report {
    const calls = this.ledger.total(this.changes);
    const why = [
      ...failed,
      ...failures(
        calls,
        this.phases.map((p) => p.secondUpSteps),
      ),
    ];
    const epoch = this.wallEpoch / 1000;
    return {
      schema: "cutover/report/v1",
      engine: this.deployer?.name ?? "none",
      plan: this.o.plan.name,
      stack: "dev",
      seed: this.o.seed,
      inboundMatching: this.o.inboundMatching ?? this.o.plan.organisation.inboundMatching,
      wallSeconds: Math.round(this.wall() * 10) / 10,
      simulatedSeconds,
      phases: this.phases,
      calls,
      lostCalls: this.ledger.lostCalls,
      lastReversiblePhase: lastReversible(this.phases),
      verdict: why.length ? "fail" : "pass",
      failures: why,
      stopped: this.stopped,
      ...(this.o.trap ? { trap: this.trapReport(this.o.trap) } : {}),
      peakMemoryMb: peakMemoryMb(),
      series: this.ledger.series().map((b) => ({ ...b, second: Math.round((b.second - epoch) * 10) / 10 })),
      events: this.events,
      estate: estateOf(this.o.plan),
      ...(this.timeline ? { timeline: this.timeline } : {}),
    };
  }

  private trapReport({ trap, without }: TrapRun): NonNullable<Report["trap"]> {
    const { name, policy, mistake } = trap;
    return { name, policy, mistake, without, harm: this.harms[0] ?? null, harms: this.harms };
  }
}
