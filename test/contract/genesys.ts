import assert from "node:assert/strict";
import platformClient from "purecloud-platform-client-v2";
import { refusal, type Suite } from "./harness";
import type { Sample } from "./models";
import type { SandboxWorld } from "./world";

/** The sandbox's deployer (sandbox/genesys/store.ts); it opens nothing but a loopback world. */
const CLIENT_ID = "5a4db000-c07e-4a11-9c10-000000000001";
const CLIENT_SECRET = "sandbox-secret";

/** Everything below is one process-wide client, as the SDK has it. */
const client = platformClient.ApiClient.instance;
const edges = new platformClient.TelephonyProvidersEdgeApi();
const architect = new platformClient.ArchitectApi();
const authorization = new platformClient.AuthorizationApi();
const oauth = new platformClient.OAuthApi();
const routing = new platformClient.RoutingApi();

/** What the walk leaves behind for the SIP peers. */
export interface BuiltOrganisation {
  trunkHost: string;
  /** Bound to the flow of `queue`. */
  number: string;
  /** In a pool, bound to nothing. */
  unbound: string;
  queue: string;
  trunkId: string;
  /** Loopback stand-in of an allowed source (198.51.100.44). */
  source: string;
  samples: Sample[];
}

/** Points the SDK at a sandbox. Its own configuration file is watched unless told otherwise. */
export function pointAt(url: string): void {
  const { hostname, port } = new URL(url);
  client.config.live_reload_config = false;
  client.setGateway({
    host: hostname,
    protocol: "http",
    port: Number(port),
    path_params_login: "login",
    path_params_api: "",
  });
}

export const logIn = () => client.loginClientCredentialsGrant(CLIENT_ID, CLIENT_SECRET);

/** Refused with this status, and a body of the real form. */
async function refused(
  promise: Promise<unknown>,
  status: number,
  about: RegExp = /./,
): Promise<Record<string, unknown>> {
  const body = await refusal(promise);
  assert.equal(body.status, status, JSON.stringify(body));
  assert.equal(typeof body.code, "string");
  assert.match(String(body.message), about);
  assert.match(String(body.contextId), /^[0-9a-f-]{36}$/);
  return body;
}

const trunkProperties = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).map(([key, instance]) => [key, { value: { instance } }]));

/** Walks every resource that the program uses with the official SDK, and leaves an organisation that takes BYOC calls. */
export async function walkGenesys(suite: Suite, world: SandboxWorld): Promise<BuiltOrganisation> {
  pointAt(world.genesys);
  const samples: Sample[] = [];
  const keep = <T>(model: string, value: T): T => {
    samples.push({ type: `Models.${model}`, value: structuredClone(value) });
    return value;
  };
  await suite.check("a wrong secret is refused at the login", async () => {
    await refusal(client.loginClientCredentialsGrant(CLIENT_ID, "wrong"));
  });
  await logIn();
  await organisation(suite, keep);
  await pages(suite);
  const site = await sites(suite, keep);
  const trunkId = await trunks(suite, keep, site);
  await numbers(suite, keep);
  await ivrs(suite, keep);
  await tables(suite, keep);
  await flows(suite, keep, world);
  await access(suite, keep);
  await logIn();
  return {
    trunkHost: "peers.byoc.use1.pure.cloud",
    number: "+15005550010",
    unbound: "+15005550011",
    queue: "Main inbound",
    trunkId,
    source: "127.51.100.44",
    samples,
  };
}

type Keep = <T>(model: string, value: T) => T;

async function organisation(suite: Suite, keep: Keep): Promise<void> {
  await suite.check("organisation, products and media regions", async () => {
    const me = keep("Organization", await new platformClient.OrganizationApi().getOrganizationsMe());
    assert.equal(me.name, "Meridian Ltd");
    const products = await authorization.getAuthorizationProducts();
    assert.ok(
      products.entities?.some((p) => p.id === "byoc"),
      "no product byoc",
    );
    const regions = keep("MediaRegions", await new platformClient.TelephonyApi().getTelephonyMediaregions());
    assert.equal(regions.awsHomeRegion, "us-east-1");
  });
}

