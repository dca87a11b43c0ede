import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { build } from "esbuild";
import { afterAll, beforeAll, expect } from "vitest";
import { desiredState } from "../model/phases";
import { loadPlan } from "../model/plan";
import { toRanges } from "../model/ranges";

// The real pack in the real analyzer process, asked over its own protocol, as both engines do.
const root = resolve(__dirname, "..");
const require = createRequire(join(root, "package.json"));
export const analyzer = require("@pulumi/pulumi/proto/analyzer_pb");
const services = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
export const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

export const SECRET_SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
/** What stands for a string that is not known in preview. */
export const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const GUIDE = join(root, "test/estates/guide");
export const plan = loadPlan(GUIDE);
export const TRUNK =
  "genesyscloud:index/telephonyProvidersEdgesTrunkbasesettings:TelephonyProvidersEdgesTrunkbasesettings";
export const GATE = "gates:index:Gate";
export const MANDATORY: number = analyzer.EnforcementLevel?.MANDATORY ?? 1;

let dir: string;

// The generated gRPC code has no types: messages are read by their getters only.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Message = any;
type Client = Message;

export interface Pack {
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

/** Asks the pack one question of its protocol. */
export const call = (pack: Pack, method: string, request: unknown): Promise<Message> =>
  new Promise((ok, no) => pack.client[method](request, (e: Error | null, v: unknown) => (e ? no(e) : ok(v))));

/** The names of the policies that the pack offers, in its order, with the pack's own name. */
export async function offered(pack: Pack): Promise<{ pack: string; policies: string[] }> {
  const info = await call(pack, "getAnalyzerInfo", new Empty());
  return { pack: info.getName(), policies: info.getPoliciesList().map((p: Message) => p.getName()) };
}

export interface Violation {
  policy: string;
  level: number;
  message: string;
}

/** Asks about one resource, as the engines do: Remediate, then Analyze. @returns what the pack says against it. */
export async function analyze(
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

/** Builds the pack before a file's tests and ends every process that they started. Call it once, at the file's top. */
export function usePack(): void {
  beforeAll(buildPack);
  afterAll(async () => {
    for (const pack of await Promise.allSettled(packs.values()))
      if (pack.status === "fulfilled") await endPack(pack.value);
    rmSync(dir, { recursive: true, force: true });
  });
}

async function buildPack(): Promise<void> {
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
}

// One process for each configuration: an analyzer lives through a whole operation too.
const packs = new Map<string, Promise<Pack>>();
/** A test on a pack with this stack configuration. */
export const withPack = (config: Record<string, string>, work: (pack: Pack) => Promise<void>) => async () => {
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
/** The trunk's settings as the guide's estate wants them, with changes by key. */
export function trunkText(changes: Record<string, unknown> = {}): string {
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
/** The trunk as a resource; `secret: false`: its settings in plain text. */
export const trunk = (text: string, secret = true) => ({
  name: plan.trunk.name,
  trunkMetaBaseId: "external_sip_pcv_byoc_carrier.json",
  properties: secret ? { ...SECRET_SIGNATURE, value: text } : text,
});
/** The gate as a resource, between two phases, with the facts gathered for it. */
export const gate = (from: string, to: string, facts: unknown = {}) => ({
  name: "gate",
  from: { phase: from, waves: {} },
  to: { phase: to, waves: {} },
  digest: plan.digest,
  plan: GUIDE,
  settings: {},
  facts,
});
/** What stands in the organisation and its zones before `baseline`. */
export const EXISTING = {
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
/** What servers and resolvers answer then. */
export const ANSWERS = desiredState(plan, "baseline", {}).dns.flatMap((d) =>
  [`ns:${d.provider}:${d.view}:127.0.0.1:53`, "isp-1"].map((resolver) => ({
    key: d.key,
    resolver,
    target: d.target,
    ttlSeconds: d.ttlSeconds,
  })),
);
/** The policies that objected, sorted. */
export const names = (violations: Violation[]) => violations.map((v) => v.policy).sort();

/** Levels by policy, as an engine tells them: 0 advisory, 1 mandatory, 2 disabled. */
export async function setLevels(pack: Pack, levels: Record<string, number>): Promise<void> {
  const request = new analyzer.ConfigureAnalyzerRequest();
  for (const [name, level] of Object.entries(levels)) {
    const config = new analyzer.PolicyConfig();
    config.setEnforcementlevel(level);
    config.setProperties(Struct.fromJavaScript({}));
    request.getPolicyconfigMap().set(name, config);
  }
  await call(pack, "configure", request);
}
