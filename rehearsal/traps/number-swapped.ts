import { SECOND_FLOW, secondFlow } from "./numbers";
import type { Trap } from "./trap";
import { IVR_TYPE } from "./types";

/** The last number of the first flow and the first of the second, in the guide's estate. */
const [OURS, THEIRS] = ["+16173540810", "+16173540811"];

export const numberSwapped: Trap = {
  name: "number-swapped",
  policy: "one-live-path",
  mistake:
    "Two numbers change places between the call routes of two flows while their wave is adopted: their callers reach the wrong queue.",
  overlaps: [],
  stopsAt: { phase: "cutover", waves: { w1: "adopted" } },
  harmAt: { phase: "cutover", waves: { w1: "adopted" } },
  begins: { phase: "cutover", waves: { w1: "adopted" } },
  ownWalk: true,
  estateFiles: secondFlow,
  edit: (r) => {
    if (r.type !== IVR_TYPE || !String(r.props.name).endsWith(" BYOC")) return;
    const [own, other] = r.props.name === `${SECOND_FLOW} BYOC` ? [THEIRS, OURS] : [OURS, THEIRS];
    r.props.dnis = (r.props.dnis as string[]).map((n) => (n === own ? other : n));
  },
};
