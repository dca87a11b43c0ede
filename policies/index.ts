import { PolicyPack } from "@pulumi/policy";
import { listenToLevels } from "./levels";
import { policies } from "./pack";

listenToLevels();
// Loading this file starts the analyzer's server, which prints its port as the first line: nothing else may be printed.
new PolicyPack("cutover-policies", { policies });
