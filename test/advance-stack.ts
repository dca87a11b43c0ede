import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "vitest";
import { parse } from "yaml";
import { type AuditLine, checkAudit } from "../daily/advance/audit";
import { type Entity, GenesysClient } from "../providers/genesyscloud/client";
import { clockFrom } from "../providers/lib/clock";
import { SANDBOX_CREDENTIALS } from "../rehearsal/stack";
import type { WorldAddresses } from "../rehearsal/world";
import type { CallRecord } from "../sandbox/carriers";

/** A sandbox stack advanced by the built command while callers call, as an engineer would do it: a process for each step, killed or not. */
const dirs: string[] = [];
const children: ChildProcess[] = [];

/** Ends the worlds of the test before, and removes what they wrote. */
export async function endWorlds(): Promise<void> {
  for (const child of children.splice(0)) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.stdin!.end();
    if (child.exitCode === null && child.signalCode === null) await gone;
  }
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
}

interface Trunk extends Entity {
  properties: { trunk_access_acl_allowList: { value: { instance: string[] } } };
}

export class Stack {
  readonly dir = mkdtempSync(join(tmpdir(), "cutover-advance-run-"));
  readonly config = join(this.dir, "Pulumi.t.yaml");
  private world = {} as WorldAddresses;

  constructor() {
    dirs.push(this.dir);
  }

  /** The guide's estate with a canary of few calls and one or two waves, its world, and callers. */
  async start({ waves = 1, perSecond = 15, switches = [] as string[] } = {}): Promise<void> {
    const estate = join(this.dir, "estate");
    cpSync("test/estates/guide", estate, { recursive: true });
    const change = (file: string, how: (text: string) => string) =>
      writeFileSync(join(estate, file), how(readFileSync(join(estate, file), "utf8")));
    change("plan.yaml", (text) => text.replace("minCalls: 200", "minCalls: 12"));
    // Every fourth number moves later, by an order of its own.
    if (waves === 2) {
      change("numbers.csv", (text) =>
        text.replace(/^.*$/gm, (row: string) =>
          /[048],w1,/.test(row) ? row.replace(",w1,", ",w2,").replace("GUIDE-01", "GUIDE-02") : row,
        ),
      );
      change("ports.csv", (text) => {
        const row = text.trim().split("\n")[1]!;
        return `${text.trim()}\n${row.replace(",w1,", ",w2,").replace("GUIDE-01", "GUIDE-02")}\n`;
      });
    }
    const args = ["sandbox", "--plan", estate, "--auto", "--desk", join(this.dir, "desk"), ...switches];
    const child = spawn(process.execPath, ["dist/cli.js", ...args], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, CUTOVER_PLUGIN_STDIN: "1" },
    });
    children.push(child);
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
    });
    writeFileSync(join(this.dir, "world.json"), `${line}\n`);
    this.world = JSON.parse(line) as WorldAddresses;
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
    await this.callers(perSecond);
  }

  private async control<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(this.world.control + path, { method, body: body && JSON.stringify(body) });
    return (await answer.json().catch(() => undefined)) as T;
  }

  callers(perSecond: number) {
    return this.control("POST", "/calls/start", { perSecond, talkMs: 700, mediaShare: 0.1, outboundPerSecond: 1 });
  }

  /** Nobody calls any more, and every call has ended. */
  async quiet(): Promise<void> {
    await this.control("POST", "/calls/stop", {});
    await this.control("POST", "/calls/drain", {});
  }

  /** Somebody at Genesys edits the allowlist of the BYOC trunk by hand. @returns the addresses that stood there before. */
  async allow(addresses: readonly string[]): Promise<string[]> {
    const url = new URL(this.world.genesys);
    const gateways = [{ protocol: "http", host: url.hostname, port: url.port }];
    const signal = new AbortController().signal;
    const clock = clockFrom(this.world.clock);
    const client = new GenesysClient({ gateways, clock, steeredClock: true, signal, env: SANDBOX_CREDENTIALS });
    const path = "/api/v2/telephony/providers/edges/trunkbasesettings";
    for await (const { id } of client.list(path, { name: "BYOC-Primary-Cutover" })) {
      const trunk = await client.http.json<Trunk>("GET", `${path}/${id}`);
      const { value } = trunk.properties.trunk_access_acl_allowList;
      const before = value.instance;
      value.instance = [...addresses];
      await client.http.json("PUT", `${path}/${id}`, { body: trunk });
      return before;
    }
    throw new Error("the organisation has no BYOC trunk");
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
    await this.quiet();
    const { records } = await this.control<{ records: CallRecord[] }>("GET", "/calls/records?since=0");
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

/** Times by the world's clock, which jumps: long polls (two weeks of a port are thirty looks, some of them inside the change window), short soaks. */
export const FAST = ["--poll", "660", "--soak", "20"];
