import type { Trap } from "./trap";

export const portNotLive: Trap = {
  name: "port-not-live",
  policy: "port-live",
  mistake: "The wave is declared live on the day the order was confirmed, not the day its numbers became active.",
  // GCV stays warm at live, so the harm comes one step later, where a gate of its own looks at the same numbers.
  overlaps: ["carrier-route-ready", "release-drained"],
  stopsAt: { phase: "cutover", waves: { w1: "live" } },
  harmAt: { phase: "cutover", waves: { w1: "released" } },
  hasty: (step) => step.waves.w1 === "live" || step.waves.w1 === "released",
};
