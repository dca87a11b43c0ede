import type { Trap } from "./trap";

export const noCommonCipher: Trap = {
  name: "no-common-cipher",
  policy: "handshake-proven",
  mistake:
    "The trunk is declared with an SRTP suite that the carrier does not offer: encrypted as demanded, and every call ends with 488.",
  // The canary leg and the test call of R1 offer the same suites.
  overlaps: ["canary-healthy", "carrier-route-ready"],
  stopsAt: { phase: "ttl-lowered" },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  ownWalk: true,
  plan: (p) => {
    p.trunk.srtpCipherSuites = ["AES_256_CM_HMAC_SHA1_32"];
  },
};
