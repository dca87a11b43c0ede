import assert from "node:assert/strict";
import platformClient from "purecloud-platform-client-v2";
import { frontFlow } from "../../infra/front-flow";
import { attributesOf } from "./architect";
import { FarEnd } from "./far-end";
import { architect, edges, routing } from "./genesys/api";
import { publish } from "./genesys/architect";
import { quickOrganisation } from "./genesys/quick";
import { eventually } from "./harness";
import { route53Of, upsert } from "./route53";
import { type Scenario, scenario } from "./scenario";
import { type SipContext, sipp } from "./sip";
import type { SandboxWorld } from "./world";

/** Numbers of the estate's GCV inventory: of the first wave, of the second, and one for a flow of its own. */
const [FIRST, SECOND, OWN] = ["+16173540791", "+16173540792", "+16173540793"];
const BYOC = "+15005550010";
const SHADOW = "+15005550014";
const HOST = "front.byoc.use1.pure.cloud";
const SOURCE = "127.51.100.44";
/** Where the canary leg arrives; nobody else of any world listens there. */
const FAR = "127.197.92.1";
const ZONE = "guide.example";
const TABLE = "Peers cutover";
/** The trunk's credentials at its carrier. */
const DIGEST = { realm: "far.example", user: "trunk_user", password: "a-secret" } as const;

type Peers = Pick<SipContext, "suite" | "programs" | "world">;

/** A conversation as the analytics of the organisation show it. */
interface Shown {
  conversationId: string;
  conversationEnd?: string;
  participants: { sessions: { segments: { queueId?: string; sipResponseCodes?: number[] }[] }[] }[];
}

/** What the checks of the front flow share. */
interface Front extends Peers {
  far: FarEnd;
  call: ReturnType<typeof caller>;
  /** Sets the row of a wave. */
  rows(wave: string, row: Record<string, unknown>): Promise<void>;
  /** Request-URIs that the far end sees meanwhile. */
  seen(body: () => Promise<void>): Promise<string[]>;
}

/** The project's own front flow, published by the official SDK, called by SIPp on both paths; its canary leg arrives at the package `sip`. */
export async function callFrontFlow(c: Peers): Promise<void> {
  const far = new FarEnd(FAR);
  try {
    const rows = await organisation(c.world);
    const seen = async (body: () => Promise<void>) => {
      const before = far.seen.length;
      await body();
      return far.seen.slice(before).map((each) => each.uri);
    };
    const front: Front = { ...c, far, call: caller(c), rows, seen };
    await canaryShare(front);
    await failingLegs(front);
    await otherWays(front);
    await readHeaders(front);
  } finally {
    far.close();
  }
}

async function canaryShare({ suite, call, rows, seen }: Front): Promise<void> {
  await suite.check("front flow: a GCV caller of the canary share goes over the trunk to the shadow", async () => {
    await rows("w1", { path: "gcv", standby: "open", canaryPercent: 100 });
    assert.deepEqual(await seen(() => call.gcv(FIRST)), [`sip:${SHADOW}@far.${ZONE}`]);
  });
  await suite.check("front flow: the last two digits of the caller decide on the canary share", async () => {
    // The caller ends in 23.
    await rows("w1", { path: "gcv", standby: "open", canaryPercent: 23 });
    assert.deepEqual(await seen(() => call.gcv(FIRST)), []);
    await rows("w1", { path: "gcv", standby: "open", canaryPercent: 24 });
    assert.equal((await seen(() => call.gcv(FIRST))).length, 1);
  });
  await suite.check("front flow: the switch finds the wave of the number that was dialled", async () => {
    await rows("w1", { path: "gcv", standby: "open", canaryPercent: 100 });
    await rows("w2", { path: "gcv", standby: "open", canaryPercent: 0 });
    assert.deepEqual(await seen(() => call.gcv(SECOND)), []);
    assert.equal((await seen(() => call.gcv(FIRST))).length, 1);
  });
}

async function failingLegs({ suite, world, far, call, seen }: Front): Promise<void> {
  await suite.check(
    "front flow: 488, 503 and silence on the canary leg are failure outputs; the caller reaches the flow's queue",
    async () => {
      for (const manner of [488, 503, "silence"] as const) {
        far.manner = manner;
        const tried = await seen(() => call.gcv(FIRST));
        assert.ok(tried.length >= 1, `${manner}: no leg was tried`);
        const { queues, codes } = await latest(world, FIRST);
        assert.deepEqual(queues, ["Main inbound"], String(manner));
        assert.ok(codes.includes(manner === "silence" ? 408 : manner), `${manner}: ${codes.join()}`);
      }
      far.manner = 200;
    },
  );
  await suite.check(
    "the edge answers the far end's digest challenge; refused credentials are a failure output",
    async () => {
      far.demands = DIGEST;
      assert.equal((await seen(() => call.gcv(FIRST))).length, 1);
      far.demands = { ...DIGEST, password: "another" };
      assert.equal((await seen(() => call.gcv(FIRST))).length, 0);
      const { queues, codes } = await latest(world, FIRST);
      assert.deepEqual([queues, codes.includes(403)], [["Main inbound"], true], codes.join());
      far.demands = undefined;
    },
  );
}

