import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type AuditLine, checkAudit } from "../daily/advance/audit";
import type { CallRecord } from "../sandbox/carriers";

/** A sandbox stack advanced by the built command while callers call, as an engineer would do it: a process for each step, killed or not. */
const dirs: string[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.stdin!.end();
    if (child.exitCode === null && child.signalCode === null) await gone;
  }
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

// The probe program stays quiet when it sees a test runner's variable: it would take itself for imported.
const { VITEST: _runner, ...env } = process.env;

class Stack {
  readonly dir = mkdtempSync(join(tmpdir(), "cutover-advance-run-"));
  readonly config = join(this.dir, "Pulumi.t.yaml");
  private control = "";

  constructor() {
    dirs.push(this.dir);
  }

  /** The guide's estate with a canary of few calls, its world, and callers. */
  async start(...switches: string[]): Promise<void> {
    const estate = join(this.dir, "estate");
    cpSync("test/estates/guide", estate, { recursive: true });
    const plan = join(estate, "plan.yaml");
    writeFileSync(plan, readFileSync(plan, "utf8").replace("minCalls: 200", "minCalls: 12"));
    const args = ["sandbox", "--plan", estate, "--auto", "--desk", join(this.dir, "desk"), ...switches];
    const child = spawn(process.execPath, ["dist/cli.js", ...args], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...env, CUTOVER_PLUGIN_STDIN: "1" },
    });
    children.push(child);
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
    });
    writeFileSync(join(this.dir, "world.json"), `${line}\n`);
    this.control = (JSON.parse(line) as { control: string }).control;
    const config = [
      "# The stack of a test.",
      "config:",
      "  cutover:phase: baseline # where it is to be",
      '  cutover:waves: ""',
      `  cutover:plan: ${estate}`,
      `  cutover:workDir: ${join(this.dir, "work")}`,
      "  cutover:trunkPassword: sandbox-trunk-password",
      "",
    ];
    writeFileSync(this.config, config.join("\n"));
    const load = { perSecond: 15, talkMs: 700, mediaShare: 0.1, outboundPerSecond: 1 };
    await fetch(`${this.control}/calls/start`, { method: "POST", body: JSON.stringify(load) });
  }

  /** `cutover <verb>` on this stack; killed without warning as soon as it says `killAt`. */
  run(verb: string, args: string[], killAt?: RegExp): Promise<{ code: number | null; out: string; err: string }> {
    const own = ["--stack", "t", "--journal", join(this.dir, "advance")];
    const places = [
      "--config",
      this.config,
      "--world",
      join(this.dir, "world.json"),
      "--state",
      join(this.dir, "state"),
    ];
    const step = verb === "advance" || verb === "back" ? [...places, "--yes", "t"] : [];
    const child = spawn(process.execPath, ["dist/cli.js", verb, ...own, ...step, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env,
    });
    const said = { out: "", err: "" };
    child.stdout.on("data", (data) => (said.out += data));
    child.stderr.on("data", (data) => {
      said.err += data;
      if (killAt?.test(said.err)) child.kill("SIGKILL");
    });
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
  }

  /** Inbound calls that nobody answered and no caller gave up. */
  async lost(): Promise<CallRecord[]> {
    await fetch(`${this.control}/calls/stop`, { method: "POST", body: "{}" });
    await fetch(`${this.control}/calls/drain`, { method: "POST", body: "{}" });
    const { records } = (await (await fetch(`${this.control}/calls/records?since=0`)).json()) as {
      records: CallRecord[];
    };
    const inbound = records.filter((c) => c.direction === "inbound");
    expect(inbound.filter((c) => c.answered).length).toBeGreaterThan(100);
    return inbound.filter((c) => !c.answered && c.endedBy !== "caller");
  }

  phase(): Record<string, unknown> {
    return (parse(readFileSync(this.config, "utf8")) as { config: Record<string, unknown> }).config;
  }

  audit(): AuditLine[] {
    const text = readFileSync(join(this.dir, "advance", "audit.jsonl"), "utf8");
    expect(checkAudit(text)).toEqual([]);
    return text
      .trim()
      .split("\n")
      .map((l) => JSON.parse(l) as AuditLine);
  }
}

