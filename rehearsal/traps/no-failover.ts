import { actionNamed, changeFrontFlow } from "./mistaken-flow";
import type { Trap } from "./trap";
import { changeTrunk } from "./trunk-settings";

export const noFailover: Trap = {
  name: "no-failover",
  policy: "failover-paths-present",
  mistake: "A canary leg that fails ends the call instead of leading on, on a trunk that admits one call a second.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "canary" },
  edit: (r) => {
    // A failure path matters where there is trouble: here the trunk is slower than its callers.
    changeTrunk(r, { trunk_maxCallRate: "5/5s" });
    changeFrontFlow(r, ({ Route }) => {
      const share = actionNamed(Route!, "Canary share");
      const canary = actionNamed(share!.outputs.yes.actions, "Canary over BYOC");
      canary!.outputs.failure.actions = [{ disconnect: { name: "Leg failed" } }];
    });
  },
};
