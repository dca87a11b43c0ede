import type { Trap } from "./trap";

export const allowlistTooWide: Trap = {
  name: "allowlist-too-wide",
  policy: "allowlist-not-too-wide",
  mistake: "The trunk's allowlist admits the whole internet, so that no carrier address can be missing.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "parallel" },
  // Where numbers match on any trunk, a stranger's INVITE reaches a queue as soon as the trunk stands.
  inboundMatching: "org-wide",
  plan: (p) => {
    p.trunk.allowlist = ["0.0.0.0/0"];
  },
};
