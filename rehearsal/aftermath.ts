import type { Plan, Position } from "../model/types";
import type { WalkStep } from "./steps";
import { EVENT_WINDOW_MS, lastOfLosing, nextAwaited, travel } from "./waits";
import type { World, WorldEvent } from "./world";

/** Calls after the last step of a trap, wall milliseconds, before and after what was still under way. */
const AFTERMATH_MS = 3000;
/** Moments of calls among these, and the world time between two: longer than any lowered TTL. */
const MOMENTS = 6;
const CACHES_RUN_OUT_MS = 10 * 60_000;
/** World time in which every network has learnt of a port. */
const NETWORKS_LEARN_MS = 9 * 3_600_000;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * After the last step of a trap that nothing stopped: calls for some seconds, and the ports and people that were under way.
 * @param at where the stack stands
 * @param onEvent told of each dated event that calls crossed
 */
export async function aftermath(
  world: World,
  plan: Plan,
  at: Position,
  onEvent: (e: WorldEvent) => void,
): Promise<void> {
  const go = (to: Date) => travel(world, to, EVENT_WINDOW_MS, onEvent);
  const now = async () => (await world.now()).getTime();
  await sleep(AFTERMATH_MS);
  const before = await now();
  const next = nextAwaited(plan, at, { ...at, direction: "forward" } as WalkStep, await world.events(), before);
  if (next) await go(new Date(next.at));
  const losing = lastOfLosing(await world.events(), await now());
  if (losing) await go(losing);
  // Networks learn of a port within hours: only then do the callers take the new way.
  if (at.phase === "cutover") {
    await go(new Date((await now()) + NETWORKS_LEARN_MS));
    await acrossCaches(world);
  } else await sleep(AFTERMATH_MS);
}

/** Calls at several moments, so far apart that what resolvers hold runs out in between: of two answers each may be the next. */
async function acrossCaches(world: World): Promise<void> {
  for (let moment = 0; moment < MOMENTS; moment++) {
    await sleep(AFTERMATH_MS / MOMENTS);
    await world.jump(new Date((await world.now()).getTime() + CACHES_RUN_OUT_MS));
  }
}
