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
/** Walks have real calls in real time: with more than two beside each other on two processors, SIP's timers are missed. */
const PLACES = 2;

const npm = (...args) => ["npm", ...args];

/** A part of the tests. @param {string} name @param {number} limitSeconds @param {string[]} which */
function tests(name, limitSeconds, ...which) {
  const file = `${OUT}/${name.replaceAll(" ", "-")}.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${file}`];
  const command = [process.execPath, "node_modules/vitest/vitest.mjs", "run", ...which, ...reporters];
  return { name, command, limitSeconds, counts: vitestCounts(file) };
}

const walk = (name, file) => tests(name, 600, "--project", "walks", `test/walks/${file}.test.ts`);
const rooms = tests("tests of the rooms", 1200, "--project", "rooms");

const rehearsal = (name, ...args) => ({
  name,
  command: [process.execPath, "dist/cli.js", "rehearse", ...args],
  limitSeconds: 600,
});
/** Exit code of a part in which nothing failed, but which could not do all here; its log says what. */
const NOT_ALL_HERE = 3;

const INSTALL = { name: "npm ci and build", command: npm("ci", "--no-audit", "--no-fund"), limitSeconds: 600 };
/** Of those that may begin the first one does. What works beside what waits; the long ones before the short ones. */
const PARTS = [
  // Two processes of their own: whatever has calls comes before them.
  { ...rooms, command: ["nice", "-n", "5", ...rooms.command] },
  // Comes over the network, while the processor is used.
  {
    name: "what the independent clients need",
    command: npm("run", "--silent", "test:peers", "--", "--install-only"),
    limitSeconds: 600,
    places: 0,
    well: [0, NOT_ALL_HERE],
  },
  {
    name: "contract tests with independent clients",
    command: npm("run", "--silent", "test:peers"),
    limitSeconds: 900,
    after: ["what the independent clients need"],
    well: [0, NOT_ALL_HERE],
    counts: lastCounts,
  },
  { name: "types", command: npm("run", "--silent", "typecheck"), limitSeconds: 300 },
  { name: "lint", command: npm("run", "--silent", "lint"), limitSeconds: 120 },
  walk("how a rehearsal ends", "ends"),
  tests("half-applied", 900, "--project", "long-walks", "test/half-applied.walk.test.ts"),
  {
    name: "traps up to the parallel phase, with their policies and without",
    command: npm("run", "--silent", "traps:ci", "--", "--at-once", "1", "--out", "out/traps-ci"),
    limitSeconds: 600,
  },
  { name: "rehearsal of meridian", command: npm("start", "--silent"), limitSeconds: 600 },
  rehearsal("rehearsal of meridian, inbound matching by pool", "--inbound-matching", "by-pool", "--out", "out/by-pool"),
  walk("rehearsal of berlin", "berlin"),
  walk("rehearsal of osaka", "osaka"),
  rehearsal("rehearsal of the guide's own example", "--plan", "test/estates/guide", "--out", "out/guide"),
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
