import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { SWITCHES } from "../../sandbox/switches";
import { callFlow } from "./architect";
import { callFrontFlow } from "./architect-front";
import { judgeCarrier, judgeNames } from "./carriers";
import { judgeResolverKinds, judgeSourcesInside } from "./carriers-switched";
import { throttleCloudflare, walkCloudflare, walkRoute53 } from "./dns-apis";
import { runOctoDns, walkBoto3 } from "./dns-python";
import { compareResolvers, RESOLVER_FAULTS } from "./dns-resolvers";
import { askNameServers } from "./dns-servers";
import { type BuiltOrganisation, logIn } from "./genesys/api";
import { compareFacts, compareFields } from "./genesys/fields";
import { lives } from "./genesys/lifecycle";
import { meetLag, throttle } from "./genesys/oddities";
import { walkByPython } from "./genesys/python";
import { walkGenesys } from "./genesys/walk";
import { Suite } from "./harness";
import { compareModels } from "./models";
import { callBySipp, callByTls } from "./sip";
import { compareParsers } from "./parsers";
import { BAD_WORLD, callByBaresip, meetBadPath } from "./phone";
import { meetPortFaults, meetWebhooks, PORT_SWITCHES } from "./porting";
import { callByKamailio } from "./sbc";
import { meetSwitched, SLOW_SWITCHES } from "./switched";
import { walkTelnyx } from "./telnyx";
import { type SandboxWorld, startWorld } from "./world";

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
/** What several parts share. */
interface Peers {
  world: SandboxWorld;
  built?: BuiltOrganisation;
}

/** Kinds that are what a world does without their switch. */
const DEFAULTS: readonly string[] = ["carrier-resolver=honest", "edge-unlisted=403", "webhooks=ordered"];
const GENESYS_MODELS = 'import type { Models } from "purecloud-platform-client-v2";';
const switched = (names: readonly string[]) => names.flatMap((name) => ["--world", name]);
const { python } = found;
const hasPython = { "Python packages": python !== undefined };

async function genesysParts(peers: Peers): Promise<void> {
  if (!wanted("genesys") && !wanted("sip")) return;
  await suite.part("Genesys Cloud: purecloud-platform-client-v2", {}, async () => {
    peers.built = await walkGenesys(suite, peers.world);
    await compareModels(suite, { ...found, sdk: "genesys", header: GENESYS_MODELS }, peers.built.samples);
    await compareFacts(suite, peers.world, found.here, peers.built.samples);
  });
  if (wanted("genesys"))
    await suite.part("Genesys Cloud: the life of every resource of the program", {}, async () => {
      await lives(suite);
      await logIn();
    });
}

async function sipParts({ world, built }: Peers): Promise<void> {
  if (!wanted("sip") || !built) return;
  const { programs } = found;
  const context = { suite, world, built, programs };
  await suite.part("SIP: SIPp over UDP and TCP", has("sipp"), () => callBySipp(context));
  await suite.part("Architect: flows that SIPp calls", has("sipp"), () => callFlow(context));
  await suite.part("SIP: TLS by openssl, stunnel and SIPp", has("sipp", "stunnel4"), () => callByTls(context));
  await suite.part("SIP: Kamailio as the carrier's border controller", has("kamailio", "sipp"), () =>
    callByKamailio(context),
  );
  await suite.part("SIP: baresip with SRTP, counted by tshark", has("baresip", "tshark"), () => callByBaresip(context));
  const guide = await startWorld(suite, found.root, "test/estates/guide");
  await suite.part("Architect: the project's own front flow, called by SIPp", has("sipp"), () =>
    callFrontFlow({ suite, world: guide, programs }),
  );
  await guide.stop();
  const bad = await startWorld(suite, found.root, "test/estates/guide", switched(BAD_WORLD));
  await suite.part("SIP: a bad path, late records, a silent edge", has("baresip", "tshark", "sipp"), () =>
    meetBadPath({ suite, world: bad, programs }).then(async (samples) => {
      await compareModels(suite, { ...found, sdk: "genesys-calls", header: GENESYS_MODELS }, samples);
      await compareFields(suite, found.here, samples, 3);
    }),
  );
  await bad.stop();
}

async function carrierParts(): Promise<void> {
  if (!wanted("carriers")) return;
  await suite.part("Carriers: retries, connections and addresses, seen by the package `sip`", {}, () =>
    judgeCarrier(suite, found.root),
  );
  await suite.part("Carriers: certificate names and digest", {}, () => judgeNames(suite, found.root));
  await suite.part("Named switches: the carrier's resolver and source addresses", {}, async () => {
    await judgeResolverKinds(suite, found.root);
    await judgeSourcesInside(suite, found.root);
  });
}

async function pythonParts({ world }: Peers): Promise<void> {
  if (!wanted("genesys")) return;
  await suite.part("Genesys Cloud: PureCloudPlatformClientV2 of PyPI", hasPython, () =>
    walkByPython(suite, world, python as string, found.here),
  );
}

