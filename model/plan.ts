import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
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

/** Text of a file, or undefined when there is none. @throws UserError where it cannot be read or is no UTF-8. */
function read(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UserError(`${path}: seen ${code ?? String(error)}; expected a readable file; fix: check its rights.`);
  }
  // Taken as it is, a name such as "Büro" would become another name, which no flow and no site has.
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const text = bytes.toString("latin1");
  const row = text.split("\n").findIndex((line) => !isUtf8(Buffer.from(line, "latin1"))) + 1;
  throw new UserError(
    `${basename(path)} row ${row}: seen bytes that are no UTF-8; expected UTF-8; fix: save the file in UTF-8 (a spreadsheet offers "CSV UTF-8").`,
  );
}
