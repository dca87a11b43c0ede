import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack";

// Loading this file starts the analyzer's server, which prints its port as the first line: nothing else may be printed.
new PolicyPack("cutover-policies", { policies });
