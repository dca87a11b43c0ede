import { mkdtemp, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { covers, REQUIRED_PERMISSIONS } from "./entitlement";
import { type Answers, fakeGenesys, paged } from "./fake-genesys";
import { runProbe } from "./run";

const PLAN = "test/estates/guide";
const open: { close(): void }[] = [];
beforeEach(() => {
  vi.stubEnv("GENESYSCLOUD_OAUTHCLIENT_ID", "client");
  vi.stubEnv("GENESYSCLOUD_OAUTHCLIENT_SECRET", "secret");
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const s of open.splice(0)) s.close();
});

async function run(probe: string, answers: Answers, extra: object = {}) {
  const fake = await fakeGenesys(answers);
  open.push(fake);
  const doc = await runProbe(probe, JSON.stringify({ plan: PLAN, stack: "dev", genesys: fake.url, ...extra }));
  return { doc, fake };
}

describe("every probe", () => {
  it("answers with a document whatever happens", async () => {
    expect(await runProbe("nonsense", "{}")).toMatchObject({ schema: "cutover/probe/v1", status: "error" });
    expect(await runProbe("dns", "not json")).toMatchObject({
      status: "error",
      error: expect.stringContaining("not a JSON object"),
    });
    expect(
      await runProbe("record", JSON.stringify({ plan: PLAN, stack: "x", clock: "http://10.0.0.1:1" })),
    ).toMatchObject({ status: "error", error: expect.stringContaining("not loopback") });
    const { doc } = await run("entitlement", {});
    expect(doc).toMatchObject({ probe: "entitlement", status: "error", error: expect.stringContaining("404") });
    expect(JSON.stringify(doc)).not.toContain("secret");
    vi.stubEnv("GENESYSCLOUD_OAUTHCLIENT_ID", "");
    expect((await run("record", {})).doc.error).toContain("GENESYSCLOUD_OAUTHCLIENT_ID");
  });
});

