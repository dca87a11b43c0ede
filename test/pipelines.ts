import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "yaml";

export interface Step {
  name?: string;
  id?: string;
  if?: string;
  run?: string;
  uses?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

export interface Job {
  steps: Step[];
  if?: string;
  permissions?: Record<string, string>;
  environment?: string;
  concurrency?: { group: string; "cancel-in-progress"?: boolean };
  "timeout-minutes"?: number;
}

export interface Workflow {
  name: string;
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  defaults: { run: { shell: string } };
  jobs: Record<string, Job>;
}

const DIR = ".github/workflows";

/** Every workflow of the repository, by file name without its ending. */
export const workflows = (): Record<string, Workflow> =>
  Object.fromEntries(
    readdirSync(DIR)
      .filter((f) => f.endsWith(".yml"))
      .map((f) => [f.replace(/\.yml$/, ""), parse(readFileSync(join(DIR, f), "utf8")) as Workflow]),
  );

/** The `run:` texts of a job that match, in order. @throws Error when there is none: a test of nothing would pass. */
export function runsOf(workflow: string, job: string, match: RegExp): string[] {
  const runs = workflows()[workflow]!.jobs[job]!.steps.flatMap((s) => (s.run && match.test(s.run) ? [s.run] : []));
  if (runs.length === 0) throw new Error(`${workflow}.yml, job ${job}: no run line matches ${match}`);
  return runs;
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs one `run:` text as GitHub's runner does with `shell: bash`. */
export function bash(text: string, cwd: string, env: NodeJS.ProcessEnv, ms = 120_000): Promise<Ran> {
  return new Promise((resolve) => {
    const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", text];
    execFile("bash", args, { cwd, env, maxBuffer: 50_000_000, timeout: ms }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 99) : 0, stdout, stderr }),
    );
  });
}

/** A world in a process of its own; its first line is in `file`. @returns what ends it. */
export async function startWorld(args: string[], file: string): Promise<{ line: string; stop: () => Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, ["dist/cli.js", "sandbox", ...args], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, CUTOVER_PLUGIN_STDIN: "1" },
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
  writeFileSync(file, `${line}\n`);
  const stop = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.stdin!.end();
    if (child.exitCode === null && child.signalCode === null) await gone;
  };
  return { line, stop };
}
