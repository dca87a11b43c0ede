import { changeFrontFlow } from "./mistaken-flow";
import type { Trap } from "./trap";

const GUARDS = ["Came in on the shadow", "From BYOC is direct"];

export const flowLoops: Trap = {
  name: "flow-loops",
  policy: "no-loop",
  mistake: "The two decisions that keep canaried calls from being canaried again were tidied out of the front flow.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "canary" },
  edit: (r) => changeFrontFlow(r, (actions) => actions.filter((a) => !GUARDS.includes(Object.values(a)[0]?.name))),
};