describe("record probe", () => {
  const TABLES = {
    "GET /api/v2/flows/datatables": paged([
      { id: "t0", name: "Cutover record dev 2" },
      { id: "t9", name: "other" },
      { id: "t1", name: "Cutover record dev" },
    ]),
  };
  const ROW = {
    key: "dev",
    phase: "canary",
    waves: "",
    floor: "",
    digest: "d",
    since: '{"canary":"2026-06-01T08:00:00Z"}',
  };

  it("reads the stack's own row, past the first page and past tables of like names", async () => {
    const { doc } = await run("record", { ...TABLES, "GET /api/v2/flows/datatables/t1/rows/dev": ROW });
    expect(doc).toMatchObject({ status: "ok", record: { phase: "canary", since: { canary: "2026-06-01T08:00:00Z" } } });
  });

  it("no table or no row is no record; a row that cannot be read is an error", async () => {
    expect((await run("record", { "GET /api/v2/flows/datatables": paged([]) })).doc).toMatchObject({
      status: "ok",
      record: null,
    });
    expect((await run("record", TABLES)).doc).toMatchObject({ status: "ok", record: null });
    const broken = await run("record", {
      ...TABLES,
      "GET /api/v2/flows/datatables/t1/rows/dev": { ...ROW, since: "{" },
    });
    expect(broken.doc).toMatchObject({ status: "error", error: expect.stringContaining("since") });
  });

  it("tells of BYOC pools while a part stands released: an adoption may have begun that the record does not know", async () => {
    const pools = paged([
      { startPhoneNumber: "+16173540700", endPhoneNumber: "+16173540709", provider: "PURE_CLOUD" },
      { startPhoneNumber: "+16173540720", endPhoneNumber: "+16173540720", provider: "PURE_CLOUD_VOICE" },
    ]);
    const pooled = async (floor: string) => {
      const row = { ...ROW, phase: "cutover", floor };
      const answers = { ...TABLES, "GET /api/v2/flows/datatables/t1/rows/dev": row };
      return (await run("record", { ...answers, "GET /api/v2/telephony/providers/edges/didpools": pools })).doc.pooled;
    };
    expect(await pooled("w1=adopted,w2=released")).toEqual([{ from: "+16173540700", to: "+16173540709" }]);
    expect(await pooled("w1=adopted,w2=live")).toBeUndefined();
  });

  it("tells whether the managed GCV trunk records, where its settings are shown", async () => {
    const recording = async (properties: object | undefined) => {
      const trunk = (name: string) => ({ id: name, name, ...(properties ? { properties } : {}) });
      const bases = paged([trunk("Another managed trunk"), trunk("PureCloud Voice - AWS")]);
      const { doc } = await run(
        "record",
        { "GET /api/v2/flows/datatables": paged([]), "GET /api/v2/telephony/providers/edges/trunkbasesettings": bases },
        { ask: { existing: { callRoutes: [], sites: [], gcvTrunk: true } } },
      );
      return (doc.existing as { gcvRecording?: boolean }).gcvRecording;
    };
    expect(await recording({ trunk_recording_enabled: { value: { instance: true } } })).toBe(true);
    expect(await recording({ trunk_recording_enabled: { value: { instance: false } } })).toBe(false);
    expect(await recording(undefined)).toBeUndefined();
  });

  it("tells what exists of call routes: numbers, flow by name, and what they do outside their open hours", async () => {
    const ref = (id: string) => ({ id, selfUri: `/${id}` });
    const ivrs = [
      { id: "i0", name: "Main line 2", dnis: ["+16173540790"], openHoursFlow: ref("f9") },
      {
        id: "i1",
        name: "Main line",
        dnis: ["+16173540701", "+16173540700"],
        openHoursFlow: ref("f1"),
        closedHoursFlow: { ...ref("f2"), name: "Closed" },
        scheduleGroup: ref("s1"),
      },
      { id: "i2", name: "Claims", dnis: ["+16173540702"], openHoursFlow: { ...ref("f3"), name: "Claims" } },
    ];
    const { doc } = await run(
      "record",
      {
        "GET /api/v2/flows/datatables": paged([]),
        "GET /api/v2/architect/ivrs": paged(ivrs),
        "GET /api/v2/flows/f1": { id: "f1", name: "Main menu v3" },
      },
      { ask: { existing: { callRoutes: ["Claims", "Main line", "None"], sites: [] }, hours: true } },
    );
    expect(doc).toMatchObject({ status: "ok" });
    expect(doc.hours).toEqual({ "Main line": { closedHoursFlowId: "f2", scheduleGroupId: "s1" } });
    expect((doc.existing as { ivrs: unknown }).ivrs).toEqual([
      { name: "Claims", ranges: [{ from: "+16173540702", to: "+16173540702" }], flow: "Claims" },
      {
        name: "Main line",
        ranges: [{ from: "+16173540700", to: "+16173540701" }],
        flow: "Main menu v3",
        hours: { closedHoursFlowId: "f2", scheduleGroupId: "s1" },
      },
    ]);
  });

  it("tells emergency groups by the names of their call routes, whether the API gives these names or not", async () => {
    const groups = [
      {
        id: "g1",
        name: "Evacuation",
        enabled: true,
        emergencyCallFlows: [
          {
            emergencyFlow: { id: "f1", name: "Alarm" },
            ivrs: [{ id: "i1" }, { id: "i2", name: "old name" }, { id: "i9" }],
          },
          { emergencyFlow: { id: "f2" } },
        ],
      },
      { id: "g2", name: "Bare" },
      { id: "g3", name: "Gone", state: "deleted", enabled: true },
    ];
    const { doc, fake } = await run(
      "record",
      {
        "GET /api/v2/flows/datatables": paged([]),
        "GET /api/v2/architect/ivrs": paged([
          { id: "i1", name: "Main line" },
          { id: "i2", name: "Claims" },
        ]),
        "GET /api/v2/architect/emergencygroups": paged(groups),
      },
      { ask: { emergencyGroups: true } },
    );
    expect(doc.emergencyGroups).toEqual([
      {
        name: "Evacuation",
        enabled: true,
        flows: [
          { flow: "Alarm", callRoutes: ["Main line", "Claims", "i9"] },
          { flow: "f2", callRoutes: [] },
        ],
      },
      { name: "Bare", enabled: false, flows: [] },
    ]);
    expect(doc.hours).toBeUndefined();
    expect(fake.log.filter((l) => l.includes("emergencygroups")).length).toBeGreaterThan(1);
  });

  it("a number is held while a GCV pool holds it, and by no other pool", async () => {
    const pool = (startPhoneNumber: string, endPhoneNumber: string, provider: string) => ({
      startPhoneNumber,
      endPhoneNumber,
      provider,
    });
    const { doc } = await run(
      "record",
      {
        "GET /api/v2/flows/datatables": paged([]),
        "GET /api/v2/telephony/providers/edges/didpools": paged([
          pool("+16173540700", "+16173540709", "PURE_CLOUD"),
          pool("+16173540720", "+16173540720", "PURE_CLOUD_VOICE"),
          pool("+16173540802", "+16173540810", "PURE_CLOUD_VOICE"),
        ]),
      },
      {
        ask: {
          inventory: [
            { from: "+16173540700", to: "+16173540703" },
            { from: "+16173540800", to: "+16173540803" },
          ],
        },
      },
    );
    expect(doc.inventory).toEqual({ checked: 8, stillHeldCount: 2, stillHeld: ["+16173540802", "+16173540803"] });
    expect(doc.pooled).toEqual([{ from: "+16173540700", to: "+16173540709" }]);
  });
});

