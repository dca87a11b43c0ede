import { execFileSync } from "node:child_process";
import { describe, expect, it, onTestFinished } from "vitest";
import { ended, outDir, rehearse } from "./rehearse";

/** How a rehearsal ends that is broken off, and one that cannot begin. */

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
      const out = outDir();
      const child = rehearse(out, "--plan", "test/estates/guide");
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
      const { code, stdout, stderr } = await ended(rehearse(outDir(), ...args));
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr.trim()).toMatch(message);
    });
  }
});
