import { gatePolicy } from "./policy";

export const releaseDrained = gatePolicy(
  "release-drained",
  "No call reaches the old path any more, and every network arrives over BYOC.",
);
