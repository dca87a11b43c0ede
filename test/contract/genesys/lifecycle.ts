import assert from "node:assert/strict";
import platformClient from "purecloud-platform-client-v2";
import type { Suite } from "../harness";
import { architect, authorization, edges, logIn, oauth, refused, routing, trunkProperties } from "./api";
import { flowText, publish } from "./architect";

type Shown = Record<string, unknown>;
interface Page {
  entities?: unknown[];
  total?: number;
  pageCount?: number;
  nextUri?: string;
}

/** One kind of resource as the SDK handles it. `n` tells the objects of one kind apart. */
interface Kind {
  what: string;
  /** Field that is its id; default `id`. */
  key?: "key";
  create(n: number): Promise<unknown>;
  /** Absent where the SDK's listing takes no page. */
  list?(page: { pageSize: number; pageNumber: number }): Promise<unknown>;
  get(id: string): Promise<unknown>;
  /** Writes the object with its field `changed` set; absent where there is no update. */
  put?(id: string, body: Shown): Promise<unknown>;
  changed?: Shown;
  /** The model has a version, and a stale one is refused with 409. */
  versioned?: boolean;
  /** Status of a second one like it; absent where there may be two. */
  clash?: 400 | 409;
  remove(id: string): Promise<unknown>;
}

const NAME = "Life";
const noted = { description: "changed by a peer" };
const locations = new platformClient.LocationsApi();
const as = (value: unknown) => value as never;

/** What the other kinds refer to. */
interface Ground {
  siteId: string;
  locationId: string;
  trunkId: string;
  tableId: string;
  flow: unknown;
  ivrId: string;
  roleId: string;
}

const place = { country: "US", countryName: "US", city: "Boston" };
const columns = {
  $schema: "http://json-schema.org/draft-04/schema#",
  type: "object",
  additionalProperties: false,
  required: ["key"],
  properties: {
    key: { title: "key", type: "string", $id: "/properties/key", displayOrder: 0 },
    path: { title: "path", type: "string", $id: "/properties/path", displayOrder: 1 },
  },
};
const siteBody = (name: string, locationId: string) => ({
  name,
  mediaModel: "Cloud",
  mediaRegions: ["us-east-1"],
  mediaRegionsUseLatencyBased: true,
  location: { id: locationId },
});
const trunkBody = (name: string, siteId: string, identifier: string) => ({
  name,
  trunkMetabase: { id: "external_sip_pcv_byoc_carrier.json", name: "external_sip_pcv_byoc_carrier.json" },
  trunkType: "EXTERNAL",
  inboundSite: { id: siteId },
  properties: trunkProperties({
    trunk_type: "external.pcv.byoc.carrier",
    trunk_sip_termination_uri: identifier,
    trunk_transport_serverProxyList: ["sip.meridian-carrier.example:5061"],
  }),
});
const number = (n: number) => `+150055600${String(n).padStart(2, "0")}`;

function telephonyKinds(g: Ground): Kind[] {
  return [
    {
      what: "location",
      create: (n) => locations.postLocations(as({ name: `${NAME} ${n}`, address: place })),
      list: (page) => locations.getLocations(page),
      get: (id) => locations.getLocation(id),
      put: (id, body) => locations.patchLocation(id, as({ notes: body.notes, version: body.version })),
      changed: { notes: "changed by a peer" },
      versioned: true,
      clash: 409,
      remove: (id) => locations.deleteLocation(id),
    },
    {
      what: "site",
      create: (n) => edges.postTelephonyProvidersEdgesSites(as(siteBody(`${NAME} ${n}`, g.locationId))),
      list: (page) => edges.getTelephonyProvidersEdgesSites(page),
      get: (id) => edges.getTelephonyProvidersEdgesSite(id),
      put: (id, body) => edges.putTelephonyProvidersEdgesSite(id, as(body)),
      changed: noted,
      versioned: true,
      clash: 409,
      remove: (id) => edges.deleteTelephonyProvidersEdgesSite(id),
    },
    {
      what: "trunk base settings",
      create: (n) =>
        edges.postTelephonyProvidersEdgesTrunkbasesettings(as(trunkBody(`${NAME} ${n}`, g.siteId, `life-${n}`))),
      list: (page) => edges.getTelephonyProvidersEdgesTrunkbasesettings(page),
      get: (id) => edges.getTelephonyProvidersEdgesTrunkbasesetting(id),
      put: (id, body) => edges.putTelephonyProvidersEdgesTrunkbasesetting(id, as(body)),
      changed: noted,
      versioned: true,
      clash: 409,
      remove: (id) => edges.deleteTelephonyProvidersEdgesTrunkbasesetting(id),
    },
    {
      what: "outbound route",
      create: (n) =>
        edges.postTelephonyProvidersEdgesSiteOutboundroutes(
          g.siteId,
          as({ name: `${NAME} ${n}`, classificationTypes: [`Life ${n}`], externalTrunkBases: [{ id: g.trunkId }] }),
        ),
      list: (page) => edges.getTelephonyProvidersEdgesSiteOutboundroutes(g.siteId, page),
      get: (id) => edges.getTelephonyProvidersEdgesSiteOutboundroute(g.siteId, id),
      put: (id, body) => edges.putTelephonyProvidersEdgesSiteOutboundroute(g.siteId, id, as(body)),
      changed: noted,
      versioned: true,
      clash: 409,
      remove: (id) => edges.deleteTelephonyProvidersEdgesSiteOutboundroute(g.siteId, id),
    },
    {
      what: "DID pool",
      create: (n) =>
        edges.postTelephonyProvidersEdgesDidpools(
          as({ startPhoneNumber: number(60 + n), endPhoneNumber: number(60 + n), provider: "PURE_CLOUD" }),
        ),
      list: (page) => edges.getTelephonyProvidersEdgesDidpools(page),
      get: (id) => edges.getTelephonyProvidersEdgesDidpool(id),
      put: (id, body) => edges.putTelephonyProvidersEdgesDidpool(id, as(body)),
      changed: { comments: "changed by a peer" },
      versioned: true,
      clash: 409,
      remove: (id) => edges.deleteTelephonyProvidersEdgesDidpool(id),
    },
  ];
}

