/**
 * Carry on from each other's state: the guide's estate is walked against a running world by both engines in turn. What one has brought to
 * a phase is exported, imported by the other, previewed there as unchanged, and walked on to the next phase, and so on; then the same with
 * the other one first, so that each phase is handed over both ways. The trunk password is nowhere to be found in plain text.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadPlan } from "../../model/plan";
import type { Phase, Plan, Position } from "../../model/types";
import { changeCount, type Deployer, type DeployResult } from "../../rehearsal/deployer";
import { embeddedDeployer } from "../../rehearsal/embedded";
import { pulumiDeployer } from "../../rehearsal/pulumi";
import { stackConfig, stackFiles } from "../../rehearsal/stack";
import { loadFor } from "../../rehearsal/load";
import { type WalkStep, walkSteps } from "../../rehearsal/steps";
import { earliest, insideWindow, nextAwaited, travel } from "../../rehearsal/waits";
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
/** Last phase of the walk. */
const LAST: Phase = "canary";
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
    await world.load(loadFor(plan, "baseline", CALLS_PER_SECOND));
    let [leads, follows] = [await start(first), await start(second)];
    let at: Position = { phase: "none", waves: {} };
    const since: Partial<Record<Phase, number>> = {};
    for (const step of walkSteps(plan, LAST)) {
      const { phase } = step;
      await evidence(world, plan, at, step, since);
      since[phase] = (await world.now()).getTime();
      at = step;
      must(`${leads.name} up ${phase}`, await leads.up(config(phase)), false);
      const exported = await leads.export();
      if (holds(JSON.stringify(exported))) wrong.push(`${leads.name}: the trunk password is in the export at ${phase}`);
      await follows.import(exported);
      must(`${follows.name} preview of ${phase}`, await follows.preview(config(phase)), true);
      [leads, follows] = [follows, leads];
    }
    must(`${leads.name} up of ${LAST}`, await leads.up(config(LAST)), true);
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
    name: `${first} first, then in turn, phase by phase to ${LAST}`,
    wrong,
    seconds: (performance.now() - started) / 1000,
  };
}

/** As in a rehearsal: desks do what they were asked to, and time passes, until the step's evidence can be there. */
async function evidence(
  world: World,
  plan: Plan,
  at: Position,
  step: WalkStep,
  since: Partial<Record<Phase, number>>,
): Promise<void> {
  await world.jump(new Date((await world.now()).getTime() + 1000));
  for (;;) {
    const now = (await world.now()).getTime();
    const awaited = nextAwaited(plan, at, step, await world.events(), now);
    if (!awaited) break;
    await travel(world, new Date(awaited.at), 0, () => undefined);
  }
  const now = (await world.now()).getTime();
  const when = insideWindow(plan, new Date(earliest(plan, at, step, since, await world.events(), now)));
  if (when.getTime() > now) await travel(world, when, 0, () => undefined);
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
