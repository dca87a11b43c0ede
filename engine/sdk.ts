/**
 * Modules of Pulumi's SDK out of one file (`dist/sdk.js`, made by scripts/sdk.mjs) instead of hundreds, with the code V8 made of them
 * before. They are the same modules under the same names: whoever requires one, by whatever way, gets it.
 */
import { statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";

/** `dist/start.js` (scripts/start.cjs). */
interface Start {
  evaluate(file: string, name: string): unknown;
  load(module: NodeModule, file: string, name: string): void;
  shortLived(small: boolean): void;
}
type Wrapped = (exports: unknown, require: NodeRequire, module: NodeModule, filename: string, dirname: string) => void;
interface Sdk {
  /** Size and time of npm's list of what is installed, when the file was made. */
  lock: string;
  modules: Record<string, Wrapped>;
  resolved: Record<string, Record<string, string>>;
}
interface Internals {
  _resolveFilename(request: string, parent: NodeModule | undefined, isMain: boolean, options?: object): string;
  _extensions: Record<string, (module: NodeModule, filename: string) => void>;
}

export const start = createRequire(__filename)("./start.js") as Start;

/** A built program or pack is larger than this, bytes, and worth its own kept code; what people write by hand is not. */
const BUNDLE_BYTES_MIN = 100_000;

const root = dirname(__dirname);

/** The SDK as it was built, or undefined: nothing was built, or something else has been installed since. */
function readSdk(name: string): Sdk | undefined {
  try {
    const { size, mtimeMs } = statSync(join(root, "node_modules/.package-lock.json"));
    const sdk = start.evaluate(join(__dirname, "sdk.js"), name) as Sdk;
    return sdk.lock === `${size} ${mtimeMs}` ? sdk : undefined;
  } catch {
    return undefined;
  }
}

/** `require` of a module, as Node makes it. */
function requireOf(module: NodeModule): NodeRequire {
  const r = ((id: string) => module.require(id)) as NodeRequire;
  const { _resolveFilename: resolve } = Module as unknown as Internals;
  r.resolve = ((request: string, o?: object) => resolve(request, module, false, o)) as RequireResolve;
  r.main = require.main;
  r.cache = require.cache;
  return r;
}

/** From here on modules come out of the built files where they are in there. `name`: whose code is kept (program, pack). */
export function loadFromBuilt(name: string): void {
  const sdk = readSdk(name);
  const m = Module as unknown as Internals;
  const inside = (path: string) => (path.startsWith(root + sep) ? path.slice(root.length + 1) : "");
  const resolve = m._resolveFilename;
  if (sdk)
    m._resolveFilename = (request, parent, isMain, options) => {
      const known = options || !parent?.path ? undefined : sdk.resolved[inside(parent.path)]?.[request];
      return known === undefined ? resolve(request, parent, isMain, options) : join(root, known);
    };
  const load = m._extensions[".js"] as Internals["_extensions"][string];
  m._extensions[".js"] = (module, filename) => {
    const path = inside(filename);
    const wrapped = sdk?.modules[path];
    if (wrapped) wrapped.call(module.exports, module.exports, requireOf(module), module, filename, dirname(filename));
    else if (path && !path.startsWith("node_modules") && statSync(filename).size >= BUNDLE_BYTES_MIN)
      start.load(module, filename, name);
    else load(module, filename);
  };
}
