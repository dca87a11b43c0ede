import type { Trap } from "./trap";

export const rightsMissing: Trap = {
  name: "rights-missing",
  policy: "permissions-granted",
  mistake: "The OAuth client may not add emergency groups: a role copied from another project, one right short.",
  overlaps: [],
  stopsAt: { phase: "baseline" },
  harmAt: { phase: "parallel" },
  world: { genesys: { clientLacks: ["routing:emergencyGroup:add"] } },
};
