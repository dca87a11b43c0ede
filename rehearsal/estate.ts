import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { loadPlan } from "../model/plan";
import type { Plan } from "../model/types";
import type { PlanContent, Trap } from "./traps/trap";

/** A canary sample that is there in seconds: still enough for the failure rate, and as right as the plan's own. */
const QUICK_CANARY = { percent: 25, minCalls: 20 };

/**
 * A copy of an estate, with a quick canary, under `<out>/estate`; `change` alters what its plan.yaml says.
 * @throws UserError when the changed plan cannot be read.
 */
export function quickEstate(
  planDir: string,
  out: string,
  change?: (content: PlanContent) => void,
  files?: (dir: string) => void,
): { dir: string; plan: Plan } {
  const dir = resolve(out, "estate");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  cpSync(planDir, dir, { recursive: true });
  const file = join(dir, "plan.yaml");
  const content = parse(readFileSync(file, "utf8"));
  content.canary = { ...content.canary, ...QUICK_CANARY };
  change?.(content);
  writeFileSync(file, stringify(content));
  files?.(dir);
  return { dir, plan: loadPlan(dir) };
}

/**
 * Copies of an estate for one trap: `right` in `rightDir` is the estate as it should be, `dir` holds the mistaken one.
 * @throws UserError when the estate, or the mistaken plan, cannot be read.
 */
export function trappedEstate(
  planDir: string,
  out: string,
  trap: Trap,
): { dir: string; rightDir: string; right: Plan; plan: Plan } {
  const right = quickEstate(planDir, join(out, "right"), trap.estate, trap.estateFiles);
  const change = (content: PlanContent) => {
    trap.estate?.(content);
    trap.plan?.(content);
  };
  const { dir, plan } = quickEstate(planDir, out, change, (files) => {
    trap.estateFiles?.(files);
    trap.files?.(files);
  });
  return { dir, rightDir: right.dir, right: right.plan, plan };
}
