import { AsyncLocalStorage } from "node:async_hooks";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What parts that run beside others say, kept together until they are over. */
const kept = new AsyncLocalStorage<string[]>();

function say(text: string): void {
  const lines = kept.getStore();
  if (lines) lines.push(text);
  else console.log(text);
}

/** Counts what held and what did not, and names the parts that could not run. */
export class Suite {
  passed = 0;
  failed = 0;
  readonly notRun: string[] = [];
  /** Named switches of the worlds started so far (`port=early:6`). */
  readonly switches = new Set<string>();
  /** A directory of its own, removed at the end. */
  readonly dir = mkdtempSync(join(tmpdir(), "cutover-peers-"));
  readonly #processes = new Set<ChildProcess>();

  /** One statement about the sandbox. A failure is printed and counted; the suite goes on. */
  async check(name: string, body: () => unknown): Promise<void> {
    const startMs = performance.now();
    try {
      await body();
      this.passed++;
      say(`  ok    ${name} (${Math.round(performance.now() - startMs)} ms)`);
    } catch (error) {
      this.failed++;
      say(`  FAIL  ${name}\n        ${describe(error).replaceAll("\n", "\n        ")}`);
    }
  }

  /** A part of the suite; a fault outside its checks counts as one failure. `needs` maps what it needs to whether it is there. */
  async part(name: string, needs: Readonly<Record<string, boolean>>, body: () => Promise<void>): Promise<void> {
    const missing = Object.keys(needs).filter((what) => !needs[what]);
    if (missing.length > 0) {
      this.notRun.push(`${name} (missing: ${missing.join(", ")})`);
      say(`\n${name}: NOT RUN, missing ${missing.join(", ")}`);
      return;
    }
    say(`\n${name}`);
    try {
      await body();
    } catch (error) {
      this.failed++;
      say(`  FAIL  ${name} broke off\n        ${describe(error)}`);
    }
  }

  /** Runs something beside what follows: nothing that another load would disturb. Await what is returned before the end. */
  beside(body: () => Promise<void>): Promise<void> {
    const lines: string[] = [];
    return kept.run(lines, body).finally(() => console.log(lines.join("\n")));
  }

  /** Starts a server; it is ended, by its id, by `stop` or at the end of the suite. */
  start(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Server {
    const child = spawn(command, args, {
      cwd: options.cwd ?? this.dir,
      env: options.env ?? process.env,
      // The world ends when this pipe closes, whatever way the suite ends.
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#processes.add(child);
    const server = new Server(child, command);
    child.once("exit", () => this.#processes.delete(child));
    return server;
  }

  /** Ends every server that still runs and removes the directory. */
  async end(): Promise<void> {
    await Promise.all([...this.#processes].map((child) => ended(child)));
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A running program with all it has said. */
export class Server {
  output = "";
  /** First line on stdout. */
  readonly firstLine: Promise<string>;

  constructor(
    private readonly child: ChildProcess,
    readonly command: string,
  ) {
    child.stderr?.on("data", (data) => {
      this.output += data;
    });
    child.stdout?.on("data", (data) => {
      this.output += data;
    });
    child.on("error", (error) => {
      this.output += error.message;
    });
    this.firstLine = new Promise((resolve, reject) => {
      if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) =>
        reject(new Error(`${command} ended with ${code} before it said anything:\n${this.output.slice(-2000)}`)),
      );
    });
    // Not every server is asked for its first line.
    this.firstLine.catch(() => {});
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  stop(): Promise<void> {
    return ended(this.child);
  }
}

/** SIGTERM by id, SIGKILL after two seconds. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 2000);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

/** What a finished command left. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end; a non-zero exit is an answer, not an error. @throws Error when it cannot be started or takes too long. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Finished> {
  const { timeoutMs = 60_000, ...rest } = options;
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...args],
      { ...rest, timeout: timeoutMs, maxBuffer: 64 << 20, encoding: "utf8" },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : -1) : 0;
        if (error && (error.killed || code === -1))
          reject(
            new Error(
              `${command} ${args.join(" ")}: ${error.killed ? "took too long" : error.message}\n${stderr.slice(-1500)}`,
            ),
          );
        else resolve({ code, stdout, stderr });
      },
    );
  });
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Asks until `fits`, every `everyMs`. @throws Error with the last answer after `timeoutMs`. */
export async function eventually<T>(
  ask: () => Promise<T>,
  fits: (answer: T) => boolean,
  timeoutMs = 10_000,
  everyMs = 100,
): Promise<T> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (performance.now() > untilMs) throw new Error(`not within ${timeoutMs} ms; last: ${describe(answer)}`);
    await sleep(everyMs);
  }
}

/** What a promise is refused with. @throws Error when it is not refused. */
export async function refusal(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  let answer: unknown;
  try {
    answer = await promise;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error(`expected a refusal, got ${describe(answer)}`);
}

/** Clients throw plain bodies as often as errors: shown as they are, cut short. */
export function describe(error: unknown): string {
  if (error instanceof Error && error.cause instanceof Error)
    return `${error.message.slice(0, 700)}\n${error.cause.message.slice(0, 700)}`;
  if (error instanceof Error) return (error.stack ?? error.message).split("\n").slice(0, 6).join("\n").slice(0, 1500);
  return typeof error === "string" ? error.slice(0, 1500) : (JSON.stringify(error) ?? String(error)).slice(0, 1500);
}
