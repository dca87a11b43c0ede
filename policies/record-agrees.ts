import { gatePolicy } from "./policy";

export const recordAgrees = gatePolicy(
  "record-agrees",
  "The phase record still stands where the program started from.",
);