async function pages(suite: Suite): Promise<void> {
  await suite.check("all numbers by pages of 100: each once, the last page says so", async () => {
    const seen = new Set<string>();
    let total = 0;
    for (let pageNumber = 1; ; pageNumber++) {
      const page = await edges.getTelephonyProvidersEdgesDidpoolsDids("ASSIGNED_AND_UNASSIGNED", {
        pageSize: 100,
        pageNumber,
      });
      for (const did of page.entities ?? []) seen.add(did.number as string);
      total = page.total as number;
      assert.equal(page.pageCount, Math.ceil(total / 100));
      if (!page.nextUri) {
        assert.equal(pageNumber, page.pageCount);
        break;
      }
    }
    assert.equal(seen.size, total);
    assert.equal(total, 2400);
  });
  await suite.check("a page size beyond the limit is refused with 400", () =>
    refused(architect.getArchitectIvrs({ pageSize: 101 }), 400, /pageSize/),
  );
  await suite.check("an unknown id is 404", () =>
    refused(architect.getArchitectIvr("00000000-0000-4000-8000-000000000000"), 404),
  );
}

async function sites(suite: Suite, keep: Keep): Promise<string> {
  let siteId = "";
  await suite.check(
    "location, site, number plans and outbound route: create, read, update, stale version",
    async () => {
      const location = keep(
        "LocationDefinition",
        await new platformClient.LocationsApi().postLocations({
          name: "Peers",
          address: { country: "US", countryName: "US", city: "Boston" } as never,
        }),
      );
      const site = keep(
        "Site",
        await edges.postTelephonyProvidersEdgesSites({
          name: "Peers",
          mediaModel: "Cloud",
          mediaRegions: ["us-east-1"],
          mediaRegionsUseLatencyBased: true,
          location: { id: location.id } as never,
        }),
      );
      siteId = site.id as string;
      const renamed = await edges.putTelephonyProvidersEdgesSite(siteId, { ...site, description: "by a peer" });
      assert.equal(renamed.version, (site.version as number) + 1);
      await refused(edges.putTelephonyProvidersEdgesSite(siteId, { ...site, description: "late" }), 409, /version/);
      const plans = await edges.getTelephonyProvidersEdgesSiteNumberplans(siteId);
      for (const plan of plans) keep("NumberPlan", plan);
      assert.ok(plans.some((p) => p.classification === "Emergency"));
      const own = {
        name: "Peers",
        matchType: "numberList",
        classification: "Peers",
        numbers: [{ start: "+15005550010" }],
        priority: 0,
      };
      const set = await edges.putTelephonyProvidersEdgesSiteNumberplans(siteId, [own as never, ...plans]);
      assert.ok(set.some((p) => p.classification === "Peers"));
      await refused(edges.deleteTelephonyProvidersEdgesSite("00000000-0000-4000-8000-000000000000"), 404);
    },
  );
  return siteId;
}