function architectKinds(g: Ground): Kind[] {
  return [
    {
      what: "IVR",
      create: (n) =>
        architect.postArchitectIvrs(as({ name: `${NAME} ${n}`, dnis: [number(50 + n)], openHoursFlow: g.flow })),
      list: (page) => architect.getArchitectIvrs(page),
      get: (id) => architect.getArchitectIvr(id),
      put: (id, body) => architect.putArchitectIvr(id, as(body)),
      changed: noted,
      versioned: true,
      clash: 409,
      remove: (id) => architect.deleteArchitectIvr(id),
    },
    {
      what: "emergency group",
      create: (n) =>
        architect.postArchitectEmergencygroups(
          as({
            name: `${NAME} ${n}`,
            enabled: false,
            emergencyCallFlows: [{ emergencyFlow: g.flow, ivrs: [{ id: g.ivrId }] }],
          }),
        ),
      list: (page) => architect.getArchitectEmergencygroups(page),
      get: (id) => architect.getArchitectEmergencygroup(id),
      put: (id, body) => architect.putArchitectEmergencygroup(id, as(body)),
      changed: noted,
      versioned: true,
      clash: 409,
      remove: (id) => architect.deleteArchitectEmergencygroup(id),
    },
    {
      what: "flow, published by jobs",
      create: async (n) => (await publish(flowText(`${NAME} ${n}`, "Main inbound"))).flow,
      list: (page) => architect.getFlows(as(page)),
      get: (id) => architect.getFlow(id),
      remove: (id) => architect.deleteFlow(id),
    },
    {
      what: "data table",
      create: (n) => architect.postFlowsDatatables(as({ name: `${NAME} ${n}`, schema: columns })),
      list: (page) => architect.getFlowsDatatables(page),
      get: (id) => architect.getFlowsDatatable(id),
      put: (id, body) => architect.putFlowsDatatable(id, as({ ...body, schema: columns })),
      changed: noted,
      clash: 409,
      remove: (id) => architect.deleteFlowsDatatable(id),
    },
    {
      what: "data table row",
      key: "key",
      create: (n) => architect.postFlowsDatatableRows(g.tableId, as({ key: `w${n}`, path: "gcv" })),
      list: (page) => architect.getFlowsDatatableRows(g.tableId, { ...page, showbrief: false }),
      get: (id) => architect.getFlowsDatatableRow(g.tableId, id, { showbrief: false }),
      put: (id, body) => architect.putFlowsDatatableRow(g.tableId, id, as({ body })),
      changed: { path: "byoc" },
      clash: 409,
      remove: (id) => architect.deleteFlowsDatatableRow(g.tableId, id),
    },
  ];
}

function otherKinds(g: Ground): Kind[] {
  return [
    {
      what: "queue",
      create: (n) => routing.postRoutingQueues(as({ name: `${NAME} ${n}` })),
      list: (page) => routing.getRoutingQueues(page),
      get: (id) => routing.getRoutingQueue(id),
      put: (id, body) => routing.putRoutingQueue(id, as(body)),
      changed: noted,
      clash: 409,
      remove: (id) => routing.deleteRoutingQueue(id),
    },
    {
      what: "role",
      create: (n) =>
        authorization.postAuthorizationRoles(
          as({
            name: `${NAME} ${n}`,
            permissionPolicies: [{ domain: "routing", entityName: "callRoute", actionSet: ["view"] }],
          }),
        ),
      list: (page) => authorization.getAuthorizationRoles(page),
      get: (id) => authorization.getAuthorizationRole(id),
      put: (id, body) => authorization.putAuthorizationRole(id, as(body)),
      changed: noted,
      clash: 409,
      remove: (id) => authorization.deleteAuthorizationRole(id),
    },
    {
      what: "OAuth client",
      create: (n) =>
        oauth.postOauthClients(
          as({
            name: `${NAME} ${n}`,
            authorizedGrantType: "CLIENT-CREDENTIALS",
            accessTokenValiditySeconds: 3600,
            roleDivisions: [{ roleId: g.roleId, divisionId: "*" }],
          }),
        ),
      get: (id) => oauth.getOauthClient(id),
      put: (id, body) => oauth.putOauthClient(id, as(body)),
      changed: noted,
      remove: (id) => oauth.deleteOauthClient(id),
    },
  ];
}

