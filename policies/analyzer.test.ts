import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trunkHost } from "../model/regions";
import { desiredState } from "../model/phases";
import { loadPlan } from "../model/plan";
import { POLICY_NAMES } from "../model/policyNames";
import { toRanges } from "../model/ranges";

// The real pack in the real analyzer process, asked over its own protocol, as both engines do.
const root = resolve(__dirname, "..");
const require = createRequire(join(root, "package.json"));
const analyzer = require("@pulumi/pulumi/proto/analyzer_pb");
const services = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

const SECRET_SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const GUIDE = join(root, "test/estates/guide");
const plan = loadPlan(GUIDE);
const TRUNK = "genesyscloud:index/telephonyProvidersEdgesTrunkbasesettings:TelephonyProvidersEdgesTrunkbasesettings";

let dir: string;

// The generated gRPC code has no types: messages are read by their getters only.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Message = any;
type Client = Message;

interface Pack {
  child: ChildProcess;
  client: Client;
  firstOutput: string;
}

async function startPack(config: Record<string, string>): Promise<Pack> {
  const child = spawn(process.execPath, [require.resolve("@pulumi/pulumi/cmd/run-policy-pack"), "127.0.0.1:1", dir], {
    cwd: dir,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PULUMI_NODEJS_PROJECT: "cutover",
      PULUMI_NODEJS_STACK: "test",
      PULUMI_CONFIG: JSON.stringify({ "cutover:plan": GUIDE, "cutover:phase": "cutover", ...config }),
    },
  });
  const firstOutput = await new Promise<string>((ok, no) => {
    let text = "";
    child.stdout!.on("data", (d) => {
      text += d;
      if (text.includes("\n")) ok(text);
    });
    child.on("exit", (code) => no(new Error(`pack ended with ${code}`)));
  });
  const client = new services.AnalyzerClient(`127.0.0.1:${firstOutput.trim()}`, grpc.credentials.createInsecure());
  return { child, client, firstOutput };
}

const call = (pack: Pack, method: string, request: unknown): Promise<Message> =>
  new Promise((ok, no) => pack.client[method](request, (e: Error | null, v: unknown) => (e ? no(e) : ok(v))));

interface Violation {
  policy: string;
  level: number;
  message: string;
}

/** Remediate, then Analyze, in the order of the engines. */
async function analyze(
  pack: Pack,
  type: string,
  properties: unknown,
  secretOutputs: string[] = [],
): Promise<Violation[]> {
  const options = new analyzer.AnalyzerResourceOptions();
  options.setCustomtimeouts(new analyzer.AnalyzerResourceOptions.CustomTimeouts());
  options.setAdditionalsecretoutputsList(secretOutputs);
  options.setProtect(true);
  const request = new analyzer.AnalyzeRequest();
  request.setType(type);
  request.setName("it");
  request.setUrn(`urn:pulumi:test::cutover::${type}::it`);
  request.setProperties(Struct.fromJavaScript(properties));
  request.setOptions(options);
  const changed = await call(pack, "remediate", request);
  // A remediation would send the secret back through the engine; this one only looks.
  expect(changed.getRemediationsList()).toEqual([]);
  const answer = await call(pack, "analyze", request);
  return answer
    .getDiagnosticsList()
    .map((d: Message) => ({ policy: d.getPolicyname(), level: d.getEnforcementlevel(), message: d.getMessage() }));
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cutover-pack-"));
  mkdirSync(join(dir, "bin"));
  for (const file of ["package.json", "PulumiPolicy.yaml"]) copyFileSync(join(root, "policies", file), join(dir, file));
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  await build({
    entryPoints: [join(root, "policies/index.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@pulumi/*"],
    outfile: join(dir, "bin/index.js"),
    logLevel: "error",
  });
});
afterAll(async () => {
  for (const pack of await Promise.allSettled(packs.values()))
    if (pack.status === "fulfilled") await endPack(pack.value);
  rmSync(dir, { recursive: true, force: true });
});

// One process for each configuration: an analyzer lives through a whole operation too.
const packs = new Map<string, Promise<Pack>>();
const withPack = (config: Record<string, string>, work: (pack: Pack) => Promise<void>) => async () => {
  const key = JSON.stringify(config);
  if (!packs.has(key)) packs.set(key, startPack(config));
  await work(await packs.get(key)!);
};

