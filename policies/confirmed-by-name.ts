import { gatePolicy } from "./policy";

export const confirmedByName = gatePolicy(
  "confirmed-by-name",
  "The step without a way back is confirmed by the stack's name.",
);
