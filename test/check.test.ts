import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

/** How `.ci/run` runs its parts (scripts/check/run.mjs), with parts of a few lines. */

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "cutover-check-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Part {
  name: string;
  /** A program for node. */
  does: string;
  limitSeconds?: number;
  places?: number;
  kind?: string;
  after?: string[];
  well?: number[];
  counts?: "lastCounts";
}

let checks = 0;
/** Starts a check of these parts; its logs are in the directory that comes with it. */
function start(parts: Part[]): { child: ChildProcess; out: string } {
  const out = join(dir, `out-${++checks}`);
  const file = join(dir, `check-${checks}.mjs`);
  writeFileSync(
    file,
    `import * as run from ${JSON.stringify(pathToFileURL(resolve("scripts/check/run.mjs")).href)};
const parts = ${JSON.stringify(parts)}.map(({ does, counts, limitSeconds = 20, ...part }) => (
  { ...part, limitSeconds, command: [process.execPath, "-e", does], ...(counts ? { counts: run[counts] } : {}) }));
const check = new run.Check({ dir: ${JSON.stringify(out)}, places: 2, graceSeconds: 1 });
run.endWithSignals(check);
console.log(JSON.stringify(await check.run(parts)));`,
  );
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, out };
}

async function ended(child: ChildProcess): Promise<{ code: number | null; said: string; counts: unknown }> {
  let said = "";
  child.stdout!.on("data", (data) => (said += data));
  child.stderr!.on("data", (data) => (said += data));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  const last = said.trimEnd().split("\n").at(-1)!;
  return { code, said, counts: last.startsWith("{") ? JSON.parse(last) : undefined };
}

const run = (parts: Part[]) => ended(start(parts).child);
const HANGS = "setInterval(() => {}, 1000);";
/** Begins a process of its own, says its id, and hangs, deaf to SIGTERM. */
const HANGS_DEAF = `process.on("SIGTERM", () => {}); const c = require("node:child_process").spawn(process.execPath, ["-e",
  "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"]); console.log("ids", process.pid, c.pid); ${HANGS}`;

/** Whether a process is there; one that has ended and only waits to be asked for its exit code is not. */
const isThere = (pid: number) => {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
};
const idsIn = (text: string) => (/ids (\d+) (\d+)/.exec(text)?.slice(1) ?? []).map(Number);

describe("a check's parts", () => {
  it("are counted: by themselves, by what they counted, and by their exit code", async () => {
    const { counts, said } = await run([
      { name: "well", does: "" },
      { name: "not well", does: "process.exit(4)" },
      { name: "also well", does: "process.exit(3)", well: [0, 3] },
      { name: "counted", does: "console.log('7 passed, 2 failed'); process.exit(1)", counts: "lastCounts" },
      {
        name: "counted none failed, yet failed",
        does: "console.log('5 passed, 0 failed'); process.exit(1)",
        counts: "lastCounts",
      },
      { name: "counted nothing", does: "console.log('half a li')", counts: "lastCounts" },
      { name: "broke off", does: "process.kill(process.pid, 'SIGKILL')" },
    ]);
    expect(counts).toEqual({ passed: 1 + 1 + 7 + 5, failed: 1 + 2 + 1 + 1 + 1 });
    expect(said).toMatch(/not well: \d+ s, FAILED \(exit code 4\): 0 passed, 1 failed/);
    expect(said).toMatch(/broke off: \d+ s, FAILED \(ended by SIGKILL\)/);
  });

  it("go on two at once at most, in the order of the list, and after those whose files they read", async () => {
    const { said } = await run([
      { name: "long", does: "setTimeout(() => {}, 1500)" },
      { name: "network", does: "setTimeout(() => {}, 300)", places: 0 },
      { name: "reader", does: "", after: ["long"] },
      { name: "wide", does: "", places: 2 },
      { name: "short", does: "" },
    ]);
    const order = [...said.matchAll(/begun: (.*)/g)].map((m) => m[1]!);
    expect(order.slice(0, 3)).toEqual(["long", "network, beside long", "short, beside long and network"]);
    expect(order.slice(3).map((text) => text.split(",")[0])).toEqual(["reader", "wide"]);
    expect(order.filter((text) => text.startsWith("wide"))).toEqual(["wide"]);
  });

  it("go on one at a time when they are of one kind", async () => {
    const { said } = await run([
      { name: "first", does: "setTimeout(() => {}, 500)", kind: "calls" },
      { name: "second", does: "setTimeout(() => {}, 500)", kind: "calls" },
      { name: "other", does: "setTimeout(() => {}, 1500)" },
    ]);
    const order = [...said.matchAll(/begun: (.*)/g)].map((m) => m[1]!);
    expect(order).toEqual(["first", "other, beside first", "second, beside other"]);
  });

  it("say what they say in one piece: its end when all is well, all of it when not", async () => {
    const many =
      "let n = 0; const t = setInterval(() => { console.log(NAME + ' line ' + ++n); if (n === 30) clearInterval(t); }, 5);";
    const { said } = await run([
      { name: "a", does: many.replace("NAME", "'a'") },
      { name: "b", does: `${many.replace("NAME", "'b'")} process.exitCode = 1;` },
    ]);
    const lines = said.split("\n").flatMap((line) => /^ {2}([ab]) line (\d+)$/.exec(line)?.slice(1, 3).join("") ?? []);
    const numbered = (name: string, from: number) => Array.from({ length: 31 - from }, (_, i) => `${name}${from + i}`);
    const [a, b] = [numbered("a", 23), numbered("b", 1)];
    expect([
      [...a, ...b],
      [...b, ...a],
    ]).toContainEqual(lines);
    expect(said).toContain("(22 lines before these:");
  });

  it("that are not over in time are ended with all they began, and fail; the others go on", async () => {
    const { child, out } = start([
      { name: "hangs", does: HANGS_DEAF, limitSeconds: 1 },
      { name: "other", does: "" },
    ]);
    const { counts, said } = await ended(child);
    expect(counts).toEqual({ passed: 1, failed: 1 });
    expect(said).toMatch(/hangs: \d+ s, FAILED \(not over after 1 s\)/);
    const ids = idsIn(readFileSync(join(out, "hangs.log"), "utf8"));
    expect(ids).toHaveLength(2);
    await expect.poll(() => ids.filter(isThere), { timeout: 5000 }).toEqual([]);
  });

  it("are refused when they could never begin", async () => {
    const { code, said } = await run([{ name: "x", does: "", after: ["y"] }]);
    expect(code).toBe(1);
    expect(said).toContain('x comes after "y": expected a part listed before it');
  });

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    it(`are gone, with all they began, when ${signal} ends the check`, async () => {
      const { child, out } = start([
        { name: "one", does: HANGS_DEAF },
        { name: "two", does: HANGS_DEAF },
        { name: "never", does: "" },
      ]);
      const gone = ended(child);
      const ids = () =>
        ["one", "two"].flatMap((name) => {
          try {
            return idsIn(readFileSync(join(out, `${name}.log`), "utf8"));
          } catch {
            return [];
          }
        });
      await expect.poll(() => ids().length, { timeout: 10_000 }).toBe(4);
      child.kill(signal);
      const { code: left, said } = await gone;
      expect(left).toBe(code);
      expect(said).not.toContain("never");
      await expect.poll(() => ids().filter(isThere), { timeout: 5000 }).toEqual([]);
    });
});
