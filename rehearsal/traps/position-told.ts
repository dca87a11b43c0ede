import type { Trap } from "./trap";
import { GATE_TYPE } from "./types";

export const positionTold: Trap = {
  name: "position-told",
  policy: "record-agrees",
  mistake:
    "Somebody tells the gate where the stack stands instead of letting it read the phase record, and a wave skips the step live.",
  // The program itself goes by the record, and no evidence was gathered for a step that it takes for none.
  overlaps: ["phase-moves-one-step", "release-drained", "gcv-stays-warm", "one-live-path", "emergency-groups-kept"],
  stopsAt: { phase: "cutover", waves: { w1: "released" } },
  harmAt: { phase: "cutover", waves: { w1: "released" } },
  begins: { phase: "cutover", waves: { w1: "released" } },
  walk: (steps) => steps.filter((s) => s.waves.w1 !== "live"),
  hasty: (step) => step.waves.w1 === "released",
  edit: (r) => {
    if (r.type === GATE_TYPE) r.props.from = { phase: "cutover", waves: { w1: "live" } };
  },
};
