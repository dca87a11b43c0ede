import type { Trap } from "./trap";

export const waveBeyondLimit: Trap = {
  name: "wave-beyond-limit",
  policy: "blast-radius",
  mistake: "Four parts of a wave go live in one pull request, together more numbers than one update may move.",
  overlaps: [],
  stopsAt: { phase: "cutover", waves: { "w1.1": "live", "w1.2": "live", "w1.3": "live", "w1.4": "live" } },
  harmAt: { phase: "cutover", waves: { "w1.1": "live", "w1.2": "live", "w1.3": "live", "w1.4": "live" } },
  plan: (p) => {
    p.limits.maxNumbersPerUpdate = 10;
  },
  walk: (steps) => {
    const before = steps.filter((s) => s.phase !== "complete" && Object.keys(s.waves).length === 0);
    const live = { "w1.1": "live", "w1.2": "live", "w1.3": "live", "w1.4": "live" } as const;
    return [...before, { phase: "cutover", waves: live, direction: "forward" }];
  },
};
