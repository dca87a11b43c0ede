import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";

/** A run of vitest with one file that ends well and one whose worker is ended by what is given. */
async function runWith(end: string): Promise<{ code: unknown; said: string; counts: unknown }> {
  const dir = mkdtempSync(join(tmpdir(), "cutover-worker-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const test = (body: string) => `import { it } from "vitest";\nit("x", async () => { ${body} });\n`;
  symlinkSync(resolve("node_modules"), join(dir, "node_modules"));
  writeFileSync(join(dir, "well.test.mjs"), test(""));
  writeFileSync(join(dir, "ended.test.mjs"), test(`${end}; await new Promise((ok) => setTimeout(ok, 5000));`));
  const setup = JSON.stringify(resolve("test/worker-ends.ts"));
  writeFileSync(join(dir, "vitest.config.mjs"), `export default { test: { pool: "forks", globalSetup: ${setup} } };\n`);
  const args = ["run", "--reporter=default", "--reporter=json", "--outputFile=report.json"];
  const { VITEST: _, ...env } = process.env;
  const ran = await new Promise<{ code: unknown; said: string }>((done) =>
    execFile(process.execPath, [resolve("node_modules/vitest/vitest.mjs"), ...args], { cwd: dir, env }, (e, out, err) =>
      done({ code: e?.code ?? 0, said: out + err }),
    ),
  );
  const { vitestCounts } = await import(pathToFileURL(resolve("scripts/check/run.mjs")).href);
  return { ...ran, counts: vitestCounts(join(dir, "report.json"))() };
}

it.each([
  ["by SIGKILL", 'process.kill(process.pid, "SIGKILL")'],
  ["exit code 3", "process.reallyExit(3)"],
])("a worker that ends (%s) is told of, and the run fails though no test did", async (how, end) => {
  const { code, said, counts } = await runWith(end);
  expect(said).toMatch(new RegExp(`Worker \\d+ of the tests ended by itself: ${how}\\.`));
  expect(said.match(/of the tests ended/g)).toHaveLength(1);
  // Why the check looks at the exit code too.
  expect({ code, counts }).toEqual({ code: 1, counts: { passed: 1, failed: 0 } });
});
