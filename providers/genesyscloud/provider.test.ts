import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Made, ProviderUnderTest } from "../lib/testing";
import { type Props, Secret } from "../lib/values";
import type { FakeGenesys } from "./fake";
import { flowHead } from "./flow";
import { genesyscloud } from "./provider";
import { providerOnFake, token } from "./testing";

const EDGES = "/api/v2/telephony/providers/edges";

let api: FakeGenesys;
let p: ProviderUnderTest;
beforeEach(async () => {
  ({ api, p } = await providerOnFake());
});
afterEach(async () => {
  p.close();
  await api.close();
});

const props = (o: Record<string, unknown>) =>
  JSON.stringify(Object.fromEntries(Object.entries(o).map(([k, v]) => [k, { value: { instance: v } }])));

/** One program of every plain resource, and a change of it. */
const cases: { name: string; inputs: Props; change: Props; diff: Record<string, number> }[] = [
  {
    name: "TelephonyProvidersEdgesSite",
    inputs: {
      name: "BYOC",
      locationId: "loc",
      mediaModel: "Cloud",
      mediaRegionsUseLatencyBased: true,
      numberPlans: [
        {
          name: "Shadow",
          classification: "Shadow",
          matchType: "e164NumberList",
          numbers: [{ start: "+1", end: "+2" }],
        },
      ],
    },
    change: { callerName: "Meridian" },
    diff: { callerName: 4 },
  },
  {
    name: "TelephonyProvidersEdgesSiteOutboundRoute",
    inputs: {
      name: "Out",
      siteId: "s1",
      classificationTypes: ["National", "International"],
      enabled: true,
      externalTrunkBaseIds: ["t1", "t2"],
    },
    change: { externalTrunkBaseIds: ["t2", "t1"] },
    diff: { "externalTrunkBaseIds[0]": 4, "externalTrunkBaseIds[1]": 4 },
  },
  {
    name: "TelephonyProvidersEdgesDidPool",
    inputs: { startPhoneNumber: "+13125550000", endPhoneNumber: "+13125550099", poolProvider: "PURE_CLOUD" },
    change: { description: "d" },
    diff: { description: 4 },
  },
  {
    name: "ArchitectDatatable",
    inputs: {
      name: "T",
      properties: [
        { name: "key", type: "string" },
        { name: "percent", type: "integer", title: "p", default: "5" },
      ],
    },
    change: {
      properties: [
        { name: "key", type: "string" },
        { name: "percent", type: "number", title: "p", default: "5" },
      ],
    },
    diff: { "properties[1].type": 4 },
  },
  {
    name: "ArchitectDatatableRow",
    inputs: { datatableId: "t1", keyValue: "w1/a", propertiesJson: '{"path": "gcv", "percent": 0}' },
    change: { propertiesJson: '{"percent":10,"path":"gcv"}' },
    diff: { "propertiesJson.percent": 4 },
  },
  {
    name: "RoutingQueue",
    inputs: {
      name: "Q",
      description: "d",
      mediaSettingsCall: { alertingTimeoutSec: 8, serviceLevelPercentage: 0.8, serviceLevelDurationMs: 20000 },
    },
    change: { acwWrapupPrompt: "OPTIONAL" },
    diff: { acwWrapupPrompt: 4 },
  },
  {
    name: "ArchitectEmergencygroup",
    inputs: { name: "E", emergencyCallFlows: [{ emergencyFlowId: "f", ivrIds: ["i2", "i1"] }] },
    change: { enabled: true },
    diff: { enabled: 4 },
  },
  {
    name: "AuthRole",
    inputs: {
      name: "R",
      permissionPolicies: [{ domain: "routing", entityName: "queue", actionSets: ["view", "edit"] }],
    },
    change: { permissionPolicies: [{ domain: "routing", entityName: "queue", actionSets: ["edit"] }] },
    diff: { "permissionPolicies[0]": 4 },
  },
  {
    name: "OauthClient",
    inputs: { name: "C", authorizedGrantType: "CLIENT-CREDENTIALS", roles: [{ roleId: "r1" }] },
    change: { accessTokenValiditySeconds: 600 },
    diff: { accessTokenValiditySeconds: 4 },
  },
  {
    name: "TelephonyProvidersEdgesTrunkbasesettings",
    inputs: {
      name: "BYOC",
      trunkMetaBaseId: "external_sip_pcv_byoc_carrier.json",
      trunkType: "EXTERNAL",
      inboundSiteId: "s1",
      properties: new Secret(props({ trunk_enabled: true, trunk_label: "a" })),
    },
    change: { properties: new Secret(props({ trunk_enabled: true, trunk_label: "b" })) },
    diff: { "properties.trunk_label": 4 },
  },
];

