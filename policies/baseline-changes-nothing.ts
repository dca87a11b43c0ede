import { gatePolicy } from "./policy";

/** A policy sees no old state, so the gate's evidence brings it: call routes, outbound routes and records as they stand. */
export const baselineChangesNothing = gatePolicy(
  "baseline-changes-nothing",
  "Adopting what exists changes none of it: an import is followed by an update at once wherever the plan says otherwise.",
);
