import { join, resolve } from "node:path";
import type { Phase, Plan, Position } from "../model/types";
import { formatWaves } from "../model/waves";
import type { Deployer, DeployResult } from "./deployer";
import { failures, Ledger } from "./ledger";
import { heldSeconds, loadFor } from "./load";
import { peakMemoryMb, watchMemory } from "./memory";
import { prepareOut } from "./out-dir";
import { GenesysReader } from "../probes/genesys";
import { openCarrier } from "../providers/carrier/open";
import { clockFrom } from "../providers/lib/clock";
import { type Harm, harmOf, type Moved } from "./harm";
import { movedBy, recorded } from "./moved";
import { estateOf, lastReversible, phaseReportOf } from "./phase-report";
import { apiDelta, type PhaseReport, type Report, type Stopped } from "./report";
import { SANDBOX_CREDENTIALS, stackConfig, stackFiles, withoutPolicies, writeConfig } from "./stack";
import { type WalkStep, walkSteps } from "./steps";
import { stoppedBy, writesOf } from "./stopped";
import { sameStep, type Trap } from "./traps/trap";
import { earliest, insideWindow, lastOfLosing, nextAwaited, outsideWindow, travel, travelBeforePort } from "./waits";
import { type TimeLine, timeLineOf } from "./timeline";
import { type ApiCounts, World, type WorldEvent } from "./world";

export interface RehearsalOptions {
  plan: Plan;
  planDir: string;
  seed: number;
  to: Phase;
  callsPerSecond: number;
  out: string;
  inboundMatching?: "org-wide" | "by-pool";
  /** Named switches of the world (docs/sandbox.md). */
  world?: readonly string[];
  /** The stack's `cutover:override`: policies set aside by name, as the real stack would. */
  override?: string;
  cli: string;
  deployer: (o: {
    stateDir: string;
    passphrase: string;
    stack: string;
    mistaken?: boolean;
    packConfig?: Trap["packConfig"];
  }) => Promise<Deployer>;
  /** The steps to walk; default the whole walk up to `to`. */
  steps?: WalkStep[];
  trap?: TrapRun;
  /** Asked wherever the walk stands still, before each step; the world may be moved on in it, the stack may not. */
  onPause?: (pause: Pause) => Promise<void>;
  /**
   * No preview before, and no second up after, the steps that are only the way to somewhere. The last step and the steps back have
   * both, unless the walk pauses for others (`onPause`).
   */
  hurried?: boolean;
}

/** Where a walk stands: right after a step (`standing`), and when all that the next one waits for is there (`ready`). */
export interface Pause {
  moment: "standing" | "ready";
  at: Position;
  next: WalkStep;
  world: World;
  deployer: Deployer;
  /** The stack's configuration for any step, of the walk's own plan or of another one. */
  config(step: WalkStep, plan?: { dir: string; content: Plan }): Record<string, string>;
  /** Passphrase of the stack's secrets, for another engine on a copy of its state. */
  passphrase: string;
}

/** A rehearsal with one mistake in it: `right` is the plan as it was meant, `without` the policies left out. */
export interface TrapRun {
  trap: Trap;
  right: Plan;
  /** Directory of the plan as it was meant: the world is made from it, and the steps before the mistake begins. */
  rightDir: string;
  without: string[];
}

/** What the screen is told while a rehearsal runs. */
export interface Progress {
  steps(all: WalkStep[]): void;
  step(step: WalkStep, index: number): void;
  note(text: string): void;
  calls(offered: number, lost: number): void;
  done(step: WalkStep, index: number, phase: PhaseReport): void;
}

/** A step that did not go through, told with what the policies and the engine said. */
export class StepFailed extends Error {
  constructor(
    readonly step: WalkStep,
    readonly verb: Stopped["in"],
    readonly result: DeployResult,
  ) {
    const said = [
      ...result.policies.violations.filter((v) => v.level !== "advisory").map((v) => `${v.policy}: ${v.message}`),
      ...result.diagnostics.filter((d) => d.severity === "error").map((d) => d.message),
    ];
    super(
      `${verb} of ${step.phase}${formatWaves(step.waves) ? ` ${formatWaves(step.waves)}` : ""} failed: ${said.join("\n") || "no reason given"}`,
    );
    this.name = "StepFailed";
  }
}

/** Milliseconds of calls around a port or operator event, half before and half after it. */
const EVENT_WINDOW_MS = 1000;
/** Wall seconds in which the canary's sample should be there, sooner where the canary is only the way, and the most calls per second placed for it. */
const CANARY_SECONDS = 15;
const CANARY_HURRIED_SECONDS = 4;
const CANARY_CALLS_MAX = 150;
/** Calls before and after each up, wall milliseconds. */
const UP_MARGIN_MS = 300;

