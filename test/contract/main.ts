import { existsSync } from "node:fs";
import { throttleCloudflare, walkCloudflare, walkRoute53 } from "./dns-apis";
import { runOctoDns, walkBoto3 } from "./dns-python";
import { askNameServers, compareResolvers } from "./dns-servers";
import { type BuiltOrganisation, meetLag, throttle, walkGenesys } from "./genesys";
import { Suite } from "./harness";
import { compareModels } from "./models";
import { callBySipp, callByTls } from "./sip";
import { compareParsers } from "./parsers";
import { callByBaresip, callByKamailio } from "./sbc";
import { meetPortFaults, walkTelnyx } from "./telnyx";
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
const has = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, existsSync(found.programs[name] ?? "")]));
const wanted = (part: string) => found.only.length === 0 || found.only.includes(part);

const suite = new Suite();
// A fault of the suite itself must not leave servers behind.
process.on("unhandledRejection", (error) => {
  console.error(error);
  void suite.end().finally(() => process.exit(1));
});
try {
  const world = await startWorld(suite, found.root, "stacks/dev", ["--world", "real-audio"]);
  let built: BuiltOrganisation | undefined;
  if (wanted("genesys") || wanted("sip")) {
    await suite.part("Genesys Cloud: purecloud-platform-client-v2", {}, async () => {
      built = await walkGenesys(suite, world);
      await compareModels(
        suite,
        { ...found, sdk: "genesys", header: 'import type { Models } from "purecloud-platform-client-v2";' },
        built.samples,
      );
    });
  }
  if (wanted("sip") && built) {
    const context = { suite, world, built, programs: found.programs };
    await suite.part("SIP: SIPp over UDP and TCP", has("sipp"), () => callBySipp(context));
    await suite.part("SIP: TLS by openssl, stunnel and SIPp", has("sipp", "stunnel4"), () => callByTls(context));
    await suite.part("SIP: Kamailio as the carrier's border controller", has("kamailio", "sipp"), () =>
      callByKamailio(context),
    );
    await suite.part("SIP: baresip with SRTP, counted by tshark", has("baresip", "tshark"), () =>
      callByBaresip(context),
    );
  }
  if (wanted("genesys")) {
    await suite.part("Genesys Cloud: rate limits", {}, () => throttle(suite));
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
  if (wanted("telnyx")) {
    await suite.part("Porting and routing: the Telnyx SDK", {}, async () => {
      const samples = await walkTelnyx(suite, world, found.root);
      await compareModels(suite, { ...found, sdk: "telnyx", header: 'import type { Telnyx } from "telnyx";' }, samples);
    });
  }
  if (wanted("genesys") || wanted("telnyx")) {
    const switches = ["genesys-read-lag=20", "genesys-publish=30", "port=split:48", "port=slip:24"];
    const odd = await startWorld(
      suite,
      found.root,
      "stacks/dev",
      switches.flatMap((name) => ["--world", name]),
    );
    await suite.part("Named switches: late reads, slow jobs, split and slipped ports", {}, async () => {
      await meetLag(suite, odd);
      await meetPortFaults(suite, odd, found.root);
    });
    await odd.stop();
  }
  if (wanted("parsers")) {
    await suite.part("SIP parsers: ours, `sip` and drachtio's, on generated messages", {}, () => compareParsers(suite));
  }
} finally {
  await suite.end();
}
for (const part of suite.notRun) console.log(`not run: ${part}`);
console.log(`\n${suite.passed} passed, ${suite.failed} failed`);
process.exitCode = suite.failed > 0 ? 1 : suite.notRun.length > 0 ? 3 : 0;