async function trunks(suite: Suite, keep: Keep, siteId: string): Promise<string> {
  let trunkId = "";
  const body = () => ({
    name: "Peers trunk",
    trunkMetabase: { id: "external_sip_pcv_byoc_carrier.json", name: "external_sip_pcv_byoc_carrier.json" },
    trunkType: "EXTERNAL",
    properties: trunkProperties({
      trunk_type: "external.pcv.byoc.carrier",
      trunk_enabled: true,
      trunk_transport_protocolVariant: "tls",
      trunk_sip_termination_uri: "peers",
      trunk_transport_serverProxyList: ["sip.meridian-carrier.example:5061"],
      trunk_access_acl_allowList: ["198.51.100.44/30", "127.0.0.1/32"],
      trunk_media_codec: ["audio/pcmu", "audio/pcma"],
      trunk_maxCallRate: "20000/5s",
      trunk_recording_enabled: true,
    }) as never,
  });
  await suite.check("trunk: inboundSite is mandatory for BYOC, a stale version is 409, a missing one 400", async () => {
    await refused(edges.postTelephonyProvidersEdgesTrunkbasesettings(body()), 400, /inboundSite/);
    const trunk = keep(
      "TrunkBase",
      await edges.postTelephonyProvidersEdgesTrunkbasesettings({ ...body(), inboundSite: { id: siteId } as never }),
    );
    trunkId = trunk.id as string;
    const updated = await edges.putTelephonyProvidersEdgesTrunkbasesetting(trunkId, { ...trunk, description: "v2" });
    assert.equal(updated.version, (trunk.version as number) + 1);
    await refused(
      edges.putTelephonyProvidersEdgesTrunkbasesetting(trunkId, { ...trunk, description: "stale" }),
      409,
      /version/,
    );
    const { version: _, ...without } = updated;
    await refused(edges.putTelephonyProvidersEdgesTrunkbasesetting(trunkId, without as never), 400, /version/);
  });
  await suite.check("trunk: name and termination identifier are unique", async () => {
    await refused(
      edges.postTelephonyProvidersEdgesTrunkbasesettings({ ...body(), inboundSite: { id: siteId } as never }),
      409,
    );
    await refused(
      edges.postTelephonyProvidersEdgesTrunkbasesettings({
        ...body(),
        name: "Other",
        inboundSite: { id: siteId } as never,
      }),
      409,
      /peers/,
    );
  });
  await suite.check("the managed GCV trunk can be read, not changed and not deleted", async () => {
    const all = await edges.getTelephonyProvidersEdgesTrunkbasesettings({ managed: true });
    const gcv = all.entities?.[0];
    assert.equal(gcv?.trunkMetabase?.id, "external_sip_pcv_aws.json");
    await refused(
      edges.putTelephonyProvidersEdgesTrunkbasesetting(gcv.id as string, { ...gcv, description: "mine" }),
      400,
      /managed/,
    );
    await refused(edges.deleteTelephonyProvidersEdgesTrunkbasesetting(gcv.id as string), 400, /managed/);
  });
  await suite.check(
    "outbound route: create, list, update without version; a trunk in use cannot be deleted",
    async () => {
      const made = keep(
        "OutboundRouteBase",
        await edges.postTelephonyProvidersEdgesSiteOutboundroutes(siteId, {
          name: "Peers",
          classificationTypes: ["Peers"],
          enabled: true,
          distribution: "SEQUENTIAL",
          externalTrunkBases: [{ id: trunkId }] as never,
        }),
      );
      const { version: _, ...again } = made;
      await edges.putTelephonyProvidersEdgesSiteOutboundroute(
        siteId,
        made.id as string,
        { ...again, description: "2" } as never,
      );
      const listed = await edges.getTelephonyProvidersEdgesSiteOutboundroutes(siteId, { pageSize: 100 });
      assert.equal(listed.entities?.find((r) => r.id === made.id)?.description, "2");
      await refused(edges.deleteTelephonyProvidersEdgesTrunkbasesetting(trunkId), 400, /in use/);
      await refused(edges.deleteTelephonyProvidersEdgesSite(siteId), 409, /in use/);
    },
  );
  await suite.check("trunks show the OPTIONS state of the carrier", async () => {
    const trunks = await edges.getTelephonyProvidersEdgesTrunks({ trunkBaseId: trunkId });
    assert.equal(trunks.entities?.length, 1);
    keep("Trunk", trunks.entities[0]);
    assert.equal(trunks.entities[0]?.optionsEnabledStatus, "ENABLED");
  });
  return trunkId;
}

async function numbers(suite: Suite, keep: Keep): Promise<void> {
  await suite.check(
    "DID pool: create, read, in place update; overlap is refused, with GCV and with BYOC ranges",
    async () => {
      const inventory = await edges.getTelephonyProvidersEdgesDidpools({ pageSize: 100 });
      const gcv = inventory.entities?.find((p) => p.provider === "PURE_CLOUD_VOICE");
      assert.ok(gcv);
      await refused(
        edges.postTelephonyProvidersEdgesDidpools({
          startPhoneNumber: gcv.startPhoneNumber,
          endPhoneNumber: gcv.startPhoneNumber,
          provider: "PURE_CLOUD",
        } as never),
        409,
        /overlap/,
      );
      const pool = keep(
        "DIDPool",
        await edges.postTelephonyProvidersEdgesDidpools({
          startPhoneNumber: "+15005550010",
          endPhoneNumber: "+15005550012",
          provider: "PURE_CLOUD",
        } as never),
      );
      const longer = await edges.putTelephonyProvidersEdgesDidpool(pool.id as string, {
        ...pool,
        endPhoneNumber: "+15005550019",
      });
      assert.equal(longer.endPhoneNumber, "+15005550019");
      await refused(
        edges.postTelephonyProvidersEdgesDidpools({
          startPhoneNumber: "+15005550019",
          endPhoneNumber: "+15005550020",
        } as never),
        409,
        /overlap/,
      );
      await refused(edges.deleteTelephonyProvidersEdgesDidpool(gcv.id as string), 400, /Number Management/);
    },
  );
}