describe.each(cases)("$name", ({ name, inputs, change, diff }) => {
  test("lives its whole life: preview, create, second up empty, refresh, import, change, delete, delete again", async () => {
    const t = token(name);
    const shown = await p.create(t, "x", inputs, true);
    expect(api.seen).toEqual([]);
    expect(shown.outputs).toMatchObject(inputs);
    const made = await p.create(t, "x", inputs);
    expect(made.outputs).toMatchObject(inputs);
    expect(await p.diff(made, inputs)).toEqual({});
    const fresh = (await p.read(made)) as Made;
    expect(fresh.inputs).toEqual(made.inputs);
    expect(await p.diff(fresh, inputs)).toEqual({});
    const found = (await p.read({ token: t, name: "x", id: made.id })) as Made;
    expect(await p.diff(found, inputs)).toEqual({});
    const wanted = { ...inputs, ...change };
    expect(await p.diff(made, wanted)).toEqual(diff);
    const changed = await p.update(made, wanted);
    expect(await p.diff(changed, wanted)).toEqual({});
    expect(((await p.read(changed)) as Made).inputs).toEqual(changed.inputs);
    expect(
      Object.keys(await p.diff((await p.read({ token: t, name: "x", id: made.id })) as Made, inputs)).length,
    ).toBeGreaterThan(0);
    await p.delete(changed);
    await p.delete(changed);
    expect(await p.read(changed)).toBeNull();
    expect(api.writes().filter((w) => w.startsWith("POST"))).toHaveLength(1);
  });
});

describe("trunk base settings", () => {
  const t = token("TelephonyProvidersEdgesTrunkbasesettings");
  const base = {
    name: "BYOC",
    trunkMetaBaseId: "external_sip_pcv_byoc_carrier.json",
    trunkType: "EXTERNAL",
    inboundSiteId: "s1",
  };
  test("the password is a secret everywhere, and keys of others stay", async () => {
    const made = await p.create(t, "x", {
      ...base,
      properties: props({ trunk_sip_authentication_credentials_password: "pw" }),
    });
    expect(made.inputs.properties).toBeInstanceOf(Secret);
    expect(made.outputs.properties).toBeInstanceOf(Secret);
    const at = `${EDGES}/trunkbasesettings/${made.id}`;
    const entity = api.objects.get(at) as { properties: object };
    api.objects.set(at, {
      ...entity,
      properties: { ...entity.properties, trunk_language: { value: { instance: "en-US" }, type: "string" } },
    });
    await p.update(made, {
      ...base,
      description: "d",
      properties: props({ trunk_sip_authentication_credentials_password: "new" }),
    });
    expect(api.objects.get(at)?.properties).toEqual({
      trunk_sip_authentication_credentials_password: { value: { instance: "new" } },
      trunk_language: { value: { instance: "en-US" }, type: "string" },
    });
  });
  test("the name a trunk is dialled by never changes", async () => {
    const named = (id: string) => ({ ...base, properties: props({ trunk_sip_termination_uri: id }) });
    const made = await p.create(t, "x", named("acme-primary"));
    await expect(p.update(made, named("acme-second"))).rejects.toThrow(/never changes: declare a second trunk/);
    await p.update(made, { ...named("acme-primary"), description: "d" });
  });
  test("a rehearsal that leaves never-replaced out may change that name too; nobody else may leave anything out", async () => {
    const named = (id: string) => ({ ...base, properties: props({ trunk_sip_termination_uri: id }) });
    const rehearsed = await ProviderUnderTest.of(genesyscloud);
    await rehearsed.configure({ ...api.config, withoutPolicies: "port-live,never-replaced" });
    const made = await rehearsed.create(t, "x", named("acme-primary"));
    await rehearsed.update(made, named("acme-second"));
    const at = `${EDGES}/trunkbasesettings/${made.id}`;
    expect(api.objects.get(at)?.properties).toMatchObject({
      trunk_sip_termination_uri: { value: { instance: "acme-second" } },
    });
    rehearsed.close();

    const real = await ProviderUnderTest.of(genesyscloud);
    const { clock: _, ...unsteered } = api.config;
    await expect(real.configure({ ...unsteered, withoutPolicies: "never-replaced" })).rejects.toThrow(
      /no sandbox clock is configured \(genesyscloud:clock\)/,
    );
    real.close();
  });
  test("a password that the API hides is no drift; a changed allowlist is", async () => {
    const made = await p.create(t, "x", {
      ...base,
      properties: props({
        trunk_sip_authentication_credentials_password: "pw",
        trunk_access_acl_allowList: ["192.0.2.1"],
      }),
    });
    const at = `${EDGES}/trunkbasesettings/${made.id}`;
    const set = (o: Record<string, unknown>) =>
      api.objects.set(at, { ...(api.objects.get(at) as object), properties: JSON.parse(props(o)) });
    set({ trunk_sip_authentication_credentials_password: "********", trunk_access_acl_allowList: ["192.0.2.1"] });
    expect(await p.diff((await p.read(made)) as Made, made.inputs)).toEqual({});
    set({ trunk_access_acl_allowList: ["192.0.2.9"] });
    expect(await p.diff((await p.read(made)) as Made, made.inputs)).toEqual({
      "properties.trunk_access_acl_allowList[0]": 4,
    });
  });
  test("bad properties are refused without quoting them", async () => {
    const bad = await p.check(t, "x", {}, { ...base, properties: '{"pw": hunter2' });
    expect(bad.failures.join()).toMatch(/properties cannot be used: it is not JSON/);
    expect(bad.failures.join()).not.toContain("hunter2");
    expect((await p.check(t, "x", {}, { ...base, inboundSiteId: undefined })).failures.join()).toMatch(
      /inboundSiteId is missing/,
    );
  });
});

