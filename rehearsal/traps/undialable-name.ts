import { ROUTE_TYPE } from "./types";
import type { Trap } from "./trap";

export const undialableName: Trap = {
  name: "undialable-name",
  policy: "name-is-dialable",
  mistake:
    "The carrier checks certificates strictly, and its route for the moving numbers dials the customer's own name, which no certificate covers.",
  overlaps: ["carrier-route-ready"],
  stopsAt: { phase: "porting" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  ownWalk: true,
  estate: (p) => {
    p.carrier.tlsNameCheck = "strict";
    p.carrier.routeHost = "genesys-name";
  },
  edit: (r) => {
    if (r.type === ROUTE_TYPE && !String(r.props.name).startsWith("shadow-")) r.props.host = "sip.guide.example";
  },
};
