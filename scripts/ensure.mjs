#!/usr/bin/env node
// prestart/pretest: installs what is missing, builds what is stale, says nothing when there is nothing to do.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
const mtime = (f) => (existsSync(f) ? statSync(f).mtimeMs : 0);
const newest = (dir) =>
  readdirSync(dir, { withFileTypes: true }).reduce((m, e) => {
    if (e.name === "node_modules" || e.name === "bin") return m;
    const f = join(dir, e.name);
    return Math.max(m, e.isDirectory() ? newest(f) : statSync(f).mtimeMs);
  }, 0);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: Cutover needs 20.19 or later.`);
  process.exit(2);
}
if (mtime("node_modules/.package-lock.json") < mtime("package-lock.json")) {
  console.error("Installing dependencies (npm ci) ...");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { stdio: ["ignore", 2, 2] });
} else {
  const rooms = [
    "model",
    "infra",
    "policies",
    "probes",
    "providers",
    "sdks",
    "sandbox",
    "engine",
    "rehearsal",
    "cli",
    "daily",
    "scripts",
  ];
  if (Math.max(...rooms.filter(existsSync).map(newest)) > mtime("dist/cli.js")) {
    execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: ["ignore", 2, 2] });
  }
}
