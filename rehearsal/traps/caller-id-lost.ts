import { changeTrunk } from "./trunk-settings";
import type { Trap } from "./trap";

export const callerIdLost: Trap = {
  name: "caller-id-lost",
  policy: "caller-id-preserved",
  mistake: "The trunk puts its own number before the caller's: every canaried caller arrives with the same number.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "canary" },
  edit: (r) =>
    changeTrunk(r, {
      trunk_calling_id_priority: ["Trunk", "Site", "Source"],
      trunk_outboundIdentity_callingAddress: "+16173540791",
    }),
};
