import type { Trap } from "./trap";

export const licenceMissing: Trap = {
  name: "licence-missing",
  policy: "licence-present",
  mistake:
    "BYOC Cloud was never ordered with Genesys: the trunk is refused in the middle of the update that creates it.",
  overlaps: [],
  stopsAt: { phase: "baseline" },
  harmAt: { phase: "parallel" },
  world: { genesys: { products: ["genesysCloudVoice", "genesysCloud3"] } },
};
