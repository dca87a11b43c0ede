import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { loadPlan } from "../model/plan";
import type { Plan } from "../model/types";
import type { Trap } from "./traps/trap";

/** A canary sample that is there in seconds: still enough for the failure rate, and as right as the plan's own. */
const QUICK_CANARY = { percent: 25, minCalls: 40 };

/**
 * A copy of an estate for one trap: `right` is the estate as it should be (with a quick canary), `dir` holds the mistaken plan.
 * @throws UserError when the estate, or the mistaken plan, cannot be read.
 */
export function trappedEstate(planDir: string, out: string, trap: Trap): { dir: string; right: Plan; plan: Plan } {
  const dir = resolve(out, "estate");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  cpSync(planDir, dir, { recursive: true });
  const file = join(dir, "plan.yaml");
  const content = parse(readFileSync(file, "utf8"));
  Object.assign(content.canary, QUICK_CANARY);
  writeFileSync(file, stringify(content));
  const right = loadPlan(dir);
  trap.plan?.(content);
  writeFileSync(file, stringify(content));
  return { dir, right, plan: loadPlan(dir) };
}
