#!/usr/bin/env node
/**
 * `npm run bench:sip`: what the sandbox carries on this machine, with the client on it too (docs/sandbox.md has the figures).
 * Exit 0: every figure reached; 1: not; 2: wrong arguments.
 *
 *   --only PART       connection, handshakes, dns or rehearsal; may be given several times (default: the first three)
 *   --seconds N       length of each load (default 10)
 *   --json            one JSON object instead of lines
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildOrganisation, NUMBER, SOURCE, TRUNK_HOST } from "./sip/organisation.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const PARTS = ["connection", "handshakes", "dns", "rehearsal"];
/** What has to be reached. */
const CONNECTION_CALLS_PER_SECOND = 1000;
const HANDSHAKE_CALLS_PER_SECOND = 200;
const DNS_ANSWERS_PER_SECOND = 10_000;
const REHEARSAL_CALLS_PER_SECOND = 100;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", multiple: true, default: [] },
        seconds: { type: "string", default: "10" },
        json: { type: "boolean", default: false },
      },
    });
    const unknown = values.only.find((part) => !PARTS.includes(part));
    if (unknown !== undefined) throw new Error(`--only ${unknown}: expected one of ${PARTS.join(", ")}`);
    const seconds = Number(values.seconds);
    if (!(seconds >= 1 && seconds <= 300)) throw new Error(`--seconds ${values.seconds}: expected 1 to 300`);
    return { ...values, seconds, only: values.only.length > 0 ? values.only : PARTS.slice(0, 3) };
  } catch (error) {
    console.error(`${error.message.split(". ")[0]}.`);
    process.exit(2);
  }
}

/** Starts a server that ends with this process, and waits for its first line. */
async function start(args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, ...env },
  });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`${args.join(" ").slice(0, 200)} ended with ${code}`)));
  });
  return { child, line, stop: () => child.kill("SIGTERM") };
}

/** Runs a client to its end. */
const client = (script, settings) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(here, "sip", script), JSON.stringify(settings)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.once("exit", (code) =>
      code === 0 ? resolve(JSON.parse(out)) : reject(new Error(`${script} ended with ${code}`)),
    );
  });

/** Processor seconds a process has used, its own threads included. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** One load, and what the server spent on it: milliseconds of processor time for each call. */
async function measured(pid, settings) {
  const before = cpuSeconds(pid);
  const result = await client("load.mjs", settings);
  return { ...result, serverCpuMsPerCall: (1000 * (cpuSeconds(pid) - before)) / result.offered };
}

/** A self-signed certificate of the same kind as the world's. */
function certificate(dir) {
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const done = spawnSync("openssl", [
    ...args,
    "-subj",
    "/CN=bare",
    "-keyout",
    join(dir, "key"),
    "-out",
    join(dir, "cert"),
  ]);
  if (done.status !== 0) throw new Error(`openssl: ${done.stderr}`);
  return { key: readFileSync(join(dir, "key"), "utf8"), cert: readFileSync(join(dir, "cert"), "utf8") };
}

const round = (value, digits = 2) => Number(value.toFixed(digits));
const wrong = (result) => (result.failed > 0 ? ` (${JSON.stringify(result.why)})` : "");

async function calls(world, bare, mode, perSecond, seconds) {
  const uri = `sip:${NUMBER}@${TRUNK_HOST}`;
  const [host, port] = world.addresses.edge.tls.split(":");
  const load = { uri, mode, perSecond, seconds, source: SOURCE, servername: TRUNK_HOST };
  // A short run beforehand: what is measured is not the compiler of the engine.
  const warm = { ...load, perSecond: perSecond / 2, seconds: 3 };
  await client("load.mjs", { ...warm, host: bare.host, port: bare.port });
  const yard = await measured(bare.child.pid, { ...load, host: bare.host, port: bare.port });
  const edge = { host, port: Number(port), ca: world.addresses.ca };
  await client("load.mjs", { ...warm, ...edge });
  const own = await measured(world.child.pid, { ...load, ...edge });
  const ratio = own.serverCpuMsPerCall / yard.serverCpuMsPerCall;
  const ok = own.failed === 0 && own.completed === own.offered && own.perSecond >= 0.98 * perSecond;
  return {
    ok,
    text:
      `${own.completed} of ${own.offered} calls at ${own.perSecond}/s completed, ${own.failed} failed${wrong(own)}; answer p50 ${own.answerMs.p50} ms, p99 ${own.answerMs.p99} ms; ` +
      `${round(own.serverCpuMsPerCall)} ms of processor a call, bare responder ${round(yard.serverCpuMsPerCall)} ms (${yard.failed} failed): ${round(ratio, 1)} times`,
    own,
    bare: yard,
    ratio: round(ratio, 1),
  };
}

