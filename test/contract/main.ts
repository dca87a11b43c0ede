import { existsSync } from "node:fs";
import { throttle, walkGenesys } from "./genesys";
import { Suite } from "./harness";
import { compareModels } from "./models";
import { startWorld } from "./world";

/** What run.mjs found or installed: a path for each program, absent when it is not there. */
interface Found {
  root: string;
  /** test/contract itself. */
  here: string;
  programs: Record<string, string>;
  /** Python of the venv with boto3 and octoDNS. */
  python?: string;
  only: string[];
}

const found = JSON.parse(process.argv[2] ?? "{}") as Found;
const has = (...names: string[]) => Object.fromEntries(names.map((name) => [name, existsSync(found.programs[name] ?? "")]));
const wanted = (part: string) => found.only.length === 0 || found.only.includes(part);

const suite = new Suite();
try {
  const world = await startWorld(suite, found.root, "stacks/dev");
  if (wanted("genesys")) {
    await suite.part("Genesys Cloud: purecloud-platform-client-v2", {}, async () => {
      const { samples } = await walkGenesys(suite, world);
      await compareModels(suite, found.root, found.here, samples);
      await throttle(suite);
    });
  }
} finally {
  await suite.end();
}
void has;
for (const part of suite.notRun) console.log(`not run: ${part}`);
console.log(`\n${suite.passed} passed, ${suite.failed} failed`);
process.exitCode = suite.failed > 0 ? 1 : suite.notRun.length > 0 ? 3 : 0;
