import { gatePolicy } from "./policy";

export const portLive = gatePolicy(
  "port-live",
  "Each number is Active at the gaining carrier: not its order, not its date.",
);
