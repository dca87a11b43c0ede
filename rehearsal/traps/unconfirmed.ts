import type { Trap } from "./trap";

export const unconfirmed: Trap = {
  name: "unconfirmed",
  policy: "confirmed-by-name",
  mistake: "The step without a way back is asked for in passing: nobody has confirmed it with the stack's name.",
  overlaps: [],
  stopsAt: { phase: "complete", waves: { w1: "adopted" } },
  harmAt: { phase: "complete", waves: { w1: "adopted" } },
  config: (step): Record<string, string> => (step.phase === "complete" ? { "cutover:confirm": "" } : {}),
};
