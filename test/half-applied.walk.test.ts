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
import { type Pause, Rehearsal } from "../rehearsal/run";
import { straightSteps, type WalkStep } from "../rehearsal/steps";
import { formatWaves } from "../model/waves";
import type { KilledUp } from "./half-applied/child";
import { pictureOf } from "./half-applied/world-picture";

/**
 * A right migration under calls. Before each of its steps the same step is begun and killed (SIGKILL of the engine) after some of its
 * changes, and the way back is taken from there: no policy may stop it, the organisation has to stand as before, the next up has to find
 * nothing to do, and no caller may have noticed. After each step its way back is begun, killed, and taken back in turn.
 * `CUTOVER_HALF_APPLIED=all` kills after every single change; otherwise after the first, in the middle, and before the last.
 * `CUTOVER_HALF_APPLIED_ONLY="cutover w1=adopted"` tries one step, `CUTOVER_HALF_APPLIED_ESTATE=berlin` another estate of test/estates.
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

/** After how many of its changes a step is killed. */
function points(changes: number): number[] {
  if (EVERY) return Array.from({ length: changes }, (_, k) => k);
  return [...new Set([0, Math.floor(changes / 2), changes - 1])];
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
  const left = await pictureOf(p.world);
  return [
    ...troubleOf(again),
    ...again.steps.filter((s) => s.op !== "same").map((s) => `a second up: ${s.op} ${s.name}`),
    ...left.filter((line) => !before.includes(line)).map((line) => `there now: ${line}`),
    ...before.filter((line) => !left.includes(line)).map((line) => `gone: ${line}`),
  ];
}

/** Tries a step at some of its changes. Of a way back only what comes before its record moves: its deletions come after that. */
async function tryStep(p: Pause, asked: WalkStep): Promise<Tried[]> {
  const seen = await p.deployer.preview(p.config(asked));
  expect(troubleOf(seen)).toEqual([]);
  const back = asked.direction === "back";
  const changes = seen.steps.filter((s) => s.op !== "same" && !PLUMBING.test(s.type) && !(back && s.op === "delete"));
  const of = changes.length;
  const before = await pictureOf(p.world);
  const tried: Tried[] = [];
  for (const after of back ? points(of).filter((n) => n < of - 1) : points(of)) {
    const trouble = await tryHalf(p, asked, after, before);
    tried.push({ step: `${back ? "back to " : ""}${place(asked)}`, after, of, trouble });
    console.log(JSON.stringify(tried.at(-1)));
    if (trouble.length > 0) break;
  }
  return tried;
}

/** A whole migration in which every step, and every way back, is tried where the walk stands still. */
async function walk(tried: Tried[]): Promise<Report> {
  const { plan, dir } = quickEstate(join(root, "test/estates", ESTATE), out);
  const steps = straightSteps(plan);
  const silent = { steps() {}, step() {}, note() {}, calls() {}, done() {} };
  const onPause = async (p: Pause) => {
    const wanted = (at: Pause["at"]) => !ONLY || place(at) === ONLY;
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
  expect(tried.filter((t) => t.trouble.length > 0)).toEqual([]);
  expect(report.failures).toEqual([]);
  expect({ verdict: report.verdict, lost: report.lostCalls }).toEqual({ verdict: "pass", lost: [] });
  expect(tried.length).toBeGreaterThan(0);
});
