import type { Trap } from "./trap";

export const canaryUnhealthy: Trap = {
  name: "canary-unhealthy",
  policy: "canary-healthy",
  mistake:
    "The trunk admits two calls a second, far less than the organisation's traffic: test calls pass, every other canary call does not.",
  overlaps: [],
  stopsAt: { phase: "porting" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  ownWalk: true,
  plan: (p) => {
    p.trunk.maxCallRate = "10/5s";
  },
};
