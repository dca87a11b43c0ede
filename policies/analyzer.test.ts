import { describe, expect, it } from "vitest";
import { POLICY_NAMES } from "../model/policyNames";
import { toRanges } from "../model/ranges";
import { trunkHost } from "../model/regions";
import {
  analyze,
  MANDATORY,
  names,
  offered,
  plan,
  SECRET_SIGNATURE,
  TRUNK,
  trunk,
  trunkText,
  UNKNOWN_STRING,
  usePack,
  withPack,
} from "./testing";

usePack();

describe("the pack in its analyzer", () => {
  it(
    "prints its port and nothing else, and offers exactly these policies",
    withPack({}, async (pack) => {
      expect(pack.firstOutput).toMatch(/^\d+\n$/);
      const { pack: name, policies } = await offered(pack);
      expect(name).toBe("cutover-policies");
      expect(policies.sort()).toEqual([
        "allowlist-covers-carrier",
        "allowlist-not-too-wide",
        "baseline-changes-nothing",
        "blast-radius",
        "caller-id-preserved",
        "canary-healthy",
        "carrier-route-ready",
        "change-window",
        "channels-suffice",
        "codec-fallback-present",
        "codecs-agree",
        "confirmed-by-name",
        "dns-agrees-everywhere",
        "dns-not-before-port",
        "emergency-address-registered",
        "emergency-groups-kept",
        "failover-paths-present",
        "foc-frozen",
        "gcv-stays-warm",
        "handshake-proven",
        "inventory-empty",
        "least-privilege",
        "levels-kept",
        "licence-present",
        "main-number-last",
        "name-is-dialable",
        "never-replaced",
        "no-loop",
        "not-judged",
        "one-live-path",
        "organisation-answers",
        "outbound-after-port",
        "override-in-use",
        "permissions-granted",
        "phase-moves-one-step",
        "port-live",
        "record-agrees",
        "record-not-proxied",
        "recording-kept",
        "release-drained",
        "soak-over",
        "trunk-secret-not-plain",
        "trunk-transport-secure",
        "ttl-lowered-in-time",
      ]);
    }),
  );

  it(
    "and the list of names that may be left out or overridden agree",
    withPack({}, async (pack) => {
      const { policies } = await offered(pack);
      expect(policies.sort()).toEqual([...POLICY_NAMES]);
    }),
  );

  it(
    "judges the trunk: secret, allowlist, codecs",
    withPack({}, async (pack) => {
      expect(await analyze(pack, TRUNK, trunk(trunkText()), ["properties"])).toEqual([]);
      expect(names(await analyze(pack, TRUNK, trunk(trunkText(), false), ["properties"]))).toEqual([
        "trunk-secret-not-plain",
      ]);
      expect(names(await analyze(pack, TRUNK, trunk(trunkText())))).toEqual(["trunk-secret-not-plain"]);
      const narrow = await analyze(pack, TRUNK, trunk(trunkText({ trunk_access_acl_allowList: ["203.0.113.10/32"] })), [
        "properties",
      ]);
      expect(names(narrow)).toEqual(["allowlist-covers-carrier"]);
      expect(narrow[0]!.message).toMatch(
        /it: seen allowlist 203\.0\.113\.10\/32; required also 203\.0\.113\.11\/32.*; fix: .*cutover:override to \{"allowlist-covers-carrier"/,
      );
      expect(narrow[0]!.level).toBe(MANDATORY);
      const wide = await analyze(pack, TRUNK, trunk(trunkText({ trunk_access_acl_allowList: ["203.0.113.0/24"] })), [
        "properties",
      ]);
      expect(names(wide)).toEqual(["allowlist-not-too-wide"]);
      const codecs = await analyze(pack, TRUNK, trunk(trunkText({ trunk_media_codec: ["audio/opus"] })), [
        "properties",
      ]);
      expect(names(codecs)).toEqual(["codecs-agree"]);
      const none = JSON.stringify(narrow) + JSON.stringify(await analyze(pack, TRUNK, trunk(trunkText(), false)));
      expect(none).not.toContain("digest-secret");
      expect(
        await analyze(pack, TRUNK, { name: "GCV", trunkMetaBaseId: "external_sip_pcv_aws.json", properties: "{}" }),
      ).toEqual([]);
    }),
  );

  it(
    "finds the trunk's password in the plain text of any resource, and never repeats it",
    withPack({ "cutover:trunkPassword": "digest-secret" }, async (pack) => {
      const site = "genesyscloud:index/telephonyProvidersEdgesSite:TelephonyProvidersEdgesSite";
      const found = await analyze(pack, site, { name: "BYOC", numberPlans: [{ name: "pw digest-secret" }] });
      expect(names(found)).toEqual(["trunk-secret-not-plain"]);
      expect(found[0]!.message).toMatch(/in plain text in numberPlans;/);
      expect(found[0]!.message).not.toContain("digest-secret");
      const kept = { name: "BYOC", description: { ...SECRET_SIGNATURE, value: "pw digest-secret" } };
      expect(await analyze(pack, site, kept)).toEqual([]);
      expect(await analyze(pack, TRUNK, trunk(trunkText()), ["properties"])).toEqual([]);
    }),
  );

  it(
    "takes properties that are not known in preview for no pass",
    withPack({}, async (pack) => {
      const violations = await analyze(pack, TRUNK, trunk(UNKNOWN_STRING, false), ["properties"]);
      expect(names(violations)).toEqual([
        "allowlist-covers-carrier",
        "allowlist-not-too-wide",
        "caller-id-preserved",
        "codecs-agree",
        "never-replaced",
        "recording-kept",
        "trunk-secret-not-plain",
        "trunk-transport-secure",
      ]);
      expect(violations.every((v) => v.message.includes("not known"))).toBe(true);
    }),
  );

  it(
    "judges carrier routes and the standby",
    withPack({}, async (pack) => {
      const route = {
        name: "w1-main-inbound",
        ranges: [],
        host: trunkHost(plan),
        calledNumber: plan.carrier.shadowNumbers[0],
      };
      expect(await analyze(pack, "carrier:index:Route", route)).toEqual([]);
      expect(names(await analyze(pack, "carrier:index:Route", { ...route, host: "sip.guide.example" }))).toEqual([
        "carrier-route-ready",
        "name-is-dialable",
      ]);
      expect(names(await analyze(pack, "carrier:index:Route", { ...route, nextHost: "elsewhere.example" }))).toEqual([
        "name-is-dialable",
      ]);
      expect(names(await analyze(pack, "carrier:index:Route", { ...route, calledNumber: null }))).toEqual([
        "carrier-route-ready",
      ]);
      const shadow = { ...route, name: "shadow-main-inbound", calledNumber: null };
      expect(await analyze(pack, "carrier:index:Route", shadow)).toEqual([]);
      const row = "genesyscloud:index/architectDatatableRow:ArchitectDatatableRow";
      expect(await analyze(pack, row, { propertiesJson: JSON.stringify({ standby: "warm" }) })).toEqual([]);
      expect(names(await analyze(pack, row, { propertiesJson: JSON.stringify({ standby: "closed" }) }))).toEqual([
        "gcv-stays-warm",
      ]);
      const group = "genesyscloud:index/architectEmergencygroup:ArchitectEmergencygroup";
      expect(await analyze(pack, group, { enabled: false })).toEqual([]);
      expect(names(await analyze(pack, group, { enabled: true }))).toEqual(["gcv-stays-warm"]);
    }),
  );

  it(
    "judges transport, recording, rights and emergency addresses",
    withPack({}, async (pack) => {
      const of = async (changes: Record<string, unknown>) =>
        names(await analyze(pack, TRUNK, trunk(trunkText(changes)), ["properties"]));
      expect(await of({ trunk_transport_protocolVariant: "tcp" })).toEqual(["trunk-transport-secure"]);
      expect(await of({ trunk_media_srtpCipherSuites: [] })).toEqual(["trunk-transport-secure"]);
      expect(await of({ trunk_recording_enabled: false })).toEqual(["recording-kept"]);
      const role = "genesyscloud:index/authRole:AuthRole";
      const right = { domain: "routing", entityName: "callRoute", actionSets: ["edit"] };
      expect(await analyze(pack, role, { permissionPolicies: [right] })).toEqual([]);
      const wide = { domain: "routing", entityName: "*", actionSets: ["*"] };
      expect(names(await analyze(pack, role, { permissionPolicies: [right, wide] }))).toEqual(["least-privilege"]);
      const address = plan.numbers[0]!.emergencyAddress;
      const ranges = toRanges(plan.numbers.filter((n) => n.emergencyAddress === address).map((n) => n.number));
      expect(await analyze(pack, "carrier:index:EmergencyAddress", { address, ranges })).toEqual([]);
      const first = [{ from: ranges[0]!.from, to: ranges[0]!.from }];
      expect(names(await analyze(pack, "carrier:index:EmergencyAddress", { address, ranges: first }))).toEqual([
        "emergency-address-registered",
      ]);
    }),
  );
});
