import type { Trap } from "./trap";

export const allowlistMissesRange: Trap = {
  name: "allowlist-misses-range",
  policy: "allowlist-covers-carrier",
  mistake: "The trunk's allowlist names one of the two addresses the carrier sends from.",
  // The missing address also fails the test calls from every source, some canary calls, and a test call of R1 now and then.
  overlaps: ["handshake-proven", "canary-healthy", "carrier-route-ready"],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  plan: (p) => {
    p.trunk.allowlist = [p.trunk.allowlist[0]];
  },
};
