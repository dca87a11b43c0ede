import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { Engine } from "../../engine";
import type { EngineEvent } from "../../engine/result";
import { SANDBOX_CREDENTIALS } from "../../rehearsal/stack";

/**
 * One up of the real program in an engine of its own, which kills itself (SIGKILL) after a number of changes. Settings as JSON on stdin;
 * `after` is the number of changes that end before the engine dies: with 0 it dies when the first one begins.
 */
export interface KilledUp {
  root: string;
  stateDir: string;
  stack: string;
  passphrase: string;
  hostFile: string;
  config: Record<string, string>;
  after: number;
}

/** Whether an event's kind tells of a change that counts: not of a component, a provider or something that stays. */
function changing(event: EngineEvent, kind: "resourcePreEvent" | "resOutputsEvent"): boolean {
  const meta = (event[kind] as { metadata: { op: string; type: string } } | undefined)?.metadata;
  return meta !== undefined && meta.op !== "same" && !/^(pulumi:|cutover:)/.test(meta.type);
}

async function main() {
  const o = JSON.parse(await text(process.stdin)) as KilledUp;
  let left = o.after;
  const engine = new Engine({
    projectDir: o.root,
    stack: o.stack,
    stateDir: o.stateDir,
    passphrase: o.passphrase,
    config: o.config,
    secretKeys: ["cutover:trunkPassword"],
    packs: [resolve(o.root, "policies")],
    pluginPath: [resolve(o.root, "sandbox/plugins")],
    env: { ...SANDBOX_CREDENTIALS },
    hostFile: o.hostFile,
    sandbox: true,
    once: true,
    onEvent(event: EngineEvent) {
      const done = changing(event, "resOutputsEvent");
      if (done) left--;
      if (o.after === 0 ? changing(event, "resourcePreEvent") : done && left === 0)
        process.kill(process.pid, "SIGKILL");
    },
  });
  const result = await engine.up();
  process.stdout.write(JSON.stringify({ ok: result.ok, diagnostics: result.diagnostics }));
  await engine.close();
}

void main();
