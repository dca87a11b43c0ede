/**
 * Carry on from each other's state: the guide's estate is walked to `parallel` by one engine against a running world, exported,
 * imported by the other, previewed there as unchanged, and walked on by a phase; then the same the other way round.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadPlan } from "../../model/plan";
import type { Phase } from "../../model/types";
import { changeCount, type Deployer, type DeployResult } from "../../rehearsal/deployer";
import { embeddedDeployer } from "../../rehearsal/embedded";
import { pulumiDeployer } from "../../rehearsal/pulumi";
import { stackConfig, stackFiles, type StackFiles } from "../../rehearsal/stack";
import { loadFor } from "../../rehearsal/load";
import { World } from "../../rehearsal/world";

type Open = typeof embeddedDeployer;
const ENGINES: Record<"embedded" | "pulumi", Open> = { embedded: embeddedDeployer, pulumi: pulumiDeployer };

export interface HandoverResult {
  name: string;
  /** What was not as it should be; empty = passed. */
  wrong: string[];
  seconds: number;
}

const CALLS_PER_SECOND = 3;
const ESTATE = "test/estates/guide";

function told(r: DeployResult): string {
  const changed = r.steps.map((s) => `${s.op} ${s.name}: ${(s.diffs ?? []).map((d) => d.path).join(", ")}`);
  const errors = r.diagnostics.filter((d) => d.severity === "error").map((d) => d.message);
  const refused = r.policies.violations.filter((v) => v.level === "mandatory").map((v) => v.message);
  return [...changed, ...refused, ...errors].slice(0, 8).join("; ");
}

/** One direction: `first` walks to parallel, `second` carries on from its state to ttl-lowered. */
async function oneWay(first: keyof typeof ENGINES, second: keyof typeof ENGINES, log: (t: string) => void) {
  const out = mkdtempSync(join(tmpdir(), "cutover-handover-"));
  const started = performance.now();
  const files = stackFiles(out, "dev");
  const plan = loadPlan(ESTATE);
  const wrong: string[] = [];
  const open: Deployer[] = [];
  const world = await World.start({
    cli: resolve(__dirname, "cli.js"),
    planDir: resolve(ESTATE),
    seed: 1,
    desk: join(out, "desk"),
    log: join(out, "world.log"),
  });
  const config = (phase: Phase) =>
    stackConfig(files, { phase, waves: {} }, world.addresses, {
      planDir: resolve(ESTATE),
      adapter: plan.porting.provider,
      confirm: false,
      region: plan.organisation.region,
    });
  const must = (what: string, r: DeployResult, unchanged: boolean): void => {
    log(`${what}: ${r.ok ? "ok" : "failed"}, ${changeCount(r.changes)} changes, ${r.seconds.toFixed(1)} s`);
    if (!r.ok) throw new Error(`${what} failed: ${told(r)}`);
    if (unchanged && changeCount(r.changes) > 0) wrong.push(`${what} changes something: ${told(r)}`);
  };
  const start = async (engine: keyof typeof ENGINES): Promise<Deployer> => {
    const d = await ENGINES[engine]({ ...files, stateDir: join(files.stateDir, engine), stack: files.name });
    open.push(d);
    return d;
  };
  try {
    const a = await start(first);
    // As in a rehearsal: callers call, and desks get a moment to see what is asked of them.
    await world.load(loadFor(plan, "baseline", CALLS_PER_SECOND));
    await world.jump(new Date((await world.now()).getTime() + 1000));
    for (const phase of ["baseline", "parallel"] as const)
      must(`${first} up ${phase}`, await a.up(config(phase)), false);
    const exported = await a.export();
    const b = await start(second);
    await b.import(exported);
    must(`${second} preview of ${first}'s state`, await b.preview(config("parallel")), true);
    must(`${second} up of ${first}'s state`, await b.up(config("parallel")), true);
    must(`${second} up ttl-lowered`, await b.up(config("ttl-lowered")), false);
    const back = await b.export();
    await a.import(back);
    must(`${first} preview of what ${second} went on to`, await a.preview(config("ttl-lowered")), true);
    wrong.push(
      ...secretsIn(
        files,
        exported,
        back,
        [a, b].map((d) => d.name),
      ),
    );
  } catch (e) {
    wrong.push((e as Error).message);
  } finally {
    await Promise.allSettled(open.map((d) => d.close()));
    await world.close();
    if (!process.env.CUTOVER_KEEP) rmSync(out, { recursive: true, force: true });
  }
  return { name: `${first} to ${second} and back`, wrong, seconds: (performance.now() - started) / 1000 };
}

/** Secrets that stand in plain text in an exported checkpoint. */
function secretsIn(files: StackFiles, exported: object, back: object, names: string[]): string[] {
  return [exported, back]
    .map((e, i) =>
      JSON.stringify(e).includes(files.trunkPassword) ? `${names[i]}: the trunk password is in the checkpoint` : "",
    )
    .filter(Boolean);
}

/** Both directions. Needs a real CLI: the caller has looked for it. */
export async function handover(log: (text: string) => void): Promise<HandoverResult[]> {
  return [await oneWay("embedded", "pulumi", log), await oneWay("pulumi", "embedded", log)];
}
