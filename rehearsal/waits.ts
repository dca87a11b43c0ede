import { QUIET_HOURS } from "../model/gates/drain";
import { nextOpening, parseChangeWindow, windowContains } from "../model/changeWindow";
import type { Phase, Plan, Position } from "../model/types";
import { entering, type WalkStep } from "./steps";
import type { World, WorldEvent } from "./world";

const HOUR_MS = 3_600_000;
/** Analytics lags behind the calls: the canary's figures are asked for this long after its last call. */
const ANALYTICS_MS = 15 * 60_000;

/** What is left of a long wait for its last jump: more than the time without a call on GCV that a release asks for. */
const LAST_JUMP_MS = (QUIET_HOURS + 1) * HOUR_MS;
/** Wall time in which what was dialled has arrived. */
const DIALLED_MS = 500;

/** Milliseconds of calls around a port or operator event, half before and half after it. */
export const EVENT_WINDOW_MS = 1000;

/**
 * World time at which a step's evidence can be there at the earliest. The rehearsal knows the rules as the operator of a real
 * migration does: it waits, then asks the gate; the gate never waits for it.
 */
export function earliest(
  plan: Plan,
  from: Position,
  to: WalkStep,
  since: Partial<Record<Phase, number>>,
  events: WorldEvent[],
  now: number,
): number {
  if (to.direction === "back") return now;
  const at = [now];
  if (to.phase === "canary") {
    const oldTtl = Math.max(0, ...plan.dns.map((d) => d.ttlSeconds.normal));
    at.push((since["ttl-lowered"] ?? now) + Math.max(48 * HOUR_MS, oldTtl * 1000) + HOUR_MS);
  }
  if (to.phase === "porting") at.push(now + ANALYTICS_MS);
  const waves = (parts: string[]) => new Set(plan.parts.filter((p) => parts.includes(p.id)).map((p) => p.wave));
  for (const wave of waves(entering(from.waves, to.waves, "live")))
    at.push(lastActivation(plan, wave, events) + 60_000);
  for (const wave of waves(entering(from.waves, to.waves, "released"))) {
    // Networks learn of a port hours late; the gate wants no call on GCV for a while after the settle time.
    at.push(lastActivation(plan, wave, events) + plan.limits.lrnSettleHours * HOUR_MS + 4 * HOUR_MS);
  }
  if (entering(from.waves, to.waves, "adopted").length) at.push(lastOf(events, "inventory-removed"));
  if (to.phase === "complete")
    at.push(Math.max(now, lastOf(events, "inventory-removed")) + plan.limits.soakHours * HOUR_MS + HOUR_MS);
  return Math.max(...at);
}

/** Work of people and carriers that a step builds on. */
const DESK_WORK = /^(desk-|carrier-job|operator-staffs|operator-tidies|operator-groups)/;

/**
 * The next dated event that has to pass before it is even known when the step can be made: a desk that still has work in its tray, an
 * order whose activation is not dated yet, numbers still in the inventory.
 */
export function nextAwaited(
  plan: Plan,
  from: Position,
  to: WalkStep,
  events: WorldEvent[],
  now: number,
): WorldEvent | undefined {
  const future = events.filter((e) => Date.parse(e.at) > now).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  // A way back waits for nothing, but that a call route is deleted only after it has left the customer's emergency groups.
  if (to.direction === "back")
    return to.phase === "baseline" ? future.find((e) => e.kind === "operator-groups") : undefined;
  const live = new Set(
    plan.parts.filter((p) => entering(from.waves, to.waves, "live").includes(p.id)).map((p) => p.wave),
  );
  const undated = plan.portOrders.filter(
    (o) => live.has(o.wave) && !events.some((e) => e.kind === "port-active" && e.detail.includes(o.id)),
  );
  const adopting = entering(from.waves, to.waves, "adopted").length > 0;
  return future.find(
    (e) =>
      DESK_WORK.test(e.kind) ||
      (undated.some((o) => e.detail.includes(o.id)) && e.kind.startsWith("port-")) ||
      (adopting && e.kind === "inventory-removed"),
  );
}

