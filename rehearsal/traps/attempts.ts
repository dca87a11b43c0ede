import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Position } from "../../model/types";
import type { Deployer, DeployResult } from "../deployer";
import { embeddedDeployer } from "../embedded";
import { trappedEstate } from "../estate";
import { apiDelta, type Stopped } from "../report";
import type { Pause } from "../options";
import type { WalkStep } from "../steps";
import { stoppedBy, writesOf } from "../stopped";
import { insideWindow, outsideWindow, travel, travelBeforePort } from "../waits";
import { wayForward, wayInto } from "./path";
import { sameStep, type Trap } from "./trap";

/** One mistake tried: what stopped it, or null when its preview went through. */
export interface Attempt {
  stopped: Stopped | null;
  /** Why a preview that no policy stopped did not end well; empty for one that did. */
  why: string[];
  seconds: number;
}

interface Prepared {
  trap: Trap;
  plan: { dir: string; content: Plan };
  /** Where the stack has to stand for the mistake. */
  from: Position;
  step: WalkStep;
  moment: Pause["moment"];
}

/** Whether a trap's mistake can be tried in a world that was right so far. */
export const sharesWalk = (trap: Trap): boolean => trap.world === undefined && !trap.ownWalk;

const NOWHERE: Position = { phase: "none", waves: {} };

/**
 * One right migration for many traps: wherever the stack stands before the step that a trap's policy has to stop, the mistake is tried
 * there, as a preview from the stack's own state. A policy that holds leaves the world as it was, so the migration goes on.
 */
export class Attempts {
  readonly results = new Map<string, Attempt>();
  private readonly due: Prepared[];
  private mistaken: Deployer | undefined;

  /** @throws UserError when a trap's mistaken plan cannot be read. */
  constructor(
    traps: readonly Trap[],
    private readonly o: {
      planDir: string;
      out: string;
      /** The plan that the shared walk is made with. */
      right: Plan;
      onResult?: (trap: Trap, attempt: Attempt) => void;
    },
  ) {
    // State of an earlier walk is locked with that walk's passphrase.
    rmSync(this.stateDir, { recursive: true, force: true });
    this.due = traps.map((trap) => this.prepare(trap));
  }

  private get stateDir(): string {
    return join(this.o.out, "mistaken-state");
  }

  private prepare(trap: Trap): Prepared {
    const { dir, plan } = trappedEstate(this.o.planDir, join(this.o.out, trap.name), trap);
    const way = wayInto(trap, plan, trap.stopsAt);
    const step = way.at(-1)!;
    return {
      trap,
      plan: { dir, content: plan },
      from: way.at(-2) ?? NOWHERE,
      step,
      // Outside the window nothing but the hour may be wrong: all else the step waits for has to be there.
      moment: trap.hasty?.(step) ? "standing" : "ready",
    };
  }

  /** The steps of the shared walk: as far as the last mistake needs, and the step whose evidence that one waits for. */
  steps(): WalkStep[] {
    const way = wayForward(this.o.right);
    const places = [NOWHERE, ...way];
    const last = Math.max(...this.due.map((d) => places.findIndex((p) => sameStep(p as WalkStep, until(d.from)))));
    return way.slice(0, last + 1);
  }

  /** Tries what is due where the walk stands. */
  async at(pause: Pause): Promise<void> {
    const here = this.due.filter((d) => d.moment === pause.moment && sameStep(d.from as WalkStep, until(pause.at)));
    // Time moves for some: they come last.
    const moves = ({ trap }: Prepared) => Number(Boolean(trap.outsideWindow ?? trap.hoursBeforePort));
    here.sort((a, b) => moves(a) - moves(b));
    for (const each of here) {
      if (this.results.has(each.trap.name)) continue;
      const started = performance.now();
      const { result, writes } = await this.preview(each, pause);
      const stopped = result.ok ? null : stoppedBy(each.step, "preview", result, writes, each.trap.policy);
      const why = result.diagnostics.filter((d) => d.severity === "error").map((d) => d.message.slice(0, 600));
      const attempt = { stopped, why: stopped ? [] : why, seconds: (performance.now() - started) / 1000 };
      this.results.set(each.trap.name, attempt);
      this.o.onResult?.(each.trap, attempt);
    }
  }

  private async preview(each: Prepared, pause: Pause): Promise<{ result: DeployResult; writes: number }> {
    const { trap, step } = each;
    const { world } = pause;
    const config = { ...pause.config(step, each.plan), ...trap.config?.(step) };
    let deployer = pause.deployer;
    if (trap.edit) {
      config["cutover:mistake"] = trap.name;
      deployer = await this.mistakenProgram(pause);
    }
    const away = trap.outsideWindow?.(step) === true;
    if (away) await travel(world, outsideWindow(this.o.right, await world.now()), 0, () => {});
    const hours = trap.hoursBeforePort?.(step);
    if (hours !== undefined) await travelBeforePort(world, this.o.right, hours);
    const before = await world.requests();
    const result = await deployer.preview(config);
    const writes = writesOf(apiDelta(before, await world.requests()));
    if (away) await travel(world, insideWindow(this.o.right, await world.now()), 0, () => {});
    return { result, writes };
  }

  /** The engine of the mistaken programs, on a copy of the stack's state as it is now. */
  private async mistakenProgram(pause: Pause): Promise<Deployer> {
    this.mistaken ??= await embeddedDeployer({
      stateDir: this.stateDir,
      passphrase: pause.passphrase,
      stack: "dev",
      mistaken: true,
    });
    await this.mistaken.import(await pause.deployer.export());
    return this.mistaken;
  }

  async close(): Promise<void> {
    await this.mistaken?.close();
  }
}

const until = ({ phase, waves }: Position) => ({ phase: phase as WalkStep["phase"], waves });
