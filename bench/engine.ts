/**
 * What the embedded engine costs, measured as a user meets it: whole commands, each in a process of its own, from its start to
 * its end. Where a Pulumi CLI is found both engines do the same work in turns, so that a busy machine slows both, and the median of
 * the ratios of each pair counts. Exit 1 when a bound is missed.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { loadPlan } from "../model/plan";
import { findPulumiRoot } from "../rehearsal/cli-finder";
import { embeddedDeployer } from "../rehearsal/embedded";
import { SANDBOX_CREDENTIALS, worldConfig } from "../rehearsal/stack";
import type { WorldAddresses } from "../rehearsal/world";

const ROOT = resolve(__dirname, "..");
const PASSPHRASE = "bench";
/** Longest single command, ms. */
const COMMAND_MS = 180_000;
/** How often memory is looked at, ms. */
const LOOK_MS = 100;

/** Bounds: the CLI's time is 1. */
const PREVIEW_RATIO_MAX = 0.4;
const UP_RATIO_MAX = 0.5;
const SMALL_RESOURCES = 1000;
const SMALL_SECONDS_MAX = 3;
const SMALL_MEGABYTES_MAX = 300;

interface Spent {
  seconds: number;
  /** Seconds of each run, where it is a median. */
  each?: number[];
  /** Most memory of the largest process, and of all of them together (what is each one's own, and what they share once), MB. */
  largestMb: number;
  allMb: number;
}

type Env = Record<string, string | undefined>;

/** All processes below `pid`, itself included. */
function family(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const n of readdirSync("/proc").filter((x) => /^\d+$/.test(x))) {
    try {
      const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${n}/stat`, "utf8"))?.[1]);
      parents.set(parent, [...(parents.get(parent) ?? []), Number(n)]);
    } catch {
      // Ended meanwhile.
    }
  }
  const out = [pid];
  for (const p of out) out.push(...(parents.get(p) ?? []));
  return out;
}

/** Fields of a process, added up, in MB: VmHWM (its peak) of `status`, others of `smaps_rollup`; 0 once it is gone. */
function memory(pid: number, file: string, ...fields: string[]): number {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, "utf8");
    const kb = fields.map((field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0));
    return kb.reduce((a, b) => a + b, 0) / 1024;
  } catch {
    return 0;
  }
}

/** Not their proportional share: that is the smaller the more processes of others run the same Node. */
function together(pids: number[]): number {
  const own = pids.map((pid) => memory(pid, "smaps_rollup", "Private_Clean", "Private_Dirty"));
  const shared = pids.map((pid) => memory(pid, "smaps_rollup", "Shared_Clean", "Shared_Dirty"));
  return own.reduce((a, b) => a + b, 0) + Math.max(...shared);
}

/** Looking at memory costs processor time of its own, so runs that are timed are not looked at. */
let watching = false;

/** Runs a command to its end. Throws with what it said when it fails. */
async function spend(command: string, args: string[], env: Env, cwd: string): Promise<Spent> {
  const started = performance.now();
  const p = spawn(command, args, { cwd, env: env as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const s of [p.stdout, p.stderr]) s.on("data", (d) => (said += d));
  let largestMb = 0;
  let allMb = 0;
  const look = setInterval(() => {
    if (!watching) return;
    const all = family(p.pid as number);
    largestMb = Math.max(largestMb, ...all.map((pid) => memory(pid, "status", "VmHWM")));
    allMb = Math.max(allMb, together(all));
  }, LOOK_MS);
  const timer = setTimeout(() => p.kill("SIGKILL"), COMMAND_MS);
  const code = await new Promise<number | null>((ok) => p.once("close", ok));
  clearInterval(look);
  clearTimeout(timer);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${said.slice(-2000)}`);
  return { seconds: (performance.now() - started) / 1000, largestMb, allMb };
}

const median = (xs: number[]): number => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)] as number;