describe("flows", () => {
  const t = token("Flow");
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "flow-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const file = (text: string, as = "f.yaml") => {
    writeFileSync(join(dir, as), text);
    return join(dir, as);
  };
  const yaml = (extra = "") => `inboundCall:\n  name: "{{n}}"\n  division: Home\n${extra}`;
  const args = (filepath: string) => ({
    filepath,
    name: "Claims front",
    type: "INBOUNDCALL",
    substitutions: { n: "Claims front" },
  });

  test("are published once, again only when the content changes, never because the file moved", async () => {
    const made = await p.create(t, "x", args(file(yaml())));
    expect(api.uploads).toEqual(['inboundCall:\n  name: "Claims front"\n  division: Home\n']);
    expect(await p.diff(made, args(file(yaml(), "g.yaml")))).toEqual({});
    const next = args(file(yaml("  # more\n")));
    expect(await p.diff(made, next)).toEqual({ fileContentHash: 4 });
    expect((await p.update(made, next, true)).outputs.fileContentHash).toMatch(/^[0-9a-f]{64}$/);
    const changed = await p.update(made, next);
    expect(changed.id).toBe(made.id);
    expect(await p.diff(changed, next)).toEqual({});
    expect(await p.diff((await p.read({ token: t, name: "x", id: made.id })) as Made, next)).toEqual({});
  });
  test("a name that is not the file's is refused, as is a file that is not there", async () => {
    const other = await p.check(t, "x", {}, { ...args(file(yaml())), name: "Claims" });
    expect(other.failures.join()).toMatch(/is "Claims" but .* publishes "Claims front"/);
    expect((await p.check(t, "x", {}, args(join(dir, "none.yaml")))).failures.join()).toMatch(/cannot be read/);
  });
  test("a failed job tells its messages", async () => {
    await expect(p.create(t, "x", args(file(yaml("  broken: true\n"))))).rejects.toMatchObject({
      code: 9,
      details: expect.stringMatching(/menu has no exit/),
    });
  });
  test("the head of a file is read as YAML would", () => {
    expect(flowHead('# c\ninboundCall:\n  division: Home\n  tasks:\n    - name: t\n  name: "A \\"b\\""\n')).toEqual({
      type: "INBOUNDCALL",
      name: 'A "b"',
    });
    expect(flowHead("inQueueCall:\n    name: 'It''s' # c\n")).toEqual({ type: "INQUEUECALL", name: "It's" });
    expect(flowHead("inboundCall:\n  name: Plain name # comment\nother:\n  name: x\n")).toEqual({
      type: "INBOUNDCALL",
      name: "Plain name",
    });
    expect(flowHead("nonsense")).toEqual({});
  });
});

