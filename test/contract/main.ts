import { existsSync } from "node:fs";
import { throttleCloudflare, walkCloudflare, walkRoute53 } from "./dns-apis";
import { runOctoDns, walkBoto3 } from "./dns-python";
import { askNameServers, compareResolvers } from "./dns-servers";
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
  if (wanted("dns")) {
    await suite.part("DNS: dig and kdig at the name servers", has("dig", "kdig"), () =>
      askNameServers(suite, world, found.programs),
    );
    await suite.part("DNS: the AWS SDK at Route 53", {}, () => walkRoute53(suite, world));
    await suite.part("DNS: the Cloudflare SDK", {}, async () => {
      await walkCloudflare(suite, world, has("dig").dig ? found.programs.dig : undefined);
    });
    const guide = await startWorld(suite, found.root, "test/estates/guide");
    await suite.part("DNS: unbound beside the sandbox's resolvers", has("dig", "unbound"), () =>
      compareResolvers(suite, guide, found.programs),
    );
    const { python } = found;
    await suite.part("DNS: boto3 and octoDNS", { "Python packages": python !== undefined }, async () => {
      await walkBoto3(suite, guide, python as string, found.here);
      await runOctoDns(suite, python as string, { route53: guide, cloudflare: world });
    });
    await guide.stop();
    await suite.part("DNS: the rate limit of Cloudflare", {}, () => throttleCloudflare(suite, world));
  }
} finally {
  await suite.end();
}
for (const part of suite.notRun) console.log(`not run: ${part}`);
console.log(`\n${suite.passed} passed, ${suite.failed} failed`);
process.exitCode = suite.failed > 0 ? 1 : suite.notRun.length > 0 ? 3 : 0;
