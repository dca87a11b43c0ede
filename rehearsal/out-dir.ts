import { accessSync, constants, mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../model/errors";

/** What a rehearsal keeps of its own under `--out` and starts afresh each time. */
const OWN_PARTS = ["stack", "state", "desk"];

/**
 * Makes `out` and empties what an earlier rehearsal left there; nothing else in it is touched.
 * @param out absolute path.
 * @throws UserError when it is a file, or cannot be made or written.
 */
export function prepareOut(out: string): void {
  try {
    makeDir(out);
    accessSync(out, constants.W_OK | constants.X_OK);
    for (const part of OWN_PARTS) rmSync(join(out, part), { recursive: true, force: true });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw refusal(out, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

/** Directory by directory: `mkdirSync` with `recursive` never returns where the kernel answers ENOENT for a place it keeps itself. */
function makeDir(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw refusal(path, "a file");
  const parent = dirname(path);
  if (parent !== path) makeDir(parent);
  mkdirSync(path);
}

const refusal = (path: string, seen: string) =>
  new UserError(`--out ${path}: seen ${seen}; expected a directory that can be made and written.`);