function lastActivation(plan: Plan, wave: string, events: WorldEvent[]): number {
  const orders = plan.portOrders.filter((o) => o.wave === wave).map((o) => o.id);
  const times = events
    .filter((e) => e.kind === "port-active" && orders.some((id) => e.detail.includes(id)))
    .map((e) => Date.parse(e.at));
  return Math.max(0, ...times);
}

const lastOf = (events: WorldEvent[], kind: string): number =>
  Math.max(0, ...events.filter((e) => e.kind === kind).map((e) => Date.parse(e.at)));

/** What the losing carrier does on its own side, at its own dates. */
const LOSING = ["losing-cuts", "account-closes"];
/** Events that calls cross at wall rate: from one side of them to the other something answers otherwise. */
const CROSSED = ["port-active", "port-reverted", "inventory-removed", ...LOSING];

/** Moves the world on to `target`, stopping at every port and operator event on the way so that calls cross it at wall rate. */
export async function travel(
  world: World,
  target: Date,
  windowMs: number,
  onEvent: (e: WorldEvent) => void,
): Promise<void> {
  for (;;) {
    const now = (await world.now()).getTime();
    const next = (await world.events())
      .filter((e) => CROSSED.includes(e.kind) && Date.parse(e.at) > now && Date.parse(e.at) <= target.getTime())
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0];
    if (!next) break;
    const at = Date.parse(next.at);
    // Half the window before, half after: calls are in progress across the very moment.
    if (at - windowMs / 2 > now) await world.jump(new Date(at - windowMs / 2));
    await new Promise((resolve) => setTimeout(resolve, windowMs));
    onEvent(next);
  }
  await settleInto(world, target);
}

/**
 * The end of a long wait passes in a jump of its own. A call that is being dialled as the clock jumps arrives hours later than it was
 * dialled, where its network has long stopped to send calls: with one jump that would be a call on GCV a moment ago.
 */
async function settleInto(world: World, target: Date): Promise<void> {
  const now = (await world.now()).getTime();
  const before = target.getTime() - LAST_JUMP_MS;
  if (before > now) {
    await world.jump(new Date(before));
    await new Promise((resolve) => setTimeout(resolve, DIALLED_MS));
  }
  if ((await world.now()) < target) await world.jump(target);
}

/**
 * Moves the world on to `hours` before the next port, and on into the change window: to the day its date is confirmed first, when it has
 * none yet. Where no port is under way, or it is nearer, nothing happens.
 */
export async function travelBeforePort(world: World, plan: Plan, hours: number): Promise<void> {
  const next = async (kind: string) => {
    const now = (await world.now()).getTime();
    return (await world.events()).find((e) => e.kind === kind && Date.parse(e.at) > now);
  };
  let port = await next("port-active");
  if (!port) {
    const confirmed = await next("port-foc");
    if (confirmed) await travel(world, new Date(confirmed.at), 0, () => {});
    port = await next("port-active");
  }
  if (!port) return;
  const before = new Date(Date.parse(port.at) - hours * HOUR_MS);
  await travel(world, insideWindow(plan, before), 0, () => {});
}

/** When the losing carrier will have done all that is dated on its side; undefined when nothing is. */
export const lastOfLosing = (events: readonly WorldEvent[], now: number): Date | undefined => {
  const dates = events.filter((e) => LOSING.includes(e.kind) && Date.parse(e.at) > now).map((e) => Date.parse(e.at));
  return dates.length > 0 ? new Date(Math.max(...dates)) : undefined;
};

/** The next moment inside the change window: nothing of ours happens outside it. */
export function insideWindow(plan: Plan, at: Date): Date {
  return nextOpening(parseChangeWindow(plan.limits.changeWindow, plan.limits.timezone), at);
}

/** The next moment outside the change window, half an hour into the gap. */
export function outsideWindow(plan: Plan, at: Date): Date {
  const window = parseChangeWindow(plan.limits.changeWindow, plan.limits.timezone);
  let moment = at.getTime();
  // A window that never closes ends the search after a week: then nothing is outside it.
  for (let i = 0; i < 7 * 48 && windowContains(window, new Date(moment)); i++) moment += HOUR_MS / 2;
  return new Date(moment + HOUR_MS / 2);
}
