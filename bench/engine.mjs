#!/usr/bin/env node
// The embedded engine's figures, and beside them the Pulumi CLI's where one is found: `npm run bench:engine [-- --runs N] [-- --only small|estate]`.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sdkOutside } from "../scripts/bundling.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
await import("../scripts/build.mjs");
await build({
  entryPoints: ["bench/engine.ts"],
  outfile: "dist/bench-engine.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  plugins: [sdkOutside],
  logLevel: "error",
  define: { CUTOVER_VERSION: '"bench"' },
});
const args = ["dist/bench-engine.js", ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);
