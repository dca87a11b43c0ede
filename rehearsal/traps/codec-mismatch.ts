import type { Trap } from "./trap";

export const codecMismatch: Trap = {
  name: "codec-mismatch",
  policy: "codecs-agree",
  mistake: "The trunk speaks Opus only; the carrier offers PCMU and PCMA.",
  overlaps: ["handshake-proven", "canary-healthy", "carrier-route-ready"],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  plan: (p) => {
    p.trunk.codecs = ["OPUS"];
  },
};
