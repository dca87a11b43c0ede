import { resolve } from "node:path";
import { Engine } from "../engine";
import type { Deployer } from "./deployer";
import { SANDBOX_CREDENTIALS } from "./stack";

/** The embedded engine behind the deployer's verbs, with the sandbox's stand-ins for the aws, cloudflare and command plug-ins. */
export async function embeddedDeployer(o: { stateDir: string; passphrase: string; stack: string }): Promise<Deployer> {
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
    sandbox: true,
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
    close: () => engine.close(),
  };
}
