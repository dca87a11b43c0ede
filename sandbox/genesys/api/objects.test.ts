import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { byocTrunk, flowYaml } from "../testing";
import { conversation, type Json, TestApi } from "./testing";
let world: TestApi;
beforeEach(async () => {
  world = await TestApi.start();
});
afterEach(() => world.close());

describe("telephony", () => {
  test("an organisation without the product gets no BYOC trunk", async () => {
    const poor = await TestApi.start({}, { products: ["genesysCloudVoice"] });
    try {
      const refused = await poor.call("POST", "/telephony/providers/edges/trunkbasesettings", byocTrunk("site"));
      expect(refused).toMatchObject({ status: 403, body: { code: "not.authorized" } });
    } finally {
      await poor.close();
    }
  });

  test("a listing of trunks holds properties only when asked for them, a managed trunk only for who has the right", async () => {
    const bases = "/telephony/providers/edges/trunkbasesettings";
    const managed = async (query: string) =>
      (await world.ok("GET", `${bases}?managed=true${query}`)).entities[0] as { id: string; properties?: object };
    expect((await managed("")).properties).toBeUndefined();
    const { id, properties } = await managed("&expand=properties");
    expect(properties).toHaveProperty("trunk_recording_enabled");
    const role = world.store.access.roles.all()[0]!;
    const less = { domain: "telephony", entityName: "*", actionSet: ["*"] };
    world.store.access.updateRole(role.id, { ...role, permissionPolicies: [less] });
    expect((await managed("&expand=properties")).properties).toBeUndefined();
    expect((await world.ok("GET", `${bases}/${id}`)).properties).toBeUndefined();
  });

  test("site, trunk, route, pool and IVR by the API alone", async () => {
    const location = (await world.ok("GET", "/locations?name=North")).entities[0];
    const sites = "/telephony/providers/edges/sites";
    const site = await world.ok("POST", sites, { name: "BYOC", mediaModel: "Cloud", location: { id: location.id } });
    const plans = [
      {
        name: "Shadow",
        classification: "Shadow",
        matchType: "e164NumberList",
        numbers: [{ start: "+12125550200", end: "+12125550200" }],
      },
    ];
    expect((await world.ok("PUT", `${sites}/${site.id}/numberplans`, plans))[0].classification).toBe("Shadow");
    const bases = "/telephony/providers/edges/trunkbasesettings";
    const trunk = await world.ok("POST", bases, byocTrunk(site.id));
    expect(trunk.properties.trunk_media_codec).toEqual({
      type: "array",
      value: { default: ["audio/opus", "audio/pcmu", "audio/pcma"], instance: ["audio/pcmu", "audio/g729"] },
    });
    const route = {
      name: "Shadow",
      enabled: true,
      classificationTypes: ["Shadow"],
      externalTrunkBases: [{ id: trunk.id }],
    };
    await world.ok("POST", `${sites}/${site.id}/outboundroutes`, route);
    expect(
      (await world.ok("GET", `/telephony/providers/edges/outboundroutes?externalTrunkBases.ids=${trunk.id}`))
        .entities[0].site.name,
    ).toBe("BYOC");
    expect((await world.call("DELETE", `${bases}/${trunk.id}`)).status).toBe(400);
    expect((await world.call("DELETE", `${sites}/${site.id}`)).status).toBe(409);
    await world.ok("POST", "/telephony/providers/edges/didpools", {
      startPhoneNumber: "+12125550200",
      endPhoneNumber: "+12125550200",
      provider: "PURE_CLOUD",
    });
    const flow = (await world.ok("GET", "/flows?name=Claims")).entities[0];
    await world.ok("POST", "/architect/ivrs", {
      name: "Claims BYOC",
      dnis: ["+12125550200"],
      openHoursFlow: { id: flow.id },
    });
    expect(world.store.outbound(null, "+12125550200")?.trunks[0]?.id).toBe(trunk.id);
    const dids = await world.ok("GET", "/telephony/providers/edges/dids?phoneNumber=%2B12125550200");
    expect(dids.entities[0]).toMatchObject({ ownerType: "IVR_CONFIG", owner: { name: "Claims BYOC" } });
    const numbers = await world.ok("GET", "/telephony/providers/edges/didpools/dids?type=ASSIGNED_AND_UNASSIGNED");
    expect([numbers.total, numbers.entities[0].number]).toEqual([9, "+12125550100"]);
  });

  test("trunk status and metrics follow calls in progress and OPTIONS", async () => {
    const gcv = world.store.trunks.gcv();
    const trunk = (await world.ok("GET", `/telephony/providers/edges/trunks?trunkBase.id=${gcv?.id}`)).entities[0];
    expect(trunk).toMatchObject({ inService: true, trunkBase: { id: gcv?.id } });
    world.store.record({ ...conversation(world.clock.now(), "1"), trunkId: gcv?.id as string, end: undefined });
    const counts = async () =>
      (await world.ok("GET", `/telephony/providers/edges/trunks/metrics?trunkIds=${trunk.id}`))[0].calls;
    expect(await counts()).toEqual({ inboundCallCount: 1, outboundCallCount: 0 });
    expect((await world.ok("GET", "/telephony/calls/metrics")).concurrentCallCount).toBe(1);
    world.store.record({ ...conversation(world.clock.now(), "1"), trunkId: gcv?.id as string });
    expect(await counts()).toEqual({ inboundCallCount: 0, outboundCallCount: 0 });
    world.store.setOptionsStatus(gcv?.id as string, {
      proxyAddress: "198.51.100.44",
      optionState: false,
      optionStateTime: world.clock.now(),
      errorCode: "408",
    });
    expect((await world.ok("GET", `/telephony/providers/edges/trunks/${trunk.id}`)).connectedStatus).toEqual({
      connected: false,
    });
  });

  test("the template lists the keys of a metabase", async () => {
    const template = await world.ok(
      "GET",
      "/telephony/providers/edges/trunkbasesettings/template?trunkMetabaseId=external_sip_pcv_byoc_carrier.json",
    );
    expect(template.properties.trunk_maxDialTimeout.value.default).toBe("2m");
    expect(
      (await world.call("GET", "/telephony/providers/edges/trunkbasesettings/template?trunkMetabaseId=x")).status,
    ).toBe(404);
  });
});

