/**
 * Runs the parts of a check beside each other, as many as there are places, and tells of each when it is over: what it said is kept in a
 * file of its own, so that nothing is interleaved.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";

/** Lines of a part that went well which are shown; of one that did not, all are. */
const LINES_SHOWN = 8;

/**
 * @typedef {object} Part
 * @property {string} name also of its log, with dashes for what is no letter or digit
 * @property {string[]} command program and arguments; of a program of this project, its own node
 * @property {number} limitSeconds wall time after which it is ended and counts as failed
 * @property {number} [places] of the machine that it takes, default 1; 0 for one that waits for the network
 * @property {string} [kind] of parts of one kind one goes at a time, such as those that have calls in real time
 * @property {string[]} [after] names of parts listed before it whose files it reads: it begins when they are over
 * @property {number[]} [well] exit codes of a part that went well, default 0
 * @property {(log: string) => Counts} [counts] what it counted itself, from what it said; without, the part counts as one
 *
 * @typedef {{ passed: number, failed: number }} Counts
 * @typedef {{ name: string, seconds: number, passed: number, failed: number }} Over
 */

/** Counts of the last line `N passed, N failed` of a log; a log without such a line is one failure. */
export function lastCounts(log) {
  const [, passed, failed] = [...log.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1) ?? [];
  return passed === undefined ? { passed: 0, failed: 1 } : { passed: Number(passed), failed: Number(failed) };
}

