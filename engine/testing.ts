/** What the engine's tests share: a built host, engines on throw-away state, the provider's log. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { Engine, type EngineOptions } from "./engine";
import type { EngineEvent, Result } from "./result";

export const TESTDATA = join(__dirname, "testdata");
let host: string | undefined;

/** Bundles engine/host.ts once per test process. */
export function hostFile(): string {
  if (!host) {
    host = join(mkdtempSync(join(tmpdir(), "cutover-host-")), "engine-host.js");
    buildSync({
      entryPoints: [join(__dirname, "host.ts")],
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["@pulumi/*"],
      outfile: host,
    });
    copyFileSync(join(__dirname, "..", "scripts", "start.cjs"), join(host, "..", "start.js"));
    process.once("exit", () => rmSync(join(host as string, ".."), { recursive: true, force: true }));
  }
  return host;
}

export interface Call {
  call: string;
  pid: number;
  name?: string;
  [key: string]: unknown;
}

/** An engine on a state directory of its own, with what its events and its provider's calls were. */
export class Bench {
  readonly dir: string;
  readonly events: EngineEvent[] = [];
  engine: Engine;
  private readonly log: string;
  private seen = 0;

  constructor(o: Partial<EngineOptions> = {}, dir = mkdtempSync(join(tmpdir(), "cutover-engine-"))) {
    this.dir = dir;
    this.log = join(dir, "calls.log");
    mkdirSync(join(dir, "state"), { recursive: true });
    this.engine = new Engine({
      projectDir: TESTDATA,
      stack: "s",
      stateDir: join(dir, "state"),
      passphrase: "demo",
      config: {},
      secretKeys: [],
      packs: [],
      pluginPath: [],
      sandbox: true,
      hostFile: hostFile(),
      onEvent: (e) => this.events.push(e),
      ...o,
      env: { CUTOVER_TEST_LOG: this.log, CUTOVER_TEST_STEER: join(dir, "steer.json"), ...o.env },
    });
  }

  /** Sets what the program is to do. */
  set(env: Record<string, string>, config: Record<string, string> = {}, secretKeys: string[] = []): this {
    this.engine.configure({ "scen:env": JSON.stringify(env), ...config }, secretKeys);
    this.events.length = 0;
    return this;
  }

  /** Steers the provider: `{gone, drift, deleteFails, diffUnknown, diffs}`. */
  steer(how: Record<string, string | boolean>): this {
    writeFileSync(join(this.dir, "steer.json"), JSON.stringify(how));
    return this;
  }

  async up(env: Record<string, string>): Promise<Result> {
    return this.set(env).engine.up();
  }

  async preview(env: Record<string, string>): Promise<Result> {
    return this.set(env).engine.preview();
  }

  /** The provider's calls since the last time they were asked for. */
  calls(): Call[] {
    let text = "";
    try {
      text = readFileSync(this.log, "utf8");
    } catch {
      return [];
    }
    const all = text
      .split("\n")
      .filter(Boolean)
      .map((l) => JSON.parse(l) as Call);
    const fresh = all.slice(this.seen);
    this.seen = all.length;
    return fresh;
  }

  /** `create a`, `delete b` ... without checks and diffs. */
  writes(): string[] {
    return this.calls()
      .filter((c) => ["create", "update", "delete", "read"].includes(c.call))
      .map((c) => `${c.call} ${c.name}`);
  }

  stateFile(): string {
    return join(this.dir, "state", ".pulumi", "stacks", "scen", "s.json");
  }

  state(): {
    resources: Record<string, unknown>[];
    pending_operations?: { type: string; resource: { urn: string } }[];
  } {
    return JSON.parse(readFileSync(this.stateFile(), "utf8")).checkpoint.latest;
  }

  /** As new, but for its processes: an empty stack, no steering, no calls. The engine's plug-ins and program host stay alive. */
  reset(): this {
    for (const name of ["state", "calls.log", "steer.json"])
      rmSync(join(this.dir, name), { recursive: true, force: true });
    mkdirSync(join(this.dir, "state"));
    this.seen = 0;
    return this.set({});
  }

  async close(): Promise<void> {
    await this.engine.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** `pre create a`, `out create a`, `fail update a`: the steps of an event stream, without the Stack when `stack` is false. */
export function stepEvents(events: readonly object[], stack = true): string[] {
  const out: string[] = [];
  const kinds = { resourcePreEvent: "pre", resOutputsEvent: "out", resOpFailedEvent: "fail" } as const;
  for (const e of events as Record<string, { metadata: { op: string; urn: string; type: string } }>[]) {
    for (const [kind, word] of Object.entries(kinds)) {
      const m = e[kind]?.metadata;
      if (m && (stack || m.type !== "pulumi:pulumi:Stack")) out.push(`${word} ${m.op} ${m.urn.split("::").pop()}`);
    }
  }
  return out;
}
