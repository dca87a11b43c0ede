/**
 * Carry on from each other's state: the guide's estate is walked against a running world by both engines in turn. What one has brought to
 * a phase is exported, imported by the other, previewed there as unchanged, and walked on to the next phase, and so on; then the same with
 * the other one first, so that each phase is handed over both ways. The trunk password is nowhere to be found in plain text.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadPlan } from "../../model/plan";
import type { Phase } from "../../model/types";
import { changeCount, type Deployer, type DeployResult } from "../../rehearsal/deployer";
import { embeddedDeployer } from "../../rehearsal/embedded";
import { pulumiDeployer } from "../../rehearsal/pulumi";
import { stackConfig, stackFiles } from "../../rehearsal/stack";
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
const WALK: readonly Phase[] = ["baseline", "parallel", "ttl-lowered", "canary"];
/** World time after which the lowered TTL counts as seen, milliseconds: an hour over what the canary's gate asks. */
const TTL_SEEN_MS = 49 * 3600_000;
const ESTATE = "test/estates/guide";

function told(r: DeployResult): string {
  const changed = r.steps.map((s) => `${s.op} ${s.name}: ${(s.diffs ?? []).map((d) => d.path).join(", ")}`);
  const errors = r.diagnostics.filter((d) => d.severity === "error").map((d) => d.message);
  const refused = r.policies.violations.filter((v) => v.level === "mandatory").map((v) => v.message);
  return [...changed, ...refused, ...errors].slice(0, 8).join("; ");
}

/** One direction: `first` begins, then both take turns. */
async function oneWay(first: keyof typeof ENGINES, second: keyof typeof ENGINES, log: (t: string) => void) {
  const out = mkdtempSync(join(tmpdir(), "cutover-handover-"));
  const started = performance.now();
  const files = stackFiles(out, "dev");
  const plan = loadPlan(ESTATE);
  const wrong: string[] = [];
  const holds = (text: string): boolean => text.includes(files.trunkPassword);
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
    const { steps, policies, diagnostics } = r;
    if (holds(JSON.stringify({ steps, policies, diagnostics }))) wrong.push(`${what} tells the trunk password`);
    if (!r.ok) throw new Error(`${what} failed: ${told(r)}`);
    if (unchanged && changeCount(r.changes) > 0) wrong.push(`${what} changes something: ${told(r)}`);
  };
  const start = async (engine: keyof typeof ENGINES): Promise<Deployer> => {
    const d = await ENGINES[engine]({ ...files, stateDir: join(files.stateDir, engine), stack: files.name });
    open.push(d);
    return d;
  };
  try {
    // As in a rehearsal: callers call, and desks get a moment to see what is asked of them.
    await world.load(loadFor(plan, "baseline", CALLS_PER_SECOND));
    await world.jump(new Date((await world.now()).getTime() + 1000));
    let [leads, follows] = [await start(first), await start(second)];
    for (const phase of WALK) {
      if (phase === "canary") await world.jump(new Date((await world.now()).getTime() + TTL_SEEN_MS));
      must(`${leads.name} up ${phase}`, await leads.up(config(phase)), false);
      const exported = await leads.export();
      if (holds(JSON.stringify(exported))) wrong.push(`${leads.name}: the trunk password is in the export at ${phase}`);
      await follows.import(exported);
      must(`${follows.name} preview of ${phase}`, await follows.preview(config(phase)), true);
      [leads, follows] = [follows, leads];
    }
    must(`${leads.name} up of ${WALK.at(-1)}`, await leads.up(config(WALK.at(-1) as Phase)), true);
    for (const file of filesBelow(files.stateDir))
      if (holds(readFileSync(file, "utf8"))) wrong.push(`the trunk password is in ${file}`);
  } catch (e) {
    wrong.push((e as Error).message);
  } finally {
    await Promise.allSettled(open.map((d) => d.close()));
    await world.close();
    if (!process.env.CUTOVER_KEEP) rmSync(out, { recursive: true, force: true });
  }
  return {
    name: `${first} first, then in turn at ${WALK.join(", ")}`,
    wrong,
    seconds: (performance.now() - started) / 1000,
  };
}

/** Plain files below a directory; what links lead to is not the engines'. */
function filesBelow(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const path = join(dir, e.name);
    return e.isDirectory() ? filesBelow(path) : e.isFile() ? [path] : [];
  });
}

/** Both directions. Needs a real CLI: the caller has looked for it. */
export async function handover(log: (text: string) => void): Promise<HandoverResult[]> {
  return [await oneWay("embedded", "pulumi", log), await oneWay("pulumi", "embedded", log)];
}