async function dns(world, seconds) {
  const server = world.addresses.dns.find((each) => each.provider === "route53").address;
  const settings = { address: server, names: ["sip.guide.example"], open: 100, seconds };
  await client("dns-load.mjs", { ...settings, seconds: 2 });
  const result = await client("dns-load.mjs", settings);
  const ok = result.perSecond >= DNS_ANSWERS_PER_SECOND && result.lost === 0 && result.good === result.answered;
  return {
    ok,
    text: `${result.perSecond} answers/s over UDP, ${result.lost} lost, ${result.answered - result.good} wrong`,
    ...result,
  };
}

/** The guide's estate with a trunk that carries the load, walked whole. */
function rehearsal(dir) {
  const plan = join(dir, "estate");
  cpSync(join(root, "test/estates/guide"), plan, { recursive: true });
  const file = join(plan, "plan.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/maxConcurrentCalls: \d+/, "maxConcurrentCalls: 2000"));
  const out = join(dir, "out");
  const args = ["dist/cli.js", "rehearse", "--plan", plan, "--out", out, "--json"];
  spawnSync(process.execPath, [...args, "--calls-per-second", String(REHEARSAL_CALLS_PER_SECOND)], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
  const { calls: c } = report;
  return {
    ok: report.verdict === "pass" && c.lost === 0 && c.outbound.lost === 0,
    text: `${report.verdict}: ${c.offered} calls in ${report.wallSeconds} s (${Math.round(c.offered / report.wallSeconds)}/s over all, ${REHEARSAL_CALLS_PER_SECOND}/s asked), ${c.lost} lost, ${c.inProgressDropped} dropped, peak memory ${report.peakMemoryMb} MB${report.failures.length > 0 ? `; ${report.failures[0].slice(0, 300)}` : ""}`,
    calls: c,
    wallSeconds: report.wallSeconds,
  };
}

const { only, seconds, json } = options();
const dir = mkdtempSync(join(tmpdir(), "cutover-bench-"));
const stops = [() => rmSync(dir, { recursive: true, force: true })];
const results = {};
const told = (name, result) => {
  results[name] = result;
  if (!json) console.log(`${result.ok ? "ok  " : "FAIL"}  ${name}: ${result.text}`);
};
try {
  if (only.some((part) => part !== "rehearsal")) {
    const args = ["dist/cli.js", "sandbox", "--plan", "test/estates/guide", "--seed", "7", "--auto"];
    const world = await start(args, { CUTOVER_PLUGIN_STDIN: "1" });
    stops.push(world.stop);
    world.addresses = JSON.parse(world.line);
    await buildOrganisation(world.addresses.genesys);
    if (only.includes("dns")) told("dns", await dns(world, seconds));
    if (only.includes("connection") || only.includes("handshakes")) {
      const at = { host: "127.196.5.1", port: 5061 };
      const bare = {
        ...at,
        ...(await start([join(here, "sip", "bare.mjs"), JSON.stringify({ ...at, ...certificate(dir) })])),
      };
      stops.push(bare.stop);
      if (only.includes("connection"))
        told("connection", await calls(world, bare, "one", CONNECTION_CALLS_PER_SECOND, seconds));
      if (only.includes("handshakes"))
        told("handshakes", await calls(world, bare, "each", HANDSHAKE_CALLS_PER_SECOND, seconds));
    }
  }
  if (only.includes("rehearsal")) told("rehearsal", rehearsal(dir));
} finally {
  for (const stop of stops.reverse()) stop();
}
const failed = Object.values(results).filter((result) => !result.ok).length;
if (json) console.log(JSON.stringify(results));
else console.log(`\n${Object.keys(results).length - failed} reached, ${failed} not`);
process.exitCode = failed > 0 ? 1 : 0;
