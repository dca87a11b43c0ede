import type { CallRecord } from "../sandbox/carriers";
import { testCallsPerSecond, trunkCallsPerSecond } from "../model/testPace";
import type { Phase, Plan } from "../model/types";
import type { Load } from "./world";

/** Share of the trunk's channels and call rate a rehearsal may use: the rest is for test calls and chance. */
const CHANNEL_SHARE = 0.7;
/** Seconds over which a mean is held: the window of Genesys' default call rate. */
const WINDOW_SECONDS = 5;
/** Test calls that come at one moment: one from each network. */
const TEST_BURST = 5;
/** Callers come by chance: so many standard deviations above the mean still have to fit, else a small trunk refuses some. */
const DEVIATIONS = 4;
/** Mean talk, ms, and ringing and answering beside it, seconds: so long a call holds its channel where the machine is not behind. */
const TALK_MS = 1200;
const SETUP_SECONDS = 0.3;
/** Calls over which `heldSeconds` is a mean. */
const HELD_CALLS = 50;

/**
 * Mean seconds from dialling to the end of the last answered calls; 0 while there are none. On a machine that is behind with its work calls
 * are set up and taken down late, and hold their channels meanwhile.
 */
export function heldSeconds(calls: readonly Pick<CallRecord, "answered" | "wallMs" | "endWallMs">[]): number {
  const last = calls.filter((call) => call.answered).slice(-HELD_CALLS);
  const sumMs = last.reduce((sum, call) => sum + call.endWallMs - call.wallMs, 0);
  return last.length === 0 ? 0 : sumMs / last.length / 1000;
}

/**
 * The call load of a phase: as much as asked for, as little as the trunk carries. A canaried call is a hairpin and takes two
 * channels; while GCV carries the rest, only the hairpins count.
 * @param perSecond calls per second asked for.
 * @param held seconds that a call was seen to hold its channel (`heldSeconds`); less than what is reckoned with changes nothing.
 */
export function loadFor(plan: Plan, phase: Phase, perSecond: number, held = 0): Load {
  const hold = Math.max(TALK_MS / 1000 + SETUP_SECONDS, held);
  const { maxConcurrentCalls } = plan.trunk;
  const channels = maxConcurrentCalls * CHANNEL_SHARE;
  const rate = trunkCallsPerSecond(plan);
  const ported = phase === "porting" || phase === "cutover" || phase === "complete";
  // After the ports any call may come in over the trunk, and a straggler over GCV may still be canaried.
  const canary = plan.canary.percent / 100;
  const perCallChannels = ported ? 1 + (phase === "porting" ? canary * 2 : 0) : phase === "canary" ? canary * 2 : 0;
  const perCallRate = ported ? 1 + canary : phase === "canary" ? canary * 2 : 0;
  // Gates place their test calls over the trunk when callers are on it already.
  const forCallers = (ported ? rate - testCallsPerSecond(plan) : rate) * WINDOW_SECONDS - (ported ? TEST_BURST : 0);
  const most = Math.min(
    perCallChannels ? Math.min(channels, meanWithin(0.9 * maxConcurrentCalls)) / (perCallChannels * hold) : Infinity,
    perCallRate ? Math.min(rate * CHANNEL_SHARE, meanWithin(forCallers) / WINDOW_SECONDS) / perCallRate : Infinity,
  );
  const inbound = Math.max(0.1, Math.min(perSecond, most));
  return {
    perSecond: Math.round(inbound * 10) / 10,
    talkMs: TALK_MS,
    mediaShare: 0.15,
    outboundPerSecond: Math.min(2, inbound / 10),
    intruderPerSecond: 0.5,
  };
}

/** The greatest mean of a Poisson count that stays within a budget, DEVIATIONS standard deviations included. */
function meanWithin(budget: number): number {
  return (Math.sqrt(Math.max(0, budget) + DEVIATIONS ** 2 / 4) - DEVIATIONS / 2) ** 2;
}
