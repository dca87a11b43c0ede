import type { Trap } from "./trap";

export const emergencyGroupForgotten: Trap = {
  name: "emergency-group-forgotten",
  policy: "emergency-groups-kept",
  mistake:
    "The organisation's emergency group names the call routes it always named, and nobody adds the BYOC ones; after the first port the alarm goes off.",
  overlaps: [],
  stopsAt: { phase: "porting" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  world: { genesys: { emergencyOf: "all" }, operator: { forgets: ["emergency-group"] }, alarmHoursAfterPort: 1 },
};
