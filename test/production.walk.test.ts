import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { readPreview } from "../daily/plan/preview";
import { findPulumiRoot } from "../rehearsal/cli-finder";
import { SANDBOX_CREDENTIALS, worldConfig } from "../rehearsal/stack";
import type { WorldAddresses } from "../rehearsal/world";
import { bash, type Ran, runsOf, startWorld } from "./pipelines";

/**
 * `Pulumi.prod.yaml` and `stacks/prod` as they are, under a real Pulumi CLI where this machine has one, by the pipelines' own commands. The
 * organisation, DNS and desk are a sandbox's: their addresses are set by this test in a copy of the file, as `pulumi config set` would.
 */
const cli = findPulumiRoot();
const root = resolve(".");
const dir = mkdtempSync(join(tmpdir(), "cutover-production-"));
const project = join(dir, "project");

describe.skipIf(!cli)("the production stack under the real Pulumi CLI", () => {
  let stop: () => Promise<void>;
  let env: NodeJS.ProcessEnv;
  let run: (text: string) => Promise<Ran>;

  beforeAll(async () => {
    // The world plays the same estate, marked as a sandbox; the stack's own stays a production plan. Time is real: no clock is configured.
    const played = join(dir, "played");
    cpSync("stacks/prod", played, { recursive: true });
    const plan = join(played, "plan.yaml");
    writeFileSync(plan, readFileSync(plan, "utf8").replace("sandbox: false", "sandbox: true"));
    const world = await startWorld(["--plan", played, "--desk", join(dir, "desk")], join(dir, "world.json"));
    stop = world.stop;
    makeProject(JSON.parse(world.line) as WorldAddresses);
    env = {
      ...process.env,
      ...SANDBOX_CREDENTIALS,
      STACK: "prod",
      PATH: [join(cli!, "bin"), join(root, "sandbox/plugins"), process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: `file://${join(dir, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase of this test",
      PULUMI_HOME: join(dir, "pulumi-home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      GITHUB_STEP_SUMMARY: join(dir, "summary.md"),
    };
    run = (text) => bash(text, project, env, 300_000);
    mkdirSync(join(dir, "backend"));
    const made = await run(
      "pulumi stack init prod && pulumi config set --secret cutover:trunkPassword 'a secret of this test'",
    );
    expect([made.code, made.stderr]).toEqual([0, expect.any(String)]);
  }, 120_000);
  afterAll(async () => {
    await stop?.();
    rmSync(dir, { recursive: true, force: true });
  });

  function makeProject(world: WorldAddresses): void {
    mkdirSync(project);
    const yaml = parse(readFileSync("Pulumi.yaml", "utf8")) as { plugins: { providers: { path: string }[] } };
    for (const p of yaml.plugins.providers) p.path = join(root, p.path);
    writeFileSync(join(project, "Pulumi.yaml"), stringify(yaml));
    cpSync("package.json", join(project, "package.json"));
    for (const name of ["node_modules", "dist", "stacks", "policies"])
      symlinkSync(join(root, name), join(project, name));
    const file = parse(readFileSync("Pulumi.prod.yaml", "utf8")) as { config: Record<string, string> };
    // The keys of addresses alone: whatever else the file says is what is tested.
    const {
      "cutover:clock": _a,
      "genesyscloud:clock": _b,
      "carrier:clock": _c,
      "gates:clock": _d,
      ...addresses
    } = worldConfig(world, { adapter: "manual", region: "us-east-1" });
    // The pack looks beside itself for the generated flows: here it is a link to another place.
    const workDir = join(project, ".cutover/prod");
    writeFileSync(
      join(project, "Pulumi.prod.yaml"),
      stringify({ config: { ...file.config, ...addresses, "cutover:workDir": workDir } }),
    );
  }

  it("the committed files name no address of a machine and no secret", () => {
    const text = readFileSync("Pulumi.prod.yaml", "utf8") + readFileSync("stacks/prod/plan.yaml", "utf8");
    expect(text).not.toMatch(/127\.|localhost|secure:|gateways|endpoints|clock/);
    expect(text).not.toMatch(/^\s*(cutover:)?trunkPassword\s*:/m);
  });

  it("its first preview shows imports and no change, and the comment says that it may be merged", async () => {
    const [preview] = runsOf("preview", "preview", /pulumi preview/);
    expect((await run(preview!)).code).toBe(0);
    const { counts, violations } = readPreview(join(project, "preview.json"));
    expect(counts.import).toBeGreaterThan(0);
    expect([counts.update ?? 0, counts.replace ?? 0, counts.delete ?? 0, violations]).toEqual([0, 0, 0, []]);
    const [plan] = runsOf("preview", "preview", /cli\.js plan/);
    const [gate] = runsOf("preview", "preview", /result/).slice(-1);
    const made = await run(plan!);
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(readFileSync(join(project, "comment", "prod.md"), "utf8")).toContain("✅ **May be merged.**");
    expect((await run(gate!)).code).toBe(0);
  }, 300_000);

  it("the merge's up brings it to baseline, and the daily drift preview then finds nothing", async () => {
    for (const text of runsOf("up", "up", /pulumi up|cli\.js/)) {
      const ran = await run(text);
      expect([text, ran.code, ran.code ? ran.stdout.slice(-1500) + ran.stderr.slice(-1500) : ""]).toEqual([
        text,
        0,
        "",
      ]);
    }
    for (const text of runsOf("drift", "drift", /pulumi preview|cli\.js/)) {
      const ran = await run(text);
      expect([text, ran.code, ran.code ? ran.stdout.slice(-1500) : ""]).toEqual([text, 0, ""]);
    }
  }, 300_000);

  it("what the policy pack says of the preview is in the comment, and stops the merge", async () => {
    const file = join(project, "Pulumi.prod.yaml");
    const own = readFileSync(file, "utf8");
    const wide = join(dir, "wide");
    cpSync("stacks/prod", wide, { recursive: true });
    const plan = readFileSync(join(wide, "plan.yaml"), "utf8");
    writeFileSync(join(wide, "plan.yaml"), plan.replace("[198.51.100.16/30, ", "[198.51.0.0/16, "));
    writeFileSync(file, own.replace("cutover:phase: baseline", `cutover:phase: parallel\n  cutover:plan: ${wide}`));
    const [preview] = runsOf("preview", "preview", /pulumi preview/);
    const [comment] = runsOf("preview", "preview", /cli\.js plan/);
    const [gate] = runsOf("preview", "preview", /result/).slice(-1);
    for (const text of [preview!, comment!]) expect((await run(text)).code).toBe(0);
    const merged = await run(gate!);
    writeFileSync(file, own);
    expect(merged.code).toBe(1);
    expect(readFileSync(join(project, "comment", "prod.md"), "utf8")).toMatch(
      /\| allowlist-not-too-wide \| ❌ mandatory \|/,
    );
  }, 300_000);

  it("advance takes the next step through the Automation API, back takes it back, and a secret is nowhere in the clear", async () => {
    const unread = await run("node dist/cli.js advance --stack prod --yes=prod");
    // Nobody has read the carrier's page of addresses yet: what it publishes is not known to agree with the plan.
    expect([unread.code, unread.stdout]).toEqual([1, expect.stringContaining("published-ranges.json")]);
    const ranges = ["198.51.100.16/30", "203.0.113.40/32"];
    writeFileSync(
      join(dir, "desk", "published-ranges.json"),
      JSON.stringify({ at: new Date().toISOString(), source: "the carrier's page", ranges }),
    );
    const step = await run("node dist/cli.js advance --stack prod --yes=prod --json");
    expect([step.code, step.code ? step.stdout : "", step.stderr.slice(-1500)]).toEqual([
      0,
      "",
      expect.stringContaining("applying parallel"),
    ]);
    expect(JSON.parse(step.stdout)).toMatchObject({
      end: "good",
      at: "parallel",
      engine: expect.stringContaining("pulumi"),
    });
    expect(parse(readFileSync(join(project, "Pulumi.prod.yaml"), "utf8")).config["cutover:phase"]).toBe("parallel");
    const state = await run("pulumi stack export");
    expect(state.stdout).not.toContain("a secret of this test");
    expect(readFileSync(join(project, ".cutover/prod/advance/audit.jsonl"), "utf8")).toContain('"probe":"carrier"');
    const refused = await run("node dist/cli.js advance --stack prod --yes=prod");
    // Test calls of a manual carrier are people's: nobody placed them, so the step is refused and the file stands as it was.
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining("handshake-proven")]);
    const back = await run("node dist/cli.js back --stack prod --yes=prod");
    expect([back.code, back.stderr.slice(-800)]).toEqual([0, expect.stringContaining("going back to baseline")]);
    expect(parse(readFileSync(join(project, "Pulumi.prod.yaml"), "utf8")).config["cutover:phase"]).toBe("baseline");
    expect(existsSync(join(root, "stacks/prod/desk"))).toBe(false);
  }, 400_000);
});
