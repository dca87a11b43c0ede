import { gatePolicy } from "./policy";

export const blastRadius = gatePolicy(
  "blast-radius",
  "No update brings more numbers into a step than limits.maxNumbersPerUpdate: a mistake meets few callers.",
);
