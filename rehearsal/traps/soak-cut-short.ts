import type { Trap } from "./trap";

export const soakCutShort: Trap = {
  name: "soak-cut-short",
  policy: "soak-over",
  mistake: "The migration is called complete on the day its last wave was adopted, with days of the soak time to go.",
  overlaps: [],
  stopsAt: { phase: "complete", waves: { w1: "adopted" } },
  harmAt: { phase: "complete", waves: { w1: "adopted" } },
  hasty: (step) => step.phase === "complete",
};
