import { changeFrontFlow, actionNamed } from "./mistaken-flow";
import type { Trap } from "./trap";

export const codecFallbackLeftOut: Trap = {
  name: "codec-fallback-left-out",
  policy: "codec-fallback-present",
  mistake:
    "The branch for codec trouble is taken out of the front flow as dead wood: such calls end on the failover queue among all others, and nobody learns why.",
  // A fallback matters where there is trouble: canary legs end with 488, which the test calls meet before them.
  overlaps: ["handshake-proven"],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "canary" },
  plan: (p) => {
    p.trunk.srtpCipherSuites = ["AES_256_CM_HMAC_SHA1_32"];
  },
  edit: (r) =>
    changeFrontFlow(r, ({ Direct }) => {
      const failure = actionNamed(Direct!, "Existing flow")!.outputs.failure;
      failure.actions = failure.actions.filter((a: object) => !("decision" in a));
    }),
  // And the direct path fails too: no call route runs the existing flow any more, so somebody tidies it away.
  world: { operator: { tidies: ["Main inbound"] } },
};
