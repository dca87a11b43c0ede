import { changeTrunk } from "./trunk-settings";
import type { Trap } from "./trap";

export const trunkRenamedLive: Trap = {
  name: "trunk-renamed-live",
  policy: "never-replaced",
  mistake:
    "The trunk gets a tidier termination id while the first wave goes live: the name that the carrier dials is gone.",
  // The test call of R1 comes before the change, and the proofs of this step are older: nothing else looks at the name again.
  overlaps: [],
  stopsAt: { phase: "cutover", waves: { w1: "live" } },
  harmAt: { phase: "cutover", waves: { w1: "live" } },
  begins: { phase: "cutover", waves: { w1: "live" } },
  edit: (r) => changeTrunk(r, { trunk_sip_termination_uri: "primary" }),
};
