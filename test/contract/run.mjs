#!/usr/bin/env node
/**
 * `npm run test:peers`: installs the independent clients into places of their own (test/contract/node_modules, test/contract/.venv, and
 * Debian packages where this machine has apt and we are root), then drives the sandbox with them.
 * Exit 0: all passed; 1: something failed; 2: wrong arguments; 3: nothing failed, but a part could not run.
 *
 *   --no-install      use only what is there
 *   --install-only    put everything in its place and stop
 *   --only PART       genesys, sip, carriers, dns, telnyx or parsers; may be given several times
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const PARTS = ["genesys", "sip", "carriers", "dns", "telnyx", "parsers"];

/** Program, where Debian puts it, package. */
const PROGRAMS = [
  ["sipp", "/usr/bin", "sip-tester"],
  ["stunnel4", "/usr/bin", "stunnel4"],
  ["kamailio", "/usr/sbin", "kamailio"],
  ["baresip", "/usr/bin", "baresip-core"],
  ["dig", "/usr/bin", "bind9-dnsutils"],
  ["kdig", "/usr/bin", "knot-dnsutils"],
  ["unbound", "/usr/sbin", "unbound"],
  ["tshark", "/usr/bin", "tshark"],
];
/** Packages without a program of their own. */
const MORE_PACKAGES = ["kamailio-tls-modules"];

function options() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", multiple: true, default: [] },
        "no-install": { type: "boolean", default: false },
        "install-only": { type: "boolean", default: false },
      },
    });
    if (values["no-install"] && values["install-only"])
      throw new Error("--no-install and --install-only: expected one of them");
    const unknown = values.only.find((part) => !PARTS.includes(part));
    if (unknown !== undefined) throw new Error(`--only ${unknown}: expected one of ${PARTS.join(", ")}`);
    return { only: values.only, install: !values["no-install"], installOnly: values["install-only"] };
  } catch (error) {
    console.error(`${error.message.split(". ")[0]}.`);
    process.exit(2);
  }
}

/** Runs an installer; what it said is shown only when it failed. */
function install(what, command, args, env = {}) {
  console.log(`installing ${what} ...`);
  const done = spawnSync(command, args, { cwd: here, encoding: "utf8", env: { ...process.env, ...env } });
  if (done.status === 0) return true;
  console.log(
    `  ${what} could not be installed: ${(done.stderr || done.stdout || String(done.error)).trim().split("\n").slice(-3).join(" | ")}`,
  );
  return false;
}

/** True when `place` was made from exactly this `source` file. */
const stampOf = (source) =>
  createHash("sha256")
    .update(readFileSync(join(here, source)))
    .digest("hex");
const isFresh = (place, source) => {
  const stamp = join(here, place, ".installed-from");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === stampOf(source);
};
const setFresh = (place, source) => writeFileSync(join(here, place, ".installed-from"), stampOf(source));

function npmPackages(may) {
  if (isFresh("node_modules", "package-lock.json")) return true;
  if (!may) return existsSync(join(here, "node_modules"));
  const done = install("npm packages", "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  if (done) setFresh("node_modules", "package-lock.json");
  return done;
}

function pythonPackages(may) {
  const python = join(here, ".venv", "bin", "python");
  if (!isFresh(".venv", "requirements.txt") && may) {
    const made = install("a Python venv", "python3", ["-m", "venv", ".venv"]);
    const filled =
      made && install("Python packages", python, ["-m", "pip", "install", "--quiet", "-r", "requirements.txt"]);
    if (filled) setFresh(".venv", "requirements.txt");
  }
  return isFresh(".venv", "requirements.txt") ? python : undefined;
}

function debianPackages(may) {
  const path = ([name, dir]) => join(dir, name);
  const missing = PROGRAMS.filter((program) => !existsSync(path(program))).map(([, , pkg]) => pkg);
  if (missing.length > 0 && may && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    install("Debian's package lists", "apt-get", ["update", "-qq"], env);
    install(
      "Debian packages",
      "apt-get",
      ["install", "-y", "-qq", "--no-install-recommends", ...missing, ...MORE_PACKAGES],
      env,
    );
  }
  return Object.fromEntries(
    PROGRAMS.filter((program) => existsSync(path(program))).map((program) => [program[0], path(program)]),
  );
}

const { only, install: may, installOnly } = options();
if (!installOnly && !existsSync(join(root, "dist", "cli.js"))) {
  console.error("dist/cli.js is missing: run `npm run build` first.");
  process.exit(2);
}
if (!npmPackages(may)) {
  console.log("not run: all parts (missing: npm packages)\n\n0 passed, 0 failed");
  process.exit(3);
}
const python = pythonPackages(may);
const programs = debianPackages(may);
if (installOnly) process.exit(python && Object.keys(programs).length === PROGRAMS.length ? 0 : 3);

const { build } = await import("esbuild");
const out = join(here, "node_modules", ".cache", "contract");
mkdirSync(out, { recursive: true });
const outfile = join(out, "main.mjs");
// Only our own code is bundled: the clients are loaded as they were installed.
const external = Object.keys(JSON.parse(readFileSync(join(here, "package.json"), "utf8")).dependencies);
await build({
  entryPoints: [join(here, "main.ts")],
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  outfile,
  external: external.flatMap((name) => [name, `${name}/*`]),
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
const found = JSON.stringify({ root, here, programs, python, only });
const done = spawnSync(process.execPath, ["--no-warnings", outfile, found], { stdio: "inherit" });
process.exit(done.status ?? 1);
