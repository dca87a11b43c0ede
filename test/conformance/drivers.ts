/** The two engines behind one shape: run a step, say what was seen. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { Engine } from "../../engine";
import { type Observation, readCalls, readEvents, readState } from "./observe";
import type { Scenario, Step } from "./scenario";

const TESTDATA = resolve("engine/testdata");
const PASSPHRASE = "demo";
/** Longest single command of the CLI, milliseconds. */
const CLI_MS = 120_000;

export interface Driver {
  run(step: Step): Promise<Observation>;
  close(): Promise<void>;
}

function settings(step: Step): Record<string, string> {
  const env = { SCENARIO: "declared", list: step.list, outputs: step.outputs, say: step.say, throws: step.throws };
  return { "scen:env": JSON.stringify(env), ...(step.token ? { "scen:token": step.token } : {}) };
}

/** What both share: a directory, the provider's steering file and its log. */
class Bed {
  readonly dir = mkdtempSync(join(tmpdir(), "cutover-conformance-"));
  readonly env: Record<string, string>;
  private seen = 0;

  constructor(private readonly scenario: Scenario) {
    mkdirSync(join(this.dir, "state"));
    this.env = {
      CUTOVER_TEST_LOG: join(this.dir, "calls.log"),
      CUTOVER_TEST_STEER: join(this.dir, "steer.json"),
      ...(scenario.previewing ? { CUTOVER_TEST_PREVIEWING: "1" } : {}),
    };
    writeFileSync(join(this.dir, "calls.log"), "");
  }

  steer(step: Step): void {
    if (step.steer) writeFileSync(this.env.CUTOVER_TEST_STEER as string, JSON.stringify(step.steer));
  }

  observation(events: readonly object[], resources: readonly Record<string, unknown>[]): Observation {
    const all = readFileSync(join(this.dir, "calls.log"), "utf8").split("\n").filter(Boolean);
    const calls = all.slice(this.seen).map((l) => JSON.parse(l));
    this.seen = all.length;
    return { ...readEvents(events), ...readCalls(calls, this.scenario.ordered === true), ...readState(resources) };
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export function embedded(scenario: Scenario): Driver {
  const bed = new Bed(scenario);
  const events: object[] = [];
  const engine = new Engine({
    projectDir: TESTDATA,
    stack: "s",
    stateDir: join(bed.dir, "state"),
    passphrase: PASSPHRASE,
    config: {},
    secretKeys: [],
    packs: scenario.pack ? [join(TESTDATA, "pack")] : [],
    pluginPath: [],
    env: bed.env,
    sandbox: true,
    onEvent: (e) => events.push(e),
  });
  return {
    async run(step) {
      events.length = 0;
      bed.steer(step);
      engine.configure(settings(step), step.token ? ["scen:token"] : []);
      await engine[step.run ?? "up"]({ continueOnError: step.continueOnError });
      return bed.observation(events, ((await engine.export()).deployment.resources ?? []) as Record<string, unknown>[]);
    },
    async close() {
      await engine.close();
      bed.remove();
    },
  };
}

const exec = promisify(execFile);

/** The real CLI under `root`, with a file backend and a home of its own. */
export function cli(root: string, scenario: Scenario): Driver {
  const bed = new Bed(scenario);
  const project = join(bed.dir, "project");
  mkdirSync(join(bed.dir, "backend"));
  mkdirSync(project);
  for (const name of ["Pulumi.yaml", "programs", "bin", "pack"]) symlinkSync(join(TESTDATA, name), join(project, name));
  symlinkSync(resolve("node_modules"), join(project, "node_modules"));
  const env = {
    ...process.env,
    ...bed.env,
    PULUMI_HOME: join(bed.dir, "home"),
    PULUMI_BACKEND_URL: `file://${join(bed.dir, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
  };
  const pulumi = async (args: string[]): Promise<string> => {
    const options = { cwd: project, env, timeout: CLI_MS, maxBuffer: 64 << 20 };
    try {
      return (await exec(join(root, "bin", "pulumi"), args, options)).stdout;
    } catch (e) {
      const { stdout, stderr } = e as { stdout: string; stderr: string };
      // A failed update is a result: its events say so. Anything else is not.
      if (stdout?.includes('"summaryEvent"')) return stdout;
      throw new Error(`pulumi ${args.join(" ")}: ${stderr || stdout || (e as Error).message}`);
    }
  };
  const setUp = pulumi(["stack", "init", "s"]);
  setUp.catch(() => undefined);
  return {
    async run(step) {
      await setUp;
      bed.steer(step);
      if (step.token) await pulumi(["config", "set", "--stack", "s", "--secret", "scen:token", step.token]);
      await setConfig(project, settings(step)["scen:env"] as string);
      const verb = step.run ?? "up";
      const yes = verb === "preview" ? [] : ["--yes", "--skip-preview"];
      const pack =
        scenario.pack && (verb === "up" || verb === "preview") ? ["--policy-pack", join(TESTDATA, "pack")] : [];
      const on = step.continueOnError ? ["--continue-on-error"] : [];
      const out = await pulumi([verb, "--stack", "s", "--json", ...yes, ...pack, ...on]);
      const events = out
        .split("\n")
        .filter((l) => l.startsWith("{"))
        .map((l) => JSON.parse(l) as object);
      const exported = JSON.parse(await pulumi(["stack", "export", "--stack", "s"]));
      return bed.observation(events, exported.deployment.resources ?? []);
    },
    close: async () => bed.remove(),
  };
}

/** Sets `scen:env` beside what the CLI keeps in the stack's file. */
async function setConfig(project: string, env: string): Promise<void> {
  const { parse } = await import("yaml");
  const file = join(project, "Pulumi.s.yaml");
  const yaml = (parse(readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  yaml.config = { ...yaml.config, "scen:env": env };
  writeFileSync(file, stringify(yaml, { lineWidth: 0 }));
}
