import type { Trap } from "./trap";

export const carrierSendsPlain: Trap = {
  name: "carrier-sends-plain",
  policy: "trunk-transport-secure",
  mistake:
    "The trunk is declared with TLS and SRTP, and the carrier sends its calls over TCP in plain: the edge takes them, since the trunk's setting governs what it sends itself.",
  overlaps: [],
  stopsAt: { phase: "ttl-lowered" },
  harmAt: { phase: "canary" },
  world: { carrierSends: "tcp" },
};
