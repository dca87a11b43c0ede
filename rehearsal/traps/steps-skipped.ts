import type { Trap } from "./trap";

export const stepsSkipped: Trap = {
  name: "steps-skipped",
  policy: "phase-moves-one-step",
  mistake: "A wave goes from waiting to released in one pull request, before its numbers are ported.",
  overlaps: [],
  stopsAt: { phase: "cutover", waves: { w1: "released" } },
  harmAt: { phase: "cutover", waves: { w1: "released" } },
  walk: (steps) => steps.filter((s) => s.waves.w1 !== "live"),
  hasty: (step) => step.waves.w1 === "released",
};
