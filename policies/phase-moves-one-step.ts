import { gatePolicy } from "./policy";

export const phaseMovesOneStep = gatePolicy(
  "phase-moves-one-step",
  "One phase at a time, or waves one step at a time within limits.maxNumbersPerUpdate.",
);
