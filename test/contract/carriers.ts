import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Telnyx from "telnyx";
import { FarEnd, inviteWithDigest } from "./far-end";
import { quickOrganisation } from "./genesys/quick";
import { eventually, run, type Suite } from "./harness";
import { route53Of, upsert } from "./route53";
import { type SandboxWorld, startWorld } from "./world";

const ZONE = "guide.example";
const TRUNK = "guide-primary";
const TRUNK_HOST = `${TRUNK}.byoc.use1.pure.cloud`;
/** Where the far ends listen; nobody else of any world does. */
const FAR = ["127.197.90.1", "127.197.90.2", "127.197.90.3", "127.197.90.4"] as const;

/** What the test desk says of one call. */
interface TestCall {
  code: number;
  answered: boolean;
  source: string;
  why: string;
}

/** A copy of the guide's estate with lines of plan.yaml replaced. */
export function estate(
  suite: Suite,
  root: string,
  name: string,
  changes: readonly [from: RegExp, to: string][],
): string {
  const dir = join(suite.dir, name);
  cpSync(join(root, "test/estates/guide"), dir, { recursive: true });
  const file = join(dir, "plan.yaml");
  let text = readFileSync(file, "utf8");
  for (const [from, to] of changes) {
    assert.match(text, from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
  return dir;
}

/** The guide's estate with a trunk over TCP, so that a far end needs no certificate. */
export const overTcp = (suite: Suite, root: string, name: string): string =>
  estate(suite, root, name, [[/transport: tls\n {2}tlsVersion: "1.2"\n.*\n/, "transport: tcp\n"]]);

/** Test calls by the carrier's test desk, and what it saw of them. */
export async function testCalls(world: SandboxWorld, body: Record<string, string>): Promise<TestCall[]> {
  const answer = await fetch(`${world.carrier}/test_calls`, { method: "POST", body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return ((await answer.json()) as { results: TestCall[] }).results;
}

/** Spare numbers of the carrier, which are live without a port. */
export async function spares(world: SandboxWorld, client: Telnyx): Promise<string[]> {
  const listed = await client.phoneNumbers.list({ filter: { status: "active" } } as never);
  const numbers = listed.data.map((each: { phone_number: string }) => each.phone_number);
  assert.ok(numbers.length >= 2, `spares of ${world.carrier}: ${numbers.join()}`);
  return numbers;
}

export const telnyxOf = (world: SandboxWorld) =>
  new Telnyx({ apiKey: "sandbox", baseURL: `${world.carrier}/v2`, maxRetries: 0 });

/** The gaining carrier as far ends of another make see it: retry rules, connections, source addresses. */
export async function judgeCarrier(suite: Suite, root: string): Promise<void> {
  const plan = overTcp(suite, root, "tcp");
  const switches = ["carrier-idle=60", "carrier-source-change=outside:24"];
  const more = switches.flatMap((each) => ["--world", each]);
  const world = await startWorld(suite, root, plan, more);
  const ends = FAR.slice(0, 3).map((address) => new FarEnd(address));
  try {
    await retryRules(suite, world, ends);
    await connections(suite, world, ends[1] as FarEnd);
  } finally {
    for (const end of ends) end.close();
    await world.stop();
  }
}

/** Sets a route with a first and a second host for a number, by the Telnyx SDK. */
async function route(world: SandboxWorld, client: Telnyx, number: string, hosts: readonly string[]): Promise<void> {
  const made = await client.fqdnConnections.create({
    connection_name: hosts.join("-"),
    transport_protocol: "TCP",
  } as never);
  const connection_id = made.data?.id as string;
  for (const fqdn of hosts)
    await client.fqdns.create({ connection_id, fqdn, dns_record_type: "a", port: 5060 } as never);
  const job = await client.phoneNumbers.jobs.updateBatch({ phone_numbers: [number], connection_id } as never);
  await eventually(
    async () => {
      await world.jump(30);
      return client.phoneNumbers.jobs.retrieve(job.data?.id as string);
    },
    (answer: { data?: { status?: string } }) => answer.data?.status === "completed",
  );
}

async function retryRules(suite: Suite, world: SandboxWorld, [first, second, third]: FarEnd[]): Promise<void> {
  const dns = route53Of(world);
  const zone = await dns.zone(ZONE);
  const host = (i: number) => `far${i}.${ZONE}`;
  await dns.change(
    zone,
    FAR.map((address, i) => upsert(host(i), "A", 300, [address])),
  );
  const client = telnyxOf(world);
  const [number = "", other = ""] = await spares(world, client);
  await route(world, client, number, [host(0), host(1)]);
  const call = async (manner: FarEnd["manner"]) => {
    (first as FarEnd).manner = manner;
    const before = (second as FarEnd).seen.length;
    const [result] = await testCalls(world, { number });
    return { result, retried: (second as FarEnd).seen.length - before };
  };
  await suite.check("carrier: 408, 480 and 503 let a call try the next route, which is answered", async () => {
    for (const code of [408, 480, 503]) {
      const { result, retried } = await call(code);
      assert.deepEqual([result?.code, retried], [200, 1], result?.why);
    }
  });
  await suite.check("carrier: 404, 403 and 486 end a call at the first route", async () => {
    for (const code of [404, 403, 486]) {
      const { result, retried } = await call(code);
      assert.deepEqual([result?.code, retried], [code, 0], result?.why);
    }
  });
  await suite.check(
    "carrier: a far end that says nothing, and one that is not there, let a call try the next route",
    async () => {
      const { result, retried } = await call("silence");
      assert.deepEqual([result?.code, retried], [200, 1], result?.why);
      await route(world, client, other, [host(3), host(2)]);
      const [absent] = await testCalls(world, { number: other });
      assert.deepEqual([absent?.code, third?.seen.length], [200, 1], absent?.why);
    },
  );
}

async function connections(suite: Suite, world: SandboxWorld, far: FarEnd): Promise<void> {
  const number = (await spares(world, telnyxOf(world)))[0] as string;
  const call = async (source: string) => {
    const from = far.seen.length;
    const results = await testCalls(world, { number, host: `far1.${ZONE}`, source });
    assert.ok(
      results.every((each) => each.code === 200),
      JSON.stringify(results),
    );
    return far.seen.slice(from);
  };
  await suite.check(
    "carrier: calls share a connection for each source, which does not follow DNS, until it is idle",
    async () => {
      const once = [...(await call("203.0.113.10")), ...(await call("203.0.113.10"))];
      assert.deepEqual(new Set(once.map((seen) => seen.port)).size, 1, JSON.stringify(once));
      const dns = route53Of(world);
      await dns.change(await dns.zone(ZONE), [upsert(`far1.${ZONE}`, "A", 300, [FAR[2]])]);
      assert.equal((await call("203.0.113.10"))[0]?.port, once[0]?.port);
      await dns.change(await dns.zone(ZONE), [upsert(`far1.${ZONE}`, "A", 300, [FAR[1]])]);
      // The switch's 60 seconds, far less than the 300 without it.
      await world.jump(90);
      assert.notEqual((await call("203.0.113.10"))[0]?.port, once[0]?.port);
    },
  );
  await suite.check(
    "carrier: it sends from its published addresses, and after the change from one it never published",
    async () => {
      const loopback = (addresses: string[]) => [...new Set(addresses)].sort();
      assert.deepEqual(loopback((await call("all")).map((each) => each.from)), ["127.0.113.10", "127.0.113.11"]);
      await world.jump(25 * 3600);
      assert.deepEqual(loopback((await call("all")).map((each) => each.from)), [
        "127.0.113.10",
        "127.0.113.11",
        "127.0.2.77",
      ]);
    },
  );
}

/** Certificate names as carriers check them, and the trunk's digest at the carrier's border. */
export async function judgeNames(suite: Suite, root: string): Promise<void> {
  const made = await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=nobody.example", "-keyout", join(suite.dir, "far.key"), "-out", join(suite.dir, "far.pem")],
  ]);
  assert.equal(made.code, 0, made.stderr);
  const pem = (name: string) => readFileSync(join(suite.dir, name), "utf8");
  const far = new FarEnd(FAR[3], 200, { key: pem("far.key"), cert: pem("far.pem") });
  const kinds = {
    none: { stranger: 200, customer: 200 },
    target: { stranger: 503, customer: 200 },
    // RFC 5922: the name the call started from must be on the certificate, and Genesys' has none of the customer's.
    strict: { stranger: 503, customer: 503 },
  };
  try {
    for (const [kind, expected] of Object.entries(kinds)) {
      const change = kind === "strict" ? "tlsNameCheck: strict\n  routeHost: genesys-name" : `tlsNameCheck: ${kind}`;
      const plan = estate(suite, root, `names-${kind}`, [[/tlsNameCheck: target/, change]]);
      const world = await startWorld(suite, root, plan);
      await checkNames(suite, world, kind, expected, far);
      if (kind === "target") await checkDigest(suite, world);
      await world.stop();
    }
  } finally {
    far.close();
  }
}

async function checkNames(
  suite: Suite,
  world: SandboxWorld,
  kind: string,
  expected: { stranger: number; customer: number },
  far: FarEnd,
): Promise<void> {
  const number = (await spares(world, telnyxOf(world)))[0] as string;
  await quickOrganisation(world, {
    number,
    identifier: TRUNK,
    allow: ["203.0.113.10/31"],
    properties: {
      trunk_sip_authentication_credentials_realm: "sip.carrier-domain.com",
      trunk_sip_authentication_credentials_username: "carrier_user_01",
      trunk_sip_authentication_credentials_password: "a-secret",
    },
  });
  const dns = route53Of(world);
  await dns.change(await dns.zone(ZONE), [
    upsert(`sip.${ZONE}`, "CNAME", 300, [TRUNK_HOST]),
    upsert(`stranger.${ZONE}`, "A", 300, [FAR[3]]),
  ]);
  await suite.check(
    `carrier that checks ${kind}: Genesys' name, the customer's CNAME, a stranger's certificate`,
    async () => {
      const code = async (host: string) => (await testCalls(world, { number, host }))[0];
      assert.equal((await code(TRUNK_HOST))?.code, 200);
      const customer = await code(`sip.${ZONE}`);
      assert.equal(customer?.code, expected.customer, customer?.why);
      const before = far.seen.length;
      const stranger = await code(`stranger.${ZONE}`);
      assert.equal(stranger?.code, expected.stranger, stranger?.why);
      assert.equal(far.seen.length - before, expected.stranger === 200 ? 1 : 0);
    },
  );
}

/** The organisation's trunk at the carrier: challenged, then taken with the right password, refused with a wrong one. */
async function checkDigest(suite: Suite, world: SandboxWorld): Promise<void> {
  const resolver = new Resolver();
  resolver.setServers([
    world.resolvers.find((each) => each.kind === "honest" && each.view === "public")?.address as string,
  ]);
  const [sbc] = await resolver.resolve4("sip.carrier-domain.com");
  const [number = "", caller = ""] = await spares(world, telnyxOf(world));
  const invite = (credentials?: { user: string; password: string }) =>
    inviteWithDigest({ from: "127.197.91.1", uri: `sip:+12025550199@${sbc}`, caller, credentials, waitMs: 8000 });
  assert.ok(number);
  await suite.check(
    "carrier: digest by RFC 2617, as another stack signs it: 407, then answered; 403 for a wrong password",
    async () => {
      assert.deepEqual(await invite(), [407]);
      assert.deepEqual(await invite({ user: "carrier_user_01", password: "wrong" }), [407, 403]);
      assert.deepEqual(await invite({ user: "carrier_user_01", password: "a-secret" }), [407, 200]);
    },
  );
}
