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
import { HOLIDAY } from "../sandbox/genesys/seed";

/** A whole migration that takes calls at night after every step, and on a holiday while the ports are under way: each path is closed when the other is. */

const root = resolve(__dirname, "..");
const CALLS_MS = 2000;
const DAY_MS = 86_400_000;
let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "cutover-nights-"));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

it("calls at night hear the call route's own closed flow on both paths, before, during and after the cutover, and the holiday's on a holiday", {
  timeout: 560_000,
}, async () => {
  const { plan, dir } = quickEstate(join(root, "test/estates/hospital"), out);
  expect(plan.limits.timezone).toBe("UTC");
  let calls: CallRecord[] = [];
  const onPause = async ({ moment, at, world }: Pause) => {
    if (moment !== "standing" || at.phase === "none") return;
    const takeCalls = async (to: Date) => {
      await world.jump(to);
      await sleep(CALLS_MS);
    };
    const now = await world.now();
    const night = Math.floor(now.getTime() / DAY_MS) * DAY_MS + 23.5 * 3_600_000;
    await takeCalls(new Date(Math.max(night, now.getTime())));
    const holiday = new Date(`${HOLIDAY}T12:00:00Z`);
    if (at.phase === "porting" && (await world.now()) < holiday) await takeCalls(holiday);
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
  const heard = calls.flatMap((c) => {
    const last = c.heard.map(parseHeard).findLast((h) => h.message !== undefined);
    return c.messageExpected !== undefined && last?.message === c.messageExpected
      ? [`${last.message} ${last.via}`]
      : [];
  });
  const count = (text: string) => heard.filter((h) => h === text).length;
  for (const callRoute of ["Main line 0800", "Emergency desk"])
    for (const via of ["gcv", "byoc"])
      expect(count(`${callRoute} closed: please call again. ${via}`), `${callRoute} at night, ${via}`).toBeGreaterThan(
        3,
      );
  expect(heard.filter((h) => h.startsWith("Main line 0800 holiday: please call again.")).length).toBeGreaterThan(3);
});
