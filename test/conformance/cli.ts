/** The real Pulumi CLI as a driver. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { Bed, type Driver, PASSPHRASE, settings, targetsOf, TESTDATA } from "./bed";
import type { Scenario, Step } from "./scenario";

/** Longest single command, milliseconds. */
const CLI_MS = 120_000;

interface Running {
  child: ChildProcess;
  ended: Promise<{ code: number | null; out: string; err: string }>;
}

/** The real CLI under `root`, with a file backend and a home of its own. */
export function cli(root: string, scenario: Scenario): Driver {
  const bed = new Bed(scenario.previewing === true);
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
  const start = (args: string[]): Running => {
    const child = spawn(join(root, "bin", "pulumi"), args, { cwd: project, env, timeout: CLI_MS });
    const text = { out: "", err: "" };
    child.stdout.on("data", (d) => {
      text.out += d;
    });
    child.stderr.on("data", (d) => {
      text.err += d;
    });
    return { child, ended: new Promise((ok) => child.once("close", (code) => ok({ code, ...text }))) };
  };
  const pulumi = async (args: string[]): Promise<string> => {
    const { code, out, err } = await start(args).ended;
    // A failed update is a result: its events say so. Anything else is not.
    if (code !== 0 && !out.includes('"summaryEvent"')) throw new Error(`pulumi ${args.join(" ")}: ${err || out}`);
    return out;
  };
  const setUp = pulumi(["stack", "init", "s"]);
  setUp.catch(() => undefined);
  const stopped = async (args: string[], stop: NonNullable<Step["stop"]>): Promise<string> => {
    const { child, ended } = start(args);
    const provider = await bed.asked(stop.at);
    child.kill(stop.signal);
    // A killed CLI leaves its plug-ins behind.
    if (stop.signal === "SIGKILL") process.kill(provider, "SIGKILL");
    const { out } = await ended;
    if (stop.signal === "SIGKILL") await pulumi(["cancel", "--stack", "s", "--yes"]);
    return out;
  };
  return {
    async run(step) {
      await setUp;
      bed.steer(step);
      if (step.token) await pulumi(["config", "set", "--stack", "s", "--secret", "scen:token", step.token]);
      await setConfig(project, settings(step)["scen:env"] as string);
      const args = [step.run ?? "up", "--stack", "s", "--json", ...flags(step, scenario)];
      const out = step.stop ? await stopped(args, step.stop) : await pulumi(args);
      const events = out
        .split("\n")
        .filter((l) => l.startsWith("{") && l.endsWith("}"))
        .map((l) => JSON.parse(l) as object);
      const exported = JSON.parse(await pulumi(["stack", "export", "--stack", "s"]));
      return bed.observation(step, scenario.ordered === true, events, exported.deployment);
    },
    close: async () => bed.remove(),
  };
}

/** A command's flags as the CLI spells them. */
function flags(step: Step, scenario: Scenario): string[] {
  const verb = step.run ?? "up";
  const withPack = scenario.pack && (verb === "up" || verb === "preview");
  return [
    ...(verb === "preview" ? [] : ["--yes", "--skip-preview"]),
    ...(withPack ? ["--policy-pack", join(TESTDATA, "pack")] : []),
    ...(step.continueOnError ? ["--continue-on-error"] : []),
    ...(step.refresh ? ["--refresh"] : []),
    ...(step.clearPendingCreates ? ["--clear-pending-creates"] : []),
    ...(step.targetDependents ? ["--target-dependents"] : []),
    ...targetsOf(step).flatMap((t) => ["--target", t]),
  ];
}

/** Sets `scen:env` beside what the CLI keeps in the stack's file. */
async function setConfig(project: string, env: string): Promise<void> {
  const file = join(project, "Pulumi.s.yaml");
  const yaml = (parse(readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  yaml.config = { ...yaml.config, "scen:env": env };
  writeFileSync(file, stringify(yaml, { lineWidth: 0 }));
}
