/** An engine in a process of its own, for tests that kill it: `child <project> <dir> <host> <settings>`. */
import { join } from "node:path";
import { Engine } from "../engine";

const [, , projectDir, dir, hostFile, env] = process.argv as [string, string, string, string, string, string];
const engine = new Engine({
  projectDir,
  stack: "s",
  stateDir: join(dir, "state"),
  passphrase: "demo",
  config: { "scen:env": env },
  secretKeys: [],
  packs: [],
  pluginPath: [],
  env: { CUTOVER_TEST_LOG: join(dir, "calls.log") },
  sandbox: true,
  hostFile,
});
void engine.up().then((r) => {
  console.log(JSON.stringify(r.changes));
  return engine.close();
});
