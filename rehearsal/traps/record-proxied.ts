import type { Trap } from "./trap";
import { CLOUDFLARE_RECORD_TYPE, ROUTE_TYPE } from "./types";

export const recordProxied: Trap = {
  name: "record-proxied",
  policy: "record-not-proxied",
  mistake:
    "The record is proxied like the zone's others: the name answers with HTTP addresses, and the carrier keeps one host a number.",
  // The proofs that ask every server, and call the real number over the name, meet the same answer.
  overlaps: ["dns-agrees-everywhere", "one-live-path"],
  stopsAt: { phase: "cutover", waves: { w1: "adopted" } },
  harmAt: { phase: "cutover", waves: { w1: "adopted" } },
  begins: { phase: "cutover", waves: { w1: "adopted" } },
  ownWalk: true,
  estate: (p) => {
    p.dns[0].provider = "cloudflare";
  },
  edit: (r) => {
    if (r.type === CLOUDFLARE_RECORD_TYPE) r.props.proxied = true;
    // A second host would take every call that finds nobody at the first: such a carrier has none.
    if (r.type === ROUTE_TYPE) r.props.nextHost = undefined;
  },
};
