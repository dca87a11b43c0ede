import { gatePolicy } from "./policy";

/** Its third layer is the proof in the middle of an up: before the first R2 every server answers the new target. */
export const dnsAgreesEverywhere = gatePolicy(
  "dns-agrees-everywhere",
  "Every name server and resolver asked gives the same answer: with two of them, some callers reach a system that does not have their number.",
);
