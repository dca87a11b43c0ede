import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Engine } from "../engine";
import { hostFile } from "../engine/testing";
import type { Result } from "../engine/result";
import { loadPlan } from "../model/plan";
import { SANDBOX_CREDENTIALS, stackConfig, stackFiles } from "../rehearsal/stack";
import { World } from "../rehearsal/world";
import type { Position } from "../model/types";

/** The real program, providers, probes and pack in a world without calls: whatever is left out, an unproven step writes nothing. */

const root = resolve(__dirname, "..");
const planDir = join(root, "test/estates/guide");
const plan = loadPlan(planDir);
let dir: string;
let world: World;
let withPack: Engine;
let withoutPack: Engine;
const files = () => ({ ...stackFiles(dir, "guide"), passphrase: "test" });

const engine = (packs: string[]): Engine =>
  new Engine({
    projectDir: root,
    stack: "guide",
    stateDir: files().stateDir,
    passphrase: "test",
    config: {},
    secretKeys: ["cutover:trunkPassword"],
    packs,
    pluginPath: [join(root, "sandbox/plugins")],
    env: { ...SANDBOX_CREDENTIALS },
    hostFile: hostFile(),
    sandbox: true,
  });

function configure(on: Engine, at: Position, more: Record<string, string> = {}): Engine {
  const o = { planDir, adapter: plan.porting.provider, confirm: false, region: plan.organisation.region };
  on.configure({ ...stackConfig(files(), at, world.addresses, o), ...more });
  return on;
}

const at = (phase: Position["phase"], waves = {}): Position => ({ phase, waves });

/** Writes that all APIs of the world have seen. */
const writes = async () => Object.values(await world.requests()).reduce((sum, { writes: w }) => sum + w, 0);

