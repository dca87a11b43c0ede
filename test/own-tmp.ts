import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One temporary directory for a whole test run, gone with it: also what a killed worker or a server that closes late left behind. */
export default function setup(): () => void {
  const before = process.env.TMPDIR;
  const own = mkdtempSync(join(tmpdir(), "cutover-tests-"));
  process.env.TMPDIR = own;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(own, { recursive: true, force: true, maxRetries: 3 });
  };
}