/** One engine's way to carry out a verb. */
type Doing = (verb: "preview" | "up") => Promise<Spent>;

/** Both engines in turns, `runs` times each, for the medians of seconds; once more for the peaks of memory. */
async function inTurns(runs: number, doings: (() => Promise<Spent>)[]): Promise<Spent[]> {
  const all: Spent[][] = doings.map(() => []);
  for (let i = 0; i < runs; i++) for (const [k, d] of doings.entries()) (all[k] as Spent[]).push(await d());
  const out: Spent[] = [];
  watching = true;
  for (const [k, d] of doings.entries()) {
    const each = (all[k] as Spent[]).map((s) => s.seconds);
    out.push({ ...(await d()), seconds: median(each), each });
  }
  watching = false;
  return out;
}

/** Median of the ratios of two doings that took turns: a machine that slows down slows both. */
const ratio = (a: Spent, b: Spent): number =>
  median((a.each ?? []).map((seconds, i) => seconds / (b.each?.[i] ?? Number.NaN)));

let missed = 0;
function bound(what: string, value: number, most: number, unit: string): void {
  const ok = value <= most;
  if (!ok) missed++;
  console.log(`  ${ok ? "holds " : "MISSED"} ${what}: ${value.toFixed(2)}${unit}, at most ${most}${unit}`);
}
const line = (who: string, s: Spent): string =>
  `  ${who.padEnd(9)} ${s.seconds.toFixed(2)} s, largest process ${s.largestMb.toFixed(0)} MB, all ${s.allMb.toFixed(0)} MB`;

