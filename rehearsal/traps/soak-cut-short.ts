import type { Trap } from "./trap";

export const soakCutShort: Trap = {
  name: "soak-cut-short",
  policy: "soak-over",
  mistake: "The migration is called complete on the day its last wave was adopted, with days of the soak time to go.",
  // The carrier's desk has not turned the last route yet, and the shadow that it leads to goes with this step.
  overlaps: ["carrier-route-ready"],
  stopsAt: { phase: "complete", waves: { w1: "adopted" } },
  harmAt: { phase: "complete", waves: { w1: "adopted" } },
  hasty: (step) => step.phase === "complete",
};
