import type { Phase, Plan, Position } from "../model/types";
import type { Deployer } from "./deployer";
import type { PhaseReport } from "./report";
import type { WalkStep } from "./steps";
import type { Trap } from "./traps/trap";
import type { World } from "./world";

/** What is rehearsed, on what, and how. */
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
