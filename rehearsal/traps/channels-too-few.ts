import type { Trap } from "./trap";

export const channelsTooFew: Trap = {
  name: "channels-too-few",
  policy: "channels-suffice",
  mistake: "The trunk is ordered with six channels; GCV carries up to forty calls at once.",
  // Canary calls and test calls meet full channels too.
  overlaps: ["canary-healthy", "handshake-proven", "carrier-route-ready"],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  estate: (p) => {
    p.gcv = { ...p.gcv, peakConcurrentCalls: 40 };
  },
  plan: (p) => {
    p.trunk.maxConcurrentCalls = 6;
  },
};
