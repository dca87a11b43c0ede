import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import { Engine, type EngineOptions } from "../engine";
import type { Deployer } from "./deployer";
import { SANDBOX_CREDENTIALS } from "./stack";

/** Writes when each resource began and ended, for whoever wonders where a step's time goes. */
function tracer(file: string): (e: unknown) => void {
  return (e) => {
    const event = e as {
      resourcePreEvent?: { metadata: { urn: string; op: string } };
      resOutputsEvent?: { metadata: { urn: string; op: string } };
    };
    const at = (event.resourcePreEvent ?? event.resOutputsEvent)?.metadata;
    const kind = event.resourcePreEvent
      ? "begin"
      : event.resOutputsEvent
        ? "end"
        : Object.keys(e as object).find((k) => k.endsWith("Event"));
    appendFileSync(
      file,
      `${performance.now().toFixed(0)} ${kind} ${at ? `${at.op} ${at.urn.split("::").slice(2).join("::")}` : ""}\n`,
    );
  };
}

/** The embedded engine behind the deployer's verbs, with the sandbox's stand-ins for the aws, cloudflare and command plug-ins. */
export async function embeddedDeployer(o: {
  stateDir: string;
  passphrase: string;
  stack: string;
  /** The program with the mistake of the trap that `cutover:mistake` names, instead of the right one. */
  mistaken?: boolean;
  /** The pack's configuration; none where left out. */
  packConfig?: EngineOptions["packConfig"];
}): Promise<Deployer> {
  const projectDir = resolve(__dirname, "..");
  const engine = new Engine({
    projectDir,
    stack: o.stack,
    stateDir: o.stateDir,
    passphrase: o.passphrase,
    config: {},
    secretKeys: ["cutover:trunkPassword"],
    packs: [resolve(projectDir, "policies")],
    pluginPath: [resolve(projectDir, "sandbox/plugins")],
    env: { ...SANDBOX_CREDENTIALS },
    ...(o.packConfig ? { packConfig: o.packConfig } : {}),
    ...(o.mistaken ? { entry: "dist/mistaken-program.js" } : {}),
    sandbox: true,
    ...(process.env.CUTOVER_TRACE ? { onEvent: tracer(process.env.CUTOVER_TRACE) } : {}),
  });
  await engine.warm();
  return {
    name: "embedded",
    preview(config) {
      engine.configure(config);
      return engine.preview();
    },
    up(config) {
      engine.configure(config);
      return engine.up();
    },
    export: () => engine.export(),
    import: (deployment) => engine.import(deployment),
    close: () => engine.close(),
  };
}
