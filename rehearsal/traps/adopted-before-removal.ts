import type { Trap } from "./trap";

export const adoptedBeforeRemoval: Trap = {
  name: "adopted-before-removal",
  policy: "inventory-empty",
  mistake:
    "The wave is adopted in the minute after its release, before the operator has taken its numbers out of the GCV inventory.",
  overlaps: [],
  stopsAt: { phase: "cutover", waves: { w1: "adopted" } },
  harmAt: { phase: "cutover", waves: { w1: "adopted" } },
  hasty: (step) => step.phase === "cutover" && step.waves.w1 === "adopted",
};
