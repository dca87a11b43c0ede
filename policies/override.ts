import * as pulumi from "@pulumi/pulumi";
import { readOverrides } from "../model/override";

export { overrideState } from "../model/override";

/** Overrides of this stack. Read at each use: a pack may outlive one operation, and the next has a configuration of its own. */
export const configuredOverrides = () => readOverrides(new pulumi.Config("cutover").get("override"));
