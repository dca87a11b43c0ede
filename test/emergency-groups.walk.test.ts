import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { embeddedDeployer } from "../rehearsal/embedded";
import { quickEstate } from "../rehearsal/estate";
import { parseHeard } from "../rehearsal/ledger";
import type { Pause } from "../rehearsal/options";
import { Rehearsal } from "../rehearsal/run";
import type { CallRecord } from "../sandbox/carriers";
import { EVACUATION } from "../sandbox/genesys/seed";

/** A whole migration of a hospital that tries its alarm at every step: the customer's emergency group turns the calls of both paths. */

const root = resolve(__dirname, "..");
const DRILL_MS = 2500;
let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "cutover-alarm-"));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

it("an alarm drill at every step finds every caller in the alarm's queue, whichever path the call took", {
  timeout: 560_000,
}, async () => {
  const { plan, dir } = quickEstate(join(root, "test/estates/hospital"), out);
  let calls: CallRecord[] = [];
  const onPause = async ({ moment, at, world }: Pause) => {
    if (moment !== "standing" || at.phase === "none") return;
    await world.alarm(true);
    await sleep(DRILL_MS);
    await world.alarm(false);
    await sleep(500);
    const records = await fetch(`${world.addresses.control}/calls/records?since=0`);
    calls = ((await records.json()) as { records: CallRecord[] }).records;
  };
  const options = { plan, planDir: dir, seed: 1, to: "complete" as const, callsPerSecond: 10, out };
  const run = { cli: join(root, "dist/cli.js"), deployer: embeddedDeployer, onPause };
  const silent = { steps() {}, step() {}, note() {}, calls() {}, done() {} };
  const report = await new Rehearsal({ ...options, ...run }, silent).run(new AbortController().signal);

  const { verdict, failures, lostCalls: lost } = report;
  expect({ verdict, failures, lost }).toEqual({ verdict: "pass", failures: [], lost: [] });
  expect(report.phases.map((p) => p.secondUpSteps).filter((n) => n !== 0)).toEqual([]);
  const drilled = calls.filter((c) => c.direction === "inbound" && c.queueExpected === EVACUATION && c.answered);
  const paths = drilled.map((c) => c.heard.map(parseHeard).findLast((h) => h.queue === EVACUATION)?.via);
  expect(paths.filter((p) => p === "gcv").length).toBeGreaterThan(10);
  expect(paths.filter((p) => p === "byoc").length).toBeGreaterThan(10);
});
