#!/usr/bin/env node
/**
 * `.ci/run`: the whole check, on a clean clone. Installs and builds, then types, format, tests, independent clients, three rehearsals, a right
 * migration broken off at every step, a part of the traps, and the reports in a browser; two of them at once, each with a limit of time and a log
 * in out/check. Ends with `N passed, N failed`. Exit 0: all passed; 1: something failed; 128 + n: ended by signal n, with all it had started.
 */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Check, endWithSignals, lastCounts, vitestCounts } from "./check/run.mjs";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const OUT = "out/check";
/** Parts that are run at once. */
const PLACES = 2;
/** Walks have real calls in real time, and each uses more than one process: two of them beside each other miss SIP's timers on a slow machine. */
const CALLS = "calls";

const npm = (...args) => ["npm", ...args];

/** A part of the tests, by vitest's own report. @param {string} name @param {number} limitSeconds @param {string[]} command */
function tests(name, limitSeconds, ...command) {
  const file = `${OUT}/${name.replaceAll(" ", "-")}.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${file}`];
  return { name, command: npm(...command, "--silent", "--", ...reporters), limitSeconds, counts: vitestCounts(file) };
}

const rehearsal = (name, ...args) => ({
  name,
  command: npm("start", "--silent", "--", ...args),
  limitSeconds: 600,
  kind: CALLS,
});
/** Exit code of a part in which nothing failed, but which could not do all here; its log says what. */
const NOT_ALL_HERE = 3;

const INSTALL = { name: "npm ci and build", command: npm("ci", "--no-audit", "--no-fund"), limitSeconds: 600 };
/** Of those that may begin the first one does: the walks one after the other, and beside them what has none. */
const PARTS = [
  // Two at once by itself.
  { ...tests("npm test", 1800, "test"), places: PLACES },
  // Comes over the network, while the processor is used.
  {
    name: "what the independent clients need",
    command: npm("run", "--silent", "test:peers", "--", "--install-only"),
    limitSeconds: 600,
    places: 0,
    well: [0, NOT_ALL_HERE],
  },
  rehearsal("rehearsal of meridian"),
  {
    name: "contract tests with independent clients",
    command: npm("run", "--silent", "test:peers"),
    limitSeconds: 900,
    after: ["what the independent clients need"],
    well: [0, NOT_ALL_HERE],
    counts: lastCounts,
  },
  { ...tests("half-applied", 900, "run", "test:half-applied"), kind: CALLS },
  // The smallest estate: the one walk that goes beside another.
  {
    ...rehearsal("rehearsal of the guide's own example", "--plan", "test/estates/guide", "--out", "out/guide"),
    kind: undefined,
  },
  { name: "types", command: npm("run", "--silent", "typecheck"), limitSeconds: 300 },
  { name: "lint", command: npm("run", "--silent", "lint"), limitSeconds: 120 },
  rehearsal("rehearsal of meridian, inbound matching by pool", "--inbound-matching", "by-pool", "--out", "out/by-pool"),
  // Two at once by itself.
  {
    name: "traps up to the parallel phase, with their policies and without",
    command: npm("run", "--silent", "traps:ci", "--", "--out", "out/traps-ci"),
    limitSeconds: 600,
    places: PLACES,
  },
  {
    name: "reports in a browser",
    command: npm("run", "--silent", "test:browser"),
    limitSeconds: 300,
    after: [
      "rehearsal of meridian",
      "rehearsal of meridian, inbound matching by pool",
      "rehearsal of the guide's own example",
    ],
    well: [0, NOT_ALL_HERE],
    counts: lastCounts,
  },
];

rmSync(OUT, { recursive: true, force: true });
const check = new Check({ dir: OUT, places: PLACES });
endWithSignals(check);

const installed = await check.run([INSTALL]);
const { passed, failed } = installed.failed > 0 ? installed : await check.run(PARTS);
for (const part of check.over) console.log(`${String(part.seconds).padStart(5)} s  ${part.name}`);
console.log(`${String(check.seconds()).padStart(5)} s  in all`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
