import type { Trap } from "./trap";
import { OUTBOUND_TYPE } from "./types";

/** The new trunk, as the route of the shadows is declared with it before any site's. */
let byoc: unknown;

export const outboundTooEarly: Trap = {
  name: "outbound-too-early",
  policy: "outbound-after-port",
  mistake:
    "The site's calls go out over the new trunk from the canary on: the carrier refuses caller ids that are not ported yet.",
  overlaps: [],
  stopsAt: { phase: "canary" },
  harmAt: { phase: "canary" },
  begins: { phase: "canary" },
  edit: (r) => {
    if (r.type !== OUTBOUND_TYPE) return;
    if (r.name.startsWith("byoc-shadows")) byoc = r.props.externalTrunkBaseIds;
    else if (byoc) r.props.externalTrunkBaseIds = byoc;
  },
};
