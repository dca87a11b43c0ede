import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { byocDomains, REGION_NAMES } from "../model/regions";
import { isTrunkName } from "../model/rules/dns";
import { offered, SECRET_SIGNATURE, UNKNOWN_STRING, usePack, withPack } from "./testing";
import { cloudflare, flow, ivr, plain, POOL, route53, stops, TARGET, told, trunk, type } from "./testing-plain";
import { configurePack, judgeStack, type Plain } from "./testing-stack";

/** The pack on the resources of somebody who has none of this project's components and no plan, in many spellings. */
usePack();

const OSAKA = join(__dirname, "../test/estates/osaka");

describe("records that are nobody's calls", () => {
  it(
    "are passed in silence, whatever of them is not known yet",
    plain(async (pack) => {
      const found = await judgeStack(pack, [
        route53("balancer", { ttl: 60, records: [UNKNOWN_STRING] }),
        route53("certificate", { name: UNKNOWN_STRING, type: UNKNOWN_STRING, ttl: 60, records: UNKNOWN_STRING }),
        route53("alias", { type: "A", aliases: [{ name: UNKNOWN_STRING, zoneId: "Z2", evaluateTargetHealth: true }] }),
        cloudflare("dnsRecord:DnsRecord", { content: UNKNOWN_STRING, proxied: true, ttl: 1 }),
        cloudflare("dnsRecord:DnsRecord", { content: "www.byoc.acme.example", proxied: true, ttl: 1 }),
        { type: "aws:s3/bucket:Bucket", name: "site", props: { bucket: UNKNOWN_STRING } },
      ]);
      expect(found).toEqual([]);
    }),
  );
});

describe("records that lead to a trunk", () => {
  it(
    "are found proxied in either version of Cloudflare's resource, content or value",
    plain(async (pack) => {
      for (const [version, props] of [
        ["dnsRecord:DnsRecord", { content: TARGET }],
        ["record:Record", { content: `${TARGET}.` }],
        ["record:Record", { value: TARGET.toUpperCase() }],
      ] as const) {
        const found = await judgeStack(pack, [cloudflare(version, { ...props, proxied: true, ttl: 1 })]);
        expect(stops(found), JSON.stringify(props)).toEqual(["record-not-proxied"]);
        expect(stops(await judgeStack(pack, [cloudflare(version, { ...props, proxied: false, ttl: "1" })]))).toEqual(
          [],
        );
      }
    }),
  );

  it(
    "pass as weighted, as SRV, with a TTL as text; what a plan would be needed for is told",
    plain(async (pack) => {
      const found = await judgeStack(pack, [
        route53("plain", { ttl: "300", records: [TARGET] }),
        route53("weighted", {
          setIdentifier: "a",
          weightedRoutingPolicies: [{ weight: 10 }],
          ttl: 60,
          records: [TARGET],
        }),
        route53("secret", { ttl: 60, records: { ...SECRET_SIGNATURE, value: [TARGET] } }),
        route53("srv", { type: "SRV", ttl: 60, records: [`10 10 5061 ${TARGET}`] }),
        route53("txt", { type: "TXT", ttl: 60, records: [`v=note include:${TARGET}`] }),
        route53("multi", {
          type: "A",
          multivalueAnswerRoutingPolicy: true,
          setIdentifier: "a",
          records: ["192.0.2.1"],
        }),
      ]);
      expect(stops(found)).toEqual([]);
      expect(told(found)).toContain(
        "dns-not-before-port did not judge plain, secret, srv, weighted: it lacks the plan",
      );
    }),
  );

  it(
    "of a plan are judged by the TTL that is served: Cloudflare's 1 means 300 s",
    withPack({ "cutover:plan": OSAKA, "cutover:phase": "ttl-lowered" }, async (pack) => {
      const record = (ttl: unknown) =>
        cloudflare("dnsRecord:DnsRecord", { name: "tel.osaka.example", content: "gcv.osaka.example", ttl });
      expect(stops(await judgeStack(pack, [record("120")]))).not.toContain("ttl-lowered-in-time");
      const found = await judgeStack(pack, [record(1)]);
      expect(found.find((s) => s.policy === "ttl-lowered-in-time")!.message).toContain("with a TTL of 300 s");
    }),
  );

  it("are known by every domain that BYOC trunks answer under, and by no other", () => {
    const names = REGION_NAMES.flatMap(byocDomains).map((domain) => `acme.${domain}`);
    expect(names.filter((name) => !isTrunkName(name))).toEqual([]);
    for (const other of ["www.byoc.acme.example", "byoc.use1.pure.cloud.evil.example", "", "mypurecloud.com"])
      expect(isTrunkName(other), other).toBe(false);
  });
});

