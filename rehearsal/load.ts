import type { Phase, Plan } from "../model/types";
import type { Load } from "./world";

/** Share of the trunk's channels and call rate a rehearsal may use: the rest is for test calls and chance. */
export const CHANNEL_SHARE = 0.7;
/** Ringing and answering of a call in the world, seconds: it holds a channel that long beside the talk. */
const SETUP_SECONDS = 0.3;

/**
 * The call load of a phase: as much as asked for, as little as the trunk carries. A canaried call is a hairpin and takes two
 * channels; while GCV carries the rest, only the hairpins count.
 * @param perSecond calls per second asked for.
 */
export function loadFor(plan: Plan, phase: Phase, perSecond: number, talkMs = 1200): Load {
  const hold = talkMs / 1000 + SETUP_SECONDS;
  const channels = plan.trunk.maxConcurrentCalls * CHANNEL_SHARE;
  const [calls, seconds] = plan.trunk.maxCallRate.replace("s", "").split("/").map(Number) as [number, number];
  const rate = (calls / seconds) * CHANNEL_SHARE;
  const ported = phase === "porting" || phase === "cutover" || phase === "complete";
  // After the ports any call may come in over the trunk, and a straggler over GCV may still be canaried.
  const canary = plan.canary.percent / 100;
  const perCallChannels = ported ? 1 + (phase === "porting" ? canary * 2 : 0) : phase === "canary" ? canary * 2 : 0;
  const perCallRate = ported ? 1 + canary : phase === "canary" ? canary * 2 : 0;
  const most = Math.min(
    perCallChannels ? channels / (perCallChannels * hold) : Number.POSITIVE_INFINITY,
    perCallRate ? rate / perCallRate : Number.POSITIVE_INFINITY,
  );
  const inbound = Math.max(1, Math.min(perSecond, most));
  return {
    perSecond: Math.round(inbound * 10) / 10,
    talkMs,
    mediaShare: 0.15,
    outboundPerSecond: Math.min(2, inbound / 10),
    intruderPerSecond: 0.5,
  };
}
