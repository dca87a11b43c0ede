import type { Phase, WaveStep } from "../../model/types";
import type { WalkStep } from "../steps";

/** plan.yaml as a trap sees it: the parsed content of the right estate, changed in place. */
// biome-ignore lint/suspicious/noExplicitAny: a mistake may be of any form; the plan's own reader judges it
export type PlanContent = any;

/** A resource as the program is about to declare it; a mistaken program changes it in place. */
export interface Declared {
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs of any resource
  props: any;
  opts: { additionalSecretOutputs?: string[]; protect?: boolean };
}

/** Where a walk ends; without `waves` at the phase's own step. */
export interface Until {
  phase: Phase;
  waves?: Readonly<Record<string, WaveStep>>;
}

/**
 * One mistake in an otherwise right migration. `plan` changes plan.yaml, `edit` what the program declares, `walk` the pull requests,
 * `hasty` when they are made: whatever is left out is right.
 */
export interface Trap {
  name: string;
  /** The policy that has to stop it. */
  policy: string;
  /** What somebody did wrong, one sentence. */
  mistake: string;
  /** Other policies that catch it too, later or for another reason: taken out together with `policy` to see the harm. */
  overlaps: readonly string[];
  /** Step at which `policy` stops it. */
  stopsAt: Until;
  /** Step after which the harm shows when nothing stops it. */
  harmAt: Until;
  /** What the estate needs for the mistake to be possible at all; right by itself. */
  estate?: (content: PlanContent) => void;
  estateFiles?: (dir: string) => void;
  plan?: (content: PlanContent) => void;
  /** Changes numbers.csv or ports.csv in the directory of the mistaken estate. */
  files?: (dir: string) => void;
  /** First step made with the mistaken plan and files; the very first where left out. */
  begins?: Until;
  /** Configuration of a step that somebody set or forgot. */
  config?: (step: WalkStep) => Record<string, string>;
  /** Configuration of the policy pack, as `--policy-pack-config` takes it: a level for each policy named. */
  packConfig?: Readonly<Record<string, "advisory" | "mandatory" | "disabled">>;
  edit?: (resource: Declared) => void;
  walk?: (steps: WalkStep[]) => WalkStep[];
  /** Steps made at once, whatever their evidence needs. */
  hasty?: (step: WalkStep) => boolean;
  /** Steps made outside the change window. */
  outsideWindow?: (step: WalkStep) => boolean;
  /** Steps made so many hours before the next port, instead of as early as they can be. */
  hoursBeforePort?: (step: WalkStep) => number | undefined;
  inboundMatching?: "org-wide" | "by-pool";
  /** The mistake cannot be tried in the middle of a right migration: it begins earlier, or goes another way. */
  ownWalk?: boolean;
  /** What differs in the world, as `sandbox --faults` takes it. */
  world?: Record<string, unknown>;
}

/** Whether a step is the one that a trap names, whatever the order of its waves. */
export const sameStep = (step: WalkStep, until: Until): boolean =>
  step.phase === until.phase &&
  JSON.stringify(Object.entries(step.waves).sort()) === JSON.stringify(Object.entries(until.waves ?? {}).sort());
