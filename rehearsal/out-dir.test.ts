import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../model/errors";
import { prepareOut } from "./out-dir";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "cutover-out-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("prepareOut", () => {
  it("starts afresh over an earlier run and leaves what is not its own", () => {
    const out = join(dir, "a", "b");
    prepareOut(out);
    mkdirSync(join(out, "state", "deep"), { recursive: true });
    writeFileSync(join(out, "report.json"), "{}");
    writeFileSync(join(out, "notes.txt"), "mine");
    prepareOut(out);
    expect(["state", "report.json", "notes.txt"].map((f) => existsSync(join(out, f)))).toEqual([false, false, true]);
  });

  it("refuses a directory that another rehearsal works in, not one whose rehearsal is gone", () => {
    writeFileSync(join(dir, "rehearsal.pid"), String(process.ppid));
    writeFileSync(join(dir, "report.json"), "{}");
    expect(() => prepareOut(dir)).toThrow(`--out ${dir}: seen process ${process.ppid} rehearsing there`);
    expect(existsSync(join(dir, "report.json"))).toBe(true);
    writeFileSync(join(dir, "rehearsal.pid"), "999999999");
    prepareOut(dir);
  });

  it("refuses a file, and a place below one", () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    expect(() => prepareOut(file)).toThrow(
      "seen a file; expected a directory that can be made and written; fix: name another.",
    );
    expect(() => prepareOut(join(file, "x"))).toThrow(UserError);
  });

  it.skipIf(process.getuid?.() === 0)("refuses what it may not write", () => {
    chmodSync(dir, 0o500);
    expect(() => prepareOut(dir)).toThrow(UserError);
    chmodSync(dir, 0o700);
  });
});
