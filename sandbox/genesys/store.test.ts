import { describe, expect, test } from "vitest";
import { byocTrunk, flowYaml, POOL, properties, range, refusal, testPlan, testStore } from "./testing";

describe("the seeded organisation", () => {
  test("has the estate's inventory, IVRs, flows, staffed queues, sites and GCV trunk", () => {
    const { store } = testStore();
    expect(store.inventory()).toEqual([range("+12125550100", "+12125550106"), range("+13125550100")]);
    expect(store.ivrs.ivrs.all().map((i) => [i.name, i.dnis.length, i.openHoursFlow?.name])).toEqual([
      ["Claims", 5, "Claims"],
      ["Sales", 3, "Sales"],
    ]);
    expect(store.flows.queues.all().map((q) => [q.name, q.memberCount > 0])).toEqual([
      ["Claims", true],
      ["Sales", true],
      ["Overflow", true],
    ]);
    expect(store.sites.sites.all().map((s) => [s.name, s.managed])).toEqual([
      ["North", false],
      ["West", false],
      ["PureCloud Voice - AWS", true],
    ]);
    expect(store.sites.sites.get(store.sites.defaultSiteId).name).toBe("North");
    expect(store.gcvTrunk()).toMatchObject({ kind: "gcv", recording: true, callingIdPriority: ["Source", "Trunk"] });
    expect(store.products).toContain("byoc");
  });

  test("gives a call route of another name than its flow hours of its own, which a PUT has to name again to keep", () => {
    const plan = testPlan();
    plan.numbers = plan.numbers.map((n) => ({ ...n, callRoute: n.flow === "Claims" ? "Hotline" : n.flow }));
    const { store } = testStore({}, plan);
    const { ivrs } = store.ivrs;
    const hours = (name: string) => {
      const { closedHoursFlow, holidayHoursFlow, scheduleGroup } = ivrs.named(name)!;
      return [closedHoursFlow, holidayHoursFlow, scheduleGroup].map((ref) => ref?.name);
    };
    expect(ivrs.named("Hotline")).toMatchObject({ openHoursFlow: { name: "Claims" } });
    expect(hours("Hotline")).toEqual(["Hotline closed", "Hotline holiday", "Hotline hours"]);
    expect(hours("Sales")).toEqual([undefined, undefined, undefined]);
    const { id, closedHoursFlow: _, ...rest } = ivrs.named("Hotline")!;
    expect(refusal(() => store.ivrs.update(id, rest))).toBe("400 bad.request");
    const nobodys = { ...ivrs.named("Hotline")!, scheduleGroup: { id: "nobody's" } };
    expect(refusal(() => store.ivrs.update(id, { ...nobodys }))).toBe("400 bad.request");
    expect(hours("Hotline")).toEqual(["Hotline closed", "Hotline holiday", "Hotline hours"]);
    store.ivrs.update(id, { ...rest, scheduleGroup: undefined, holidayHoursFlow: undefined });
    expect(hours("Hotline")).toEqual([undefined, undefined, undefined]);
  });

  test("opens by emergency group, then holiday, then hours, in the organisation's own time", () => {
    const plan = testPlan();
    plan.numbers = plan.numbers.map((n) => ({ ...n, callRoute: n.flow === "Claims" ? "Hotline" : n.flow }));
    const { store, clock } = testStore({}, plan);
    const runs = (local: string) => {
      clock.set(new Date(`${local}-04:00`));
      return ["+12125550100", "+12125550105"].map((n) => store.matchNumber(n, { via: "gcv" })?.flowName);
    };
    expect(runs("2026-06-18T06:00")).toEqual(["Claims", "Sales"]);
    expect(runs("2026-06-18T21:59")).toEqual(["Claims", "Sales"]);
    expect(runs("2026-06-18T22:00")).toEqual(["Hotline closed", "Sales"]);
    expect(runs("2026-06-19T10:00")).toEqual(["Hotline holiday", "Sales"]);
    expect(runs("2026-06-20T10:00")).toEqual(["Hotline closed", "Sales"]);
    store.operatorSwitches("Evacuation", true);
    expect(runs("2026-06-19T10:00")).toEqual(["Evacuation", "Sales"]);
    store.operatorSwitches("Evacuation", false);
    const { id, holidayHoursFlow: _none, ...rest } = store.ivrs.ivrs.named("Hotline")!;
    store.ivrs.update(id, rest);
    expect(runs("2026-06-19T10:00")).toEqual(["Hotline closed", "Sales"]);
    // Whatever the hour, the flow of the open hours is in use.
    expect(store.callRoutesOf("Claims")).toEqual(["Hotline"]);
  });

  test("is the same for the same seed", () => {
    const ids = () =>
      testStore()
        .store.ivrs.ivrs.all()
        .map((i) => i.id);
    expect(ids()).toEqual(ids());
    expect(ids()[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe("the way in", () => {
  test("GCV answers its own inventory; BYOC its pools, and GCV numbers only with org-wide matching", () => {
    const { store } = testStore();
    const via = (number: string, how: "gcv" | "byoc", matching?: "org-wide" | "by-pool" | "unknown") =>
      store.matchNumber(number, { via: how, matching })?.flowName ?? null;
    expect(via("+12125550100", "gcv")).toBe("Claims");
    expect(via("+12125550100", "byoc", "by-pool")).toBe(null);
    expect(via("+12125550100", "byoc", "org-wide")).toBe("Claims");
    expect(via("+12125550100", "byoc")).toBe(null);
    expect(via("+12125550100", "byoc", "unknown")).toBe(null);
    store.numbers.create(POOL("+12125550200"));
    store.ivrs.create({
      name: "BYOC",
      dnis: ["+12125550200"],
      openHoursFlow: { id: store.flows.flows.named("Sales")?.id },
    });
    expect(via("+12125550200", "byoc")).toBe("Sales");
    expect(via("+12125550200", "gcv")).toBe(null);
    expect(via("+19995550100", "byoc", "org-wide")).toBe(null);
  });

  test("an enabled emergency group turns its IVRs to its flow at once, and back", () => {
    const { store } = testStore();
    store.flows.publishText(flowYaml("Standby", "- disconnect: {name: D}"));
    const ivr = store.ivrs.ivrs.named("Claims");
    const standby = store.flows.flows.named("Standby");
    const body = {
      name: "Group",
      enabled: false,
      emergencyCallFlows: [{ emergencyFlow: { id: standby?.id }, ivrs: [{ id: ivr?.id }] }],
    };
    const group = store.ivrs.createGroup(body);
    const now = () => store.matchNumber("+12125550100", { via: "gcv" })?.flowName;
    expect(now()).toBe("Claims");
    store.ivrs.updateGroup(group.id, { ...body, enabled: true, version: 1 });
    expect(now()).toBe("Standby");
    expect(store.matchNumber("+12125550105", { via: "gcv" })?.flowName).toBe("Sales");
    expect(refusal(() => store.ivrs.updateGroup(group.id, { ...body, version: 1 }))).toBe("409 version.mismatch");
    store.ivrs.removeGroup(group.id);
    expect(now()).toBe("Claims");
  });

  test("a flow in use cannot be deleted", () => {
    const { store } = testStore();
    const claims = store.flows.flows.named("Claims");
    const remove = () => store.flows.removeFlow(claims?.id as string, store.ivrs.usersOfFlow(claims?.id as string));
    expect(refusal(remove)).toBe("409 flow.in.use");
    store.flows.publishText(flowYaml("Front", "- transferToFlow: {name: T, targetFlow: {name: Claims}}"));
    store.ivrs.update(store.ivrs.ivrs.named("Claims")?.id as string, {
      openHoursFlow: { id: store.flows.flows.named("Front")?.id },
    });
    expect(refusal(remove)).toBe("409 flow.in.use");
  });
});

describe("trunks and sites", () => {
  const site = (store: ReturnType<typeof testStore>["store"]) => {
    const body = { name: "BYOC site", mediaModel: "Cloud", location: { id: store.sites.locations.named("North")?.id } };
    return store.sites.create(body);
  };

  test("a BYOC trunk needs an inbound site, a server and a termination id of its own", () => {
    const { store } = testStore();
    const { id } = site(store);
    expect(refusal(() => store.trunks.create({ ...byocTrunk(id), inboundSite: undefined }))).toBe(
      "400 inboundsite.required",
    );
    expect(refusal(() => store.trunks.create(byocTrunk(id, { trunk_transport_serverProxyList: [] })))).toBe(
      "400 bad.request",
    );
    expect(refusal(() => store.trunks.create({ ...byocTrunk(id), properties: { trunk_enabled: true } }))).toBe(
      "400 bad.request",
    );
    store.trunks.create(byocTrunk(id));
    expect(refusal(() => store.trunks.create({ ...byocTrunk(id), name: "Second" }))).toBe(
      "409 termination.identifier.in.use",
    );
    expect(refusal(() => store.trunks.create(byocTrunk(id, { trunk_sip_termination_uri: "other" })))).toBe(
      "409 general.duplicate.name",
    );
  });

  test("the trunk answers to its name only while it is enabled, and its settings follow its properties", () => {
    const { store } = testStore();
    const trunk = store.trunks.create(
      byocTrunk(site(store).id, {
        trunk_sip_authentication_credentials_username: "u",
        trunk_sip_authentication_credentials_password: "p",
      }),
    );
    const host = "Test-Primary.byoc.use1.pure.cloud.:5061";
    expect(store.byocTrunkFor(host)).toMatchObject({
      id: trunk.id,
      transport: "tls",
      allowlist: ["198.51.100.44/30"],
      codecs: ["PCMU", "G729"],
      proxies: [{ host: "sbc.carrier.example", port: 5061 }],
      maxCallRate: { calls: 300, seconds: 2 },
      maxConcurrentCalls: null,
      maxDialTimeoutSeconds: 120,
      digest: { username: "u", password: "p" },
      retryableReasonCodes: [{ from: 500, to: 599 }],
      recording: false,
    });
    expect(store.byocTrunkFor("sip.customer.example")).toBe(null);
    const off = {
      version: trunk.version,
      inboundSite: trunk.inboundSite,
      properties: properties({ trunk_enabled: false, made_up_key: 1 }),
    };
    const updated = store.trunks.update(trunk.id, off);
    expect(updated.properties.trunk_sip_termination_uri?.value?.instance).toBe("test-primary");
    expect(updated.properties.made_up_key?.value?.instance).toBe(1);
    expect(store.byocTrunkFor(host)).toBe(null);
    expect(refusal(() => store.trunks.update(trunk.id, off))).toBe("409 version.mismatch");
    expect(refusal(() => store.trunks.update(trunk.id, { ...off, version: undefined }))).toBe("400 bad.request");
  });

  test("managed objects cannot be changed", () => {
    const { store } = testStore();
    const gcv = store.trunks.gcv();
    const managed = store.sites.sites.named("PureCloud Voice - AWS");
    expect(refusal(() => store.trunks.update(gcv?.id as string, { version: 1 }))).toBe("400 object.managed");
    expect(refusal(() => store.trunks.remove(gcv?.id as string, []))).toBe("400 object.managed");
    expect(refusal(() => store.sites.update(managed?.id as string, {}))).toBe("400 object.managed");
    expect(refusal(() => store.sites.setNumberPlans(managed?.id as string, []))).toBe("400 object.managed");
  });

  test("outbound: the site's own route; a flow's transfer goes by the site that lists the number", () => {
    const { store } = testStore();
    const byoc = site(store);
    const trunk = store.trunks.create(byocTrunk(byoc.id));
    const ref = (id: string) => store.trunks.bases.find(id);
    const plan = {
      name: "Shadow",
      classification: "Shadow",
      matchType: "e164NumberList",
      numbers: [{ start: "+12125550200", end: "+12125550203" }],
    };
    store.sites.setNumberPlans(byoc.id, [plan]);
    expect(store.sites.numberPlans(byoc.id).map((p) => p.name)).toEqual([
      "Shadow",
      "Emergency",
      "Suicide Prevention",
      "Extension",
      "National",
      "International",
      "Network",
    ]);
    expect(store.outbound(null, "+12125550201")).toBe(null);
    const route = {
      name: "Shadow route",
      enabled: true,
      classificationTypes: ["Shadow"],
      externalTrunkBases: [{ id: trunk.id }],
    };
    expect(refusal(() => store.sites.createRoute(byoc.id, { ...route, classificationTypes: ["Moon"] }, ref))).toBe(
      "400 bad.request",
    );
    store.sites.createRoute(byoc.id, route, ref);
    expect(refusal(() => store.sites.createRoute(byoc.id, { ...route, name: "Second" }, ref))).toBe(
      "409 classification.in.use",
    );
    const names = (o: ReturnType<typeof store.outbound>) =>
      o && [o.site.name, o.classification, ...o.trunks.map((t) => t.name)];
    expect(names(store.outbound(null, "+12125550201"))).toEqual(["BYOC site", "Shadow", "BYOC Test"]);
    expect(names(store.outbound(null, "+12125550204"))).toEqual(["North", "National", "PureCloud Voice - AWS"]);
    expect(names(store.outbound("West", "+442071234567"))).toEqual(["West", "International", "PureCloud Voice - AWS"]);
    expect(names(store.outbound("West", "911"))).toEqual(["West", "Emergency", "PureCloud Voice - AWS"]);
    expect(store.outbound("West", "4711")).toBe(null);
    expect(refusal(() => store.trunks.remove(trunk.id, store.sites.usersOfTrunk(trunk.id)))).toBe(
      "400 trunkbase.in.use",
    );
  });

  test("moving a site to the new trunk is one update of its default route", () => {
    const { store } = testStore();
    const trunk = store.trunks.create(byocTrunk(site(store).id));
    const west = store.sites.sites.named("West");
    const route = store.sites.routesOf(west?.id as string).named("Default Outbound Route");
    const ids = [trunk.id, store.trunks.gcv()?.id as string];
    store.sites.updateRoute(
      west?.id as string,
      route?.id as string,
      { externalTrunkBases: ids.map((id) => ({ id })) },
      (id) => store.trunks.bases.find(id),
    );
    expect(store.outbound("West", "+13125550123")?.trunks.map((t) => t.kind)).toEqual(["byoc", "gcv"]);
    expect(store.outbound("North", "+13125550123")?.trunks.map((t) => t.kind)).toEqual(["gcv"]);
  });
});

describe("data tables", () => {
  test("rows keep to the columns, and a table with rows is deleted by force only", () => {
    const { store } = testStore();
    const { tables } = store.flows;
    expect(refusal(() => tables.create({ name: "T", schema: { properties: { path: { type: "string" } } } }))).toBe(
      "400 bad.request",
    );
    const table = tables.create({
      name: "T",
      schema: { properties: { key: { type: "string" }, percent: { type: "integer", default: 5 } } },
    });
    expect(tables.createRow(table.id, { key: "a" })).toEqual({ key: "a", percent: 5 });
    expect(refusal(() => tables.createRow(table.id, { key: "a" }))).toBe("409 datatable.row.exists");
    expect(refusal(() => tables.createRow(table.id, { key: "b", percent: "5" }))).toBe("400 bad.request");
    expect(refusal(() => tables.createRow(table.id, { key: "b", other: 1 }))).toBe("400 bad.request");
    expect(refusal(() => tables.remove(table.id, false, []))).toBe("409 datatable.in.use");
    expect(refusal(() => tables.remove(table.id, true, []))).toBe("accepted");
  });
});

test("100,000 numbers are seeded and matched quickly", () => {
  const plan = testPlan();
  const one = plan.numbers[0];
  if (!one) throw new Error("no number");
  plan.numbers = Array.from({ length: 100_000 }, (_, i) => ({ ...one, number: `+1212${1_000_000 + i}` }));
  // Processor time: other work on the machine does not count.
  const started = process.cpuUsage();
  const { store } = testStore({}, plan);
  expect(store.numbers.pools.size).toBe(10);
  for (let i = 0; i < 100_000; i += 10)
    expect(store.matchNumber(`+1212${1_000_000 + i}`, { via: "gcv" })).not.toBe(null);
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(5000);
});