describe("rows, routes, sites", () => {
  test("a row change is one PUT and nothing else", async () => {
    const t = token("ArchitectDatatableRow");
    const made = await p.create(t, "x", { datatableId: "t1", keyValue: "w1", propertiesJson: '{"path":"gcv"}' });
    api.seen.length = 0;
    await p.update(made, { datatableId: "t1", keyValue: "w1", propertiesJson: '{"path":"byoc"}' });
    expect(api.seen).toEqual(["PUT /api/v2/flows/datatables/t1/rows/w1"]);
    expect(api.bodies.at(-1)?.body).toEqual({ path: "byoc", key: "w1" });
    const { failures } = await p.check(t, "x", made.inputs, { ...made.inputs, keyValue: "w2" });
    expect(failures.join()).toMatch(/keyValue cannot change from "w1" to "w2"/);
  });
  test("columns that the table's defaults filled are no drift", async () => {
    const t = token("ArchitectDatatableRow");
    api.objects.set("/api/v2/flows/datatables/t1", {
      id: "t1",
      name: "T",
      schema: {
        properties: {
          key: { type: "string" },
          path: { type: "string" },
          n: { type: "integer", default: 7 },
          b: { type: "boolean" },
        },
      },
    });
    const made = await p.create(t, "x", { datatableId: "t1", keyValue: "w1", propertiesJson: '{"path":"gcv"}' });
    const at = "/api/v2/flows/datatables/t1/rows/w1";
    api.objects.set(at, { key: "w1", path: "gcv", n: 7, b: false } as never);
    expect(((await p.read(made)) as Made).inputs).toEqual(made.inputs);
    api.objects.set(at, { key: "w1", path: "gcv", n: 8, b: false } as never);
    expect(await p.diff((await p.read(made)) as Made, made.inputs)).toEqual({ "propertiesJson.n": 2 });
  });
  test("the default outbound route is adopted, not made twice; bad ids are explained", async () => {
    const t = token("TelephonyProvidersEdgesSiteOutboundRoute");
    const id = api.seed(`${EDGES}/sites/s1/outboundroutes`, {
      name: "Default Outbound Route",
      classificationTypes: [],
      externalTrunkBases: [],
    });
    const made = await p.create(t, "x", {
      name: "Default Outbound Route",
      siteId: "s1",
      classificationTypes: ["National"],
      externalTrunkBaseIds: ["t1"],
    });
    expect(made.id).toBe(`s1:${id}`);
    expect(api.writes()).toEqual([`PUT ${EDGES}/sites/s1/outboundroutes/${id}`]);
    await expect(p.read({ token: t, name: "x", id })).rejects.toThrow(/expected <siteId>:<routeId>/);
    expect((await p.check(t, "x", {}, { ...made.inputs, externalTrunkBaseIds: [] })).failures.join()).toMatch(
      /is empty/,
    );
  });
  test("number plans: ours first in order, default ones kept; a failure after the POST keeps the site", async () => {
    const t = token("TelephonyProvidersEdgesSite");
    const args = {
      name: "S",
      locationId: "loc",
      mediaModel: "Cloud",
      numberPlans: [{ name: "B", classification: "B", matchType: "regex", matchFormat: "^1" }],
    };
    const made = await p.create(t, "x", args);
    const plans = api.objects.get(`${EDGES}/sites/${made.id}/numberplans`)?.plans as {
      name: string;
      priority: number;
    }[];
    expect(plans.map((x) => [x.name, x.priority])).toEqual([
      ["B", 1],
      ["Emergency", 2],
    ]);
    api.fault("PUT", /numberplans/, { status: 403, body: { message: "no" } });
    const half = await p
      .create(t, "y", { ...args, name: "S2" })
      .catch((e: { metadata: { get(k: string): Buffer[] } }) =>
        e.metadata.get("grpc-status-details-bin")[0]?.toString("latin1"),
      );
    expect(half).toContain("ErrorResourceInitFailed");
  });
});
