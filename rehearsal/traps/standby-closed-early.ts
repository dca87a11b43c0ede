import { GROUP_TYPE } from "./types";
import type { Trap } from "./trap";

export const standbyClosedEarly: Trap = {
  name: "standby-closed-early",
  policy: "gcv-stays-warm",
  mistake: "The emergency group that closes the old path is switched on with the parallel phase already.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "parallel" },
  edit: (r) => {
    if (r.type === GROUP_TYPE) r.props.enabled = true;
  },
};