async function otherWays({ suite, world, call, rows, seen }: Front): Promise<void> {
  await suite.check(
    "front flow: a BYOC call of the same wave is never canaried: Get SIP Headers finds its To",
    async () => {
      assert.deepEqual(await seen(() => call.byoc({ to: FIRST })), []);
      assert.deepEqual((await latest(world, BYOC)).queues, ["Main inbound"]);
    },
  );
  await suite.check(
    "front flow: on closed standby GCV callers hear the message, then the alternate queue",
    async () => {
      await rows("w1", { path: "byoc", standby: "closed", canaryPercent: 0 });
      await call.gcv(FIRST, { during: "info" });
      assert.deepEqual((await latest(world, FIRST)).queues, ["Overflow"]);
      // BYOC callers of the wave are not concerned.
      await call.byoc({ to: FIRST });
      assert.deepEqual((await latest(world, BYOC)).queues, ["Main inbound"]);
    },
  );
}

/** Get SIP Headers as it is documented: BYOC Cloud only, the initial INVITE only. */
async function readHeaders({ suite, world, far, call }: Front): Promise<void> {
  const job = await publish(HEADERS);
  assert.equal(job.status, "Success", JSON.stringify(job.messages));
  const flow = { id: job.flow?.id } as never;
  const [existing, quick] = await Promise.all(
    ["Main inbound", "Quick"].map(async (name) => (await architect.getArchitectIvrs({ name })).entities?.[0]),
  );
  const dnis = (existing?.dnis ?? []).filter((each) => each !== OWN);
  await architect.putArchitectIvr(existing?.id as string, { ...existing, dnis } as never);
  await architect.postArchitectIvrs({ name: "Peers headers", dnis: [OWN], openHoursFlow: flow });
  await architect.putArchitectIvr(quick?.id as string, { ...quick, openHoursFlow: flow } as never);
  // The transfer keeps the flow busy for a second, so that the re-INVITE is there before the headers are read.
  far.manner = "silence";
  await suite.check("Get SIP Headers: the first INVITE's header, though a re-INVITE brought another", async () => {
    await call.byoc({ again: "+12125559999", during: "far-bye" });
    assert.equal((await latest(world, BYOC)).attributes.identity, "<sip:+12125550123@peer.example>");
  });
  await suite.check("Get SIP Headers: a GCV call takes the failure path, NoSipHeadersExist", async () => {
    await call.gcv(OWN, { during: "far-bye" });
    const { attributes } = await latest(world, OWN);
    assert.deepEqual([attributes.identity, attributes.error], [undefined, "NoSipHeadersExist"]);
  });
  far.manner = 200;
}

const set = (name: string, value: string) =>
  `setParticipantData: { name: ${name}, attributes: [{ attribute: { name: { lit: ${name} }, value: { exp: '${value}' } } }] }`;

const HEADERS = `inboundCall:
  name: Peers headers
  startUpRef: "/inboundCall/tasks/task[Main_10]"
  defaultLanguage: en-us
  supportedLanguages: { en-us: { defaultLanguageSkill: { noValue: true }, textToSpeech: { defaultEngine: { voice: Jill } } } }
  tasks:
    - task:
        name: Main
        refId: Main_10
        variables:
          - stringVariable: { name: Task.error, initialValue: { noValue: true } }
          - jsonVariable: { name: Task.headers, initialValue: { noValue: true } }
        actions:
          - playAudio: { name: Hold, audio: { tts: "One moment." } }
          - transferToNumber: { name: Busy, targetNumber: { lit: "${SHADOW}" }, connectTimeout: { lit: { seconds: 1 } } }
          - getSIPHeaders:
              name: Read
              sipHeaderNames: { exp: 'MakeList("P-Asserted-Identity")' }
              sipHeadersResult: { var: Task.headers }
              failureOutputs: { errorType: { var: Task.error }, errorMessage: { noValue: true } }
              outputs:
                success: { actions: [{ ${set("identity", 'ToString(GetJsonObjectProperty(Task.headers, "P-Asserted-Identity"))')} }] }
                failure: { actions: [{ ${set("error", "Task.error")} }] }
          - disconnect: { name: End }
`;

/** Calls by SIPp: in from GCV's own network, and from an allowed source of the trunk. */
function caller(c: Peers) {
  const run = (s: Partial<Scenario> & { number: string }, to: string, from: string) =>
    sipp(c, { xml: scenario({ host: HOST, ...s }), to, transport: "u1", from, calls: 1, perSecond: 1 });
  const { gcv, udp } = c.world.edge;
  return {
    gcv: (number: string, more: Partial<Scenario> = {}) => run({ ...more, number }, gcv, "127.0.0.1"),
    byoc: (more: Partial<Scenario> = {}) => run({ ...more, number: BYOC }, udp, SOURCE),
  };
}

