import { ROUTE_TYPE } from "./types";
import type { Trap } from "./trap";

export const noCarrierRoute: Trap = {
  name: "no-carrier-route",
  policy: "carrier-route-ready",
  mistake:
    "The moving numbers' carrier route dials the number itself, which is in no BYOC pool yet, instead of the call route's shadow.",
  overlaps: [],
  stopsAt: { phase: "porting" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  // Where numbers match on any trunk, the old call route would answer all the same.
  inboundMatching: "by-pool",
  edit: (r) => {
    if (r.type === ROUTE_TYPE && !String(r.props.name).startsWith("shadow-")) r.props.calledNumber = undefined;
  },
};