describe("entitlement probe", () => {
  const ORG = {
    "GET /api/v2/organizations/me": { id: "o1", name: "Guide Ltd" },
    "GET /api/v2/authorization/products": { entities: [{ id: "byoc" }] },
  };
  const policy = (domain: string, entityName: string, actions: string[]) => ({ domain, entityName, actions });

  it("names what is missing, by the token's own grants", async () => {
    const grants = [{ role: { policies: [policy("*", "*", ["view"]), policy("routing", "*", ["*"])] } }];
    const { doc } = await run("entitlement", { ...ORG, "GET /api/v2/authorization/subjects/me": { grants } });
    expect(doc).toMatchObject({ status: "ok", organisation: { id: "o1", name: "Guide Ltd" }, products: ["byoc"] });
    expect(doc.missingPermissions).toContain("architect:flow:publish");
    expect(doc.missingPermissions).not.toContain("routing:callRoute:edit");
    expect(doc.missingPermissions).not.toContain("architect:flow:view");
  });

  it("falls back to the roles of the OAuth client", async () => {
    const all = { permissionPolicies: [{ domain: "*", entityName: "*", actionSet: ["*"] }] };
    const answers = {
      ...ORG,
      "GET /api/v2/oauth/clients/client": { roleDivisions: [{ roleId: "r1" }] },
      "GET /api/v2/authorization/roles/r1": all,
    };
    expect((await run("entitlement", answers)).doc).toMatchObject({ status: "ok", missingPermissions: [] });
  });

  it("a wildcard covers, a neighbour does not", () => {
    expect(covers(["telephony:plugin:all"], "telephony:plugin:all")).toBe(true);
    expect(covers(["routing:queue:*"], "routing:queue:edit")).toBe(true);
    expect(covers(["routing:queue:view", "routing:queueMember:*"], "routing:queue:edit")).toBe(false);
    expect(REQUIRED_PERMISSIONS.every((p) => p.split(":").length === 3)).toBe(true);
  });
});

describe("carrier probe", () => {
  it("reads the manual desk; source ranges are the plan's", async () => {
    const deskDir = await mkdtemp(join(tmpdir(), "cutover-desk-"));
    await mkdir(join(deskDir, "requests"));
    const request = {
      id: "route-w1-1",
      kind: "route",
      subject: "w1",
      at: "2026-06-01T08:00:00Z",
      by: "cutover",
      name: "w1",
      ranges: [{ from: "+16173540700", to: "+16173540709" }],
      host: "a.example",
      calledNumber: "+16175550000",
      nextHost: null,
    };
    await writeFile(join(deskDir, "requests", "route-w1-1.json"), JSON.stringify(request));
    const doc = await runProbe(
      "carrier",
      JSON.stringify({ plan: PLAN, stack: "dev", carrier: { adapter: "manual", deskDir } }),
    );
    expect(doc).toMatchObject({
      status: "ok",
      sourceRanges: ["203.0.113.10/31"],
      routes: [{ key: "w1", host: "a.example", calledNumber: "+16175550000", state: "pending" }],
      orders: [],
      numbers: [],
      emergency: [],
    });
  });
});
