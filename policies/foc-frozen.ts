import { gatePolicy } from "./policy";

/** Its third layer is the carrier's provider: a submitted order's numbers are frozen, and a confirmed date is not asked for again. */
export const focFrozen = gatePolicy(
  "foc-frozen",
  "From 48 hours before its date nothing of a port order changes, until its numbers are Active: the networks have it by then.",
);
