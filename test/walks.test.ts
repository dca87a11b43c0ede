import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Report } from "../rehearsal/report";

/** Whole walks over estates that differ from the guide's in everything a plan may differ in, and how a rehearsal ends. */

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "cutover-walk-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

function rehearse(...args: string[]): ChildProcess {
  return spawn(process.execPath, ["dist/cli.js", "rehearse", "--out", out, "--calls-per-second", "10", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  child.stdout!.on("data", (data) => (said.stdout += data));
  child.stderr!.on("data", (data) => (said.stderr += data));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, ...said };
}

/** A walk that must end well, as a checker of its report sees it. */
async function walk(estate: string, ...args: string[]): Promise<Report> {
  const { stdout, stderr } = await ended(rehearse("--plan", `test/estates/${estate}`, "--json", ...args));
  expect(stdout, stderr).not.toBe("");
  const report = JSON.parse(stdout) as Report;
  expect({ failures: report.failures, lost: report.lostCalls }).toEqual({ failures: [], lost: [] });
  expect(report.verdict).toBe("pass");
  expect(report.phases.map((p) => p.secondUpSteps).filter((n) => n !== 0)).toEqual([]);
  return report;
}

describe("a whole migration of an estate that no other test knows", () => {
  it("berlin: numbers of several lengths, one provider, no digest, ports by hand, one wave in parts", async () => {
    const report = await walk("berlin");
    expect(report.phases.at(-1)).toMatchObject({ phase: "complete", waves: "w1=adopted,w2.1=adopted,w2.2=adopted" });
    expect(report.calls.byPath.byoc).toBeGreaterThan(0);
  }, 400_000);

  it("osaka: single numbers far apart, two sites in a wave, 20 channels, another alphabet", async () => {
    const report = await walk("osaka", "--inbound-matching", "org-wide");
    expect(report.phases.at(-1)).toMatchObject({ phase: "complete", waves: "alpha=adopted,beta=adopted" });
    expect(report.calls.unrecorded).toBe(0);
  }, 400_000);
});

/** Processes of this machine: id, parent, command line. */
function processes(): { pid: number; parent: number; args: string }[] {
  const text = execFileSync("ps", ["-e", "-o", "pid=", "-o", "ppid=", "-o", "args="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return found ? [{ pid: Number(found[1]), parent: Number(found[2]), args: found[3]! }] : [];
  });
}

function descendants(of: number): number[] {
  const all = processes();
  const found = [of];
  for (const id of found) found.push(...all.filter((p) => p.parent === id).map((p) => p.pid));
  return found;
}

describe("the end of a rehearsal", () => {
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    it(`leaves no process behind after ${signal}`, async () => {
      const child = rehearse("--plan", "test/estates/guide");
      const gone = ended(child);
      onTestFinished(() => void child.kill("SIGKILL"));
      // World, pack, program and plug-ins are up.
      await expect.poll(() => descendants(child.pid!).length, { timeout: 20_000 }).toBeGreaterThan(5);
      const ours = new Set(descendants(child.pid!));
      child.kill(signal);
      await gone;
      const left = () =>
        processes().filter((p) => (ours.has(p.pid) || p.args.includes(out)) && !/defunct/.test(p.args));
      await expect.poll(left, { timeout: 8000 }).toEqual([]);
    }, 40_000);
  }
});

describe("a user's mistake", () => {
  const mistakes: [string, string[], RegExp][] = [
    ["a phase that is none", ["--to", "waves"], /^--to is "waves"; expected one of baseline, .*complete\.$/],
    [
      "more calls than a machine plays",
      ["--calls-per-second", "500"],
      /^--calls-per-second is "500"; expected a whole/,
    ],
    ["an estate that is not there", ["--plan", "no/such/estate"], /^plan.yaml: seen no such file in no\/such\/estate;/],
    ["a file as directory", ["--out", "README.md"], /^--out .*README\.md: seen a file; expected a directory/],
    [
      "a place that cannot be made",
      ["--out", "/proc/cutover"],
      /^--out \/proc\/cutover: seen E[A-Z]+; expected a directory/,
    ],
    ["an override that is none", ["--override", "no"], /^--override: cutover:override is not JSON/],
  ];
  for (const [what, args, message] of mistakes) {
    it(`${what} is told in one sentence, exit 2`, async () => {
      const { code, stdout, stderr } = await ended(rehearse(...args));
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr.trim()).toMatch(message);
    });
  }
});