const FAST = ["--poll", "240", "--soak", "20"];

describe("a sandbox stack advanced under calls", () => {
  it("reaches a wave's first step, share by share, although it is killed twice; goes back; and no call is lost", async () => {
    const stack = new Stack();
    await stack.start();
    const inUp = await stack.run("advance", ["--until", "w1=live", ...FAST], /applying parallel/);
    expect(inUp.code).toBeNull();
    const inSoak = await stack.run("advance", ["--until", "w1=live", ...FAST], /of 20: canary-failures/);
    expect(inSoak.err).toMatch(/resuming an interrupted step \(applying\): baseline -> parallel/);
    expect(inSoak.code).toBeNull();
    expect(stack.phase()).toMatchObject({ "cutover:phase": "canary", "cutover:canaryPercent": 5 });
    const done = await stack.run("advance", ["--until", "w1=live", "--json", ...FAST]);
    expect([done.code, done.err]).toEqual([0, expect.stringContaining("resuming an interrupted step (soaking)")]);
    expect(JSON.parse(done.out)).toMatchObject({ end: "there", at: "cutover w1=live" });
    expect(stack.phase()).toMatchObject({ "cutover:phase": "cutover", "cutover:waves": "w1=live" });
    expect(stack.phase()["cutover:canaryPercent"]).toBeUndefined();
    // Everything else in the stack's file stands as it was written.
    expect(readFileSync(stack.config, "utf8")).toMatch(
      /^# The stack of a test\.\nconfig:\n {2}cutover:phase: cutover # where it is to be\n/,
    );

    expect((await stack.run("pause", ["--why", "a test"])).code).toBe(0);
    const paused = await stack.run("advance", FAST);
    expect([paused.code, paused.err]).toEqual([3, expect.stringMatching(/paused by .* a test/)]);
    expect((await stack.run("resume", [])).code).toBe(0);
    const refused = await stack.run("advance", FAST);
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining("release-drained")]);
    expect((await stack.run("back", [])).code).toBe(0);
    expect(stack.phase()).toMatchObject({ "cutover:phase": "cutover", "cutover:waves": "" });

    expect(await stack.lost()).toEqual([]);
    const lines = stack.audit();
    const applied = lines.filter((l) => l.event === "applied").map((l) => l.to);
    expect([...new Set(applied)]).toEqual([
      "baseline",
      "parallel",
      "ttl-lowered",
      "canary 5 %",
      "canary",
      "porting",
      "cutover",
      "cutover w1=live",
    ]);
    // What the gate of the engine's own state was passed with, dated and digested.
    const live = lines.find((l) => l.event === "applied" && l.to === "cutover w1=live")!;
    expect(live.evidence!.map((e) => e.probe).sort()).toEqual(expect.arrayContaining(["carrier", "record", "sip"]));
    expect(live.evidence!.every((e) => Number.isFinite(Date.parse(e.at)) && /^[0-9a-f]{64}$/.test(e.sha256))).toBe(
      true,
    );
  }, 400_000);

  it("goes back by itself when the canary's quality is below the limit", async () => {
    const stack = new Stack();
    await stack.start("--world", "quality=byoc:12:150");
    const { code, out, err } = await stack.run("advance", ["--until", "porting", ...FAST]);
    expect([code, out]).toEqual([4, expect.stringMatching(/canary-mos broken: mean MOS [123]\./)]);
    expect(err).toContain("going back to ttl-lowered by itself");
    expect(stack.phase()).toMatchObject({ "cutover:phase": "ttl-lowered" });
    expect(
      stack
        .audit()
        .slice(-2)
        .map((l) => l.event),
    ).toEqual(["returning", "returned"]);
    expect(await stack.lost()).toEqual([]);
  }, 300_000);
});
