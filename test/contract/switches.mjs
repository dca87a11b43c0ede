#!/usr/bin/env node
/**
 * Rehearses the guide's estate once with every named switch of the world (docs/sandbox.md). Not part of the checks of a commit: it takes
 * about two minutes a switch. Each walk must end as it is expected to, and none may lose a call on the way.
 * Exit 0: all as expected; 1: not; 2: wrong arguments.
 *
 *   --only TEXT       only the walks whose switch contains TEXT; may be given several times
 *   --list            print the walks, run nothing (a switch that no walk has is an error, always)
 *   --calls N         calls a second (default 15)
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** A walk that hangs is ended after this long. */
const WALK_MS_MAX = 390_000;

/**
 * Switches of one walk, how far it goes, and how it ends: `pass`, or `stops`: a gate, a policy or a refused request keeps it from its end,
 * with no call lost. Oddities that do not hide each other share a walk.
 */
const WALKS = [
  {
    world: ["carrier-resolver=clamp-low", "port=reverted:4", "webhooks=disordered", "quality=gcv:2:200:30"],
    to: "complete",
  },
  { world: ["carrier-resolver=stale", "port=early:6", "webhooks=lost", "edge-unlisted=silence"], to: "complete" },
  {
    world: ["port=split:48", "port=slip:24", "webhooks=doubled", "operator-late=48", "networks-learn=30"],
    to: "complete",
  },
  { world: ["port=on-demand:8", "carrier-source-change=inside:96", "genesys-ivr-numbers-per-put=50"], to: "complete" },
  { world: ["genesys-read-lag=20", "genesys-publish=60", "genesys-analytics-lag=300"], to: "complete" },
  { world: ["carrier-resolver=clamp-high", "carrier-idle=20", "route53-former-limits"], to: "canary" },
  { world: ["carrier-resolver=pinned", "real-audio"], to: "canary" },
  { world: ["quality=byoc:0.5:120:20"], to: "porting" },
  { world: ["port=rejected"], to: "complete", ends: "stops" },
  { world: ["carrier-resolver=failing"], to: "canary", ends: "stops" },
  { world: ["carrier-source-change=outside"], to: "canary", ends: "stops" },
  { world: ["quality=byoc:12:100:30"], to: "porting", ends: "stops" },
  { world: ["genesys-publish-fails=1"], to: "canary", ends: "stops" },
  { world: ["operator-forgets=*"], to: "complete", ends: "stops" },
];

/** Switches that docs/sandbox.md lists and no walk uses. */
function unused() {
  const page = readFileSync(join(root, "docs", "sandbox.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([a-z0-9-]+)(?:=[^`]*)?` \|/gm)].map((match) => match[1]);
  const used = new Set(WALKS.flatMap((each) => each.world.map((text) => text.split("=")[0])));
  return listed.filter((name) => !used.has(name));
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", multiple: true, default: [] },
        list: { type: "boolean", default: false },
        calls: { type: "string", default: "15" },
      },
    });
    if (!/^\d+$/.test(values.calls)) throw new Error(`--calls ${values.calls}: expected a whole number`);
    return values;
  } catch (error) {
    console.error(`${error.message.split(". ")[0]}.`);
    process.exit(2);
  }
}

/** Rehearses and tells how it went, in one line each. */
function walk(each, calls) {
  const out = mkdtempSync(join(tmpdir(), "cutover-switch-"));
  const args = ["dist/cli.js", "rehearse", "--plan", "test/estates/guide", "--calls-per-second", calls];
  const more = ["--to", each.to, "--out", out, "--json", ...each.world.flatMap((name) => ["--world", name])];
  const startMs = performance.now();
  const done = spawnSync(process.execPath, [...args, ...more], {
    cwd: root,
    encoding: "utf8",
    timeout: WALK_MS_MAX,
    maxBuffer: 256 << 20,
  });
  const seconds = Math.round((performance.now() - startMs) / 1000);
  try {
    return { seconds, report: JSON.parse(readFileSync(join(out, "report.json"), "utf8")), said: done.stderr.trim() };
  } catch {
    return { seconds, report: null, said: `${done.stderr.trim()}\n${String(done.error ?? "")}`.trim() };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** What of the calls went wrong, as words; empty when nothing did. */
function harm({ calls }) {
  const counts = {
    lost: calls.lost,
    "lost outbound": calls.outbound.lost,
    misrouted: calls.misrouted,
    "without audio": calls.noAudio,
    dropped: calls.inProgressDropped,
    "wrong caller id": calls.wrongCallerId,
    unrecorded: calls.unrecorded,
    "intruders accepted": calls.intrudersAccepted,
  };
  return Object.entries(counts).flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : []));
}

function verdict(each, { report, said }) {
  const wanted = each.ends ?? "pass";
  if (!report) return { ok: false, text: `no report: ${said.split("\n").slice(-6).join(" | ").slice(-900)}` };
  const last = report.phases.at(-1);
  const reached = last ? `${last.phase} ${last.waves}`.trim() : "nothing";
  const wrong = harm(report);
  const calls = `${report.calls.offered} calls${wrong.length > 0 ? `, ${wrong.join(", ")}` : ", none lost"}`;
  const why = report.failures.map((failure) => failure.slice(0, 700)).join(" | ");
  const text = `${report.verdict}, ${report.phases.length} steps to ${reached}, ${calls}${why ? `; ${why}` : ""}`;
  const ended = report.verdict === "pass" ? "pass" : "stops";
  return { ok: ended === wanted && wrong.length === 0, text };
}

const { only, list, calls } = options();
const chosen = WALKS.filter((each) => only.length === 0 || only.some((text) => each.world.join(" ").includes(text)));
for (const name of unused()) console.log(`no walk has the switch ${name}`);
if (chosen.length === 0) {
  console.error(`--only ${only.join(", ")}: no walk has such a switch.`);
  process.exit(2);
}
let wrong = unused().length;
for (const each of chosen) {
  const name = each.world.join(" ");
  if (list) {
    console.log(`${name}  to ${each.to}, ${each.ends ?? "pass"}`);
    continue;
  }
  const done = walk(each, calls);
  const { ok, text } = verdict(each, done);
  if (!ok) wrong++;
  console.log(`${ok ? "ok  " : "FAIL"}  ${name} (${done.seconds} s): ${text}`);
}
if (!list) console.log(`\n${Math.max(0, chosen.length - wrong)} passed, ${wrong} failed`);
process.exitCode = wrong > 0 ? 1 : 0;
