import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hostFile } from "../engine/testing";
import type { DeployResult } from "../rehearsal/deployer";
import { embeddedDeployer } from "../rehearsal/embedded";
import { quickEstate } from "../rehearsal/estate";
import type { Report } from "../rehearsal/report";
import type { Pause } from "../rehearsal/options";
import { Rehearsal } from "../rehearsal/run";
import { straightSteps, type WalkStep } from "../rehearsal/steps";
import { formatWaves } from "../model/waves";
import type { KilledUp } from "./half-applied/child";
import { pictureOf } from "./half-applied/world-picture";

/**
 * A right migration under calls. Before each of its steps the same step is begun and killed (SIGKILL of the engine) after some of its
 * changes, and the way back is taken from there: no policy may stop it, the organisation has to stand as before, the next up has to find
 * nothing to do, and no caller may have noticed. After each step its way back is begun, killed, and taken back in turn.
 * `CUTOVER_HALF_APPLIED=all` kills after every change; otherwise in the middle, and before the last.
 * `CUTOVER_HALF_APPLIED_ONLY=w1=adopted` tries the steps with that in their name, `CUTOVER_HALF_APPLIED_ESTATE=berlin` another estate.
 */

const root = resolve(__dirname, "..");
const CHILD = join(root, "dist", `half-applied-${process.pid}.js`);
const EVERY = process.env.CUTOVER_HALF_APPLIED === "all";
const ONLY = process.env.CUTOVER_HALF_APPLIED_ONLY;
const ESTATE = process.env.CUTOVER_HALF_APPLIED_ESTATE ?? "guide";
/** Wall time of the whole walk. */
const WALK_MS_MAX = EVERY ? 3_600_000 : 570_000;

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "cutover-half-"));
  const entryPoints = [join(__dirname, "half-applied/child.ts")];
  buildSync({ entryPoints, bundle: true, platform: "node", format: "cjs", packages: "external", outfile: CHILD });
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
  rmSync(CHILD, { force: true });
});

const place = (p: { phase: string; waves: Pause["at"]["waves"] }) => `${p.phase} ${formatWaves(p.waves)}`.trim();

/** After how many of its changes a step is killed: before its record moves, which is the last of them. */
function points(changes: number, back: boolean): number[] {
  if (EVERY) return Array.from({ length: changes }, (_, k) => k);
  return [...new Set([Math.floor(changes / 2), ...(back ? [] : [changes - 1])])];
}

