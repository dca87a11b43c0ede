import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Every command of docs/daily.md is run as it stands; where it names a real organisation, a sandbox stands in for it. */
const dir = mkdtempSync(join(tmpdir(), "cutover-daily-cli-"));
const world = join(dir, "world.json");
let child: ChildProcess;

beforeAll(async () => {
  child = spawn(process.execPath, ["dist/cli.js", "sandbox", "--plan", "stacks/dev", "--auto"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, CUTOVER_PLUGIN_STDIN: "1" },
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
  writeFileSync(world, `${line}\n`);
});
afterAll(async () => {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.stdin!.end();
  await gone;
  rmSync(dir, { recursive: true, force: true });
});

/** A command of the docs, with the places of a real organisation replaced by the sandbox's. */
function inSandbox(command: string): string[] {
  const text = command
    .replace(/ #.*$/, "")
    .replace(/ > \S+$/, "")
    .replace("--region eu-central-1 --zone example.com", "--world world.json --zone meridian.example")
    .replace("--stack prod", "--stack dev --world world.json")
    .replaceAll("world.json", world)
    .replace("--out stacks/prod", `--out ${join(dir, "prod")}`)
    .replace("--out /tmp/estate", `--out ${join(dir, "estate")}`);
  return text.trim().split(/\s+/).slice(1);
}

const run = (args: string[], more: NodeJS.ProcessEnv = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      args,
      { env: { ...process.env, ...more }, maxBuffer: 10_000_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

const commands = readFileSync("docs/daily.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("    node dist/cli.js "))
  .map((line) => line.trim());

/** Commands whose answer is not 0: an estate alone has no evidence, so it may not be merged. */
const NOT_MERGEABLE = /plan --plan /;

describe("the commands of docs/daily.md", () => {
  it("are there", () => expect(commands.length).toBeGreaterThanOrEqual(8));

  for (const command of commands) {
    it(command, async () => {
      const { code, stdout, stderr } = await run(inSandbox(command));
      expect(stderr.split("\n").filter((l) => l && !l.startsWith("not to be merged: "))).toEqual([]);
      expect(code).toBe(NOT_MERGEABLE.test(command) ? 1 : 0);
      expect(stdout.length).toBeGreaterThan(50);
    });
  }
});

describe("the verbs", () => {
  it("mistakes are one sentence and exit 2", async () => {
    for (const args of [
      ["plan"],
      ["plan", "--plan", join(dir, "nowhere")],
      ["plan", "--plan", "stacks/dev", "--to", "sideways"],
      ["plan", "--stack", "none-such"],
      ["discover", "--out", join(dir, "x")],
      ["discover", "--world", join(dir, "nowhere"), "--out", join(dir, "x")],
      ["doctor"],
      ["pause", "--stack", "none-such"],
      ["advance", "--stack", "prod", "--yes=prdo"],
    ]) {
      const { code, stderr } = await run(["dist/cli.js", ...args]);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
  });

  it("a pause is asked for by either verb, told by status, and ended once", async () => {
    const at = ["--stack", "dev", "--journal", join(dir, "advance")];
    const paused = await run(["dist/cli.js", "advance", ...at, "--pause"]);
    expect([paused.code, paused.stdout]).toEqual([0, expect.stringMatching(/^dev: paused \(/)]);
    const status = await run(["dist/cli.js", "status", ...at, "--world", world]);
    expect(status.stdout).toMatch(/^advance {2}paused by .*; cutover resume ends it$/m);
    expect((await run(["dist/cli.js", "resume", ...at])).code).toBe(0);
    expect((await run(["dist/cli.js", "resume", ...at])).code).toBe(1);
  });

  it("an organisation that refuses is told in one sentence, without a stack trace, and is no mistake of the caller", async () => {
    const server = createServer((request, response) => {
      const granted = request.url === "/oauth/token";
      response.writeHead(granted ? 200 : 403, { "content-type": "application/json" });
      response.end(JSON.stringify(granted ? { access_token: "t" } : { code: "not.authorized", message: "No." }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const gateways = [{ protocol: "http", host: "127.0.0.1", port: String((server.address() as AddressInfo).port) }];
    const config = join(dir, "Pulumi.refused.yaml");
    writeFileSync(config, `config:\n  genesyscloud:gateways: '${JSON.stringify(gateways)}'\n`);
    const own = { GENESYSCLOUD_OAUTHCLIENT_ID: "a", GENESYSCLOUD_OAUTHCLIENT_SECRET: "b" };
    const args = ["dist/cli.js", "discover", "--stack", "refused", "--config", config, "--out", join(dir, "refused")];
    const { code, stdout, stderr } = await run(args, own);
    server.close();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^GET \/api\/v2\/organizations\/me answered 403 not\.authorized: No\..*; fix: cutover doctor .*\n$/,
    );
  });

  it("doctor and discover speak JSON, and doctor's exit code follows its findings", async () => {
    const well = await run(["dist/cli.js", "doctor", "--world", world, "--plan", "stacks/dev", "--json"]);
    expect([well.code, JSON.parse(well.stdout).ok]).toEqual([0, true]);
    const out = join(dir, "json");
    const found = await run(["dist/cli.js", "discover", "--world", world, "--out", out, "--json"]);
    expect(JSON.parse(found.stdout)).toMatchObject({ schema: "cutover/discover/v1", counts: { numbers: 2400 } });
    const ill = await run(["dist/cli.js", "doctor", "--plan", out, "--json"]);
    expect([ill.code, JSON.parse(ill.stdout).ok]).toEqual([1, false]);
  });
});
