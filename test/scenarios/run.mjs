#!/usr/bin/env node
// Walks the stories of this directory and compares each report with what its scenario.yaml expects.
//   node test/scenarios/run.mjs [--only NAME]... [--out DIR] [--list]
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse, stringify } from "yaml";
import { shortfalls } from "./expect.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
/** Wall time a single story may take. */
const STORY_MS_MAX = 400_000;
/** A canary sample that is there in seconds, as for the traps. */
const QUICK = { canary: { percent: 25, minCalls: 20 } };

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    out: { type: "string", default: join(root, "out/scenarios") },
    list: { type: "boolean" },
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

/** The story's own estate: the named one with what scenario.yaml changes in its plan, and the folder's CSV files. */
function estateOf(name, scenario, out) {
  const dir = join(out, "estate");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  cpSync(join(root, "test/estates", scenario.estate ?? "guide"), dir, { recursive: true });
  for (const file of readdirSync(join(here, name)))
    if (file.endsWith(".csv")) cpSync(join(here, name, file), join(dir, file));
  const plan = join(dir, "plan.yaml");
  writeFileSync(plan, stringify([QUICK, scenario.plan ?? {}].reduce(merge, parse(readFileSync(plan, "utf8")))));
  return dir;
}

function walk(name, scenario) {
  const out = resolve(values.out, name);
  const args = [
    "rehearse",
    "--plan",
    estateOf(name, scenario, out),
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

const names = readdirSync(here, { withFileTypes: true })
  .filter((d) => d.isDirectory() && existsSync(join(here, d.name, "scenario.yaml")))
  .map((d) => d.name);
const unknown = (values.only ?? []).filter((n) => !names.includes(n));
if (unknown.length > 0) {
  console.error(`--only ${unknown.join(", ")}: no such story; expected one of ${names.join(", ")}.`);
  process.exit(2);
}
let failed = 0;
const asked = values.only ? names.filter((n) => values.only.includes(n)) : names;
for (const name of asked) {
  const scenario = parse(readFileSync(join(here, name, "scenario.yaml"), "utf8"));
  if (values.list) {
    console.log(`${name}: ${scenario.story}`);
    continue;
  }
  let short;
  let told = "";
  try {
    const report = walk(name, scenario);
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
if (!values.list) console.log(`${asked.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
