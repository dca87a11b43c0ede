import { SECOND_FLOW, secondFlow } from "./numbers";
import type { Trap } from "./trap";
import { IVR_TYPE } from "./types";

/** The last numbers of the first flow, and as many of the second's first, in the guide's estate: one place in E.164 apart. */
const OURS = ["+16173540806", "+16173540807", "+16173540808", "+16173540809", "+16173540810"];
const THEIRS = ["+16173540811", "+16173540812", "+16173540813", "+16173540814", "+16173540815"];

export const numberSwapped: Trap = {
  name: "number-swapped",
  policy: "one-live-path",
  mistake:
    "Five numbers of each of two flows change places between their call routes while the wave is adopted: their callers reach the wrong queue.",
  overlaps: [],
  stopsAt: { phase: "cutover", waves: { w1: "adopted" } },
  harmAt: { phase: "cutover", waves: { w1: "adopted" } },
  begins: { phase: "cutover", waves: { w1: "adopted" } },
  ownWalk: true,
  estateFiles: secondFlow,
  edit: (r) => {
    if (r.type !== IVR_TYPE || !String(r.props.name).endsWith(" BYOC")) return;
    const [own, other] = r.props.name === `${SECOND_FLOW} BYOC` ? [THEIRS, OURS] : [OURS, THEIRS];
    r.props.dnis = (r.props.dnis as string[]).map((n) => other[own.indexOf(n)] ?? n);
  },
};