async function endPack(pack: Pack): Promise<void> {
  pack.client.close();
  pack.child.removeAllListeners("exit");
  const ended = new Promise((ok) => pack.child.once("exit", ok));
  pack.child.kill("SIGTERM");
  await ended;
}

const setting = (value: unknown) => ({ value: { instance: value } });
function trunkText(changes: Record<string, unknown> = {}): string {
  const keys = {
    trunk_sip_termination_uri: plan.trunk.terminationId,
    trunk_access_acl_allowList: plan.trunk.allowlist,
    trunk_media_codec: ["audio/pcmu", "audio/pcma", "audio/g729"],
    trunk_transport_protocolVariant: "tls",
    trunk_media_srtpCipherSuites: ["AES_CM_128_HMAC_SHA1_80"],
    trunk_recording_enabled: true,
    trunk_calling_id_priority: plan.gcv.callerIdPriority,
    trunk_maxConcurrentCalls: plan.trunk.maxConcurrentCalls,
    trunk_sip_authentication_credentials_password: "digest-secret",
    ...changes,
  };
  return JSON.stringify(Object.fromEntries(Object.entries(keys).map(([k, v]) => [k, setting(v)])));
}
const trunk = (text: string, secret = true) => ({
  name: plan.trunk.name,
  trunkMetaBaseId: "external_sip_pcv_byoc_carrier.json",
  properties: secret ? { ...SECRET_SIGNATURE, value: text } : text,
});
const gate = (from: string, to: string, facts: unknown = {}) => ({
  name: "gate",
  from: { phase: from, waves: {} },
  to: { phase: to, waves: {} },
  digest: plan.digest,
  plan: GUIDE,
  settings: {},
  facts,
});
/** What stands in the organisation and its zones before `baseline`. */
const EXISTING = {
  gcvTrunk: "PureCloud Voice - AWS",
  ivrs: desiredState(plan, "baseline", {}).gcvIvrs.map((i) => ({
    name: i.callRoute,
    ranges: toRanges(i.numbers),
    flow: i.callRoute,
  })),
  outbound: desiredState(plan, "baseline", {}).outbound.map(({ site }) => ({
    site,
    trunks: ["PureCloud Voice - AWS"],
  })),
};
const ANSWERS = desiredState(plan, "baseline", {}).dns.flatMap((d) =>
  [`ns:${d.provider}:${d.view}:127.0.0.1:53`, "isp-1"].map((resolver) => ({
    key: d.key,
    resolver,
    target: d.target,
    ttlSeconds: d.ttlSeconds,
  })),
);
const names = (violations: Violation[]) => violations.map((v) => v.policy).sort();