describe("pools and call routes", () => {
  it(
    "are protected and never deleted first, whatever of them is not known yet",
    plain(async (pack) => {
      const pool = (name: string, options: Partial<Plain> = {}): Plain => ({
        type: POOL,
        name,
        props: { startPhoneNumber: UNKNOWN_STRING, endPhoneNumber: UNKNOWN_STRING },
        ...options,
      });
      const right = [pool("a"), ivr("b", { name: UNKNOWN_STRING, dnis: [UNKNOWN_STRING] }), ivr("c", {})];
      expect(stops(await judgeStack(pack, right))).toEqual([]);
      const found = await judgeStack(pack, [
        pool("a", { protect: false }),
        ivr("b", { name: UNKNOWN_STRING }, { deleteBeforeReplace: true }),
        ivr("c", {}, { deleteBeforeReplace: false }),
      ]);
      expect(found.filter((s) => s.policy === "never-replaced").map((s) => s.message.split(";")[0])).toEqual([
        "a: seen the pool a without protect",
        "b: seen deleteBeforeReplace on the call route b",
      ]);
    }),
  );

  it(
    "hold a number once, also beside one whose numbers are not known yet",
    plain(async (pack) => {
      const found = await judgeStack(pack, [
        ivr("a", { dnis: ["+12025550100", "+12025550101"] }),
        ivr("b", { dnis: ["+12025550100"] }),
        ivr("c", { dnis: [UNKNOWN_STRING] }),
        ivr("a2", { name: "a BYOC", dnis: [], closedHoursFlowId: UNKNOWN_STRING }),
      ]);
      expect(stops(found)).toEqual(["one-live-path"]);
      expect(found.find((s) => s.policy === "one-live-path")).toMatchObject({
        resource: "a",
        message: expect.stringContaining("seen +12025550100 on the call routes a and b"),
      });
      expect(told(found)).toContain("one-live-path did not judge c: it lacks its name or numbers");
      expect(told(found)).toContain("one-live-path did not judge a2: it lacks its hours");
    }),
  );
});