async function ivrs(suite: Suite, keep: Keep): Promise<void> {
  await suite.check("IVR: a number outside every pool, or of another IVR, is refused and changes nothing", async () => {
    const existing = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0];
    assert.ok(existing?.dnis?.length);
    const flow = existing.openHoursFlow;
    await refused(
      architect.postArchitectIvrs({ name: "Peers", dnis: ["+15005559999"], openHoursFlow: flow }),
      400,
      /didPoolId/,
    );
    await refused(
      architect.postArchitectIvrs({ name: "Peers", dnis: [existing.dnis[0] as string], openHoursFlow: flow }),
      400,
      /already/,
    );
    const ivr = keep(
      "IVR",
      await architect.postArchitectIvrs({ name: "Peers", dnis: ["+15005550010"], openHoursFlow: flow }),
    );
    await refused(
      architect.putArchitectIvr(ivr.id as string, { ...ivr, dnis: ["+15005550012", existing.dnis[0] as string] }),
      400,
      /already/,
    );
    assert.deepEqual((await architect.getArchitectIvr(ivr.id as string)).dnis, ["+15005550010"]);
    const two = await architect.putArchitectIvr(ivr.id as string, { ...ivr, dnis: ["+15005550010", "+15005550012"] });
    assert.deepEqual(two.dnis, ["+15005550010", "+15005550012"]);
    await refused(architect.putArchitectIvr(ivr.id as string, { ...ivr, name: "Peers late" }), 409, /version/);
    await refused(architect.postArchitectIvrs({ name: "peers", dnis: [] }), 409, /exists/);
  });
  await suite.check("a pool with a bound number cannot be deleted, nor shrunk past it", async () => {
    const pool = (await edges.getTelephonyProvidersEdgesDidpools({ pageSize: 100 })).entities?.find(
      (p) => p.startPhoneNumber === "+15005550010",
    );
    assert.ok(pool);
    await refused(edges.deleteTelephonyProvidersEdgesDidpool(pool.id as string), 409, /assigned/);
    await refused(
      edges.putTelephonyProvidersEdgesDidpool(pool.id as string, { ...pool, startPhoneNumber: "+15005550011" }),
      409,
      /assigned/,
    );
    const did = (await edges.getTelephonyProvidersEdgesDids({ phoneNumber: "+15005550010" })).entities?.[0];
    keep("DID", did);
    assert.equal(did?.ownerType, "IVR_CONFIG");
  });
  await suite.check("emergency group: create, read, delete", async () => {
    const ivr = (await architect.getArchitectIvrs({ name: "Peers" })).entities?.[0];
    const group = keep(
      "EmergencyGroup",
      await architect.postArchitectEmergencygroups({
        name: "Peers",
        enabled: false,
        emergencyCallFlows: [{ emergencyFlow: ivr?.openHoursFlow, ivrs: [{ id: ivr?.id }] }] as never,
      }),
    );
    await refused(architect.deleteArchitectIvr(ivr?.id as string), 409, /emergency/);
    await architect.deleteArchitectEmergencygroup(group.id as string);
    await refused(architect.getArchitectEmergencygroup(group.id as string), 404);
  });
}

async function tables(suite: Suite, keep: Keep): Promise<void> {
  await suite.check("data table and rows: create, read, update, duplicate, delete", async () => {
    const table = await architect.postFlowsDatatables({
      name: "Peers",
      schema: {
        $schema: "http://json-schema.org/draft-04/schema#",
        type: "object",
        additionalProperties: false,
        required: ["key"],
        properties: {
          key: { title: "key", type: "string", $id: "/properties/key", displayOrder: 0 },
          live: { title: "live", type: "boolean", $id: "/properties/live", displayOrder: 1, default: false },
        },
      } as never,
    });
    keep("DataTable", table);
    const id = table.id as string;
    await architect.postFlowsDatatableRows(id, { key: "w1", live: false });
    await refused(architect.postFlowsDatatableRows(id, { key: "w1", live: true }), 409);
    await refused(architect.postFlowsDatatableRows(id, { key: "w2", live: "yes" }), 400);
    await architect.putFlowsDatatableRow(id, "w1", { body: { key: "w1", live: true } } as never);
    const row = (await architect.getFlowsDatatableRow(id, "w1", { showbrief: false })) as Record<string, unknown>;
    assert.deepEqual(row, { key: "w1", live: true });
    await refused(architect.deleteFlowsDatatable(id), 409);
    await architect.deleteFlowsDatatable(id, { force: true });
    await refused(architect.getFlowsDatatable(id), 404);
  });
}

