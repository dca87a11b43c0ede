import type { Trap } from "./trap";

export const releasedTooEarly: Trap = {
  name: "released-too-early",
  policy: "release-drained",
  mistake: "The wave leaves GCV in the minutes after its port, while some networks still send its calls there.",
  overlaps: [],
  stopsAt: { phase: "cutover", waves: { w1: "released" } },
  harmAt: { phase: "cutover", waves: { w1: "released" } },
  hasty: (step) => step.waves.w1 === "released",
};
