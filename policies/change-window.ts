import { gatePolicy } from "./policy";

export const changeWindow = gatePolicy(
  "change-window",
  "What callers could notice happens inside limits.changeWindow, when people are there to see it.",
);