const flowText = (name: string, queue: string) => `inboundCall:
  name: ${name}
  division: Home
  startUpRef: "/inboundCall/tasks/task[Main_10]"
  defaultLanguage: en-us
  supportedLanguages:
    en-us:
      defaultLanguageSkill:
        noValue: true
      textToSpeech:
        defaultEngine:
          voice: Jill
  tasks:
    - task:
        name: Main
        refId: Main_10
        actions:
          - transferToAcd:
              name: To queue
              targetQueue:
                lit:
                  name: ${queue}
              priority:
                lit: 0
          - disconnect:
              name: End
`;

async function publish(text: string): Promise<platformClient.Models.ArchitectJobStateResponse> {
  const job = await architect.postFlowsJobs();
  const put = await fetch(job.presignedUrl as string, {
    method: "PUT",
    headers: job.headers as Record<string, string>,
    body: text,
  });
  assert.equal(put.status, 200, await put.text());
  return architect.getFlowsJob(job.id as string, { expand: ["messages"] } as never);
}

async function flows(suite: Suite, keep: Keep, world: SandboxWorld): Promise<void> {
  await suite.check("a flow is published by a job; a wrong one fails the job with a message", async () => {
    const good = await publish(flowText("Peers flow", "Main inbound"));
    keep("ArchitectJobStateResponse", good);
    assert.equal(good.status, "Success");
    const bad = await publish(flowText("Peers flow 2", "No such queue"));
    assert.equal(bad.status, "Failure");
    assert.match(JSON.stringify(bad.messages), /No such queue/);
    const unknown = await publish(flowText("Peers flow 3", "Main inbound").replace("disconnect:", "teleport:"));
    assert.equal(unknown.status, "Failure");
    const flow = (await architect.getFlows({ name: "Peers flow", type: ["inboundcall"] } as never)).entities?.[0];
    keep("Flow", flow);
    const used = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0]?.openHoursFlow?.id;
    await refused(architect.deleteFlow(used as string), 409);
    await architect.deleteFlow(flow?.id as string);
  });
  await suite.check("an upload with other headers, or with a bearer token, is refused by the store", async () => {
    const job = await architect.postFlowsJobs();
    const url = job.presignedUrl as string;
    assert.ok(url.startsWith(world.genesys));
    assert.equal((await fetch(url, { method: "PUT", body: "x" })).status, 403);
    const headers = { ...(job.headers as Record<string, string>), authorization: "Bearer x" };
    assert.equal((await fetch(url, { method: "PUT", headers, body: "x" })).status, 400);
  });
  await suite.check("queue: create, read, delete", async () => {
    const queue = keep("Queue", await routing.postRoutingQueues({ name: "Peers queue" }));
    await refused(routing.postRoutingQueues({ name: "Peers queue" }), 409);
    await routing.deleteRoutingQueue(queue.id as string);
  });
}

async function access(suite: Suite, keep: Keep): Promise<void> {
  await suite.check("role and OAuth client: the new client may do what its role allows, and no more", async () => {
    const role = keep(
      "DomainOrganizationRole",
      await authorization.postAuthorizationRoles({
        name: "Peers",
        permissionPolicies: [{ domain: "routing", entityName: "callRoute", actionSet: ["view"] }],
      } as never),
    );
    const made = keep(
      "OAuthClient",
      await oauth.postOauthClients({
        name: "Peers",
        authorizedGrantType: "CLIENT-CREDENTIALS",
        roleDivisions: [{ roleId: role.id as string, divisionId: "*" }],
        accessTokenValiditySeconds: 3600,
      } as never),
    );
    const secret = made.secret as string;
    const read = (await oauth.getOauthClient(made.id as string)) as unknown as Record<string, unknown>;
    assert.equal(read.secret, undefined, "the secret is shown once");
    await client.loginClientCredentialsGrant(made.id as string, secret);
    assert.ok((await architect.getArchitectIvrs({ pageSize: 1 })).total);
    await refused(
      architect.deleteArchitectIvr("00000000-0000-4000-8000-000000000000"),
      403,
      /routing:callRoute:delete/,
    );
  });
}

