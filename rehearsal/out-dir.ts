import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../model/errors";

/** What a rehearsal keeps of its own under `--out` and starts afresh each time. */
const OWN_PARTS = ["stack", "state", "desk", "world.log", "report.json", "report.html"];
/** Holds the process id of the rehearsal that works in the directory; one whose process is gone counts for nothing. */
const HOLDER = "rehearsal.pid";

/**
 * Makes `out`, takes it for this process and empties what an earlier rehearsal left there; nothing else in it is touched.
 * @param out absolute path.
 * @throws UserError when it is a file, cannot be made or written, or another rehearsal works in it.
 */
export function prepareOut(out: string): void {
  try {
    makeDir(out);
    accessSync(out, constants.W_OK | constants.X_OK);
    hold(out);
    for (const part of OWN_PARTS) rmSync(join(out, part), { recursive: true, force: true });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw refusal(out, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

function hold(out: string): void {
  const file = join(out, HOLDER);
  const holder = holderOf(file);
  if (holder !== undefined && holder !== process.pid && isAlive(holder))
    throw new UserError(
      `--out ${out}: seen process ${holder} rehearsing there; expected a directory for this one alone; fix: name another, or wait for it.`,
    );
  writeFileSync(file, String(process.pid));
  process.once("exit", () => {
    if (holderOf(file) === process.pid) rmSync(file, { force: true });
  });
}

function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
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
  new UserError(`--out ${path}: seen ${seen}; expected a directory that can be made and written; fix: name another.`);
