import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { Engine } from "../engine";
import { hostFile } from "../engine/testing";
import type { Result } from "../engine/result";
import { findPulumiRoot } from "../rehearsal/cli-finder";

/** The pack on plain resources of the official providers: no component of ours, no gate, no plan. The built pack and providers are used. */

const root = resolve(__dirname, "..");
let dir: string;
const engines: Engine[] = [];

const CREDENTIALS = {
  GENESYSCLOUD_OAUTHCLIENT_ID: "id",
  GENESYSCLOUD_OAUTHCLIENT_SECRET: "secret",
  AWS_ACCESS_KEY_ID: "AKIATEST",
  AWS_SECRET_ACCESS_KEY: "secret",
  CLOUDFLARE_API_TOKEN: "token",
};

const stackConfig = (wrong: string): Record<string, string> => ({
  "plain:wrong": wrong,
  // A preview of new resources asks no API: nothing listens here.
  "genesyscloud:gateways": JSON.stringify([{ protocol: "http", host: "127.0.0.1", port: "9" }]),
  "aws:endpoints": JSON.stringify([{ route53: "http://127.0.0.1:9" }]),
  "aws:region": "us-east-1",
  "cloudflare:baseUrl": "http://127.0.0.1:9",
});

function engine(packConfig: Record<string, unknown>, stack = "acme"): Engine {
  const made = new Engine({
    projectDir: join(root, "test/plain"),
    stack,
    stateDir: dir,
    passphrase: "test",
    config: {},
    secretKeys: [],
    packs: [join(root, "policies")],
    packConfig: packConfig as never,
    pluginPath: [join(root, "sandbox/plugins")],
    env: CREDENTIALS,
    hostFile: hostFile(),
    sandbox: true,
  });
  engines.push(made);
  return made;
}

async function preview(on: Engine, wrong: string, config: Record<string, string> = {}): Promise<Result> {
  on.configure({ ...stackConfig(wrong), ...config });
  return on.preview();
}

const violated = (r: Result, level = "mandatory") =>
  [...new Set(r.policies.violations.filter((v) => v.level === level).map((v) => v.policy))].sort();
const told = (r: Result) => r.policies.violations.filter((v) => v.policy === "not-judged").map((v) => v.message);

/** What a plan would say, given to the pack instead. */
const CONFIGURED = {
  "allowlist-covers-carrier": { sourceRanges: ["203.0.113.10/31"] },
  "allowlist-not-too-wide": { sourceRanges: ["203.0.113.10/31"] },
  "codecs-agree": { carrierCodecs: ["PCMU"] },
  "recording-kept": { gcvRecording: true },
  "caller-id-preserved": { priority: ["Source", "Trunk"] },
  "codec-fallback-present": { queue: "Codec fallback" },
  "least-privilege": { roles: ["Acme runs"] },
};

let bare: Engine;
let configured: Engine;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "cutover-plain-"));
  bare = engine({});
  configured = engine(CONFIGURED);
});
afterAll(async () => {
  await Promise.all(engines.map((e) => e.close()));
  rmSync(dir, { recursive: true, force: true });
});

