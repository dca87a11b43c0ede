import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run, type Suite } from "./harness";
import type { SandboxWorld } from "./world";

/** boto3 with its waiter and its paginator. */
export async function walkBoto3(suite: Suite, world: SandboxWorld, python: string, here: string): Promise<void> {
  await suite.check("boto3: zone, change, waiter, paginator, error codes", async () => {
    const { code, stdout, stderr } = await run(python, [join(here, "boto3_walk.py"), world.route53, "guide.example"]);
    assert.equal(code, 0, stderr);
    const seen = JSON.parse(stdout) as Record<string, unknown> & { names: string[] };
    assert.equal(seen.zone, "guide.example.");
    assert.deepEqual([seen.first, seen.after], ["PENDING", "INSYNC"]);
    assert.ok(seen.names.includes("boto.guide.example.") && new Set(seen.names).size >= 4, seen.names.join());
    assert.deepEqual(
      [seen.twice, seen.wrong, seen.unknown],
      ["InvalidChangeBatch", "InvalidChangeBatch", "NoSuchHostedZone"],
    );
  });
}

/** A provider as octoDNS is told of it. */
interface OctoTarget {
  name: string;
  zone: string;
  /** Lines below `providers.<name>`. */
  settings: readonly string[];
  env: Record<string, string>;
}

/** octoDNS takes the zone over, changes one TTL, and then finds nothing more to do. */
async function octodns(suite: Suite, python: string, target: OctoTarget): Promise<void> {
  const bin = dirname(python);
  const dir = join(suite.dir, `octodns-${target.name}`);
  const zones = join(dir, "zones");
  mkdirSync(zones, { recursive: true });
  writeFileSync(
    join(dir, "config.yaml"),
    `providers:
  config:
    class: octodns.provider.yaml.YamlProvider
    directory: ${zones}
    default_ttl: 3600
    enforce_order: false
  ${target.name}:
${target.settings.map((line) => `    ${line}`).join("\n")}
zones:
  ${target.zone}.:
    sources:
      - config
    targets:
      - ${target.name}
`,
  );
  const octo = async (program: string, ...args: string[]) => {
    const done = await run(join(bin, program), ["--config-file", join(dir, "config.yaml"), ...args], {
      cwd: dir,
      env: { ...process.env, ...target.env },
    });
    return { ...done, all: done.stdout + done.stderr };
  };
  const sync = (...more: string[]) => octo("octodns-sync", "--force", ...more);
  await suite.check(`octoDNS dumps ${target.zone} from ${target.name} and plans 0 changes`, async () => {
    const dump = await octo("octodns-dump", "--output-dir", zones, `${target.zone}.`, target.name);
    assert.equal(dump.code, 0, dump.all);
    const plan = await sync();
    assert.equal(plan.code, 0, plan.all);
    assert.match(plan.all, /No changes were planned/);
  });
  await suite.check(`octoDNS changes one TTL at ${target.name}, a second run finds 0 changes`, async () => {
    const file = join(zones, `${target.zone}.yaml`);
    const text = readFileSync(file, "utf8");
    assert.match(text, /\nsip:\n/, text);
    const lowered = text.replace(/(\nsip:\n(?: {2}.*\n)*? {2}ttl: )\d+/, "$1900");
    assert.notEqual(lowered, text, text);
    writeFileSync(file, lowered);
    const done = await sync("--doit");
    assert.equal(done.code, 0, done.all);
    assert.match(done.all, /1 total changes|Updates=1/, done.all);
    assert.match((await sync("--doit")).all, /No changes were planned/);
  });
}

/** octoDNS with both of its providers; the zone must be the only one of its name. */
export async function runOctoDns(
  suite: Suite,
  python: string,
  worlds: { route53: SandboxWorld; cloudflare: SandboxWorld },
): Promise<void> {
  await octodns(suite, python, {
    name: "route53",
    zone: "guide.example",
    settings: ["class: octodns_route53.Route53Provider", "access_key_id: sandbox", "secret_access_key: sandbox"],
    // The provider's constructor knows no address: botocore's own variable does it.
    env: { AWS_ENDPOINT_URL_ROUTE_53: worlds.route53.route53, AWS_DEFAULT_REGION: "us-east-1" },
  });
  await octodns(suite, python, {
    name: "cloudflare",
    zone: "meridian.example",
    settings: [
      "class: octodns_cloudflare.CloudflareProvider",
      "token: sandbox",
      `api_url: ${worlds.cloudflare.cloudflare}`,
      "pagerules: false",
      "min_ttl: 60",
    ],
    env: {},
  });
}
