import { gatePolicy } from "./policy";

export const handshakeProven = gatePolicy(
  "handshake-proven",
  "A test call with audio from every source range of the carrier; an OPTIONS 200 proves transport only.",
);
