import type { Trap } from "./trap";

export const ttlNotLoweredInTime: Trap = {
  name: "ttl-not-lowered-in-time",
  policy: "ttl-lowered-in-time",
  mistake:
    "The next step follows the lowered TTL at once, while the carrier's resolver still holds the old answer and lets go of none.",
  // The same resolver is met again when the CNAME moves, and by the test call on the real number.
  overlaps: ["dns-agrees-everywhere", "one-live-path"],
  stopsAt: { phase: "canary" },
  harmAt: { phase: "cutover", waves: { w1: "adopted" } },
  hasty: (step) => step.phase === "canary",
  world: {
    resolvers: [
      { name: "public-1", kind: "honest", view: "public" },
      { name: "isp-keeps", kind: "pinned", view: "public" },
    ],
    // The carrier asks that resolver too, and has asked it before.
    carrierAsks: "isp-keeps",
  },
};
