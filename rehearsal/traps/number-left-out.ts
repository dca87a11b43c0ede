import { dropLastNumber } from "./numbers";
import type { Trap } from "./trap";

export const numberLeftOut: Trap = {
  name: "number-left-out",
  policy: "baseline-changes-nothing",
  mistake: "numbers.csv lacks a number that the call route has today: adopting the route takes the number off it.",
  overlaps: [],
  stopsAt: { phase: "baseline" },
  harmAt: { phase: "baseline" },
  files: dropLastNumber,
};
