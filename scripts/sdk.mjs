// Puts the modules of Pulumi's SDK that every program and pack loads into one file, `dist/sdk.js`: hundreds of files to find, read and
// compile are most of the start of a program of ours. engine/sdk.ts loads them from there, under their own names.
import { fork } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, relative, sep } from "node:path";

/** npm writes it anew whenever it changes anything in node_modules. */
const LOCK = "node_modules/.package-lock.json";
/** What a host loads only once it has its orders, and our program with it. */
const LATER = [
  "@pulumi/pulumi/cmd/run/index.js",
  "@pulumi/pulumi/cmd/run/run.js",
  "@pulumi/pulumi/cmd/run-policy-pack/index.js",
  "@pulumi/pulumi/cmd/run-policy-pack/run.js",
  "minimist",
  "ini",
];
const PRELOADED = {
  program: ["@pulumi/aws/route53/record", "@pulumi/aws/route53/getZone", "@pulumi/cloudflare/dnsRecord"].concat(
    ["@pulumi/cloudflare/getZone", "@pulumi/cloudflare/getDnsRecords", "@pulumi/command/local/run"],
    ["@pulumi/aws/route53", "@pulumi/cloudflare", "@pulumi/command"],
  ),
  pack: ["@pulumi/policy"],
};

/** Files that a host has loaded when it is ready. */
function loadedBy(root, mode) {
  const preload = PRELOADED[mode].join(",");
  const host = fork(join(root, "dist/engine-host.js"), [mode, root, preload], {
    cwd: root,
    execArgv: ["--require", join(root, "scripts/list-modules.cjs")],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    host.on("message", (m) => Array.isArray(m) && resolve(m));
    host.once("exit", () => reject(new Error(`the ${mode} host ended before it was ready`)));
  }).finally(() => host.disconnect());
}

/** Requests in the text of a module, and what they are resolved to from there. */
function requestsOf(file, text) {
  const from = createRequire(file);
  const out = {};
  for (const [, , request] of text.matchAll(/\brequire\((["'])([^"'\n]+)\1\)/g)) {
    try {
      const target = from.resolve(request);
      if (isAbsolute(target)) out[request] = target;
    } catch {
      // Optional, or not meant for Node: whoever asks is told by Node.
    }
  }
  return out;
}

/**
 * Writes `dist/sdk.js`: `{ lock, modules: {<file>: function}, resolved: {<directory>: {<request>: <file>}} }`, paths relative to the
 * project. Writes nothing where node_modules is not npm's or not the project's own.
 * @param {(text: string) => string} ascii
 */
export async function writeSdk(root, ascii) {
  if (!existsSync(join(root, LOCK))) return;
  const from = createRequire(join(root, "package.json"));
  const lists = await Promise.all(["program", "pack"].map((mode) => loadedBy(root, mode)));
  const later = LATER.map((name) => from.resolve(name));
  const base = join(root, "node_modules") + sep;
  const files = [...new Set([...lists.flat(), ...later])].filter((f) => f.startsWith(base) && f.endsWith(".js"));
  const path = (f) => relative(root, f);
  const resolved = {};
  const modules = files.map((file) => {
    const text = readFileSync(file, "utf8").replace(/^#!.*/, "");
    const from = path(dirname(file));
    resolved[from] ??= {};
    for (const [request, target] of Object.entries(requestsOf(file, text))) resolved[from][request] = path(target);
    return `${JSON.stringify(path(file))}: function (exports, require, module, __filename, __dirname) {${ascii(text)}\n}`;
  });
  const { size, mtimeMs } = statSync(join(root, LOCK));
  const parts = [
    `lock: "${size} ${mtimeMs}"`,
    `modules: {\n${modules.join(",\n")}\n}`,
    `resolved: ${JSON.stringify(resolved)}`,
  ];
  writeFileSync(join(root, "dist/sdk.js"), `({ ${parts.join(",\n")} })\n`);
}