/** Everything of a kind, by pages of two. @throws AssertionError when the pages do not add up. */
async function allOf(kind: Kind): Promise<string[]> {
  const seen: string[] = [];
  for (let pageNumber = 1; ; pageNumber++) {
    const page = (await kind.list?.({ pageSize: 2, pageNumber })) as Page;
    const entities = (page.entities ?? []) as Shown[];
    assert.ok(entities.length <= 2, `${entities.length} on a page of 2`);
    seen.push(...entities.map((each) => String(each[kind.key ?? "id"])));
    assert.equal(page.pageCount, Math.ceil((page.total as number) / 2));
    if (page.nextUri) continue;
    assert.equal(pageNumber, Math.max(1, page.pageCount as number), "the last page");
    assert.equal(seen.length, page.total);
    assert.equal(new Set(seen).size, seen.length, "one twice");
    return seen;
  }
}

async function changeIt(kind: Kind, id: string): Promise<void> {
  if (!kind.put) return;
  const before = (await kind.get(id)) as Shown;
  const after = (await kind.put(id, { ...before, ...kind.changed })) as Shown;
  const read = (await kind.get(id)) as Shown;
  for (const [field, value] of Object.entries(kind.changed ?? {})) {
    assert.equal(after[field], value);
    assert.equal(read[field], value, "what was written is not read");
  }
  if (!kind.versioned) return;
  assert.equal(after.version, (before.version as number) + 1);
  await refused(kind.put(id, { ...before, ...kind.changed }), 409, /version/);
  assert.equal(((await kind.get(id)) as Shown).version, after.version, "a refused write has changed something");
}

async function life(kind: Kind): Promise<void> {
  const made: string[] = [];
  for (const n of [0, 1, 2]) {
    const one = (await kind.create(n)) as Shown;
    made.push(String(one[kind.key ?? "id"]));
    if (!kind.key) assert.match(String(one.id), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  }
  const [first = "", second = "", third = ""] = made;
  if (kind.list) {
    const all = await allOf(kind);
    for (const id of made) assert.ok(all.includes(id), `${id} is in no page`);
  }
  if (kind.clash) await refused(kind.create(0), kind.clash);
  await changeIt(kind, second);
  for (const id of made) await kind.remove(id);
  await refused(kind.get(first), 404);
  await refused(kind.remove(third), 404);
  if (!kind.list) return;
  const left = await allOf(kind);
  for (const id of made) assert.ok(!left.includes(id), `${id} is still listed`);
}

/** What a site's routes, an IVR or a row need to exist. */
async function ground(): Promise<Ground> {
  const id = (value: unknown) => (value as { id: string }).id;
  const locationId = id(await locations.postLocations(as({ name: "Ground", address: place })));
  const siteId = id(await edges.postTelephonyProvidersEdgesSites(as(siteBody("Ground", locationId))));
  const trunkId = id(
    await edges.postTelephonyProvidersEdgesTrunkbasesettings(as(trunkBody("Ground", siteId, "ground"))),
  );
  const plans = [0, 1, 2].map((n) => ({
    name: `Life ${n}`,
    matchType: "numberList",
    classification: `Life ${n}`,
    numbers: [{ start: number(70 + n) }],
    priority: n,
  }));
  const own = await edges.getTelephonyProvidersEdgesSiteNumberplans(siteId);
  await edges.putTelephonyProvidersEdgesSiteNumberplans(siteId, as([...plans, ...own]));
  await edges.postTelephonyProvidersEdgesDidpools(
    as({ startPhoneNumber: number(50), endPhoneNumber: number(53), provider: "PURE_CLOUD" }),
  );
  const ivr = (await architect.getArchitectIvrs({ name: "Main inbound" })).entities?.[0];
  const tableId = id(await architect.postFlowsDatatables(as({ name: "Ground", schema: columns })));
  const roleId = id(await authorization.postAuthorizationRoles(as({ name: "Ground", permissionPolicies: [] })));
  return { siteId, locationId, trunkId, tableId, flow: ivr?.openHoursFlow, ivrId: String(ivr?.id), roleId };
}

/** Each kind of resource that the program uses, from the first to the last request of its life. */
export async function lives(suite: Suite): Promise<void> {
  await logIn();
  const g = await ground();
  for (const kind of [...telephonyKinds(g), ...architectKinds(g), ...otherKinds(g)]) {
    const steps = ["create", kind.list ? "pages" : "", "read", kind.put ? "update" : "", "conflict", "delete"];
    const stale = kind.versioned ? ", stale version 409" : "";
    await suite.check(
      `${kind.what}: ${steps.filter((step) => step && (step !== "conflict" || kind.clash)).join(", ")}${stale}`,
      async () => {
        // Each life has a minute's requests of its own.
        await logIn();
        await life(kind);
      },
    );
  }
}
