import type { Trap } from "./trap";

export const outsideWindow: Trap = {
  name: "outside-window",
  policy: "change-window",
  mistake: "The wave goes live in the night after the port, outside the change window.",
  overlaps: [],
  stopsAt: { phase: "cutover", waves: { w1: "live" } },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  outsideWindow: (step) => step.waves.w1 === "live",
};
