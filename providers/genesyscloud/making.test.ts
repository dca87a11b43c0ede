import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ProviderUnderTest } from "../lib/testing";
import type { Props } from "../lib/values";
import type { FakeGenesys } from "./fake";
import { providerOnFake, token } from "./testing";

const EDGES = "/api/v2/telephony/providers/edges";
const SITE = token("TelephonyProvidersEdgesSite");
const SITES = `${EDGES}/sites`;
const site: Props = { name: "BYOC", locationId: "loc", mediaModel: "Cloud" };
/** The engine died in a creation; the state holds nothing of the resource. */
const CUT = { since: "2026-01-05T09:59:00Z", ids: [] as string[] };

let api: FakeGenesys;
let p: ProviderUnderTest;
beforeEach(async () => {
  ({ api, p } = await providerOnFake());
});
afterEach(async () => {
  p.close();
  await api.close();
});

const under = (collection: string) =>
  [...api.objects.keys()].filter(
    (k) => k.startsWith(`${collection}/`) && !k.slice(collection.length + 1).includes("/"),
  );
const posts = () => api.writes().filter((w) => w.startsWith("POST"));

/** Kinds whose creation is one POST, with what is left when its answer never came. */
const KINDS: { name: string; at: string; inputs: Props }[] = [
  { name: "TelephonyProvidersEdgesSite", at: SITES, inputs: site },
  {
    name: "TelephonyProvidersEdgesTrunkbasesettings",
    at: `${EDGES}/trunkbasesettings`,
    inputs: {
      name: "Trunk",
      trunkMetaBaseId: "external_sip_pcv_byoc_carrier.json",
      trunkType: "EXTERNAL",
      inboundSiteId: "s1",
      properties: JSON.stringify({ trunk_sip_password: { value: { instance: "hush" } } }),
    },
  },
  {
    name: "TelephonyProvidersEdgesSiteOutboundRoute",
    at: `${SITES}/s1/outboundroutes`,
    inputs: { name: "Out", siteId: "s1", classificationTypes: ["National"], externalTrunkBaseIds: ["t1"] },
  },
  {
    name: "TelephonyProvidersEdgesDidPool",
    at: `${EDGES}/didpools`,
    inputs: { startPhoneNumber: "+13125550000", endPhoneNumber: "+13125550009" },
  },
  { name: "ArchitectIvr", at: "/api/v2/architect/ivrs", inputs: { name: "Claims", dnis: ["+13125550000"] } },
  { name: "RoutingQueue", at: "/api/v2/routing/queues", inputs: { name: "Claims" } },
  {
    name: "ArchitectDatatable",
    at: "/api/v2/flows/datatables",
    inputs: { name: "T", properties: [{ name: "key", type: "string" }] },
  },
  {
    name: "ArchitectDatatableRow",
    at: "/api/v2/flows/datatables/t1/rows",
    inputs: { datatableId: "t1", keyValue: "k", propertiesJson: '{"path":"gcv"}' },
  },
  { name: "ArchitectEmergencygroup", at: "/api/v2/architect/emergencygroups", inputs: { name: "Standby" } },
  {
    name: "AuthRole",
    at: "/api/v2/authorization/roles",
    inputs: {
      name: "Deployer",
      permissionPolicies: [{ domain: "routing", entityName: "queue", actionSets: ["edit"] }],
    },
  },
  {
    name: "OauthClient",
    at: "/api/v2/oauth/clients",
    inputs: { name: "Cutover", authorizedGrantType: "CLIENT-CREDENTIALS", roles: [{ roleId: "r1" }] },
  },
];

describe.each(KINDS)("$name", ({ name, at, inputs }) => {
  test("made by a run that died is adopted, not made again; a made one's refresh finds nothing to change", async () => {
    const made = await p.create(token(name), "x", inputs);
    expect(under(at)).toHaveLength(1);
    api.seen.length = 0;
    const again = await p.create(token(name), "x", inputs, false, CUT);
    expect(again).toMatchObject({ id: made.id, resumed: "adopted" });
    expect(posts()).toEqual([]);
    const read = await p.read(again);
    expect(await p.diff({ ...again, ...read }, inputs)).toEqual({});
  });

  test("what a run that died made is found to be deleted; what it did not make is not made now", async () => {
    const left = () => p.leftBehind(token(name), "x", inputs, CUT);
    expect(await left()).toEqual({});
    expect(posts()).toEqual([]);
    const made = await p.create(token(name), "x", inputs);
    api.seen.length = 0;
    expect(await left()).toMatchObject({ id: made.id });
    expect(posts()).toEqual([]);
  });

  test("is made when the run died before its POST", async () => {
    const made = await p.create(token(name), "x", inputs, false, CUT);
    expect(made.resumed).toBe("made");
    expect(posts()).toEqual([`POST ${at}`]);
  });
});

