import { mainNumberOrder, replaceIn } from "./numbers";
import type { Trap } from "./trap";

export const mainNumberFirst: Trap = {
  name: "main-number-first",
  policy: "main-number-last",
  mistake:
    "The main number, on which the account with the losing carrier is billed, is ported a week before the rest: the account is closed, and the rest with it.",
  overlaps: [],
  stopsAt: { phase: "porting" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  ownWalk: true,
  estateFiles: (dir) => mainNumberOrder(dir, 13),
  files: (dir) => replaceIn(dir, "ports.csv", "PO-GUIDE-00-MAIN,w1,West,13", "PO-GUIDE-00-MAIN,w1,West,5"),
};
