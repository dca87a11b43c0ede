#!/usr/bin/env node
// Bundles every program of the project with esbuild. Types are checked apart (`npm run typecheck`).
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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
// The program and the pack share one copy of the SDK with the process that loads them, so @pulumi/* stays outside.
// Plug-ins speak over sockets: everything they need is inside, which halves their start-up.
const jobs = [
  { out: "dist/cli.js", in: "cli/main.ts", external: ["@pulumi/*"] },
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
  { out: "dist/probe.js", in: "probes/main.ts" },
  ...["genesyscloud", "carrier", "gates"].map((n) => ({ out: `dist/providers/${n}.js`, in: `providers/${n}/main.ts` })),
  ...["aws", "cloudflare", "command"].map((n) => ({ out: `dist/plugins/${n}.js`, in: `sandbox/plugins/${n}/main.ts` })),
];
await Promise.all(
  jobs
    .filter((j) => existsSync(j.in))
    .map((j) =>
      build({ ...common, entryPoints: [j.in], outfile: j.out, external: j.external ?? [], footer: j.footer }),
    ),
);
