import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "./errors";
import { parsePlan } from "./parsePlan";
import type { Plan } from "./types";

/**
 * Reads the estate in a directory: plan.yaml and the CSV files it names. The only place of model/ that touches files.
 * Throws UserError with every problem at once (see parsePlan), or for a directory without a plan.
 */
export function loadPlan(dir: string): Plan {
  const plan = read(join(dir, "plan.yaml"));
  if (plan === undefined) {
    throw new UserError(
      `plan.yaml: seen no such file in ${dir}; expected a directory with plan.yaml, numbers.csv and ports.csv; fix: name such a directory.`,
    );
  }
  return parsePlan({ planName: "plan.yaml", plan, csv: (name) => read(join(dir, name)) });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UserError(`${path}: seen ${code ?? String(error)}; expected a readable file; fix: check its rights.`);
  }
}
