import type { Trap } from "./trap";

export const secondProviderForgotten: Trap = {
  name: "second-provider-forgotten",
  policy: "dns-agrees-everywhere",
  mistake:
    "The zone is served by two providers and the plan knows one of them: the other's copy, at a low TTL all along, keeps leading to GCV.",
  // The test call on the real number is repeated until it meets the right copy: then some calls meet the other.
  overlaps: [],
  stopsAt: { phase: "canary" },
  harmAt: { phase: "cutover", waves: { w1: "adopted" } },
  ownWalk: true,
  estate: (p) => {
    p.dns = [p.dns[0], { ...p.dns[0], provider: "cloudflare", ttlSeconds: { normal: 300, lowered: 120 } }];
  },
  plan: (p) => {
    p.dns = [p.dns[0]];
  },
};
