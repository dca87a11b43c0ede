import type { Plan } from "../model/types";
import type { Ledger } from "./ledger";
import { heldSeconds, loadFor } from "./load";
import type { World } from "./world";

/** Wall seconds in which the canary's sample should be there, sooner where the canary is only the way, and the most calls per second placed for it. */
const CANARY_SECONDS = 15;
const CANARY_HURRIED_SECONDS = 4;
const CANARY_CALLS_MAX = 150;
/** How long a walk, and a trap's walk, waits for the sample, wall milliseconds. */
const SAMPLE_MS = 120_000;
const TRAP_SAMPLE_MS = 30_000;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whose canary waits for how many calls, and how it may place them. */
export interface Sampling {
  world: World;
  ledger: Ledger;
  /** Takes the newest records of calls into the ledger. */
  collect(): Promise<void>;
  note(text: string): void;
  /** The plan that is walked, and the plan as it was meant: the load does not follow a mistake. */
  plan: Plan;
  right: Plan;
  callsPerSecond: number;
  /** Whether the canary is only the way to somewhere. */
  hurried: boolean;
  /** The policies that a trap's walk leaves out; undefined where there is no trap. */
  without: readonly string[] | undefined;
}

/** Places calls until the canary's gate has its sample, or the time for it is over: then the gate says that it has none. */
export async function canarySample(s: Sampling): Promise<void> {
  const { minCalls, percent } = s.plan.canary;
  const wanted = Math.ceil(minCalls * 1.1);
  // The sample is a share of all callers: more calls, not a longer phase, as far as the trunk carries them.
  const sampling = wanted / (percent / 100) / (s.hurried ? CANARY_HURRIED_SECONDS : CANARY_SECONDS);
  const most = Math.max(s.callsPerSecond, Math.min(sampling, CANARY_CALLS_MAX));
  const start = s.ledger.total([]).byPath.byoc;
  const deadline = Date.now() + sampleMsMax(s.without);
  // Step by step: a machine that is behind shows in how long calls take, and then the trunk carries fewer of them.
  for (let perSecond = s.callsPerSecond; Date.now() < deadline; perSecond = Math.min(2 * perSecond, most)) {
    await s.collect();
    const have = s.ledger.total([]).byPath.byoc - start;
    s.note(`canary sample ${have} of ${wanted} calls`);
    if (have >= wanted) return;
    await s.world.load(loadFor(s.right, "canary", perSecond, heldSeconds(s.ledger.calls)));
    await sleep(500);
  }
}

/**
 * How long the canary waits for its sample, wall milliseconds. Where the trunk is the mistake its calls may never come: then the gate
 * says so, and without that gate others still judge the calls there were.
 */
function sampleMsMax(without: readonly string[] | undefined): number {
  if (!without) return SAMPLE_MS;
  return without.includes("canary-healthy") ? CANARY_HURRIED_SECONDS * 1000 : TRAP_SAMPLE_MS;
}
