import type { WalkStep } from "../steps";
import type { Trap } from "./trap";

const back = (phase: WalkStep["phase"]): WalkStep => ({ phase, waves: {}, direction: "back" });

export const portedNumbersStranded: Trap = {
  name: "ported-numbers-stranded",
  policy: "phase-moves-one-step",
  mistake:
    "After trouble with a live wave the stack is taken back past porting, which would take the carrier's routes from ported numbers and cancel orders that are done: it breaks off half way.",
  overlaps: [],
  stopsAt: { phase: "canary" },
  harmAt: { phase: "canary" },
  // Only numbers that have been live make that step back a wrong one.
  ownWalk: true,
  walk: (steps) => {
    const live = steps.findIndex((s) => s.waves.w1 === "live");
    return [...steps.slice(0, live + 1), back("cutover"), back("porting"), back("canary")];
  },
};
