import type { Plan } from "./types";

/** Share of a trunk's call rate that test calls may take; on a small trunk more, so that a gate is answered in seconds. */
const SHARE = 0.25;
const SMALL_PER_SECOND = 4;
const SMALL_SHARE = 0.4;

/** Calls per second that Genesys takes on the plan's trunk. */
export function trunkCallsPerSecond(plan: Pick<Plan, "trunk">): number {
  const [calls, seconds] = plan.trunk.maxCallRate.split("/").map(Number.parseFloat) as [number, number];
  return calls / seconds;
}

/** Test calls per second at most: a burst of them on a small trunk would have callers refused. Above 0. */
export function testCallsPerSecond(plan: Pick<Plan, "trunk">): number {
  const rate = trunkCallsPerSecond(plan);
  return Math.max(SHARE * rate, Math.min(SMALL_PER_SECOND, SMALL_SHARE * rate));
}
