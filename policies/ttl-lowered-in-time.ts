import { gatePolicy } from "./policy";

export const ttlLoweredInTime = gatePolicy(
  "ttl-lowered-in-time",
  "The lowered TTL was in effect for max(48 h, old TTL) and every server asked answers it.",
);
