/** What the real CLI showed when it was recorded, and the comparison with it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HandoverResult } from "./handover";
import { differences, type Observation } from "./observe";
import type { Scenario } from "./scenario";

const RECORDINGS = "test/conformance/recordings/behaviours";
/** The CLI that the recordings come from; a build from its source does not name a version itself. */
const CLI = "3.260.0";

const fileOf = (s: Scenario): string =>
  join(RECORDINGS, `${String(s.number).padStart(2, "0")}-${s.name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}.json`);

/** The recording of a scenario, one observation a step; undefined when there is none. */
export function recorded(s: Scenario): Observation[] | undefined {
  return existsSync(fileOf(s)) ? JSON.parse(readFileSync(fileOf(s), "utf8")).steps : undefined;
}

export function record(s: Scenario, steps: readonly Observation[]): void {
  mkdirSync(RECORDINGS, { recursive: true });
  writeFileSync(fileOf(s), `${JSON.stringify({ cli: CLI, steps })}\n`);
}

/** Where the embedded engine did not do what the CLI did; empty = the same in every step. */
export function compared(s: Scenario, wanted: readonly Observation[], got: readonly Observation[]): string[] {
  return s.steps.flatMap((step, i) => differences(wanted[i], got[i], `step ${i + 1} (${step.run ?? "up"})`));
}

const HANDOVERS = join(RECORDINGS, "..", "handover.json");

/** How the last hand-overs between the two engines went: they need a CLI, and are shown as of then where there is none. */
export function recordedHandovers(): HandoverResult[] {
  return existsSync(HANDOVERS) ? JSON.parse(readFileSync(HANDOVERS, "utf8")).handovers : [];
}

export function recordHandovers(handovers: readonly HandoverResult[]): void {
  writeFileSync(HANDOVERS, `${JSON.stringify({ cli: CLI, handovers }, null, 1)}\n`);
}
