import { dropMiddleNumber } from "./numbers";
import type { Trap } from "./trap";

export const numberDroppedLater: Trap = {
  name: "number-dropped-later",
  policy: "gcv-stays-warm",
  mistake:
    "With the canary a number is taken out of numbers.csv, since nobody knows it: the call route that is written for the canary no longer has it.",
  overlaps: [],
  stopsAt: { phase: "canary" },
  harmAt: { phase: "canary" },
  begins: { phase: "canary" },
  files: dropMiddleNumber,
};