/** Inbound calls in progress on a trunk, as its metrics say. */
export async function callsOn(trunkBaseId: string): Promise<number> {
  const trunk = (await edges.getTelephonyProvidersEdgesTrunks({ trunkBaseId })).entities?.[0];
  const metrics = await edges.getTelephonyProvidersEdgesTrunkMetrics(trunk?.id as string);
  return metrics.calls?.inboundCallCount ?? 0;
}

/** Sets properties of the trunk, the others as they are. */
export async function setTrunk(trunkId: string, values: Record<string, unknown>): Promise<void> {
  const trunk = await edges.getTelephonyProvidersEdgesTrunkbasesetting(trunkId);
  const properties = { ...trunk.properties, ...trunkProperties(values) } as never;
  await edges.putTelephonyProvidersEdgesTrunkbasesetting(trunkId, { ...trunk, properties });
}

/** A world with `--world genesys-read-lag=20 --world genesys-publish=30`: the oddities as the SDK meets them. */
export async function meetLag(suite: Suite, world: SandboxWorld): Promise<void> {
  pointAt(world.genesys);
  await logIn();
  await suite.check(
    "a read after a write shows the old state, what was made is not found, until the lag is over",
    async () => {
      const ivr = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0];
      assert.ok(ivr?.id);
      const written = await architect.putArchitectIvr(ivr.id, { ...ivr, description: "new" });
      assert.equal(written.description, "new");
      assert.equal((await architect.getArchitectIvr(ivr.id)).description, undefined);
      const made = await routing.postRoutingQueues({ name: "Late" });
      await refused(routing.getRoutingQueue(made.id as string), 404);
      await world.jump(21);
      assert.equal((await architect.getArchitectIvr(ivr.id)).description, "new");
      assert.equal((await routing.getRoutingQueue(made.id as string)).name, "Late");
    },
  );
  await suite.check("a publish job takes its time", async () => {
    const job = await architect.postFlowsJobs();
    const put = await fetch(job.presignedUrl as string, {
      method: "PUT",
      headers: job.headers as Record<string, string>,
      body: flowText("Slow", "Main inbound"),
    });
    assert.equal(put.status, 200);
    assert.equal((await architect.getFlowsJob(job.id as string)).status, "Started");
    await world.jump(31);
    assert.equal((await architect.getFlowsJob(job.id as string)).status, "Success");
  });
}

/** Last of all, because it uses up what a minute allows. */
export async function throttle(suite: Suite): Promise<void> {
  await suite.check(
    "the 301st request of a token within a minute is 429 with Retry-After and the name of the limit",
    async () => {
      await logIn();
      client.setReturnExtendedResponses(true);
      try {
        const answers = await Promise.allSettled(
          Array.from({ length: 330 }, () => architect.getArchitectIvrs({ pageSize: 1 })),
        );
        const refusals = answers.filter((a) => a.status === "rejected").map((a) => a.reason as Record<string, unknown>);
        assert.ok(refusals.length >= 1 && refusals.length <= 30, `${refusals.length} refused of 330`);
        const one = refusals[0] as {
          status?: number;
          headers?: Record<string, string>;
          body?: Record<string, unknown>;
        };
        assert.equal(one.status, 429, JSON.stringify(one));
        assert.ok(Number(one.headers?.["retry-after"]) >= 1, JSON.stringify(one.headers));
        assert.equal((one.body?.limit as { key?: string }).key, "client.credentials.token.rate.per.minute");
      } finally {
        client.setReturnExtendedResponses(false);
      }
    },
  );
  await suite.check(
    "the 101st IVR update of the organisation within a minute is 429, whatever token asks",
    async () => {
      await logIn();
      const ivr = (await architect.getArchitectIvrs({ name: "Peers" })).entities?.[0];
      assert.ok(ivr);
      const { version: _, ...body } = ivr;
      let refusedWith: Record<string, unknown> | undefined;
      for (let i = 0; i < 110 && !refusedWith; i++) {
        if (i === 50) await logIn();
        await architect.putArchitectIvr(ivr.id as string, body).catch((error) => {
          refusedWith = error as Record<string, unknown>;
        });
      }
      assert.equal(refusedWith?.status, 429);
      assert.match(JSON.stringify(refusedWith), /put\.architect\.ivrs/);
    },
  );
}
