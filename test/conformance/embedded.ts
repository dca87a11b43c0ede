/** The embedded engine as a driver. Engines are kept between scenarios: plug-ins and packs start once. */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { Engine } from "../../engine";
import { Bed, type Driver, PASSPHRASE, settings, targetsOf, TESTDATA } from "./bed";
import type { Deployed, Observation } from "./observe";
import type { Scenario, Step } from "./scenario";

/** One engine, for all scenarios that want the same of pack and provider. */
class Bench {
  readonly bed: Bed;
  private readonly engine: Engine;
  private readonly events: object[] = [];

  constructor(
    scenario: Scenario,
    private readonly hostFile: string,
  ) {
    this.bed = new Bed(scenario.previewing === true);
    this.engine = new Engine({
      projectDir: TESTDATA,
      stack: "s",
      stateDir: join(this.bed.dir, "state"),
      passphrase: PASSPHRASE,
      config: {},
      secretKeys: [],
      packs: scenario.pack ? [join(TESTDATA, "pack")] : [],
      pluginPath: [],
      env: this.bed.env,
      sandbox: true,
      hostFile,
      onEvent: (e) => this.events.push(e),
    });
  }

  async run(step: Step, ordered: boolean): Promise<Observation> {
    const { bed, engine, events } = this;
    events.length = 0;
    bed.steer(step);
    engine.configure(settings(step), step.token ? ["scen:token"] : []);
    if (step.stop?.signal === "SIGKILL") {
      await killed(bed, settings(step), step.stop.at, this.hostFile);
      await engine.cancel();
    } else {
      const { continueOnError, targetDependents, refresh, clearPendingCreates } = step;
      const targets = targetsOf(step);
      const stopped = step.stop && bed.asked(step.stop.at).then(() => engine.interrupt());
      await engine[step.run ?? "up"]({ continueOnError, targets, targetDependents, refresh, clearPendingCreates });
      await stopped;
    }
    return bed.observation(step, ordered, events, (await engine.export()).deployment as Deployed);
  }

  async close(): Promise<void> {
    await this.engine.close();
    this.bed.remove();
  }
}

/** Engines for scenarios, with one built host program (`dist/engine-host.js`). */
export class Embedded {
  private readonly benches = new Map<string, Bench>();

  constructor(private readonly hostFile: string) {}

  /** A stack without resources. One at a time. */
  driver(s: Scenario): Driver {
    const kind = `${s.pack} ${s.previewing}`;
    const bench = this.benches.get(kind) ?? new Bench(s, this.hostFile);
    this.benches.set(kind, bench);
    bench.bed.clear();
    return { run: (step) => bench.run(step, s.ordered === true), close: () => Promise.resolve() };
  }

  async close(): Promise<void> {
    await Promise.all([...this.benches.values()].map((b) => b.close()));
    this.benches.clear();
  }
}

/** Runs an update in an engine of its own process, and kills that at a call of the provider's. */
async function killed(bed: Bed, config: Record<string, string>, at: string, host: string): Promise<void> {
  // Below the project, so that it finds the SDK the way the built command does.
  const outfile = resolve("node_modules/.cache", `conformance-child-${process.pid}.js`);
  const entryPoints = ["engine/testdata/child.ts"];
  buildSync({ entryPoints, bundle: true, platform: "node", format: "cjs", packages: "external", outfile });
  const args = [outfile, TESTDATA, bed.dir, host, config["scen:env"] as string];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  const ended = new Promise((ok) => child.once("exit", ok));
  try {
    await bed.asked(at);
  } finally {
    child.kill("SIGKILL");
    await ended;
    rmSync(outfile, { force: true });
  }
}
