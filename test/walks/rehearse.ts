import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Report } from "../../rehearsal/report";

/** A directory for the files of one rehearsal, gone with the test that asked for it. */
export function outDir(): string {
  const out = mkdtempSync(join(tmpdir(), "cutover-walk-"));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  return out;
}

export function rehearse(out: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, ["dist/cli.js", "rehearse", "--out", out, "--calls-per-second", "10", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export async function ended(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  child.stdout!.on("data", (data) => (said.stdout += data));
  child.stderr!.on("data", (data) => (said.stderr += data));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, ...said };
}

/** A walk that must end well, as a checker of its report sees it. */
export async function walk(estate: string, ...args: string[]): Promise<Report> {
  const child = rehearse(outDir(), "--plan", `test/estates/${estate}`, "--json", ...args);
  onTestFinished(() => void child.kill("SIGKILL"));
  const { stdout, stderr } = await ended(child);
  expect(stdout, stderr).not.toBe("");
  const report = JSON.parse(stdout) as Report;
  expect({ failures: report.failures, lost: report.lostCalls }).toEqual({ failures: [], lost: [] });
  expect(report.verdict).toBe("pass");
  expect(report.phases.map((p) => p.secondUpSteps).filter((n) => n !== 0)).toEqual([]);
  return report;
}
