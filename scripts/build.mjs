#!/usr/bin/env node
// Bundles every program of the project with esbuild. Types are checked apart (`npm run typecheck`).
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sdkOutside } from "./bundling.mjs";
import { writeSdk } from "./sdk.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
process.chdir(root);
const version = JSON.parse(readFileSync("package.json", "utf8")).version;
const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  logLevel: "warning",
  // No source maps: the SDK would read the program's own, megabytes of it, at every start.
  define: { CUTOVER_VERSION: JSON.stringify(version) },
  loader: { ".css": "text" },
};
/** Verbs of `cutover` that are over in seconds; the others carry a world and its calls. */
const SECONDS = ["preview", "up", "refresh", "destroy", "export", "import", "cancel"];
// The program and the pack share one copy of the SDK with the process that loads them, so @pulumi/* stays outside.
// Plug-ins speak over sockets: everything they need is inside, which halves their start-up.
const jobs = [
  { out: "dist/cli.js", in: "cli/main.ts", plugins: [sdkOutside], launch: true, verbs: SECONDS },
  { out: "dist/engine-host.js", in: "engine/host.ts", external: ["@pulumi/*"] },
  // Pulumi runs a program that is one exported function.
  {
    out: "dist/infra.js",
    in: "infra/index.ts",
    external: ["@pulumi/*"],
    footer: { js: "module.exports = module.exports.default;" },
  },
  {
    out: "dist/mistaken-program.js",
    in: "rehearsal/mistaken-program.ts",
    external: ["@pulumi/*"],
    footer: { js: "module.exports = module.exports.default;" },
  },
  { out: "dist/policies-doc.js", in: "policies/doc.ts", external: ["@pulumi/*"] },
  { out: "policies/bin/index.js", in: "policies/index.ts", external: ["@pulumi/*"] },
  { out: "sdks/genesyscloud/bin/index.js", in: "sdks/genesyscloud/src/index.ts", external: ["@pulumi/*"] },
  { out: "dist/probe.js", in: "probes/main.ts", launch: true },
  ...["genesyscloud", "carrier", "gates"].map((n) => ({
    out: `dist/providers/${n}.js`,
    in: `providers/${n}/main.ts`,
    launch: true,
  })),
  ...["aws", "cloudflare", "command"].map((n) => ({
    out: `dist/plugins/${n}.js`,
    in: `sandbox/plugins/${n}/main.ts`,
    launch: true,
  })),
];

/** Escaped, the text is one byte a character in a file and in V8. Outside of comments, strings and patterns there is none but ASCII. */
const ascii = (text) => text.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

async function bundle(job) {
  const file = job.launch ? job.out.replace(/\.js$/, ".bundle.js") : job.out;
  const result = await build({
    ...common,
    entryPoints: [job.in],
    outfile: file,
    external: job.external ?? [],
    plugins: job.plugins ?? [],
    footer: job.footer,
    write: false,
  });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, ascii(result.outputFiles[0].text));
  if (job.launch) writeFileSync(job.out, launcher(job, file));
}

/** What is started instead of the bundle: it brings the code of earlier processes along. */
function launcher({ out, verbs }, file) {
  const here = dirname(out);
  const args = [JSON.stringify(relative(here, file)), ...(verbs ? [JSON.stringify(verbs)] : [])];
  return `require("./${relative(here, "dist/start.js")}").launch(module, ${args.join(", ")});\n`;
}

rmSync("dist/cache", { recursive: true, force: true });
mkdirSync("dist", { recursive: true });
copyFileSync("scripts/start.cjs", "dist/start.js");
await Promise.all(jobs.filter((j) => existsSync(j.in)).map(bundle));
rmSync("dist/sdk.js", { force: true });
await writeSdk(root, ascii);
