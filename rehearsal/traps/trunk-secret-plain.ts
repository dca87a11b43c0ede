import * as pulumi from "@pulumi/pulumi";
import { SITE_TYPE } from "./types";
import type { Trap } from "./trap";

export const trunkSecretPlain: Trap = {
  name: "trunk-secret-plain",
  policy: "trunk-secret-not-plain",
  mistake: "The site's description tells the trunk's digest password, so that whoever is on call finds it.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "parallel" },
  edit: (r) => {
    if (r.type !== SITE_TYPE) return;
    const password = new pulumi.Config("cutover").require("trunkPassword");
    r.props.description = `SIP digest password of the trunk: ${password}`;
  },
};
