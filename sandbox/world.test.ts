import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPlan } from "../model/plan";
import { trunkHost } from "../model/regions";
import type { NumberRange, Plan } from "../model/types";
import type { CallRecord } from "./carriers";
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from "./genesys";
import type { TestCallResult } from "./porting";
import { onLoopback } from "./telephony";
import { createWorld, type World } from "./world";

const GUIDE = join(__dirname, "../test/estates/guide");
const HOUR = 3600;

let plan: Plan;
let desk: string;
let world: World;

beforeAll(() => {
  plan = loadPlan(GUIDE);
});

async function start(seed: number): Promise<void> {
  desk = mkdtempSync(join(tmpdir(), "cutover-world-"));
  world = await createWorld({ plan, seed, mode: "auto", desk });
}

async function end(): Promise<void> {
  await world.close();
  rmSync(desk, { recursive: true, force: true });
}

/** Handles that sockets and servers hold. */
const resources = () => process.getActiveResourcesInfo().filter((name) => /UDP|TCP|TLS/.test(name)).length;

async function load(seconds: number, more = {}): Promise<CallRecord[]> {
  const { next } = world.callers.records(Number.MAX_SAFE_INTEGER);
  world.callers.start({
    perSecond: 25,
    talkMs: 300,
    mediaShare: 0.2,
    outboundPerSecond: 3,
    intruderPerSecond: 3,
    ...more,
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  world.callers.stop();
  await world.callers.drain();
  return world.callers.records(next).records;
}

/** Every call that was not given up by its caller reached its own queue, with sound both ways and the right caller id. */
function expectAllAnswered(records: CallRecord[], via: "gcv" | "byoc" | "any"): void {
  const inbound = records.filter((r) => r.direction === "inbound");
  for (const r of inbound.filter((each) => each.code !== 487)) {
    expect(r, `${r.number}: ${r.code} ${r.why}`).toMatchObject({ code: 200, answered: true, endedBy: "caller" });
    const heard = r.heard.at(-1) ?? "";
    expect(heard).toContain(`queue="${r.queueExpected}"`);
    expect(heard).toContain(`ani="${r.from}"`);
    expect(heard).toContain("recorded=1");
    if (via !== "any") expect(heard).toContain(`via=${via}`);
    if (r.media) expect(Math.min(r.media.received, r.media.farReceived), JSON.stringify(r.media)).toBeGreaterThan(0);
  }
  for (const r of records.filter((each) => each.direction === "outbound"))
    expect(r, r.why).toMatchObject({ code: 200, answered: true });
  for (const r of records.filter((each) => each.direction === "intruder")) expect(r.answered).toBe(false);
}

describe("the world of the guide's estate, before anything was changed", () => {
  let before: number;
  beforeAll(async () => {
    // The first world loads what stays loaded.
    await start(7);
    await end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    before = resources();
    await start(7);
  });

  it("answers all calls by the right queue over GCV", async () => {
    const records = await load(3);
    expect(records.filter((r) => r.direction === "inbound").length).toBeGreaterThan(50);
    expect(records.some((r) => r.media)).toBe(true);
    expect(records.some((r) => r.direction === "outbound") && records.some((r) => r.direction === "intruder")).toBe(
      true,
    );
    expectAllAnswered(records, "gcv");
    expect(new Set(records.filter((r) => r.direction === "inbound").map((r) => r.carrier))).toEqual(
      new Set(["losing"]),
    );
  });

  it("leaves no handle when closed", async () => {
    await end();
    await expect.poll(resources, { timeout: 2000 }).toBeLessThanOrEqual(before);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: bodies of an API that is tested elsewhere
type Json = any;

/** The organisation's API, as a client uses it: a token lasts a day of world time, so each request takes its own. */
async function api(method: string, path: string, body?: unknown): Promise<Json> {
  const { genesys: base } = world.addresses();
  const basic = Buffer.from(`${SANDBOX_CLIENT_ID}:${SANDBOX_CLIENT_SECRET}`).toString("base64");
  const grant = new URLSearchParams({ grant_type: "client_credentials" });
  const login = await fetch(`${base}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${basic}` },
    body: grant,
  });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const reply = await fetch(`${base}/api/v2${path}`, {
    method,
    headers,
    body: body ? JSON.stringify(body) : undefined,
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** BYOC trunk and site, shadow number pooled, bound and routed outbound: what phase `parallel` makes, without the front flow. */
async function buildByoc(shadow: string): Promise<string> {
  const edges = "/telephony/providers/edges";
  const [home] = (await api("GET", `${edges}/sites?name=${encodeURIComponent(plan.numbers[0]!.site)}`)).entities;
  const site = await api("POST", `${edges}/sites`, {
    name: "BYOC",
    mediaModel: "Cloud",
    location: { id: home.location.id },
  });
  const values = {
    trunk_type: "external.pcv.byoc.carrier",
    trunk_enabled: true,
    trunk_sip_termination_uri: plan.trunk.terminationId,
    trunk_transport_protocolVariant: "TLS",
    trunk_transport_serverProxyList: [`${plan.carrier.sipDomain}:5061`],
    trunk_access_acl_allowList: plan.trunk.allowlist,
    trunk_maxCallRate: plan.trunk.maxCallRate,
    trunk_maxConcurrentCalls: plan.trunk.maxConcurrentCalls,
    trunk_media_codec: ["audio/pcmu", "audio/pcma", "audio/g729"],
    trunk_media_srtpCipherSuites: plan.trunk.srtpCipherSuites,
    trunk_recording_enabled: plan.gcv.recording,
    trunk_calling_id_priority: plan.gcv.callerIdPriority,
    trunk_sip_authentication_credentials_realm: plan.carrier.sipDomain,
    trunk_sip_authentication_credentials_username: plan.trunk.digest?.username,
    trunk_sip_authentication_credentials_password: "world-test",
  };
  await api("POST", `${edges}/trunkbasesettings`, {
    name: plan.trunk.name,
    trunkType: "EXTERNAL",
    trunkMetabase: { id: "external_sip_pcv_byoc_carrier.json" },
    inboundSite: { id: site.id },
    properties: Object.fromEntries(Object.entries(values).map(([key, instance]) => [key, { value: { instance } }])),
  });
  await bind([{ from: shadow, to: shadow }], [shadow]);
  return site.id;
}

async function bind(ranges: NumberRange[], dnis: string[]): Promise<void> {
  for (const { from, to } of ranges) {
    await api("POST", "/telephony/providers/edges/didpools", {
      startPhoneNumber: from,
      endPhoneNumber: to,
      provider: "PURE_CLOUD",
    });
  }
  const flowName = plan.numbers[0]!.flow;
  const [flow] = (await api("GET", `/flows?name=${encodeURIComponent(flowName)}`)).entities;
  const [ivr] = (await api("GET", `/architect/ivrs?name=${encodeURIComponent(`${flowName} BYOC`)}`)).entities;
  const body = { name: `${flowName} BYOC`, openHoursFlow: { id: flow.id } };
  if (!ivr) await api("POST", "/architect/ivrs", { ...body, dnis });
  else await api("PUT", `/architect/ivrs/${ivr.id}`, { ...body, version: ivr.version, dnis: [...ivr.dnis, ...dnis] });
}

/** Files a request with the desk and lets the world's people carry it out. */
async function ask(id: string, kind: string, payload: Record<string, unknown>, hours: number): Promise<Json> {
  mkdirSync(join(desk, "requests"), { recursive: true });
  writeFileSync(
    join(desk, "requests", `${id}.json`),
    JSON.stringify({ id, kind, at: world.clock.now().toISOString(), by: "test", ...payload }),
  );
  await world.clock.sleep(hours * HOUR);
  return JSON.parse(readFileSync(join(desk, "confirmations", `${id}.json`), "utf8"));
}

async function testCalls(request: Record<string, unknown>): Promise<TestCallResult[]> {
  const reply = await fetch(`${world.addresses().carrier}/test_calls`, {
    method: "POST",
    body: JSON.stringify(request),
  });
  return ((await reply.json()) as { results: TestCallResult[] }).results;
}

async function moveDns(target: string): Promise<void> {
  const { route53 } = world.addresses();
  const copy = world.dns.copies[0]!;
  const set = `<Name>sip.guide.example</Name><Type>CNAME</Type><TTL>300</TTL><ResourceRecords><ResourceRecord><Value>${target}</Value></ResourceRecord></ResourceRecords>`;
  const body = `<ChangeResourceRecordSetsRequest><ChangeBatch><Changes><Change><Action>UPSERT</Action><ResourceRecordSet>${set}</ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;
  const headers = { authorization: "AWS4-HMAC-SHA256 Credential=any" };
  const reply = await fetch(`${route53}/2013-04-01/hostedzone/${copy.id}/rrset`, { method: "POST", body, headers });
  expect(reply.status).toBe(200);
  await expect.poll(() => copy.served.of("sip.guide.example")[0]?.values).toEqual([target]);
}

describe("calls of a world", () => {
  it("stay on loopback, wherever a zone leads", async () => {
    const addresses = ["104.16.132.229", "127.201.4.9"];
    const proxied = { name: "sip.guide.example", target: "sip.guide.example", chain: [], ttlSeconds: 300, ttl: 300 };
    const found = await onLoopback({ resolve: async () => ({ ...proxied, addresses }) }, proxied.name);
    expect(found).toEqual({ ...proxied, addresses: ["127.16.132.229", "127.201.4.9"] });
  });
});

describe("one port order moved by hand through the whole world", () => {
  let shadow: string;
  let order: Plan["portOrders"][number];
  let numbers: string[];
  let ranges: NumberRange[];
  beforeAll(async () => {
    await start(11);
    shadow = plan.carrier.shadowNumbers[0]!;
    order = plan.portOrders[0]!;
    // Half of the order: the other half stays where it was.
    numbers = plan.numbers.slice(0, plan.numbers.length / 2).map((n) => n.number);
    ranges = [{ from: numbers[0]!, to: numbers.at(-1)! }];
  });
  afterAll(end);

  it("the shadow answers a test call with audio from every carrier source, and nobody else", async () => {
    await buildByoc(shadow);
    expect(
      (
        await ask(
          "shadow",
          "route",
          { name: "shadow-main", ranges: [{ from: shadow, to: shadow }], host: trunkHost(plan), calledNumber: null },
          5,
        )
      ).status,
    ).toBe("done");
    const results = await testCalls({ number: shadow, source: "all" });
    expect(results.map((r) => r.source)).toEqual(["203.0.113.10", "203.0.113.11"]);
    for (const r of results) {
      expect(r, r.why).toMatchObject({ code: 200, answered: true });
      expect(Math.min(r.audioSent, r.audioReceived, r.farReceived ?? 0)).toBeGreaterThan(0);
    }
    expectAllAnswered(await load(1), "gcv");
  });

  it("R1 is on file before the port; calls move with the port, network by network, and none is lost", async () => {
    await ask("r1", "route", { name: "w1-main", ranges, host: trunkHost(plan), calledNumber: shadow }, 5);
    const filed = ask(
      "port",
      "port-order",
      { orderName: order.id, ranges, focInDays: 10, losingCarrier: order.losingCarrier },
      7 * 24,
    );
    expect(await filed).toMatchObject({ status: "done" });
    const active = world.clock.events().find((e) => e.kind === "port-active");
    expect(active?.detail).toContain(order.id);
    await world.clock.jump(new Date(active!.at.getTime() - 500));
    // Calls cross the very moment.
    expectAllAnswered(await load(1.2), "any");
    expect(world.ports.isActive(numbers[0]!)).toBe(true);
    await world.clock.sleep(9 * HOUR);
    const records = (await load(1.2)).filter((r) => numbers.includes(r.number) && r.direction === "inbound");
    expectAllAnswered(records, "byoc");
    expect(new Set(records.map((r) => r.carrier))).toEqual(new Set(["gaining"]));
  });

  it("out of the inventory, pooled and bound, the real number is reached through the customer's name", async () => {
    const [ivr] = (await api("GET", `/architect/ivrs?name=${encodeURIComponent(plan.numbers[0]!.flow)}`)).entities;
    const left = ivr.dnis.filter((n: string) => !numbers.includes(n));
    await api("PUT", `/architect/ivrs/${ivr.id}`, {
      name: ivr.name,
      openHoursFlow: ivr.openHoursFlow,
      version: ivr.version,
      dnis: left,
    });
    expect((await ask("inventory", "inventory-removal", { ranges }, 13)).status).toBe("done");
    await bind(ranges, numbers);
    await moveDns(trunkHost(plan));
    // The carrier's resolver never saw the old answer of a name it has not asked for yet.
    await ask("r2", "route", { name: "w1-main", ranges, host: "sip.guide.example", calledNumber: null }, 5);
    const [result] = await testCalls({ number: numbers[0] });
    expect(result, result?.why).toMatchObject({ code: 200, answered: true });
    const records = await load(1.2);
    expectAllAnswered(
      records.filter((r) => numbers.includes(r.number)),
      "byoc",
    );
    expectAllAnswered(
      records.filter((r) => !numbers.includes(r.number)),
      "gcv",
    );
  });

  it("a number that GCV still holds is lost when its route dials the customer's name too early", async () => {
    const other = plan.numbers.at(-1)!.number;
    await ask(
      "early",
      "route",
      { name: "early", ranges: [{ from: other, to: other }], host: "sip.guide.example", calledNumber: null },
      5,
    );
    const [result] = await testCalls({ number: other });
    expect(result).toMatchObject({ code: 404, answered: false });
  });
});
