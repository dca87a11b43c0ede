import type { Trap } from "./trap";

export const wrongOrganisation: Trap = {
  name: "wrong-organisation",
  policy: "organisation-answers",
  mistake:
    "The OAuth client belongs to another organisation than the one that the plan names, with numbers of the same kind.",
  overlaps: [],
  stopsAt: { phase: "baseline" },
  harmAt: { phase: "parallel" },
  plan: (p) => {
    p.organisation.name = "Guide Holding Ltd";
  },
};
