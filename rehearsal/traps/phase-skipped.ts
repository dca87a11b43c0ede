import type { Trap } from "./trap";

export const phaseSkipped: Trap = {
  name: "phase-skipped",
  policy: "phase-moves-one-step",
  mistake:
    "The pull request sets complete while the numbers are still in porting: the standby closes and everybody hears its message.",
  overlaps: [],
  stopsAt: { phase: "complete", waves: { w1: "adopted" } },
  harmAt: { phase: "complete", waves: { w1: "adopted" } },
  walk: (steps) => steps.filter((s) => s.phase !== "cutover"),
  hasty: (step) => step.phase === "complete",
};
