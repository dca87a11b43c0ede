import type { Trap } from "./trap";

export const trunkInPlain: Trap = {
  name: "trunk-in-plain",
  policy: "trunk-transport-secure",
  mistake: "The trunk is declared with TCP instead of TLS: signalling and audio cross the internet in plain.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "parallel" },
  plan: (p) => {
    p.trunk.transport = "tcp";
    p.trunk.srtpCipherSuites = [];
  },
};