async function dnsParts({ world }: Peers): Promise<void> {
  if (!wanted("dns")) return;
  const { programs } = found;
  await suite.part("DNS: dig and kdig at the name servers", has("dig", "kdig"), () =>
    askNameServers(suite, world, programs),
  );
  await suite.part("DNS: the AWS SDK at Route 53", {}, () =>
    walkRoute53(suite, world, has("dig").dig ? programs.dig : undefined),
  );
  await suite.part("DNS: the Cloudflare SDK", {}, async () => {
    await walkCloudflare(suite, world, has("dig").dig ? programs.dig : undefined);
  });
  const guide = await startWorld(suite, found.root, "test/estates/guide", ["--faults", RESOLVER_FAULTS]);
  await suite.part("DNS: unbound beside the sandbox's resolvers", has("dig", "unbound"), () =>
    compareResolvers(suite, guide, programs),
  );
  await suite.part("DNS: boto3 and octoDNS", hasPython, async () => {
    await walkBoto3(suite, guide, python as string, found.here);
    await runOctoDns(suite, python as string, { route53: guide, cloudflare: world });
  });
  await guide.stop();
  await suite.part("DNS: the rate limit of Cloudflare", {}, () => throttleCloudflare(suite, world));
}

async function portingParts({ world }: Peers): Promise<void> {
  if (!wanted("telnyx")) return;
  await suite.part("Porting and routing: the Telnyx SDK", {}, async () => {
    const samples = await walkTelnyx(suite, world, found.root);
    await compareModels(suite, { ...found, sdk: "telnyx", header: 'import type { Telnyx } from "telnyx";' }, samples);
  });
  await suite.part("Named switches: webhooks", {}, () => meetWebhooks(suite, found.root));
}

async function oddParts(): Promise<void> {
  if (!wanted("genesys") && !wanted("telnyx")) return;
  const switches = ["genesys-read-lag=20", "genesys-publish=30", "genesys-publish-fails=1", ...PORT_SWITCHES];
  const odd = await startWorld(suite, found.root, "stacks/dev", switched(switches));
  await suite.part("Named switches: late reads, slow and failing jobs, ports that go other ways", {}, async () => {
    await meetLag(suite, odd);
    await meetPortFaults(suite, odd, found.root);
  });
  await odd.stop();
  for (const on of [true, false]) {
    const world = await startWorld(suite, found.root, "test/estates/guide", on ? switched(SLOW_SWITCHES) : []);
    const { programs } = found;
    await suite.part(`Named switches ${on ? "on" : "off"}: limits, quality of GCV, people, networks`, {}, () =>
      meetSwitched({ suite, world, programs, on, sipp: has("sipp").sipp === true }),
    );
    await world.stop();
  }
}

/** Every switch that docs/sandbox.md lists, and every kind of it, was on in some world of this run. */
async function everySwitch(): Promise<void> {
  const all = Object.entries(SWITCHES).flatMap(([name, { value }]) => {
    const kinds = (/^[^:[]*/.exec(value ?? "")?.[0] ?? "").split("|").filter((kind) => /^[a-z0-9-]+$/.test(kind));
    return kinds.length > 0 ? kinds.map((kind) => `${name}=${kind}`) : [name];
  });
  await suite.part("Named switches: all of them", {}, () =>
    suite.check(`each of ${all.length} switches and kinds was on in a world above`, () => {
      const isOn = (wanted: string) =>
        [...suite.switches].some(
          (text) => text === wanted || [":", "="].some((sign) => text.startsWith(wanted + sign)),
        );
      const missing = all.filter((each) => !isOn(each) && !DEFAULTS.includes(each));
      assert.deepEqual(missing, []);
    }),
  );
}

try {
  const peers: Peers = { world: await startWorld(suite, found.root, "stacks/dev", switched(["real-audio"])) };
  await genesysParts(peers);
  await sipParts(peers);
  // Mostly waiting: these go on beside what follows. The JavaScript SDK has one client for all, which is the carriers' until they are done.
  const carriers = suite.beside(carrierParts);
  const byPython = suite.beside(() => pythonParts(peers));
  await dnsParts(peers);
  // The ports move the clock by weeks, and log-ins last a day.
  await byPython;
  await portingParts(peers);
  await carriers;
  if (wanted("genesys")) await suite.part("Genesys Cloud: rate limits", {}, () => throttle(suite, peers.world));
  await oddParts();
  if (found.only.length === 0 && suite.notRun.length === 0) await everySwitch();
  if (wanted("parsers"))
    await suite.part("SIP parsers: ours, `sip` and drachtio's, on generated messages", {}, () => compareParsers(suite));
} finally {
  await suite.end();
}
for (const part of suite.notRun) console.log(`not run: ${part}`);
console.log(`\n${suite.passed} passed, ${suite.failed} failed`);
process.exitCode = suite.failed > 0 ? 1 : suite.notRun.length > 0 ? 3 : 0;
