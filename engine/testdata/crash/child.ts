/**
 * An engine in a process of its own, which tests kill: `child <project> <dir> <host> [{env, config} as JSON]`; each line on stdin is
 * one up's settings.
 */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Engine } from "../../engine";

const [, , projectDir, dir, hostFile, more = "{}"] = process.argv as [string, string, string, string, string, string?];
const { env = {}, config = {} } = JSON.parse(more) as { env?: Record<string, string>; config?: Record<string, string> };
const engine = new Engine({
  projectDir,
  stack: "s",
  stateDir: join(dir, "state"),
  passphrase: "demo",
  config: {},
  secretKeys: [],
  packs: [],
  pluginPath: [],
  env: { CUTOVER_TEST_LOG: join(dir, "calls.log"), CUTOVER_TEST_STEER: join(dir, "steer.json"), ...env },
  sandbox: true,
  hostFile,
});
const lines = createInterface({ input: process.stdin });
lines.on("line", (settings) => {
  engine.configure({ "scen:env": settings, ...config });
  void engine.up().then((r) => console.log(JSON.stringify(r)));
});
lines.on("close", () => void engine.close().then(() => process.exit(0)));
