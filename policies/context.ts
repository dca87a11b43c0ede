import { existsSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../model/errors";
import { loadPlan } from "../model/plan";
import type { Plan } from "../model/types";
import { clockFrom } from "../providers/lib/clock";

/** Where relative paths may begin: the pack runs with its own directory (policies/) as the working one, a test with the project's. */
const ROOTS = [dirname(process.cwd()), process.cwd()];

const plans = new Map<string, { stamp: string; plan: Plan }>();

/** Directory of the plan: as the gate names it, else as the stack's configuration does. Relative paths begin at the project. */
export function planDir(named?: string): string {
  const dir = named || new pulumi.Config("cutover").get("plan") || `stacks/${pulumi.getStack()}`;
  if (isAbsolute(dir)) return dir;
  return (
    ROOTS.map((root) => join(root, dir)).find((path) => existsSync(join(path, "plan.yaml"))) ?? join(ROOTS[0]!, dir)
  );
}

/**
 * The plan in a directory, read again only when one of its files has changed: the pack lives through many operations and is asked
 * for each resource. Throws UserError for a plan with mistakes.
 */
export function planAt(named?: string): Plan {
  const dir = planDir(named);
  const stamp = ["plan.yaml", "numbers.csv", "ports.csv"].map((file) => stampOf(join(dir, file))).join(" ");
  const known = plans.get(dir);
  if (known?.stamp === stamp && !stamp.includes("missing")) return known.plan;
  const plan = loadPlan(dir);
  plans.set(dir, { stamp, plan });
  return plan;
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs}:${size}`;
  } catch {
    // A CSV file of another name: then the plan is read anew each time.
    return "missing";
  }
}

/** The time by the stack's clock. A clock that others can steer is refused for a plan that is not a sandbox's. */
export async function now(plan: Plan): Promise<Date> {
  const address = new pulumi.Config("cutover").get("clock");
  if (address && !plan.sandbox) {
    throw new UserError(
      `cutover:clock: seen ${address}; expected none, since the plan ${plan.name} is not marked sandbox: true; fix: remove cutover:clock.`,
    );
  }
  return clockFrom(address).now();
}
