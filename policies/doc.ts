import { readFileSync, writeFileSync } from "node:fs";
import { policyPage, type TrapResult } from "./page";

// Started by `cutover traps`: the measured traps, then the page to write.
const [traps, page] = process.argv.slice(2) as [string, string];
writeFileSync(page, policyPage(JSON.parse(readFileSync(traps, "utf8")) as TrapResult[]));