describe("flows", () => {
  const pool: Plain = {
    type: POOL,
    name: "pool",
    props: { startPhoneNumber: "+12025550100", endPhoneNumber: "+12025550109" },
  };
  it(
    "are judged when their calls may come back to them",
    plain(async (pack) => {
      expect(stops(await judgeStack(pack, [pool, flow("flow.yaml")]))).toEqual([]);
      const loop = flow("looping-flow.yaml");
      const found = await judgeStack(pack, [pool, loop]);
      expect(stops(found)).toEqual(["failover-paths-present", "no-loop"]);
      expect(found.find((s) => s.policy === "no-loop")!.message).toContain("; fix: both decisions stand before the");
      expect(told(found)).toContain("codec-fallback-present did not judge flow: it lacks the codec fallback queue");
      // The number is on a call route that opens another flow: no loop, and the failures are that flow's own.
      const other = ivr("other", { dnis: ["+12025550109"] }, { from: { openHoursFlowId: ["second"] } });
      expect(stops(await judgeStack(pack, [pool, loop, flow("flow.yaml", "second"), other]))).toEqual([]);
      const same = ivr("other", { dnis: ["+12025550109"] }, { from: { openHoursFlowId: ["flow"] } });
      expect(stops(await judgeStack(pack, [loop, same]))).toEqual(["failover-paths-present", "no-loop"]);
    }),
  );

  it(
    "of everyday use are left alone: a menu that repeats, a closed message, somebody's mobile, a file that is elsewhere",
    plain(async (pack) => {
      const found = await judgeStack(pack, [pool, flow("everyday-flow.yaml"), flow("absent.yaml", "absent")]);
      expect(stops(found)).toEqual([]);
      expect(told(found)).toContain("no-loop did not judge flow: it lacks where calls to +14155550100 go");
      expect(told(found)).toMatch(/no-loop did not judge absent: it lacks the flow: the flow's file .*absent\.yaml/);
    }),
  );
});

describe("what only a plan can tell to be the migration's", () => {
  const role: Plain = {
    type: type("AuthRole"),
    name: "role",
    props: {
      name: "Agents",
      permissions: ["admin"],
      permissionPolicies: [{ domain: "conversation", entityName: "*", actionSets: ["*"] }],
    },
  };
  const others: Plain[] = [
    role,
    { type: type("ArchitectEmergencygroup"), name: "flood", props: { name: "Flood", enabled: true } },
    { type: type("ArchitectDatatableRow"), name: "row", props: { propertiesJson: '{"standby":"closed"}' } },
    { type: type("OauthClient"), name: "client", props: { name: "Portal", roles: [{ roleId: "a" }, { roleId: "b" }] } },
    { type: type("TelephonyProvidersEdgesSiteOutboundRoute"), name: "out", props: { externalTrunkBaseIds: ["x"] } },
  ];
  it(
    "is told, not stopped",
    plain(async (pack) => {
      const found = await judgeStack(pack, [trunk(), ...others]);
      expect(stops(found)).toEqual([]);
      for (const [policy, name] of [
        ["gcv-stays-warm", "flood, row"],
        ["least-privilege", "role"],
        ["least-privilege", "client"],
        ["outbound-after-port", "out"],
      ])
        expect(told(found)).toContain(`${policy} did not judge ${name}: it lacks `);
    }),
  );

  it(
    "except a role that the configuration names",
    plain(async (pack) => {
      await configurePack(pack, { "least-privilege": { roles: ["Agents"] } });
      const found = await judgeStack(pack, [role]);
      expect(stops(found)).toEqual(["least-privilege"]);
      expect(found[0]!.message).toContain("seen the rights conversation:*:*, admin;");
      await configurePack(pack, { "least-privilege": { roles: ["Runs"] } });
      expect(await judgeStack(pack, [role])).toEqual([]);
    }),
  );
});

describe("the configuration", () => {
  it(
    "with a name that means nothing is refused",
    plain(async (pack) => {
      await configurePack(pack, { "no-lop": { enforcementLevel: "disabled" }, "soak-over": { hour: 72 } });
      const found = await judgeStack(pack, []);
      expect(found.map((s) => s.message.split("; to override")[0])).toEqual([
        "acme-dev: seen a policy no-lop in the pack's configuration; required a name of docs/policies.md; fix: correct the name",
        "acme-dev: seen soak-over with hour in the pack's configuration; required one of hours; fix: correct the name",
      ]);
    }),
  );

  it(
    "that lowers everything is told once, and one that takes levels-kept out is told too",
    plain(async (pack) => {
      const names = (await offered(pack)).policies;
      const all = Object.fromEntries(names.map((name) => [name, { enforcementLevel: "advisory" }]));
      await configurePack(pack, all);
      const found = await judgeStack(pack, []);
      expect(found.map((s) => s.policy)).toEqual(["levels-kept"]);
      expect(found[0]!.message).toMatch(/at level advisory and \d+ more; required of each: mandatory/);
      await configurePack(pack, { "levels-kept": { enforcementLevel: "disabled" } });
      expect(await judgeStack(pack, [])).toMatchObject([{ policy: "override-in-use" }]);
    }),
  );
});