function cliEnv(dir: string, path: string[] = []): Env {
  mkdirSync(join(dir, "backend"), { recursive: true });
  return {
    ...process.env,
    ...SANDBOX_CREDENTIALS,
    PATH: [...path, process.env.PATH].join(":"),
    PULUMI_HOME: join(dir, "home"),
    PULUMI_BACKEND_URL: `file://${join(dir, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/** 1,000 small resources of a provider that does nothing, previewed for creation. */
async function small(runs: number, cliRoot: string | undefined, dir: string): Promise<void> {
  console.log(`\n${SMALL_RESOURCES} small resources, preview`);
  const testdata = join(ROOT, "engine", "testdata");
  const settings = (n: number) => JSON.stringify({ SCENARIO: "many", N: String(n) });
  const embedded = (n: number) => () => spend(process.execPath, [__filename, "--one", settings(n)], process.env, ROOT);
  const [none, all] = (await inTurns(runs, [embedded(0), embedded(SMALL_RESOURCES)])) as [Spent, Spent];
  console.log(line("none", none));
  console.log(line("embedded", all));
  bound("over program start", all.seconds - none.seconds, SMALL_SECONDS_MAX, " s");
  bound("memory of all processes together", all.allMb, SMALL_MEGABYTES_MAX, " MB");
  if (!cliRoot) return;
  const project = join(dir, "small");
  mkdirSync(project);
  for (const name of ["Pulumi.yaml", "programs", "bin"]) symlinkSync(join(testdata, name), join(project, name));
  symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
  const env = cliEnv(dir);
  const pulumi = join(cliRoot, "bin", "pulumi");
  await spend(pulumi, ["stack", "init", "s"], env, project);
  const config = (n: number) =>
    writeFileSync(join(project, "Pulumi.s.yaml"), stringify({ config: { "scen:env": settings(n) } }));
  const cli = (n: number) => () => {
    config(n);
    return spend(pulumi, ["preview", "--stack", "s", "--json"], env, project);
  };
  const [cliNone, cliAll] = (await inTurns(Math.min(runs, 2), [cli(0), cli(SMALL_RESOURCES)])) as [Spent, Spent];
  console.log(line("CLI, none", cliNone));
  console.log(line("CLI", cliAll));
  console.log(`  ratio ${(all.seconds / cliAll.seconds).toFixed(2)}`);
}

/** A world of the estate in a process of its own. */
async function world(plan: string): Promise<{ addresses: WorldAddresses; line: string; end: () => Promise<void> }> {
  const args = [join(ROOT, "dist", "cli.js"), "sandbox", "--plan", plan, "--auto"];
  const p = spawn(process.execPath, args, { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  const first = await new Promise<string>((ok, no) => {
    p.stdout.on("data", (d) => {
      text += d;
      if (text.includes("\n")) ok(text.split("\n")[0] as string);
    });
    p.once("exit", (code) => no(new Error(`the world ended with ${code}`)));
  });
  const gone = new Promise((ok) => p.once("exit", ok));
  const end = async () => {
    p.kill("SIGTERM");
    await gone;
  };
  return { addresses: JSON.parse(first) as WorldAddresses, line: first, end };
}

/** The estate of stacks/dev: the preview of the step to `parallel`, and an up there that changes nothing. */
async function estate(runs: number, cliRoot: string | undefined, dir: string): Promise<void> {
  const planDir = join(ROOT, "stacks", "dev");
  const plan = loadPlan(planDir);
  console.log(`\n${plan.name}: ${plan.numbers.length} numbers`);
  const w = await world(planDir);
  try {
    const worldFile = join(dir, "world.json");
    writeFileSync(worldFile, `${w.line}\n`);
    const config = (phase: string): Record<string, string> => ({
      ...worldConfig(w.addresses, { adapter: plan.porting.provider, region: plan.organisation.region }),
      "cutover:phase": phase,
      "cutover:waves": "",
      "cutover:plan": planDir,
      "cutover:workDir": join(dir, "work"),
      "cutover:trunkPassword": "sandbox-trunk-password",
    });
    const place = (phase: string): void =>
      writeFileSync(join(dir, "Pulumi.dev.yaml"), stringify({ config: config(phase) }));
    const state = join(dir, "state");
    const env = { ...process.env, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
    const verb = (...args: string[]) =>
      spend(
        process.execPath,
        [
          join(ROOT, "dist", "cli.js"),
          ...args,
          "--stack",
          "dev",
          "--config",
          join(dir, "Pulumi.dev.yaml"),
          "--state",
          state,
        ],
        env,
        ROOT,
      );
    const embedded: Doing = (v) => verb(v, "--world", worldFile);
    const cli = cliRoot
      ? await cliOf(cliRoot, dir, () => verb("export", "--file", join(dir, "exported.json")))
      : undefined;
    // As a rehearsal has it: an engine that stays, on the same state, with its plug-ins, pack and next program's process alive.
    const alive = await embeddedDeployer({ stateDir: state, passphrase: PASSPHRASE, stack: "dev" });
    const stays = (v: "preview" | "up", phase: string) => async (): Promise<Spent> => {
      const started = performance.now();
      const r = await alive[v](config(phase));
      if (!r.ok) throw new Error(JSON.stringify(r.diagnostics));
      return { seconds: (performance.now() - started) / 1000, largestMb: 0, allMb: 0 };
    };
    const both = async (v: "preview" | "up", phase: string, most: number) => {
      await cli?.take(config(phase));
      await stays("preview", phase)();
      const first = await embedded(v);
      await cli?.run(v);
      const doings = [() => embedded(v), stays(v, phase), ...(cli ? [() => cli.run(v)] : [])];
      const [e, a, c] = await inTurns(runs, doings);
      console.log(` ${v === "up" ? `up at ${phase} that changes nothing` : `preview of the step to ${phase}`}`);
      console.log(`  the first command after a build: ${first.seconds.toFixed(2)} s`);
      console.log(line("command", e as Spent));
      console.log(`  in an engine that stays, as in a rehearsal: ${(a as Spent).seconds.toFixed(2)} s`);
      if (!c) return;
      console.log(line("CLI", c));
      console.log(`  the engine that stays takes ${ratio(a as Spent, c).toFixed(2)} of the CLI's time`);
      bound("the command, of the CLI's time", ratio(e as Spent, c), most, "");
    };
    place("baseline");
    await embedded("up");
    place("parallel");
    await both("preview", "parallel", PREVIEW_RATIO_MAX);
    await embedded("up");
    await both("up", "parallel", UP_RATIO_MAX);
    await alive.close();
  } finally {
    await w.end();
  }
}

