/**
 * The process that runs a Pulumi program or policy pack (`dist/engine-host.js <program|pack> <project dir> <sdk dir>`).
 * It loads the SDK while the engine is still busy elsewhere, then waits for its orders over IPC, so that starting a
 * program costs no loading time. The program and the SDK's own `cmd/run` and `cmd/run-policy-pack` run unchanged.
 * It ends when the IPC channel closes: a killed engine leaves no host behind.
 */
import type { Session } from "node:inspector";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import v8 from "node:v8";
import { leaveTypeScriptOut, loadHeavyModulesLate } from "./lazy";
import { quickStructs } from "../providers/lib/structs";
import { loadFromBuilt, start } from "./sdk";

interface Orders {
  /** Environment to add before anything runs. */
  env: Record<string, string>;
  /** Arguments for the SDK's entry; absent = only take over the new settings (a pack between operations). */
  args?: string[];
}

const [, , mode, dir, preload] = process.argv as [string, string, "program" | "pack", string, string];
const load = createRequire(join(dir, "package.json"));

/** The file a directory's package.json names as its entry, as Node resolves it; "" when there is none, which the SDK will tell. */
function entryOf(where: string): string {
  try {
    return load.resolve(where);
  } catch {
    return "";
  }
}

/** The settings the SDK read from the environment when it was loaded are read again. */
function refreshSettings(): void {
  const state = load("@pulumi/pulumi/runtime/state") as {
    getStore(): Record<string, unknown>;
    LocalStore: new () => Record<string, unknown>;
  };
  const store = state.getStore();
  const fresh = new state.LocalStore();
  store.settings = fresh.settings;
  store.config = fresh.config;
}

/** Debug lines cost a round trip each, several a resource; they are sent only when asked for. */
function quietDebug(): void {
  if (process.env.CUTOVER_ENGINE_DEBUG) return;
  const log = load("@pulumi/pulumi/log") as { debug: () => Promise<void> };
  log.debug = () => Promise.resolve();
}

/**
 * Errors are told by their stack. The SDK's coloured util.inspect of one goes round in Node 20 until the text is too
 * long for a string (markNodeModules, with mapped stack lines): 50 s of processor time for each error.
 */
function plainErrors(): void {
  const module = load("@pulumi/pulumi/cmd/run/error") as { defaultErrorMessage(e: unknown): string };
  const original = module.defaultErrorMessage;
  module.defaultErrorMessage = (e) => {
    const stack = (e as Error | undefined)?.stack;
    return typeof stack === "string" && stack !== "" ? stack : original(e);
  };
}

/**
 * The SDK maps every stack trace it takes, several a resource, through the source maps of its own files: a fifth of a run's processor
 * time, for positions nobody reads. A TypeScript program's own loader brings its own mapping.
 */
function plainStacks(): void {
  const file = createRequire(load.resolve("@pulumi/pulumi")).resolve("source-map-support/register");
  const stub = new Module(file);
  stub.loaded = true;
  require.cache[file] = stub as NodeJS.Module;
}

const NATIVES = "--allow-natives-syntax";

/**
 * A module of the SDK's sets a flag of V8's when it is loaded, for whoever serialises functions. V8 refuses all code kept under other
 * flags, that of Node's inner modules included, so the flag waits for the first function that is serialised.
 */
function withoutNatives<T>(load: () => T): T {
  const set = v8.setFlagsFromString;
  v8.setFlagsFromString = (flags) => flags !== NATIVES && set(flags);
  try {
    return load();
  } finally {
    v8.setFlagsFromString = set;
  }
}

/**
 * The SDK starts V8's debugger with every program, which slows all of it, to be able to serialise functions. Here it starts when the
 * first function is serialised; the listener is there before it, so that scripts parsed until then are known too.
 */
function lateDebugger(): void {
  const hooks = withoutNatives(() => load("@pulumi/pulumi/runtime/closure/v8Hooks")) as Record<string, unknown>;
  const urls = new Map<string, string>();
  let session: Promise<Session> | undefined;
  hooks.isInitializedAsync = () => Promise.resolve();
  hooks.getScriptUrl = (id: string) => urls.get(id);
  hooks.getSessionAsync = () => {
    session ??= import("node:inspector").then(
      ({ Session }) =>
        new Promise<Session>((resolve, reject) => {
          const fresh = new Session();
          v8.setFlagsFromString(NATIVES);
          fresh.connect();
          fresh.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
          fresh.post("Debugger.enable", (error) => (error ? reject(error) : resolve(fresh)));
        }),
    );
    return session;
  };
}

/**
 * The SDK writes out a stack trace for each promise, for a report of leaked ones that only PULUMI_DEBUG_PROMISE_LEAKS shows in full, and
 * one for each resource, for a position in the source that this engine does not keep: a third of the time of a large program.
 */
function fewerStacks(): void {
  const { Resource } = load("@pulumi/pulumi/resource") as { Resource: { callsites(): object[] } };
  Resource.callsites = () => [];
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
  const module = load("@pulumi/pulumi/runtime/debuggable") as { debuggablePromise<P>(p: P, context: unknown): P };
  const original = module.debuggablePromise;
  module.debuggablePromise = (p, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return original(p, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

function take(orders: Orders): void {
  Object.assign(process.env, orders.env);
  refreshSettings();
  if (!orders.args) {
    process.send?.("taken");
    return;
  }
  // The open channel must not keep a program alive that is done.
  process.channel?.unref();
  process.argv = [process.argv[0] as string, "", ...orders.args];
  const entry = mode === "program" ? "@pulumi/pulumi/cmd/run" : "@pulumi/pulumi/cmd/run-policy-pack";
  process.argv[1] = load.resolve(entry);
  load(entry);
}

process.on("disconnect", () => process.exit(1));
// A pack's end is a signal: without this it would keep no code.
if (mode === "pack") process.once("SIGTERM", () => process.exit(0));
process.on("message", (m) => take(m as Orders));

// Compiled code is kept between processes where Node can (>= 22.1).
(Module as unknown as { enableCompileCache?: () => void }).enableCompileCache?.();
loadFromBuilt(mode);
loadHeavyModulesLate();
if (mode === "pack" && !/\.[cm]?tsx?$/.test(entryOf(dir))) leaveTypeScriptOut();
plainStacks();
load("@pulumi/pulumi");
load("@pulumi/pulumi/runtime/state");
for (const name of (preload ?? "").split(",").filter(Boolean)) {
  try {
    load(name);
  } catch {
    // The program will meet the same error and tell it better.
  }
}
if (mode === "program") {
  // What cmd/run does first in any case.
  // (cmd/run/run itself cannot be loaded ahead: it loads cmd/run, which starts at once.)
  for (const part of ["cmd/run/instrumentation", "cmd/run/tracing", "tsutils", "runtime/manifest", "runtime/stack"]) {
    load(`@pulumi/pulumi/${part}`);
  }
}
quickStructs(createRequire(load.resolve("@pulumi/pulumi"))("google-protobuf/google/protobuf/struct_pb"));
lateDebugger();
quietDebug();
plainErrors();
fewerStacks();
start.shortLived(mode === "program");
process.send?.("ready");
