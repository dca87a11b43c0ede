"use strict";
/**
 * Loads built bundles with the code that V8 made of them in an earlier process (`dist/cache/`): a command of a few seconds spends much
 * of its time compiling. Node 20 has no compile cache of its own (`module.enableCompileCache` came with 22.1).
 * `scripts/build.mjs` copies this file to `dist/start.js` and puts a launcher before each bundle that is started often.
 */
const { isAscii } = require("node:buffer");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const v8 = require("node:v8");
const vm = require("node:vm");

/** Form of the files of code: a line of what they were made from, their digest, the code. */
const FORM = "cutover-code/1";
const DIGEST_BYTES = 32;
/** A process of seconds is over before V8's optimising compiler has paid for itself. */
const SHORT_LIVED = ["--interrupt-budget=500000"];
/** A heap whose young part does not grow: 85 MB instead of 110 for a program of 1,000 resources, for 3 % more processor time. */
const SMALL_HEAP = ["--semi-space-growth-factor=1"];
/** V8's own settings, which kept code is made and read under: V8 refuses code made under others. */
const USUAL = ["--interrupt-budget=67584", "--semi-space-growth-factor=2"];

/** @type {{ cache: string, script: vm.Script, stamp: string }[]} Scripts compiled from their source in this process. */
const fresh = [];
/** What differs from the usual settings in this process. */
let settings = [];

/** Only the V8 of Node 20 is known to have these flags and measures; others keep their own. */
function set(flags) {
  if (process.versions.v8.startsWith("11.3.")) for (const flag of flags) v8.setFlagsFromString(flag);
}

/** What a file was when its code was kept: another size or time is another file. */
function stampOf(file) {
  const { size, mtimeMs } = fs.statSync(file);
  return `${FORM} ${process.version} ${process.arch} ${size} ${mtimeMs}`;
}

/** Where the code of a file of this project is kept. */
const cacheOf = (file, name) =>
  path.join(__dirname, "cache", `${path.relative(path.dirname(__dirname), file).replace(/[\\/]/g, "+")}.${name}.bin`);

const digestOf = (code) => createHash("sha256").update(code).digest();

/** The code kept for a file, or undefined. V8 itself takes damaged code for what it seems to be, and runs it. */
function kept(cache, stamp) {
  let bytes;
  try {
    bytes = fs.readFileSync(cache);
  } catch {
    return undefined;
  }
  const head = Buffer.from(`${stamp}\n`);
  const code = bytes.subarray(head.length + DIGEST_BYTES);
  const digest = bytes.subarray(head.length, head.length + DIGEST_BYTES);
  return bytes.subarray(0, head.length).equals(head) && digest.equals(digestOf(code)) ? code : undefined;
}

/** Keeps the code of all scripts compiled here, functions that were called included. Where nothing can be written, nothing is kept. */
function keep() {
  if (settings.length > 0) set(USUAL);
  for (const { cache, script, stamp } of fresh.splice(0)) {
    const part = `${cache}.${process.pid}`;
    try {
      fs.mkdirSync(path.dirname(cache), { recursive: true });
      const code = script.createCachedData();
      fs.writeFileSync(part, Buffer.concat([Buffer.from(`${stamp}\n`), digestOf(code), code]));
      fs.renameSync(part, cache);
    } catch {
      // A directory that is not ours, a full disk: the next process compiles again.
      remove(part);
    }
  }
}

function remove(file) {
  try {
    fs.rmSync(file, { force: true });
  } catch {
    // It was never made.
  }
}

/**
 * Evaluates a file with the code kept for it.
 * @param {string} file of this project
 * @param {string} name whose code it is: programs call different functions of one file
 * @param {(source: string) => string} [wrap] what is evaluated instead of the source itself
 */
function evaluate(file, name, wrap = (source) => source) {
  const stamp = stampOf(file);
  const cache = cacheOf(file, name);
  const cachedData = kept(cache, stamp);
  const bytes = fs.readFileSync(file);
  const source = wrap(bytes.toString(isAscii(bytes) ? "latin1" : "utf8"));
  if (settings.length > 0) set(USUAL);
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new vm.Script(source, { filename: file, cachedData, importModuleDynamically });
  set(settings);
  if (!cachedData || script.cachedDataRejected) {
    if (fresh.length === 0) process.once("exit", keep);
    fresh.push({ cache, script, stamp });
  }
  return script.runInThisContext();
}

/**
 * Loads a bundle as the CommonJS module `module`.
 * @param {NodeJS.Module} module
 * @param {string} file
 * @param {string} name as in `evaluate`
 */
function load(module, file, name) {
  const run = evaluate(file, name, Module.wrap);
  run.call(module.exports, module.exports, Module.createRequire(file), module, file, path.dirname(file));
}

/**
 * This process is over in seconds. To be called when most is loaded: the code that Node brings of its inner modules is made under the
 * usual settings too.
 * @param {boolean} [small] it may hold thousands of resources, and is to stay small
 */
function shortLived(small = false) {
  settings = small ? [...SHORT_LIVED, ...SMALL_HEAP] : SHORT_LIVED;
  set(settings);
}

/**
 * What a launcher does. The first argument is a verb where `verbs` are given: each verb has code of its own.
 * @param {NodeJS.Module} module the launcher's
 * @param {string} bundle beside it
 * @param {string[]} [verbs] those that are over in seconds; without any, every start is
 */
function launch(module, bundle, verbs) {
  const verb = process.argv[2] ?? "";
  load(module, path.join(path.dirname(module.filename), bundle), verbs && /^[a-z]+$/.test(verb) ? verb : "any");
  if (!verbs || verbs.includes(verb)) shortLived();
}

module.exports = { evaluate, launch, load, shortLived };
