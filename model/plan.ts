import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "./errors";
import { parsePlan } from "./parsePlan";
import { readPlanFile } from "./planYaml";
import type { PlanFile } from "./schema";
import type { Plan } from "./types";

/**
 * Reads the estate in a directory: plan.yaml and the CSV files it names. The only place of model/ that touches files.
 * Throws UserError with every problem at once (see parsePlan), or for a directory without a plan.
 */
export function loadPlan(dir: string): Plan {
  return parsePlan({ planName: PLAN, plan: readPlanText(dir), csv: (name) => read(join(dir, name)) });
}

/**
 * What plan.yaml alone says, for whoever needs no number: the CSV files are not looked at. Throws UserError as loadPlan does, with the
 * problems of the whole estate.
 */
export function loadPlanFile(dir: string): PlanFile {
  const { content, problems } = readPlanFile(PLAN, readPlanText(dir));
  if (content && problems.length === 0) return content;
  loadPlan(dir);
  // Only a file that became right between the two readings comes here.
  throw new UserError(
    `${join(dir, PLAN)}: seen a file that changed while it was read; expected one that stays; fix: run again.`,
  );
}

const PLAN = "plan.yaml";

function readPlanText(dir: string): string {
  const text = read(join(dir, PLAN));
  if (text !== undefined) return text;
  throw new UserError(
    `${PLAN}: seen no such file in ${dir}; expected a directory with plan.yaml, numbers.csv and ports.csv; fix: name such a directory.`,
  );
}

/** Text of a file, or undefined when there is none. @throws UserError where it cannot be read or is no UTF-8. */
function read(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UserError(
      `${path}: seen ${code ?? String(error)}; expected a file that can be read; fix: check what it is and its rights.`,
    );
  }
  // Taken as it is, a name such as "Büro" would become another name, which no flow and no site has.
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const text = bytes.toString("latin1");
  const row = text.split("\n").findIndex((line) => !isUtf8(Buffer.from(line, "latin1"))) + 1;
  throw new UserError(
    `${basename(path)} row ${row}: seen bytes that are no UTF-8; expected UTF-8; fix: save the file in UTF-8 (a spreadsheet offers "CSV UTF-8").`,
  );
}
