import { dropLastNumber } from "./numbers";
import type { Trap } from "./trap";

export const numberDroppedLate: Trap = {
  name: "number-dropped-late",
  policy: "foc-frozen",
  mistake:
    "A number is taken out of numbers.csv the day before its port: the carrier ports it all the same, and nothing leads it on.",
  overlaps: [],
  stopsAt: { phase: "cutover" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  begins: { phase: "cutover" },
  hoursBeforePort: (step) => (step.phase === "cutover" && Object.keys(step.waves).length === 0 ? 24 : undefined),
  files: dropLastNumber,
};
