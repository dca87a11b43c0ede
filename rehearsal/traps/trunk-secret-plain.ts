import * as pulumi from "@pulumi/pulumi";
import { TRUNK_TYPE } from "./types";
import type { Trap } from "./trap";

export const trunkSecretPlain: Trap = {
  name: "trunk-secret-plain",
  policy: "trunk-secret-not-plain",
  mistake: "The trunk's properties, with the SIP digest password in them, are declared as plain text.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "parallel" },
  edit: (r) => {
    if (r.type !== TRUNK_TYPE) return;
    r.props.properties = pulumi.unsecret(r.props.properties);
    r.opts.additionalSecretOutputs = [];
  },
};
