#!/usr/bin/env node
/** Checks the types of the contract suite: against the clients' own types where run.mjs has installed them, else with stand-ins (types/). */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const tsc = join(here, "..", "..", "node_modules", "typescript", "bin", "tsc");
const installed = existsSync(join(here, "node_modules", "telnyx"));
// What a stand-in does not know, the compiler cannot infer for the functions handed to it.
const args = [tsc, "-p", join(here, "tsconfig.json"), ...(installed ? [] : ["--noImplicitAny", "false"])];
process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);