/** How long a trap's walk waits for its canary sample, wall milliseconds. */
const TRAP_SAMPLE_MS = 30_000;
/** Calls after the last step of a trap, wall milliseconds, before and after what was still under way. */
const AFTERMATH_MS = 3000;
/** Moments of calls among these, and the world time between two: longer than any lowered TTL. */
const MOMENTS = 6;
const CACHES_RUN_OUT_MS = 10 * 60_000;
/** World time in which every network has learnt of a port. */
const NETWORKS_LEARN_MS = 9 * 3_600_000;

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
  private reader: GenesysReader | undefined;
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
      simulatedSeconds = Math.round(((await world.now()).getTime() - this.worldStart.getTime()) / 1000);
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

  private configOf(
    step: WalkStep,
    files: ReturnType<typeof stackFiles>,
    { dir, content } = this.planFor(step),
  ): Record<string, string> {
    return stackConfig(files, step, this.world.addresses, {
      planDir: resolve(dir),
      adapter: content.porting.provider,
      confirm: step.phase === "complete",
      region: content.organisation.region,
    });
  }

  private async pause(moment: Pause["moment"], next: WalkStep, files: ReturnType<typeof stackFiles>): Promise<void> {
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

  private async walk(step: WalkStep, files: ReturnType<typeof stackFiles>): Promise<void> {
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
    // What a step did is read from the organisation, for the harm of a trap: the walk's own list says only what it was meant to do.
    const record = () => (this.o.trap ? recorded(this.organisation(), files.name) : Promise.resolve(null));
    const recordBefore = await record();
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
    if (this.o.trap) this.moves.push(await movedBy(this.deployer, files.name, asked, recordBefore, await record()));
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
    const last = this.o.steps ? this.o.steps.at(-1) === step : this.o.to === "canary";
    if (step.phase !== "canary" || last || step.direction === "back") return;
    const wanted = Math.ceil(this.o.plan.canary.minCalls * 1.1);
    // The sample is a share of all callers: more calls, not a longer phase, as far as the trunk carries them.
    const seconds = this.o.trap || this.o.hurried ? CANARY_HURRIED_SECONDS : CANARY_SECONDS;
    const sampling = wanted / (this.o.plan.canary.percent / 100) / seconds;
    const most = Math.max(this.o.callsPerSecond, Math.min(sampling, CANARY_CALLS_MAX));
    const start = this.ledger.total([]).byPath.byoc;
    const deadline = Date.now() + this.sampleMsMax();
    // Step by step: a machine that is behind shows in how long calls take, and then the trunk carries fewer of them.
    for (let perSecond = this.o.callsPerSecond; Date.now() < deadline; perSecond = Math.min(2 * perSecond, most)) {
      await this.collect();
      const have = this.ledger.total([]).byPath.byoc - start;
      this.progress.note(`canary sample ${have} of ${wanted} calls`);
      if (have >= wanted) return;
      await this.world.load(loadFor(this.right, "canary", perSecond, heldSeconds(this.ledger.calls)));
      await sleep(500);
    }
  }

  /**
   * How long the canary waits for its sample, wall milliseconds. Where the trunk is the mistake its calls may never come: then the gate
   * says so, and without that gate others still judge the calls there were.
   */
  private sampleMsMax(): number {
    if (!this.o.trap) return 120_000;
    return this.o.trap.without.includes("canary-healthy") ? CANARY_HURRIED_SECONDS * 1000 : TRAP_SAMPLE_MS;
  }

  /** After the last step of a trap that nothing stopped: calls for some seconds, and the ports and people that were under way. */
  private async aftermath(): Promise<void> {
    await sleep(AFTERMATH_MS);
    const now = (await this.world.now()).getTime();
    const next = nextAwaited(
      this.o.plan,
      this.at,
      { ...this.at, direction: "forward" } as WalkStep,
      await this.world.events(),
      now,
    );
    if (next) await travel(this.world, new Date(next.at), EVENT_WINDOW_MS, (e) => this.event(e));
    const losing = lastOfLosing(await this.world.events(), (await this.world.now()).getTime());
    if (losing) await travel(this.world, losing, EVENT_WINDOW_MS, (e) => this.event(e));
    // Networks learn of a port within hours: only then do the callers take the new way.
    if (this.at.phase === "cutover") {
      const later = (await this.world.now()).getTime() + NETWORKS_LEARN_MS;
      await travel(this.world, new Date(later), EVENT_WINDOW_MS, (e) => this.event(e));
      await this.acrossCaches();
    } else await sleep(AFTERMATH_MS);
  }

  /** Calls at several moments, so far apart that what resolvers hold runs out in between: of two answers each may be the next. */
  private async acrossCaches(): Promise<void> {
    for (let moment = 0; moment < MOMENTS; moment++) {
      await sleep(AFTERMATH_MS / MOMENTS);
      await this.world.jump(new Date((await this.world.now()).getTime() + CACHES_RUN_OUT_MS));
    }
  }

  /** Reads the organisation beside the migration. */
  private organisation(): GenesysReader {
    if (this.reader) return this.reader;
    const { genesys, clock } = this.world.addresses;
    const credentials = {
      id: SANDBOX_CREDENTIALS.GENESYSCLOUD_OAUTHCLIENT_ID,
      secret: SANDBOX_CREDENTIALS.GENESYSCLOUD_OAUTHCLIENT_SECRET,
    };
    this.reader = new GenesysReader({ api: genesys, login: genesys }, clockFrom(clock), credentials);
    return this.reader;
  }

  private async seeHarm(files: ReturnType<typeof stackFiles>): Promise<void> {
    const { addresses } = this.world;
    const clock = clockFrom(addresses.clock);
    this.harms = await harmOf({
      plan: this.o.plan,
      organisation: this.organisation(),
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
