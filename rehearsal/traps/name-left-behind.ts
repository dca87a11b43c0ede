import { AWS_RECORD_TYPE } from "./types";
import type { Trap } from "./trap";

export const nameLeftBehind: Trap = {
  name: "name-left-behind",
  policy: "dns-not-before-port",
  mistake:
    "The record keeps the old target while the wave is adopted: the carrier follows the name to a system that has lost the number.",
  // The proofs in the middle of the update ask every server and call the real number.
  overlaps: ["dns-agrees-everywhere", "one-live-path"],
  stopsAt: { phase: "cutover", waves: { w1: "adopted" } },
  harmAt: { phase: "cutover", waves: { w1: "adopted" } },
  begins: { phase: "cutover", waves: { w1: "adopted" } },
  edit: (r) => {
    if (r.type === AWS_RECORD_TYPE) r.props.records = ["gcv.guide.example"];
  },
};
