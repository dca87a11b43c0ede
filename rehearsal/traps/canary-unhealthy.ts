import type { Trap } from "./trap";

export const canaryUnhealthy: Trap = {
  name: "canary-unhealthy",
  policy: "canary-healthy",
  mistake:
    "The trunk admits one call in five seconds, far less than the organisation's traffic; nobody looks at the canary.",
  overlaps: ["carrier-route-ready", "release-drained"],
  stopsAt: { phase: "porting" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  plan: (p) => {
    p.trunk.maxCallRate = "1/5s";
  },
};