/** Runs something that has to be refused, and tells what the world saw of it. */
async function refused(run: () => Promise<Result>): Promise<{ text: string; policies: string[]; wrote: number }> {
  const before = await writes();
  const r = await run();
  expect(r.ok).toBe(false);
  const policies = [...new Set(r.policies.violations.filter((v) => v.level === "mandatory").map((v) => v.policy))];
  return { text: r.diagnostics.map((d) => d.message).join("\n"), policies, wrote: (await writes()) - before };
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cutover-way-round-"));
  const { dir: stackDir } = files();
  world = await World.start({
    cli: join(root, "dist/cli.js"),
    planDir,
    seed: 1,
    desk: join(dir, "desk"),
    log: join(stackDir, "world.log"),
  });
  withPack = engine([join(root, "policies")]);
  withoutPack = engine([]);
  const first = await configure(withPack, at("baseline")).up();
  expect(first.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  expect(first.ok).toBe(true);
}, 120_000);
afterAll(async () => {
  await withPack?.close();
  await withoutPack?.close();
  await world?.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Two phases at once: nothing that the sandbox could answer makes this right. */
const SKIP = at("ttl-lowered");

describe("a step that is not proven does not happen", () => {
  it("with the pack: the preview says so and writes nothing", async () => {
    const { policies, wrote } = await refused(() => configure(withPack, SKIP).preview());
    expect(policies).toEqual(["phase-moves-one-step"]);
    expect(wrote).toBe(0);
  }, 60_000);

  it("with the preview skipped", async () => {
    const { policies, text, wrote } = await refused(() => configure(withPack, SKIP).up());
    expect(`${policies.join()} ${text}`).toContain("phase-moves-one-step");
    expect(wrote).toBe(0);
  }, 60_000);

  it("without a pack: program and gate refuse by themselves", async () => {
    const { text, wrote } = await refused(() => configure(withoutPack, SKIP).up());
    expect(text).toContain("- phase-moves-one-step (failed)");
    expect(wrote).toBe(0);
  }, 60_000);

  it("without a pack, and with --target at a resource that passes the gate by", async () => {
    const run = () => configure(withoutPack, SKIP).up({ targets: ["**::dns-**"] });
    const { text, wrote } = await refused(run);
    expect(text).toContain("- phase-moves-one-step (failed)");
    expect(wrote).toBe(0);
  }, 60_000);

  it("with overrides that do not count: ended, without a reason or a date that all read alike, of all policies or of none", async () => {
    const ended = new Date((await world.now()).getTime() - 1000).toISOString();
    const overrides = [
      { "phase-moves-one-step": { reason: "ended a second ago", until: ended } },
      { "phase-moves-one-step": { reason: " ", until: "2999-01-01" } },
      { "phase-moves-one-step": { reason: "no zone", until: "2999-01-01 10:00" } },
      { "phase-moves-one-step": { reason: "no end" } },
      { "*": { reason: "all", until: "2999-01-01" }, "phase-moves": { reason: "part", until: "2999-01-01" } },
      [{ reason: "a list", until: "2999-01-01" }],
    ];
    for (const each of overrides) {
      const set = { "cutover:override": JSON.stringify(each) };
      const { text, wrote } = await refused(() => configure(withoutPack, SKIP, set).up());
      expect(text, set["cutover:override"]).toContain("- phase-moves-one-step (failed)");
      expect(wrote).toBe(0);
    }
    const { policies } = await refused(() =>
      configure(withPack, SKIP, { "cutover:override": JSON.stringify(overrides[0]) }).preview(),
    );
    expect(policies).toEqual(["phase-moves-one-step"]);
    // Stack configuration of one test is not the next one's.
    for (const on of [withPack, withoutPack]) configure(on, SKIP, { "cutover:override": "" });
  }, 180_000);

  it("when the probe cannot be run, ends without an answer, or answers something else", async () => {
    for (const probe of ["nowhere/probe.js", "test/pack/silent-probe.js", "test/pack/garbage-probe.js"]) {
      const gates = { "gates:probe": probe };
      const { text, policies, wrote } = await refused(() => configure(withoutPack, at("parallel"), gates).up());
      expect(policies).toEqual([]);
      expect(text, probe).toMatch(/allowlist-covers-carrier \(errored\).*probe/);
      expect(wrote, probe).toBe(0);
    }
  }, 120_000);

  it("when the clock of the gate is another than that of its evidence", async () => {
    // The machine's clock is months from the world's: all evidence is stale or from the future by it.
    const { text, wrote } = await refused(() => configure(withoutPack, at("parallel"), { "gates:clock": "" }).up());
    expect(text).toMatch(/\((inconclusive|failed)\)/);
    expect(wrote).toBe(0);
  }, 60_000);

  it("and the right step does, and its way back is asked for nothing", async () => {
    const forward = await configure(withPack, at("parallel")).up();
    expect(forward.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(forward.ok).toBe(true);
    // Typing mistakes stop the next step forward. A wrong name for what leads back stops the way back too: it may be the mistake itself.
    const typos = { "cutover:confrim": "guide", "cutover:resolvers": "{", "cutover:canaryPercent": "5%" };
    const on = await refused(() => configure(withPack, at("ttl-lowered"), typos).preview());
    expect(on.text).toMatch(
      /cutover:confrim: seen a key that nothing reads[\s\S]*cutover:resolvers[\s\S]*canaryPercent/,
    );
    const doubtful = await refused(() => configure(withPack, at("baseline"), { "cutover:wavse": "w1=live" }).preview());
    expect(doubtful.text).toContain("fix: write cutover:waves");
    expect([on.wrote, doubtful.wrote]).toEqual([0, 0]);
    // No probe can answer: a way back needs none. And what is mistyped there is told, whatever it is.
    const wrong = {
      ...typos,
      "cutover:waitMinutes": "soon",
      "cutover:override": '{"port-live": 5',
      "gates:probe": "nowhere/probe.js",
    };
    const back = await configure(withPack, at("baseline"), wrong).up();
    expect(back.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    const warned = back.diagnostics
      .filter((d) => d.severity === "warning")
      .map((d) => d.message)
      .join("\n");
    for (const key of ["confrim", "resolvers", "canaryPercent", "waitMinutes"])
      expect(warned).toMatch(new RegExp(`cutover:${key}: .*told only: a way back is never stopped`));
    expect(back.policies.violations.filter((v) => v.level === "mandatory")).toEqual([]);
    expect(back.ok).toBe(true);
  }, 120_000);
});