describe("flows", () => {
  async function publish(
    text: string,
    change: (job: Json) => void = () => undefined,
  ): Promise<{ upload: number; job: Json }> {
    const job = await world.ok("POST", "/flows/jobs");
    change(job);
    const upload = await fetch(job.presignedUrl, { method: "PUT", headers: job.headers, body: text });
    return { upload: upload.status, job: await world.ok("GET", `/flows/jobs/${job.id}?expand=messages`) };
  }

  test("a job publishes an upload that carries its headers", async () => {
    const { upload, job } = await publish(flowYaml("New", "- disconnect: {name: D}"));
    expect([upload, job.status]).toEqual([200, "Success"]);
    expect(await world.ok("GET", `/flows/${job.flow.id}`)).toMatchObject({
      name: "New",
      publishedVersion: { id: "1.0" },
    });
    const again = await publish(flowYaml("New", "- disconnect: {name: E}"));
    expect(again.job.flow.id).toBe(job.flow.id);
    await world.ok("POST", `/flows/actions/publish?flow=${job.flow.id}&version=1.0`);
    expect((await world.ok("GET", `/flows/${job.flow.id}`)).publishedVersion.id).toBe("1.0");
    expect((await world.call("DELETE", `/flows/${job.flow.id}`)).status).toBe(204);
  });

  test("a bad flow fails the job with a message that names the mistake", async () => {
    const { job } = await publish(flowYaml("New", "- transferToAcd: {name: Q, targetQueue: {lit: {name: Nobody}}}"));
    expect([job.status, job.flow]).toEqual(["Failure", undefined]);
    expect(job.messages[0]).toMatchObject({
      type: "error",
      text: "task 'Main_1', action 'Q' (transferToAcd): no queue 'Nobody'",
    });
    expect((await world.ok("GET", "/flows?name=New")).total).toBe(0);
  });

  test("an upload with other headers or a bearer token is refused and publishes nothing", async () => {
    const text = flowYaml("New", "- disconnect: {name: D}");
    expect(await publish(text, (job) => delete job.headers["x-amz-tagging"])).toMatchObject({
      upload: 403,
      job: { status: "Started" },
    });
    expect(
      (await publish(text, (job) => Object.assign(job.headers, { authorization: `Bearer ${world.token}` }))).upload,
    ).toBe(400);
    expect(
      (await publish(text, (job) => Object.assign(job, { presignedUrl: job.presignedUrl.replace(/=.*/, "=0") })))
        .upload,
    ).toBe(403);
    expect(world.store.flow("New")).toBe(null);
  });

  test("tables: schema on demand, rows brief by default", async () => {
    const body = { name: "Rows", schema: { properties: { key: { type: "string" }, path: { type: "string" } } } };
    const table = await world.ok("POST", "/flows/datatables", body);
    expect((await world.ok("GET", `/flows/datatables/${table.id}`)).schema).toBeUndefined();
    expect((await world.ok("GET", `/flows/datatables/${table.id}?expand=schema`)).schema.properties.path.type).toBe(
      "string",
    );
    await world.ok("POST", `/flows/datatables/${table.id}/rows`, { key: "w2.1/a b", path: "gcv" });
    const row = `/flows/datatables/${table.id}/rows/${encodeURIComponent("w2.1/a b")}`;
    expect(await world.ok("GET", row)).toEqual({ key: "w2.1/a b" });
    await world.ok("PUT", row, { key: "w2.1/a b", path: "byoc" });
    expect(await world.ok("GET", `${row}?showbrief=false`)).toEqual({ key: "w2.1/a b", path: "byoc" });
    expect(world.store.lookup("Rows", "w2.1/a b")?.path).toBe("byoc");
    expect((await world.call("DELETE", `/flows/datatables/${table.id}`)).status).toBe(409);
    expect((await world.call("DELETE", `/flows/datatables/${table.id}?force=true`)).status).toBe(204);
  });
});
