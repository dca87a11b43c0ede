import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Entity, GenesysClient } from "../providers/genesyscloud/client";
import { clockFrom } from "../providers/lib/clock";
import { embeddedDeployer } from "../rehearsal/embedded";
import { quickEstate } from "../rehearsal/estate";
import type { Pause } from "../rehearsal/options";
import { Rehearsal } from "../rehearsal/run";
import { SANDBOX_CREDENTIALS } from "../rehearsal/stack";
import { pictureOf } from "./half-applied/world-picture";

/**
 * A whole migration, under calls, of call routes with other names than their flows: two of them open one flow, each in hours of its own.
 * Wherever the walk stands still, every call route of the plan has to open what it always did outside its open hours.
 */

const root = resolve(__dirname, "..");
const IVRS = "/api/v2/architect/ivrs";
let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "cutover-call-routes-"));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

const ivrsOf = async ({ world }: Pause) => (await pictureOf(world)).filter((line) => line.startsWith("ivr "));

/** Call routes by name, with what they open outside the open hours: closed, holiday, schedules. */
const hoursIn = (lines: readonly string[]) =>
  Object.fromEntries(
    lines.map((line) => {
      const [, name, flows] = /^ivr (.*?) \[.*\] (.*)$/.exec(line)!;
      return [name!, flows!.split(", ").slice(1).join(", ")];
    }),
  );

/** Somebody gives the holiday flow of one call route to another one, by hand. */
async function changeHoliday({ world }: Pause, to: string, from: string): Promise<void> {
  const { hostname: host, port } = new URL(world.addresses.genesys);
  const { signal } = new AbortController();
  const gateways = [{ protocol: "http", host, port }];
  const clock = clockFrom(world.addresses.clock);
  const client = new GenesysClient({ gateways, clock, steeredClock: true, signal, env: SANDBOX_CREDENTIALS });
  const all: Entity[] = [];
  for await (const ivr of client.list(IVRS)) all.push(ivr);
  const named = (name: string) => all.find((ivr) => ivr.name === name)!;
  const body = { ...named(to), holidayHoursFlow: named(from).holidayHoursFlow };
  await client.http.json("PUT", `${IVRS}/${named(to).id}`, { body });
}

it("call routes keep their names, flows and hours through every step, on both paths, and a change of them by hand is carried along", {
  timeout: 560_000,
}, async () => {
  const { plan, dir } = quickEstate(join(root, "test/estates/hospital"), out);
  const main = "Main line 0800 closed, Main line 0800 holiday, Main line 0800 hours";
  let desk = "Emergency desk closed, Emergency desk holiday, Emergency desk hours";
  const seen: { at: string; ivrs: string[]; hours: Record<string, string> }[] = [];
  const wanted: Record<string, string>[] = [];
  const onPause = async (p: Pause) => {
    if (p.moment !== "standing") return;
    const ivrs = await ivrsOf(p);
    seen.push({ at: p.at.phase, ivrs, hours: hoursIn(ivrs) });
    const gcv = { "Main line 0800": main, "Emergency desk": desk, Billing: "-, -, -" };
    const byoc = Object.fromEntries(Object.entries(gcv).map(([name, hours]) => [`${name} BYOC`, hours]));
    wanted.push(p.at.phase === "none" || p.at.phase === "baseline" ? gcv : { ...gcv, ...byoc });
    if (p.at.phase !== "porting") return;
    desk = "Emergency desk closed, Main line 0800 holiday, Emergency desk hours";
    // Not its closed hours: callers go by what stood before, and nights come.
    await changeHoliday(p, "Emergency desk", "Main line 0800");
  };
  const options = { plan, planDir: dir, seed: 1, to: "complete" as const, callsPerSecond: 10, out };
  const run = { cli: join(root, "dist/cli.js"), deployer: embeddedDeployer, onPause };
  const silent = { steps() {}, step() {}, note() {}, calls() {}, done() {} };
  const report = await new Rehearsal({ ...options, ...run }, silent).run(new AbortController().signal);

  const { verdict, failures, lostCalls: lost, calls } = report;
  expect({ verdict, failures, lost }).toEqual({ verdict: "pass", failures: [], lost: [] });
  expect(calls.misrouted).toBe(0);
  expect(report.phases.map((p) => p.secondUpSteps).filter((n) => n !== 0)).toEqual([]);
  expect(seen.map((s) => s.hours)).toEqual(wanted);
  expect(seen.some((s) => s.at === "cutover")).toBe(true);
  // Adopting changes nothing of a call route at all.
  expect(seen.find((s) => s.at === "baseline")!.ivrs).toEqual(seen.find((s) => s.at === "none")!.ivrs);
});
