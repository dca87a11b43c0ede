import { actionNamed, changeFrontFlow } from "./mistaken-flow";
import type { Trap } from "./trap";

export const flowLoops: Trap = {
  name: "flow-loops",
  policy: "no-loop",
  mistake:
    "The front flow was copied over the name of the existing one: it hands every call to itself, round and round.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "canary" },
  edit: (r) =>
    changeFrontFlow(r, ({ Direct }) => {
      actionNamed(Direct!, "Existing flow")!.targetFlow = { name: r.props.name };
    }),
};