/** Runs an up that kills itself; gives the signal that ended it, and what an up says that was not killed. */
async function killed(o: KilledUp): Promise<{ signal: string | null; said: string }> {
  const child: ChildProcess = spawn(process.execPath, [CHILD], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  child.stdout!.on("data", (data) => (said += data));
  child.stdin!.end(JSON.stringify(o));
  const signal = await new Promise<string | null>((done) => child.once("close", (_code, s) => done(s)));
  return { signal, said };
}

/** Why a run did not end well; empty when it did. */
const troubleOf = (r: DeployResult): string[] => [
  ...r.policies.violations.filter((v) => v.level === "mandatory").map((v) => `stopped by ${v.policy}: ${v.message}`),
  ...r.diagnostics.filter((d) => d.severity === "error").map((d) => d.message),
];
const PLUMBING = /^(pulumi:|cutover:)/;

interface Tried {
  step: string;
  after: number;
  of: number;
  trouble: string[];
}

/** What a way back leaves by design: numbers whose adoption has begun stay pooled and bound, and the record keeps that. */
const keptBy = (asked: WalkStep): RegExp =>
  asked.direction === "forward" && Object.values(asked.waves).includes("adopted")
    ? /^(pool |ivr .* BYOC |table Cutover record )/
    : /^$/;

const HOUR_MS = 3_600_000;
/** The desk takes up to four hours for a request. */
const DESK_HOURS_MAX = 6;

/** The picture once the carrier's desk has carried out what it was asked for: until then it tells of wishes. */
async function settled(world: Pause["world"]): Promise<string[]> {
  for (let hours = 0; ; hours++) {
    const picture = await pictureOf(world);
    if (hours === DESK_HOURS_MAX || !picture.some((line) => / pending /.test(line))) return picture;
    await world.jump(new Date((await world.now()).getTime() + HOUR_MS));
  }
}

/** Begins the step to `asked`, kills it, and asks for where the stack stands: all in which that fell short; empty when it did not. */
async function tryHalf(p: Pause, asked: WalkStep, after: number, before: string[]): Promise<string[]> {
  const stands = { ...p.at, direction: "back" } as WalkStep;
  const run = { root, stack: "dev", stateDir: join(out, "state"), passphrase: p.passphrase, hostFile: hostFile() };
  const { signal, said } = await killed({ ...run, after, config: p.config(asked) });
  if (signal !== "SIGKILL") return [`the up was not killed (${signal}): ${said.slice(0, 600)}`];
  const up = await p.deployer.up(p.config(stands));
  const trouble = troubleOf(up);
  if (trouble.length > 0) return trouble;
  const again = await p.deployer.up(p.config(stands));
  const stays = keptBy(asked);
  const left = (await settled(p.world)).filter((line) => !stays.test(line));
  const wanted = before.filter((line) => !stays.test(line));
  return [
    ...troubleOf(again),
    ...again.steps.filter((s) => s.op !== "same").map((s) => `a second up: ${s.op} ${s.name}`),
    ...left.filter((line) => !wanted.includes(line)).map((line) => `there now: ${line}`),
    ...wanted.filter((line) => !left.includes(line)).map((line) => `gone: ${line}`),
  ];
}

/** Changes of a step, its record the last of them. Deletions come after that: the step is made then. */
async function changesOf(p: Pause, asked: WalkStep): Promise<number> {
  const seen = await p.deployer.preview(p.config(asked));
  expect(troubleOf(seen)).toEqual([]);
  return seen.steps.filter((s) => !["same", "delete"].includes(s.op) && !PLUMBING.test(s.type)).length;
}

/** Tries a step at some of its changes. What one try leaves by design is no change of the next one. */
async function tryStep(p: Pause, asked: WalkStep): Promise<Tried[]> {
  const back = asked.direction === "back";
  const before = await settled(p.world);
  const tried: Tried[] = [];
  for (let i = 0; ; i++) {
    const of = await changesOf(p, asked);
    const after = points(of, back)[i];
    if (after === undefined) return tried;
    const trouble = await tryHalf(p, asked, after, before);
    tried.push({ step: `${back ? "back to " : ""}${place(asked)}`, after, of, trouble });
    console.log(JSON.stringify(tried.at(-1)));
    if (trouble.length > 0) return tried;
  }
}

/** A whole migration in which every step, and every way back, is tried where the walk stands still. */
async function walk(tried: Tried[]): Promise<Report> {
  const { plan, dir } = quickEstate(join(root, "test/estates", ESTATE), out);
  const steps = straightSteps(plan);
  const silent = { steps() {}, step() {}, note() {}, calls() {}, done() {} };
  const onPause = async (p: Pause) => {
    const wanted = (at: Pause["at"]) => !ONLY || place(at).includes(ONLY);
    const before = steps[steps.indexOf(p.next) - 2];
    if (p.at.phase === "none") return;
    if (p.moment === "ready" && wanted(p.next)) tried.push(...(await tryStep(p, p.next)));
    if (p.moment === "standing" && before && wanted(p.at))
      tried.push(...(await tryStep(p, { ...before, direction: "back" })));
  };
  const options = {
    plan,
    planDir: dir,
    seed: 1,
    to: "complete" as const,
    callsPerSecond: 10,
    out,
    steps,
    hurried: true,
  };
  const run = { cli: join(root, "dist/cli.js"), deployer: embeddedDeployer, onPause };
  return new Rehearsal({ ...options, ...run }, silent).run(new AbortController().signal);
}

it("a half-applied up is taken back without being stopped, leaves what was there before, and loses no call", {
  timeout: WALK_MS_MAX,
}, async () => {
  const tried: Tried[] = [];
  const report = await walk(tried);
  const { verdict, failures, lostCalls: lost } = report;
  const trouble = tried.filter((t) => t.trouble.length > 0);
  expect({ trouble, verdict, failures, lost }).toEqual({ trouble: [], verdict: "pass", failures: [], lost: [] });
  expect(tried.length).toBeGreaterThan(0);
});