/** What a real CLI's preview says of the same program, pack and configuration: `[mandatory] name` lines of its output. */
function previewByCli(cli: string, wrong: string, packConfig: object): { mandatory: string[]; output: string } {
  const home = mkdtempSync(join(dir, "cli-"));
  const config = { ...stackConfig(wrong) };
  writeFileSync(join(home, "pack.json"), JSON.stringify(packConfig));
  const file = join(home, "Pulumi.acme.yaml");
  const env = {
    ...CREDENTIALS,
    PATH: [join(cli, "bin"), join(root, "sandbox/plugins"), process.env.PATH].join(delimiter),
    HOME: home,
    PULUMI_HOME: join(home, "home"),
    PULUMI_BACKEND_URL: `file://${home}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const run = (...args: string[]) =>
    spawnSync("pulumi", [...args, "--non-interactive"], {
      cwd: join(root, "test/plain"),
      env,
      encoding: "utf8",
      timeout: 120_000,
    });
  const made = run("stack", "init", "acme");
  expect(made.status, made.stderr).toBe(0);
  // The file that it leaves in the project belongs to this test alone.
  renameSync(join(root, "test/plain/Pulumi.acme.yaml"), file);
  appendFileSync(file, stringify({ config }));
  const pack = ["--policy-pack", join(root, "policies"), "--policy-pack-config", join(home, "pack.json")];
  const { stdout, stderr } = run("preview", "--stack", "acme", "--config-file", file, "--color", "never", ...pack);
  const mandatory = [...stdout.matchAll(/\[mandatory\]\s+([a-z-]+)/g)].map((m) => m[1]!);
  return { mandatory: [...new Set(mandatory)].sort(), output: stdout + stderr };
}

// Not in CI, which has no CLI: CUTOVER_PULUMI_ROOT or PATH names one.
const cli = findPulumiRoot();

describe("the pack on plain resources", () => {
  it.skipIf(!cli)(
    "says the same under a real Pulumi CLI, levels and configuration included",
    async () => {
      const wrong = "transport,protect,flow,twice,rights,proxied";
      const packConfig = { ...CONFIGURED, "trunk-transport-secure": "disabled" };
      const real = previewByCli(cli!, wrong, packConfig);
      expect(real.output).toContain("not-judged");
      expect(real.mandatory).toEqual(violated(await preview(engine(packConfig), wrong)));
      expect(real.mandatory).toContain("levels-kept");
    },
    180_000,
  );

  it("passes right ones, and says of each policy what it lacks", async () => {
    const r = await preview(bare, "");
    expect(r.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(violated(r)).toEqual([]);
    expect(r.ok).toBe(true);
    const text = told(r).join("\n");
    for (const policy of [
      "allowlist-covers-carrier",
      "allowlist-not-too-wide",
      "codecs-agree",
      "caller-id-preserved",
      "codec-fallback-present",
      "channels-suffice",
    ])
      expect(text).toMatch(new RegExp(`${policy} did not judge (trunk|flow): it lacks `));
    expect(text).toContain(
      "dns-not-before-port did not judge sip, sip2: it lacks the plan, which says when a name may move",
    );
    expect(text).toMatch(/No gates:index:Gate in this stack.*canary-healthy.*ttl-lowered-in-time/s);
    // A trunk that records drops nothing, whatever GCV did: nothing is lacking there.
    expect(text).not.toContain("recording-kept did not judge");
  }, 60_000);

  it("finds the mistakes that show in the resources alone", async () => {
    const r = await preview(bare, "transport,protect,flow,twice,rights,proxied");
    expect(r.ok).toBe(false);
    expect(violated(r)).toEqual([
      "failover-paths-present",
      "never-replaced",
      "no-loop",
      "one-live-path",
      "record-not-proxied",
      "trunk-transport-secure",
    ]);
    expect(JSON.stringify(r.policies)).not.toContain("plain-secret");
  }, 60_000);

  it("does not take this repository's plan of the same name for that of another project's stack", async () => {
    const dev = engine({}, "dev");
    const r = await preview(dev, "");
    expect(r.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(violated(r)).toEqual([]);
    expect(told(r).join("\n")).toContain("dns-not-before-port did not judge sip, sip2: it lacks the plan");
  }, 60_000);

  it("is silent and quick on a thousand resources that have nothing of telephony", async () => {
    const r = await preview(bare, "", { "plain:webSites": "1000" });
    expect(r.ok).toBe(true);
    expect(r.changes.create).toBeGreaterThanOrEqual(1000);
    expect(r.policies.violations).toEqual([]);
    // On two busy cores; the pack's own share is a fraction of it.
    expect(r.seconds).toBeLessThan(60);
  }, 120_000);

  it("judges more when the pack's configuration says what a plan would", async () => {
    expect(violated(await preview(configured, ""))).toEqual([]);
    const r = await preview(configured, "allowlist,codecs,callerId,recording,flow,rights");
    expect(violated(r)).toEqual([
      "allowlist-covers-carrier",
      "allowlist-not-too-wide",
      "caller-id-preserved",
      "codec-fallback-present",
      "codecs-agree",
      "failover-paths-present",
      "least-privilege",
      "no-loop",
      "recording-kept",
    ]);
    expect(told(r).join("\n")).not.toContain("allowlist-covers-carrier did not judge");
  }, 60_000);

  it("takes levels from the configuration, and refuses to lower what protects calls without an override", async () => {
    const lowered = engine({
      "trunk-transport-secure": "disabled",
      "no-loop": "advisory",
      "least-privilege": "disabled",
    });
    const wrong = "transport,flow,rights";
    const r = await preview(lowered, wrong);
    expect(violated(r)).toEqual(["failover-paths-present", "levels-kept"]);
    const said = r.policies.violations.filter((v) => v.policy === "levels-kept").map((v) => v.message);
    expect(said).toHaveLength(2);
    expect(said.join("\n")).toContain("seen no-loop at level advisory");
    expect(said.join("\n")).toContain("seen trunk-transport-secure at level disabled");
    expect(violated(r, "advisory")).toContain("no-loop");
    const override = { reason: "old desk phones until the summer", until: "2999-01-01" };
    const named = await preview(lowered, wrong, {
      "cutover:override": JSON.stringify({ "trunk-transport-secure": override, "no-loop": override }),
    });
    expect(violated(named)).toEqual(["failover-paths-present"]);
  }, 60_000);
});
