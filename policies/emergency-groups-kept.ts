import { gatePolicy } from "./policy";

/** The organisation's groups are nothing that is declared: the gate's evidence brings them. */
export const emergencyGroupsKept = gatePolicy(
  "emergency-groups-kept",
  "The customer's emergency groups hold on the new path too: switched on, they turn the BYOC call routes as well as the ones beside them.",
);
