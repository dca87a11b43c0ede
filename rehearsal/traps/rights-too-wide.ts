import { ROLE_TYPE } from "./types";
import type { Trap } from "./trap";

export const rightsTooWide: Trap = {
  name: "rights-too-wide",
  policy: "least-privilege",
  mistake: "The migration's role may do everything in telephony, directory and routing, to be on the safe side.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "parallel" },
  edit: (r) => {
    if (r.type !== ROLE_TYPE) return;
    r.props.permissionPolicies = [
      ...r.props.permissionPolicies,
      { domain: "directory", entityName: "*", actionSets: ["*"] },
      { domain: "routing", entityName: "*", actionSets: ["*"] },
    ];
  },
};