describe("an object that merely has the name", () => {
  test("is refused when it says something else: what differs is named, nothing is written", async () => {
    api.seed(SITES, { name: "BYOC", location: { id: "elsewhere" }, mediaModel: "Cloud" });
    await expect(p.create(SITE, "x", site, false, CUT)).rejects.toThrow(
      /site "BYOC" was being made when an update died.*differs from the program in locationId.*import: "id-1"/,
    );
    expect(api.writes()).toEqual([]);
  });

  test("is refused when no creation of ours was announced, though it says the same", async () => {
    api.seed(SITES, { name: "BYOC", location: { id: "loc" }, mediaModel: "Cloud" });
    await expect(p.create(SITE, "x", site)).rejects.toThrow(/is there already \(id-1\) and not in this stack's state/);
    expect(api.writes()).toEqual([]);
  });

  test("is refused when there are two of them", async () => {
    for (let i = 0; i < 2; i++) api.seed(SITES, { name: "BYOC", location: { id: "loc" }, mediaModel: "Cloud" });
    await expect(p.create(SITE, "x", site, false, CUT)).rejects.toThrow(/is there 2 times \(id-1, id-2\)/);
    expect(api.writes()).toEqual([]);
  });

  test("is not taken for the new one when it is the old one, which is being replaced", async () => {
    const old = await p.create(SITE, "x", site);
    const made = await p.create(SITE, "x", site, false, { ...CUT, ids: [old.id] });
    expect(made.id).not.toBe(old.id);
    expect(made.resumed).toBe("made");
  });
});

describe("answers that never came", () => {
  test("an object that shows only after seconds is waited for", async () => {
    let looks = 0;
    api.rule = (method, path) =>
      method === "GET" && path === SITES && ++looks < 4
        ? { status: 200, body: { entities: [], pageCount: 1 } }
        : undefined;
    await p.create(SITE, "x", site);
    looks = 0;
    const again = await p.create(SITE, "x", site, false, CUT);
    expect(again.resumed).toBe("adopted");
    expect(api.sleeps.length).toBeGreaterThanOrEqual(3);
    expect(under(SITES)).toHaveLength(1);
  });

  test("a pool's range is not asked for before its POST, so a lost answer is told and nothing adopted", async () => {
    api.fault("POST", /didpools/, "cut", { apply: true });
    const inputs = { startPhoneNumber: "+13125550000", endPhoneNumber: "+13125550009" };
    await expect(p.create(token("TelephonyProvidersEdgesDidPool"), "x", inputs)).rejects.toThrow(
      /may have been carried out: look for DID pool "\+13125550000 to \+13125550009"/,
    );
    expect(posts()).toHaveLength(1);
  });
});

test("a half-made site gets what follows its POST", async () => {
  await p.create(SITE, "x", site);
  const numberPlans = [
    { name: "Shadow", classification: "Shadow", matchType: "regex", matchFormat: "^1", normalizedFormat: "+1" },
  ];
  const again = await p.create(SITE, "x", { ...site, numberPlans }, false, CUT);
  expect(again.resumed).toBe("adopted");
  expect(api.bodies.filter((b) => b.at.endsWith("/numberplans"))).toHaveLength(1);
});

test("a half-made IVR gets the rest of its numbers", async () => {
  const dnis = Array.from({ length: 120 }, (_, i) => `+1312555${String(i).padStart(4, "0")}`);
  const at = "/api/v2/architect/ivrs";
  const id = api.seed(at, { name: "Claims", dnis: dnis.slice(0, 50) });
  const made = await p.create(token("ArchitectIvr"), "x", { name: "Claims", dnis }, false, CUT);
  expect(made).toMatchObject({ id, resumed: "adopted" });
  expect(api.objects.get(`${at}/${id}`)?.dnis).toEqual(dnis);
  expect(posts()).toEqual([]);
});

test("a client whose secret only the dead run was told is refused", async () => {
  const inputs = { name: "Cutover", authorizedGrantType: "CLIENT-CREDENTIALS", exposeClientSecret: true };
  await p.create(token("OauthClient"), "x", inputs);
  await expect(p.create(token("OauthClient"), "x", inputs, false, CUT)).rejects.toThrow(
    /clientSecret was told to the run that died/,
  );
  expect(under("/api/v2/oauth/clients")).toHaveLength(1);
});

describe("a flow", () => {
  let dir: string;
  let filepath: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "cutover-flow-"));
    filepath = join(dir, "f.yaml");
    writeFileSync(filepath, "inboundCall:\n  name: Front\n");
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test("of a person is never published over", async () => {
    api.seed("/api/v2/flows", { name: "Front", type: "inboundcall", publishedVersion: { id: "7.0" } });
    await expect(p.create(token("Flow"), "f", { filepath })).rejects.toThrow(/never published over/);
    await expect(p.create(token("Flow"), "f", { filepath }, false, CUT)).rejects.toThrow(/more than once \(7\.0\)/);
    expect(api.uploads).toEqual([]);
  });

  test("that the dead run published is the one that is published again", async () => {
    const made = await p.create(token("Flow"), "f", { filepath });
    const again = await p.create(token("Flow"), "f", { filepath }, false, CUT);
    expect(again).toMatchObject({ id: made.id, resumed: "adopted" });
    expect(under("/api/v2/flows").filter((k) => !k.includes("/jobs"))).toHaveLength(1);
  });
});