describe("the pack in its analyzer", () => {
  it(
    "prints its port and nothing else, and offers exactly these policies",
    withPack({}, async (pack) => {
      expect(pack.firstOutput).toMatch(/^\d+\n$/);
      const info = await call(pack, "getAnalyzerInfo", new Empty());
      expect(info.getName()).toBe("cutover-policies");
      expect(
        info
          .getPoliciesList()
          .map((p: Message) => p.getName())
          .sort(),
      ).toEqual([
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
      const info = await call(pack, "getAnalyzerInfo", new Empty());
      const offered = info.getPoliciesList().map((p: Message) => p.getName());
      expect(offered.sort()).toEqual([...POLICY_NAMES]);
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
      expect(narrow[0]!.level).toBe(analyzer.EnforcementLevel?.MANDATORY ?? 1);
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
    "judges the gate's moves and evidence, and never a way back",
    withPack({}, async (pack) => {
      expect(names(await analyze(pack, "gates:index:Gate", gate("none", "baseline")))).toEqual([
        "baseline-changes-nothing",
        "licence-present",
        "organisation-answers",
        "permissions-granted",
        "record-agrees",
      ]);
      expect(names(await analyze(pack, "gates:index:Gate", gate("baseline", "canary")))).toEqual([
        "phase-moves-one-step",
      ]);
      expect(await analyze(pack, "gates:index:Gate", gate("canary", "ttl-lowered"))).toEqual([]);
      expect(await analyze(pack, "gates:index:Gate", gate("canary", "canary"))).toEqual([]);
      // The pack asks the machine's clock here: whether the change window is open depends on when this runs.
      const canary = names(await analyze(pack, "gates:index:Gate", gate("ttl-lowered", "canary")));
      expect(canary.filter((name) => name !== "change-window")).toEqual([
        "dns-agrees-everywhere",
        "record-agrees",
        "ttl-lowered-in-time",
      ]);
      const head = { schema: "cutover/probe/v1", by: "test", status: "ok", at: new Date().toISOString() };
      const facts = {
        record: { ...head, probe: "record", record: null, existing: EXISTING },
        dns: { ...head, probe: "dns", answers: ANSWERS },
        entitlement: {
          ...head,
          probe: "entitlement",
          organisation: { id: "1", name: plan.organisation.name },
          products: ["byoc"],
          missingPermissions: [],
        },
      };
      expect(await analyze(pack, "gates:index:Gate", gate("none", "baseline", facts))).toEqual([]);
      const unknown = await analyze(
        pack,
        "gates:index:Gate",
        gate("none", "baseline", { ...facts, entitlement: UNKNOWN_STRING }),
      );
      expect(names(unknown)).toContain("licence-present");
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

  it(
    "stops no way back, whatever it finds, and only where the record stands at its beginning",
    withPack({ "cutover:phase": "ttl-lowered" }, async (pack) => {
      const narrow = trunk(trunkText({ trunk_access_acl_allowList: ["203.0.113.10/32"] }));
      const stack = () => analyze(pack, "pulumi:pulumi:Stack", {});
      const record = (phase: string) => ({
        record: { record: { phase, waves: "", floor: "", digest: plan.digest, since: {} } },
      });
      const found = async (from: string, recorded: string) => {
        expect(await stack()).toEqual([]);
        expect(await analyze(pack, "gates:index:Gate", gate(from, "ttl-lowered", record(recorded)))).toEqual([]);
        return names(await analyze(pack, TRUNK, narrow, ["properties"]));
      };
      expect(await found("canary", "canary")).toEqual([]);
      expect(await found("ttl-lowered", "ttl-lowered")).toEqual(["allowlist-covers-carrier"]);
      expect(await found("canary", "parallel")).toEqual(["allowlist-covers-carrier"]);
    }),
  );

  const LOOPBACK = "http://127.0.0.1:1";
  it(
    "leaves a policy out in a sandbox, and only with a sandbox's clock",
    withPack({ "cutover:withoutPolicies": "recording-kept", "cutover:clock": LOOPBACK }, async (pack) => {
      const off = trunk(trunkText({ trunk_recording_enabled: false, trunk_media_srtpCipherSuites: [] }));
      expect(names(await analyze(pack, TRUNK, off, ["properties"]))).toEqual(["trunk-transport-secure"]);
    }),
  );

  it(
    "goes on judging where the switch is not allowed",
    withPack({ "cutover:withoutPolicies": "recording-kept" }, async (pack) => {
      const off = trunk(trunkText({ trunk_recording_enabled: false }));
      expect(names(await analyze(pack, TRUNK, off, ["properties"]))).toEqual(["recording-kept"]);
    }),
  );

  it(
    "obeys an override with a reason and an end, and tells it",
    withPack(
      {
        "cutover:override": JSON.stringify({
          "licence-present": { reason: "trial licence is not listed", until: "2999-01-01" },
          "organisation-answers": { reason: "renamed", until: "2001-01-01" },
          "permissions-granted": { reason: "", until: "2999-01-01" },
        }),
      },
      async (pack) => {
        const violations = await analyze(pack, "gates:index:Gate", gate("none", "baseline"));
        expect(names(violations.filter((v) => v.policy !== "override-in-use"))).toEqual([
          "baseline-changes-nothing",
          "organisation-answers",
          "permissions-granted",
          "record-agrees",
        ]);
        expect(violations.find((v) => v.policy === "organisation-answers")!.message).toContain(
          "its override ended on 2001-01-01",
        );
        const told = violations.filter((v) => v.policy === "override-in-use");
        expect(told).toHaveLength(3);
        expect(told.every((v) => v.level === 0)).toBe(true);
      },
    ),
  );
});