/** The CLI on a project of its own with the same program, plug-ins and pack; it takes over the embedded engine's state. */
async function cliOf(cliRoot: string, dir: string, exported: () => Promise<Spent>) {
  const project = join(dir, "estate");
  mkdirSync(project);
  const yaml = readFileSync(join(ROOT, "Pulumi.yaml"), "utf8").replace(
    /path: (?!\/)(\S+?)(?=[\s,}])/g,
    (_m, p) => `path: ${join(ROOT, p)}`,
  );
  writeFileSync(join(project, "Pulumi.yaml"), yaml);
  cpSync(join(ROOT, "package.json"), join(project, "package.json"));
  for (const name of ["node_modules", "dist"]) symlinkSync(join(ROOT, name), join(project, name));
  const env = cliEnv(dir, [join(ROOT, "sandbox", "plugins")]);
  const pulumi = join(cliRoot, "bin", "pulumi");
  const run = (...args: string[]) => spend(pulumi, args, env, project);
  await run("stack", "init", "dev");
  const file = join(project, "Pulumi.dev.yaml");
  const salt = readFileSync(file, "utf8");
  return {
    async take(config: Record<string, string>) {
      await exported();
      await run("stack", "import", "--stack", "dev", "--file", join(dir, "exported.json"));
      const { "cutover:trunkPassword": secret, ...plain } = config;
      writeFileSync(file, `${salt}${stringify({ config: plain })}`);
      await run("config", "set", "--stack", "dev", "--secret", "cutover:trunkPassword", secret as string);
    },
    run: (v: "preview" | "up") =>
      run(
        v,
        "--stack",
        "dev",
        "--json",
        "--policy-pack",
        join(ROOT, "policies"),
        ...(v === "up" ? ["--yes", "--skip-preview"] : []),
      ),
  };
}

/** A preview by the embedded engine in this process: what `small` measures. */
async function one(settings: string): Promise<void> {
  const { Engine } = await import("../engine");
  const dir = mkdtempSync(join(tmpdir(), "cutover-bench-one-"));
  const engine = new Engine({
    projectDir: join(ROOT, "engine", "testdata"),
    stack: "s",
    stateDir: dir,
    passphrase: PASSPHRASE,
    config: { "scen:env": settings },
    secretKeys: [],
    packs: [],
    pluginPath: [],
    env: {},
    sandbox: true,
    // As the command has it.
    once: true,
  });
  try {
    const r = await engine.preview();
    if (!r.ok) throw new Error(JSON.stringify(r.diagnostics));
  } finally {
    await engine.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function main(args: string[]): Promise<void> {
  const value = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const single = value("--one");
  if (single !== undefined) return one(single);
  const runs = Number(value("--runs") ?? 3);
  const only = value("--only");
  const cliRoot = findPulumiRoot();
  console.log(
    `${cpus().length} processors, Node ${process.version}, ${runs} runs each, medians; ${cliRoot ? `the CLI in ${cliRoot}` : "no Pulumi CLI found: the embedded engine alone"}`,
  );
  const dir = mkdtempSync(join(tmpdir(), "cutover-bench-"));
  try {
    if (only !== "estate") await small(runs, cliRoot, dir);
    if (only !== "small") await estate(runs, cliRoot, dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  process.exitCode = missed > 0 ? 1 : 0;
}

void main(process.argv.slice(2)).catch((e) => {
  console.error(e);
  process.exit(1);
});
