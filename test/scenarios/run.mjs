#!/usr/bin/env node
// Walks the stories of this directory and compares each report with what its scenario.yaml expects.
//   node test/scenarios/run.mjs [--only NAME]... [--out DIR] [--list]
//   node test/scenarios/run.mjs --random N [--seed S]     N random estates instead, walked to their end
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse, stringify } from "yaml";
import { shortfalls } from "./expect.mjs";
import { randomStories } from "./random.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
/** Wall time a single story may take. */
const STORY_MS_MAX = 560_000;
/** A canary sample that is there in seconds, as for the traps. */
const QUICK = { canary: { percent: 25, minCalls: 20 } };

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    out: { type: "string", default: join(root, "out/scenarios") },
    list: { type: "boolean" },
    random: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});

const isObject = (v) => v !== null && typeof v === "object" && !Array.isArray(v);
/** Objects are merged, everything else is replaced. */
const merge = (a, b) => {
  if (!isObject(a) || !isObject(b)) return b;
  return Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((k) => [k, k in b ? merge(a[k], b[k]) : a[k]]),
  );
};

/** The story's own estate: its own files, or the named one with what scenario.yaml changes in its plan. */
function estateOf({ scenario, files }, out) {
  const dir = join(out, "estate");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  if (files) for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text);
  else cpSync(join(root, "test/estates", scenario.estate ?? "guide"), dir, { recursive: true });
  const plan = join(dir, "plan.yaml");
  writeFileSync(plan, stringify([QUICK, scenario.plan ?? {}].reduce(merge, parse(readFileSync(plan, "utf8")))));
  return dir;
}

function walk(story) {
  const { name, scenario } = story;
  const out = resolve(values.out, name);
  const args = [
    "rehearse",
    "--plan",
    estateOf(story, out),
    "--out",
    out,
    "--calls-per-second",
    "15",
    "--hurried",
    "--json",
  ];
  for (const each of scenario.world ?? []) args.push("--world", each);
  if (scenario.to) args.push("--to", scenario.to);
  if (scenario.backFrom) args.push("--back-from", scenario.backFrom);
  if (scenario.override) args.push("--override", JSON.stringify(scenario.override));
  if (scenario.inboundMatching) args.push("--inbound-matching", scenario.inboundMatching);
  rmSync(join(out, "report.json"), { force: true });
  const child = spawnSync(process.execPath, [join(root, "dist/cli.js"), ...args], {
    cwd: root,
    encoding: "utf8",
    timeout: STORY_MS_MAX,
    maxBuffer: 1 << 28,
  });
  const file = join(out, "report.json");
  if (!existsSync(file))
    throw new Error(`no report: ${(child.stderr || child.stdout || String(child.error)).slice(-600)}`);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** A whole number of an option. Ends the process with what was expected. */
function whole(option, min) {
  const n = Number(values[option]);
  if (Number.isInteger(n) && n >= min) return n;
  console.error(`--${option} ${values[option]}: expected a whole number of at least ${min}.`);
  process.exit(2);
}

/** The stories of this directory: a folder with a scenario.yaml each. */
const stories = () =>
  readdirSync(here, { withFileTypes: true })
    .filter((d) => d.isDirectory() && existsSync(join(here, d.name, "scenario.yaml")))
    .map(({ name }) => ({ name, scenario: parse(readFileSync(join(here, name, "scenario.yaml"), "utf8")) }));

const all = values.random === undefined ? stories() : randomStories(whole("random", 1), whole("seed", 0));
const unknown = (values.only ?? []).filter((n) => all.every((s) => s.name !== n));
if (unknown.length > 0) {
  console.error(`--only ${unknown.join(", ")}: no such story; expected one of ${all.map((s) => s.name).join(", ")}.`);
  process.exit(2);
}
const asked = values.only ? all.filter((s) => values.only.includes(s.name)) : all;
if (values.list) {
  for (const { name, scenario } of asked) console.log(`${name}: ${scenario.story}`);
  process.exit(0);
}
let failed = 0;
const started = Date.now();
for (const story of asked) {
  const { name, scenario } = story;
  let short;
  let told = "";
  try {
    const report = walk(story);
    const { calls } = report;
    told = `${calls.offered} calls, ${calls.lost} lost, ${calls.byPath.failover} failover, ${report.phases.length} ups, ${report.wallSeconds} s${report.stopped ? `, stopped by ${report.stopped.policy} in ${report.stopped.in} of ${report.stopped.phase}` : ""}`;
    short = shortfalls(report, scenario.expect);
  } catch (error) {
    short = [error.message];
  }
  if (short.length > 0) failed++;
  console.log(`${short.length === 0 ? "ok  " : "FAIL"} ${name}: ${told}`);
  for (const line of short) console.log(`     ${line}`);
}
console.log(`${asked.length - failed} passed, ${failed} failed, in ${Math.round((Date.now() - started) / 1000)} s`);
process.exit(failed === 0 ? 0 : 1);
