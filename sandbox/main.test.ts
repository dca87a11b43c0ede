import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseSandboxArgs } from "./main";
import type { WorldAddresses } from "./world";

const GUIDE = join(__dirname, "../test/estates/guide");

describe("arguments", () => {
  it("are read with their defaults", () => {
    expect(parseSandboxArgs(["--plan", "x"])).toEqual({
      plan: resolve("x"),
      seed: 1,
      auto: false,
      desk: undefined,
      matching: undefined,
    });
    expect(
      parseSandboxArgs(["--plan", "/e", "--seed", "7", "--auto", "--desk", "/d", "--inbound-matching", "by-pool"]),
    ).toEqual({
      plan: "/e",
      seed: 7,
      auto: true,
      desk: "/d",
      matching: "by-pool",
    });
  });

  it.each([
    [[], "--plan is missing"],
    [["--plan", "x", "--seed", "-1"], "Option '--seed' argument is ambiguous"],
    [["--plan", "x", "--seed", "1.5"], "--seed 1.5: expected a whole number"],
    [["--plan", "x", "--inbound-matching", "both"], "expected org-wide or by-pool"],
    [["--plan", "x", "--sed", "1"], "Unknown option '--sed'"],
    [["here"], "Unexpected argument 'here'"],
  ])("%j are refused with one sentence", (argv, said) => {
    expect(() => parseSandboxArgs(argv)).toThrow(said);
    expect(() => parseSandboxArgs(argv)).toThrow(expect.objectContaining({ name: "UserError" }));
  });
});

describe("the process", () => {
  let dir: string;
  let program: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "cutover-main-"));
    program = join(dir, "sandbox.cjs");
    const contents = `import { sandboxMain } from "./main"; sandboxMain(process.argv.slice(2)).catch((e) => { console.error(e.message); process.exit(2); });`;
    const stdin = { contents, resolveDir: __dirname, loader: "ts" as const };
    await build({ stdin, bundle: true, platform: "node", target: "node20", outfile: program, logLevel: "error" });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  async function start(
    argv: string[],
    env = {},
  ): Promise<{
    child: ChildProcess;
    addresses: WorldAddresses;
    ended: Promise<{ code: number | null; ms: number }>;
    stop: (how: () => void) => Promise<{ code: number | null; ms: number }>;
  }> {
    const child = spawn(process.execPath, [program, ...argv], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, TMPDIR: dir, ...env },
    });
    let asked = 0;
    const ended = new Promise<{ code: number | null; ms: number }>((done) =>
      child.once("exit", (code) => done({ code, ms: performance.now() - asked })),
    );
    const line = await new Promise<string>((done) => createInterface({ input: child.stdout! }).once("line", done));
    const stop = (how: () => void) => {
      asked = performance.now();
      how();
      return ended;
    };
    return { child, addresses: JSON.parse(line), ended, stop };
  }

  it("prints every address first, keeps real time, and ends within a second of SIGTERM", async () => {
    const { child, addresses, stop } = await start(["--plan", GUIDE]);
    expect(Object.keys(addresses).sort()).toEqual([
      "ca",
      "carrier",
      "clock",
      "cloudflare",
      "control",
      "desk",
      "dns",
      "edge",
      "genesys",
      "resolvers",
      "route53",
    ]);
    const { now } = (await (await fetch(`${addresses.clock}/now`)).json()) as { now: string };
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5000);
    const { code, ms } = await stop(() => child.kill("SIGTERM"));
    expect(code).toBe(0);
    // A second is the promise; the rest is for a test machine with every core busy.
    expect(ms).toBeLessThan(2500);
    expect(readdirSync(dir)).toEqual(["sandbox.cjs"]);
  });

  it("ends when npm's shell is gone, which passes no signal on", async () => {
    // As npm does: a shell between it and the program. Killed, it leaves the program to init.
    const shell = spawn("sh", ["-c", `${process.execPath} ${program} --plan ${GUIDE}; exit 0`], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, TMPDIR: dir, npm_lifecycle_event: "sandbox" },
    });
    const line = await new Promise<string>((done) => createInterface({ input: shell.stdout! }).once("line", done));
    const { control } = JSON.parse(line) as WorldAddresses;
    shell.kill("SIGTERM");
    const answers = () =>
      fetch(`${control}/now`).then(
        () => true,
        () => false,
      );
    await expect.poll(answers, { timeout: 5000 }).toBe(false);
  });

  it("ends with calls in progress, and when its stdin closes", async () => {
    const { child, addresses, stop } = await start(["--plan", GUIDE, "--auto", "--seed", "3"], {
      CUTOVER_PLUGIN_STDIN: "1",
    });
    const body = JSON.stringify({ perSecond: 30, talkMs: 60_000, mediaShare: 0.5 });
    expect((await fetch(`${addresses.control}/calls/start`, { method: "POST", body })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { code, ms } = await stop(() => child.stdin!.end());
    expect(code).toBe(0);
    // A second is the promise; the rest is for a test machine with every core busy.
    expect(ms).toBeLessThan(2500);
  });
});
