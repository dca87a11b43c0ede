#!/usr/bin/env node
// Builds the product, then test/conformance into dist/, and runs it with the arguments given.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sdkOutside } from "./bundling.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
await import("./build.mjs");
await build({
  entryPoints: ["test/conformance/main.ts"],
  outfile: "dist/conformance.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["esbuild"],
  plugins: [sdkOutside],
  logLevel: "error",
  define: { CUTOVER_VERSION: JSON.stringify(JSON.parse(readFileSync("package.json", "utf8")).version) },
});
process.exit(
  spawnSync(process.execPath, ["dist/conformance.js", ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1,
);