/** Trunk, route to the far end, table and front flow; the result sets the row of a wave. */
async function organisation(world: SandboxWorld) {
  const quick = await quickOrganisation(world, {
    number: BYOC,
    identifier: "front",
    allow: ["198.51.100.44/32"],
    properties: {
      trunk_transport_protocolVariant: "tcp",
      trunk_transport_serverProxyList: [`far.${ZONE}:5060`],
      trunk_sip_authentication_credentials_realm: DIGEST.realm,
      trunk_sip_authentication_credentials_username: DIGEST.user,
      trunk_sip_authentication_credentials_password: DIGEST.password,
    },
  });
  const dns = route53Of(world);
  await dns.change(await dns.zone(ZONE), [upsert(`far.${ZONE}`, "A", 300, [FAR])]);
  const plans = await edges.getTelephonyProvidersEdgesSiteNumberplans(quick.siteId);
  const shadow = {
    name: "Shadow",
    matchType: "e164NumberList",
    classification: "Shadow",
    numbers: [{ start: SHADOW }],
    priority: 0,
  };
  await edges.putTelephonyProvidersEdgesSiteNumberplans(quick.siteId, [shadow as never, ...plans]);
  await edges.postTelephonyProvidersEdgesSiteOutboundroutes(quick.siteId, {
    name: "Shadow",
    classificationTypes: ["Shadow"],
    enabled: true,
    distribution: "SEQUENTIAL",
    externalTrunkBases: [{ id: quick.trunkId }],
  } as never);
  await routing.postRoutingQueues({ name: "Codec fallback" });
  const tableId = await routingTable();
  const existing = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0];
  const job = await publish(
    frontFlow({
      name: "Peers front",
      flow: "Main inbound",
      shadow: SHADOW,
      parts: [
        { part: "w1", ranges: [{ from: FIRST, to: FIRST }] },
        { part: "w2", ranges: [{ from: SECOND, to: SECOND }] },
      ],
      table: TABLE,
      inbound: { failoverQueue: "Overflow", codecFallbackQueue: "Codec fallback", standbyMessage: "Not available." },
    }),
  );
  assert.equal(job.status, "Success", JSON.stringify(job.messages));
  const openHoursFlow = { id: job.flow?.id } as never;
  await architect.putArchitectIvr(existing?.id as string, { ...existing, openHoursFlow } as never);
  const own = await architect.getArchitectIvr(quick.ivrId);
  await architect.putArchitectIvr(quick.ivrId, { ...own, openHoursFlow });
  const known = new Set<string>();
  return async (key: string, row: Record<string, unknown>) => {
    const body = { key, ...row };
    if (known.has(key)) await architect.putFlowsDatatableRow(tableId, key, { body } as never);
    else await architect.postFlowsDatatableRows(tableId, body);
    known.add(key);
  };
}

async function routingTable(): Promise<string> {
  const column = (name: string, type: string, displayOrder: number) => ({
    title: name,
    type,
    $id: `/properties/${name}`,
    displayOrder,
  });
  const table = await architect.postFlowsDatatables({
    name: TABLE,
    schema: {
      $schema: "http://json-schema.org/draft-04/schema#",
      type: "object",
      additionalProperties: false,
      required: ["key"],
      properties: {
        key: column("key", "string", 0),
        path: column("path", "string", 1),
        standby: column("standby", "string", 2),
        canaryPercent: column("canaryPercent", "integer", 3),
      },
    } as never,
  });
  return table.id as string;
}

/** Queues by name, SIP codes and attributes of the youngest conversation with a called number, once it has ended. */
async function latest(world: SandboxWorld, number: string) {
  const names = new Map(
    ((await routing.getRoutingQueues({ pageSize: 100 })).entities ?? []).map((queue) => [queue.id, queue.name]),
  );
  const one = await eventually(
    async () => (await query(world, number))[0],
    (found) => found?.conversationEnd !== undefined,
  );
  const { conversationId, participants } = one as Shown;
  const segments = participants.flatMap((p) => p.sessions.flatMap((s) => s.segments));
  return {
    queues: [...new Set(segments.flatMap((s) => (s.queueId ? [names.get(s.queueId)] : [])))],
    codes: segments.flatMap((s) => s.sipResponseCodes ?? []),
    attributes: await attributesOf(conversationId),
  };
}

async function query(world: SandboxWorld, number: string): Promise<Shown[]> {
  const now = Date.parse(((await (await fetch(`${world.clock}/now`)).json()) as { now: string }).now);
  const answer = await new platformClient.ConversationsApi().postAnalyticsConversationsDetailsQuery({
    interval: `${new Date(now - 3_600_000).toISOString()}/${new Date(now + 60_000).toISOString()}`,
    order: "desc",
    orderBy: "conversationStart",
    segmentFilters: [
      {
        type: "and",
        predicates: [{ type: "dimension", dimension: "dnis", operator: "matches", value: `tel:${number}` }],
      },
    ],
  } as never);
  return (answer.conversations ?? []) as unknown as Shown[];
}
