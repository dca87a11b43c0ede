import { channelGap } from "../model/rules/trunk";
import { Lacks } from "./basis";
import { trunkPolicy } from "./byoc-trunk";
import { planIfAny } from "./context";
import { CHANNELS } from "./trunk-settings";

export const channelsSuffice = trunkPolicy(
  "channels-suffice",
  "The trunk has channels for the busiest moment of GCV, two for each canaried call, and some for test calls.",
  (settings, basis) => {
    const plan = planIfAny();
    const peak = basis.setting<number>("peakConcurrentCalls") ?? plan?.gcv.peakConcurrentCalls;
    // With a plan the gate says what a missing figure means.
    if (peak === undefined && plan) return [];
    if (peak === undefined)
      throw new Lacks(
        "it lacks the most calls at once on GCV: set peakConcurrentCalls in the pack's configuration, or cutover:plan",
      );
    const channels = Number(settings()[CHANNELS]);
    // Genesys publishes no key for the limit: a trunk without one has it somewhere else.
    if (!Number.isFinite(channels)) throw new Lacks(`it lacks the trunk's channels: properties has no ${CHANNELS}`);
    return channelGap(channels, peak, plan?.canary.percent ?? 0);
  },
  {
    keys: [CHANNELS],
    properties: {
      peakConcurrentCalls: {
        type: "integer",
        minimum: 1,
        description: "The most calls at once that GCV carried, where the plan does not say it.",
      },
    },
  },
);
