import { replaceIn } from "./numbers";
import type { Trap } from "./trap";

export const orderChangedLate: Trap = {
  name: "order-changed-late",
  policy: "foc-frozen",
  mistake:
    "Two days before its date a port order is cancelled and ordered anew under another name; the losing carrier cuts on the old date all the same.",
  overlaps: [],
  stopsAt: { phase: "cutover" },
  harmAt: { phase: "cutover" },
  begins: { phase: "cutover" },
  // Carriers take a cancellation until a day before the date: what they promise by then is another matter.
  hoursBeforePort: (step) => (step.phase === "cutover" && Object.keys(step.waves).length === 0 ? 47 : undefined),
  files: (dir) => {
    for (const file of ["numbers.csv", "ports.csv"]) replaceIn(dir, file, "PO-GUIDE-01-WEST", "PO-GUIDE-02-WEST");
  },
};
