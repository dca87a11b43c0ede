/** What both engines' drivers share: a directory, the provider's steering file and its log. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Call, type Deployed, KILLED, type Observation, readCalls, readEvents, readState } from "./observe";
import type { Scenario, Step } from "./scenario";

export const TESTDATA = resolve("engine/testdata");
export const PASSPHRASE = "demo";
/** Longest wait for a provider's call, milliseconds. */
const ASKED_MS = 30_000;

/** Runs the steps of one scenario after another on one stack. */
export interface Driver {
  run(step: Step): Promise<Observation>;
  close(): Promise<void>;
}

export function settings(step: Step): Record<string, string> {
  const env = { SCENARIO: "declared", list: step.list, outputs: step.outputs, say: step.say, throws: step.throws };
  return { "scen:env": JSON.stringify(env), ...(step.token ? { "scen:token": step.token } : {}) };
}

/** What both share: a directory, the provider's steering file and its log. */
export class Bed {
  readonly dir = mkdtempSync(join(tmpdir(), "cutover-conformance-"));
  readonly env: Record<string, string>;
  private seen = 0;

  /** `previewing`: the provider previews creations and updates itself. */
  constructor(previewing: boolean) {
    this.env = {
      CUTOVER_TEST_LOG: join(this.dir, "calls.log"),
      CUTOVER_TEST_STEER: join(this.dir, "steer.json"),
      ...(previewing ? { CUTOVER_TEST_PREVIEWING: "1" } : {}),
    };
    this.clear();
  }

  /** As new: no state, no calls, a provider that is not steered. */
  clear(): void {
    rmSync(join(this.dir, "state"), { recursive: true, force: true });
    mkdirSync(join(this.dir, "state"));
    rmSync(this.env.CUTOVER_TEST_STEER as string, { force: true });
    writeFileSync(this.env.CUTOVER_TEST_LOG as string, "");
    this.seen = 0;
  }

  steer(step: Step): void {
    if (step.steer) writeFileSync(this.env.CUTOVER_TEST_STEER as string, JSON.stringify(step.steer));
  }

  observation(step: Step, ordered: boolean, events: readonly object[], state: Deployed): Observation {
    const calls = this.calls().slice(this.seen);
    this.seen += calls.length;
    // A killed engine's events end anywhere: what it leaves is what it had asked the provider for, and its state.
    const told = step.stop?.signal === "SIGKILL" ? KILLED : readEvents(events);
    return { ...told, ...readCalls(calls, ordered), ...readState(state) };
  }

  private calls(): (Call & { pid: number })[] {
    const lines = readFileSync(join(this.dir, "calls.log"), "utf8").split("\n").filter(Boolean);
    return lines.map((l) => JSON.parse(l));
  }

  /** Waits for the provider's call `at` in this step. @returns the provider's process id. @throws Error when it does not come. */
  async asked(at: string): Promise<number> {
    for (const until = Date.now() + ASKED_MS; Date.now() < until; await setTimeout(20)) {
      const call = this.calls()
        .slice(this.seen)
        .find((c) => `${c.call} ${c.name}` === at);
      if (call) return call.pid;
    }
    throw new Error(`the provider was not asked for ${at} within ${ASKED_MS} ms`);
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** URNs for names of notes; patterns stay as they are. */
export const targetsOf = (step: Step): string[] =>
  (step.targets ?? []).map((t) => (t.includes("*") ? t : `urn:pulumi:s::scen::tiny:index:Note::${t}`));

/** Walks a scenario to its end. */
export async function walk(driver: Driver, s: Scenario): Promise<Observation[]> {
  const seen: Observation[] = [];
  try {
    for (const step of s.steps) seen.push(await driver.run(step));
  } finally {
    await driver.close();
  }
  return seen;
}