/** Counts of vitest's JSON report, which is read when the part is over; none, or one that is broken off, is one failure. */
export const vitestCounts = (file) => () => {
  try {
    const report = JSON.parse(readFileSync(file, "utf8"));
    return { passed: report.numPassedTests, failed: report.numFailedTests };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

/** A failure that a part's own counts do not show, such as a worker that ended or a report of zero tests, is counted as one. */
function countsOf(part, log, well) {
  const own = part.counts?.(log) ?? { passed: well ? 1 : 0, failed: 0 };
  return well || own.failed > 0 ? own : { ...own, failed: 1 };
}

const logOf = (dir, part) => join(dir, `${part.name.replace(/[^A-Za-z0-9]+/g, "-")}.log`);

/** @throws Error for a part that could never begin. */
function refuseImpossible(parts, places) {
  for (const [i, { name, after = [], places: wanted = 1 }] of parts.entries()) {
    if (wanted > places) throw new Error(`${name} takes ${wanted} places: there are ${places}`);
    const unknown = after.find((other) => !parts.slice(0, i).some((part) => part.name === other));
    if (unknown !== undefined) throw new Error(`${name} comes after "${unknown}": expected a part listed before it`);
  }
}

/** One run of all parts. `stop` ends it from outside; what has begun is gone when `run` settles. */
export class Check {
  /** @type {Map<Part, { child: import("node:child_process").ChildProcess, ended?: string }>} */
  #running = new Map();
  /** @type {Over[]} */
  over = [];
  #stopped = false;

  /**
   * @param {object} o
   * @param {string} o.dir where the logs go
   * @param {number} o.places how much goes on at once
   * @param {number} [o.graceSeconds] between the polite signal to a part and the kill
   * @param {(text: string) => void} [o.say]
   */
  constructor({ dir, places, graceSeconds = 5, say = console.log }) {
    this.dir = dir;
    this.places = places;
    this.graceSeconds = graceSeconds;
    this.say = say;
    this.startMs = performance.now();
    mkdirSync(dir, { recursive: true });
  }

  seconds = () => Math.round((performance.now() - this.startMs) / 1000);

  /** Runs all parts: of those that may begin, the first that fits does. @returns their counts, added up. */
  async run(parts) {
    refuseImpossible(parts, this.places);
    const waiting = [...parts];
    const going = new Set();
    while (!this.#stopped && (waiting.length > 0 || going.size > 0)) {
      const at = waiting.findIndex((part) => this.#fits(part));
      if (at === -1) await Promise.race(going);
      else {
        const [part] = waiting.splice(at, 1);
        const gone = this.#one(part).finally(() => going.delete(gone));
        going.add(gone);
      }
    }
    await Promise.all(going);
    return this.counts();
  }

  /** @returns {Counts} of all parts so far */
  counts() {
    const sum = (key) => this.over.reduce((n, part) => n + part[key], 0);
    return { passed: sum("passed"), failed: sum("failed") };
  }

  #fits({ after = [], places = 1, kind }) {
    const running = [...this.#running.keys()];
    const taken = running.reduce((n, part) => n + (part.places ?? 1), 0);
    const ready = after.every((name) => this.over.some((part) => part.name === name));
    const kindIsFree = kind === undefined || running.every((part) => part.kind !== kind);
    return ready && kindIsFree && (places === 0 || taken + places <= this.places);
  }

  async #one(part) {
    const startMs = performance.now();
    const beside = [...this.#running.keys()].map((p) => p.name);
    this.say(`[${this.seconds()} s] begun: ${part.name}${beside.length ? `, beside ${beside.join(" and ")}` : ""}`);
    const { code, ended } = await this.#process(part);
    if (this.#stopped) return;
    const log = readFileSync(logOf(this.dir, part), "utf8");
    const counts = countsOf(part, log, !ended && (part.well ?? [0]).includes(code));
    const seconds = Math.round((performance.now() - startMs) / 1000);
    this.over.push({ name: part.name, seconds, ...counts });
    this.#tell(part, { seconds, log, why: ended ?? `exit code ${code}`, ...counts });
  }

  /** Starts a part in a process group of its own and waits for its end. */
  #process(part) {
    const log = openSync(logOf(this.dir, part), "w");
    const [program, ...args] = part.command;
    const child = spawn(program, args, { detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    const running = { child, ended: undefined };
    this.#running.set(part, running);
    const limit = setTimeout(() => {
      running.ended = `not over after ${part.limitSeconds} s`;
      void end(child, this.graceSeconds);
    }, part.limitSeconds * 1000);
    return new Promise((resolve) => {
      child.once("error", (error) => resolve({ code: null, ended: error.message }));
      child.once("exit", (code, signal) => {
        // What a part leaves behind in its group must not go on beside the next one.
        signalGroup(child, "SIGKILL");
        resolve({ code, ended: running.ended ?? (signal ? `ended by ${signal}` : undefined) });
      });
    }).finally(() => {
      clearTimeout(limit);
      this.#running.delete(part);
    });
  }

  #tell(part, { seconds, log, why, passed, failed }) {
    const lines = log.trim() === "" ? [] : log.trimEnd().split("\n");
    const shown = failed > 0 ? lines : lines.slice(-LINES_SHOWN);
    const verdict = failed > 0 ? `FAILED (${why}): ${passed} passed, ${failed} failed` : `${passed} passed`;
    const left = lines.length - shown.length;
    this.say(
      [
        `\n[${this.seconds()} s] ${part.name}: ${seconds} s, ${verdict}`,
        ...(left > 0 ? [`  (${left} lines before these: ${logOf(this.dir, part)})`] : []),
        ...shown.map((line) => `  ${line}`),
        "",
      ].join("\n"),
    );
  }

  /** Ends everything that has begun; nothing more begins. */
  async stop() {
    this.#stopped = true;
    await Promise.all([...this.#running.values()].map(({ child }) => end(child, this.graceSeconds)));
  }

  /** At once, without waiting: for the end of this process. */
  kill() {
    for (const { child } of this.#running.values()) signalGroup(child, "SIGKILL");
  }
}

/** Ctrl-C and its like end a check with everything it has begun, exit code 128 + n; whatever else ends this process ends the parts at once. */
export function endWithSignals(check) {
  process.once("exit", () => check.kill());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => void check.stop().finally(() => process.exit(128 + constants.signals[signal])));
}

/** Signals a part and everything in its group. */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of it is gone already.
  }
}

/** SIGTERM to the group, SIGKILL after a grace. */
async function end(child, graceSeconds) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  signalGroup(child, "SIGTERM");
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), graceSeconds * 1000);
  await gone;
  clearTimeout(timer);
}
