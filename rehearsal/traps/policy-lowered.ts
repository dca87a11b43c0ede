import { standbyClosedEarly } from "./standby-closed-early";
import type { Trap } from "./trap";

export const policyLowered: Trap = {
  name: "policy-lowered",
  policy: "levels-kept",
  mistake:
    "The pack's configuration makes gcv-stays-warm advisory, and the emergency group that closes the old path is switched on with the parallel phase.",
  overlaps: [],
  // What the configuration lowers is seen with the first resource of any step, long before it costs anything.
  stopsAt: { phase: "baseline" },
  harmAt: { phase: "parallel" },
  ownWalk: true,
  packConfig: { "gcv-stays-warm": "advisory" },
  edit: standbyClosedEarly.edit,
};
