import { EMERGENCY_TYPE } from "./types";
import type { Trap } from "./trap";

export const noEmergencyAddress: Trap = {
  name: "no-emergency-address",
  policy: "emergency-address-registered",
  mistake: "The emergency address is registered for the main number only; the rest are ported without one.",
  overlaps: [],
  stopsAt: { phase: "porting" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  edit: (r) => {
    if (r.type !== EMERGENCY_TYPE) return;
    const first = r.props.ranges[0].from;
    r.props.ranges = [{ from: first, to: first }];
  },
};
