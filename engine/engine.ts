/** The embedded deployment engine: Pulumi's protocol and state, for sandbox stacks, in one process (docs/internals.md 8). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../model/errors";
import {
  type DeploymentV3,
  decode,
  type ExportedDeployment,
  encode,
  type Loaded,
  load,
  prepareBackend,
  readDeployment,
  stackFile,
  verifyImport,
  verifyOwner,
} from "./checkpoint";
import { Crypter } from "./crypter";
import { Deployment } from "./deployment";
import { writeAtomically } from "./disk";
import { acquireLock, clearLocks } from "./lock";
import { type Current, serveMonitor } from "./monitor";
import { pendingToKeep, tellPending } from "./interrupted";
import { destroy, refresh, runProgram } from "./operation";
import { Plugins } from "./plugins";
import { Packs } from "./packs";
import type { PackConfigEntry, PolicyPack } from "./policy";
import { ProgramStarter, type Run } from "./program";
import { type Project, readProject } from "./project";
import { refreshAll, refreshBlurred } from "./refresh";
import { type EngineEvent, Reporter, type Result } from "./result";
import { Snapshot } from "./snapshot";
import { Targets } from "./targets";
import { isProviderType, packageOfProvider } from "./urn";

export interface EngineOptions {
  /** Directory of Pulumi.yaml. */
  projectDir: string;
  stack: string;
  /** State lives in `<stateDir>/.pulumi`, in the layout of Pulumi's file backend. */
  stateDir: string;
  passphrase: string;
  /** Stack configuration by full key (`cutover:phase`). */
  config: Record<string, string>;
  /** Keys of `config` whose values are secret. */
  secretKeys: string[];
  /** Directories of policy packs. */
  packs: string[];
  /** Configuration of the packs, as `--policy-pack-config` takes it. */
  packConfig?: Record<string, PackConfigEntry>;
  /** Directories searched for `pulumi-resource-<name>` before Pulumi.yaml's own. */
  pluginPath: string[];
  /** Environment of the program; credentials in it go to the plug-ins they are listed for, and nowhere else. */
  env: Record<string, string>;
  /** The engine serves stacks whose plan says `sandbox: true`, and no others. */
  sandbox: boolean;
  /** One operation and then the end: nothing is made ready for a next one. */
  once?: boolean;
  /** Steps at a time, default 16. */
  parallel?: number;
  onEvent?(e: EngineEvent): void;
  /** Program to run instead of the project's own, relative to the project. */
  entry?: string;
  /** Built host program; default `engine-host.js` beside the bundle, or in the project's `dist`. */
  hostFile?: string;
}

export interface OperationOptions {
  /** Independent resources go on after a failure. */
  continueOnError?: boolean;
  /** Of a refresh: forget creations that an engine died in, once somebody has looked what became of them. */
  clearPendingCreates?: boolean;
  /** Only these resources: URNs, or patterns with `*` (anything but `:`) and `**` (anything). */
  targets?: readonly string[];
  /** What depends on a target is a target as well. */
  targetDependents?: boolean;
  /** Of a preview, update or destroy: read everything back first. */
  refresh?: boolean;
}

const DEFAULT_PARALLEL = 16;
type Kind = "preview" | "update" | "refresh" | "destroy";

/** Runs a Pulumi program against a sandbox stack: plug-ins, policy packs, checkpoint and lock. Refuses every other stack (UserError). */
export class Engine {
  readonly project: Project;
  private readonly file: string;
  private readonly hostFile: string;
  private readonly plugins: Plugins;
  private readonly program: ProgramStarter;
  private readonly packs: Packs;
  private monitor: Promise<{ address: string; close: () => void }> | undefined;
  private address = "";
  private current: Current | undefined;
  private running: Run | undefined;
  private busy = false;
  private config: Record<string, string>;
  private secretKeys: string[];

  /** Throws UserError when the stack is not a sandbox's, or the project cannot be read. */
  constructor(private readonly o: EngineOptions) {
    if (o.sandbox !== true) {
      throw new UserError(
        `the stack ${o.stack} is not marked \`sandbox: true\` in its plan: the embedded engine runs sandbox stacks only, use the Pulumi CLI for all others`,
      );
    }
    const project = readProject(o.projectDir);
    this.project = o.entry ? { ...project, entry: o.entry } : project;
    this.file = stackFile(o.stateDir, this.project.name, o.stack);
    this.hostFile = findHost(o.hostFile, this.project.root);
    this.config = o.config;
    this.secretKeys = o.secretKeys;
    this.plugins = new Plugins(
      this.project,
      o.pluginPath,
      o.env,
      () => this.address,
      (name, text) => {
        this.current?.deployment.o.reporter.say("info#err", `${name}: ${text}`, undefined, true);
      },
    );
    this.program = new ProgramStarter(this.project, this.hostFile, o.env, o.once !== true);
    this.packs = new Packs(
      o.packs,
      this.hostFile,
      o.env,
      () => this.serve(),
      (text) => {
        this.current?.deployment.o.reporter.say("info#err", text, undefined, true);
      },
    );
  }

  /** Sets the stack configuration for the operations to come; plug-ins and packs stay alive. */
  configure(config: Record<string, string>, secretKeys: string[] = this.secretKeys): void {
    this.config = config;
    this.secretKeys = secretKeys;
  }

  /** Loads what the first operation will need: program host, packs, plug-ins, the passphrase's key. */
  async warm(): Promise<void> {
    await this.serve();
    this.program.prepare();
    const packs = this.startPacks(true);
    this.warmPlugins(await this.look());
    await load(this.file, this.o.passphrase);
    await packs;
  }

  /** What an update would do. Providers that can preview are asked, nothing is written. */
  preview(o: OperationOptions = {}): Promise<Result> {
    return this.operate("preview", o);
  }

  /** Brings the stack to what the program declares. */
  up(o: OperationOptions = {}): Promise<Result> {
    return this.operate("update", o);
  }

  /** Reads every resource back into the state. */
  refresh(o: OperationOptions = {}): Promise<Result> {
    return this.operate("refresh", o);
  }

  /** Deletes every resource of the stack. */
  destroy(o: OperationOptions = {}): Promise<Result> {
    return this.operate("destroy", o);
  }

  /** The stack's deployment, secrets encrypted, as `pulumi stack export` prints it. */
  async export(): Promise<ExportedDeployment> {
    const there = await readDeployment(this.file);
    if (there) return { version: 3, deployment: there };
    return { version: 3, deployment: encode([], [], await load(this.file, this.o.passphrase)) };
  }

  /** Replaces the stack's state. Throws UserError when the deployment is another stack's, edited or damaged. */
  async import(data: { version: number; deployment: DeploymentV3 }): Promise<void> {
    if (data.version !== 3)
      throw new UserError(
        `the deployment has version ${data.version}: expected 3, as \`cutover export\` and \`pulumi stack export\` of today write it`,
      );
    verifyImport(data.deployment, this.project.name, this.o.stack);
    const release = await this.lock(() => undefined);
    try {
      const { secrets_providers: secrets, ...rest } = data.deployment;
      const salt = secrets?.state?.salt ?? (await Crypter.open(this.o.passphrase)).salt;
      // Opened and written anew: plain-text secrets of the file are encrypted, the rules are checked.
      const loaded = await decode(
        { ...rest, secrets_providers: { type: "passphrase", state: { salt } } },
        this.o.passphrase,
        "the deployment",
      );
      const latest = encode(loaded.states, [], loaded);
      const stack = this.stackName();
      await prepareBackend(this.o.stateDir);
      await writeAtomically(this.file, `${JSON.stringify({ version: 3, checkpoint: { stack, latest } })}\n`);
    } finally {
      release();
    }
  }

  /** Clears the locks of a dead engine. Returns how many there were. */
  cancel(): Promise<number> {
    return clearLocks(this.o.stateDir, this.project.name, this.o.stack);
  }

  /** Ends a running operation in order: steps under way finish and are saved, nothing new starts. */
  interrupt(): void {
    this.current?.deployment.cancel();
  }

  /** Ends plug-ins, packs and the warm host. */
  async close(): Promise<void> {
    this.interrupt();
    await Promise.all([this.running?.stop(), this.program.close(), this.plugins.close(), this.packs.close()]);
    (await this.monitor)?.close();
    this.monitor = undefined;
  }

  /** Values that must not be shown, wherever they turn up. Very short ones would hide half of every message. */
  private secrets(): string[] {
    return this.secretKeys.map((k) => this.config[k] ?? "").filter((v) => v.length > 2);
  }

  /**
   * A first look into the state. The key that opens it takes longest of all that an operation begins with, so its derivation is under
   * way from here on. What is wrong with the file or the passphrase, `load` tells.
   */
  private async look(): Promise<DeploymentV3 | undefined> {
    const there = await readDeployment(this.file).catch(() => undefined);
    Crypter.open(this.o.passphrase, there?.secrets_providers?.state?.salt).catch(() => undefined);
    return there;
  }

  /**
   * Starts the plug-ins that the state names, while the key is derived and the program loads. Those that the project brings itself go
   * together: where one is in use, the others are likely to be wanted by the next step.
   */
  private warmPlugins(there: DeploymentV3 | undefined): void {
    const types = (there?.resources ?? []).map(({ type }) => String(type));
    const used = new Set(types.filter(isProviderType).map(packageOfProvider));
    const own = [...this.project.plugins.keys()];
    for (const name of used) this.plugins.warm(name);
    if (own.some((name) => used.has(name))) for (const name of own) this.plugins.warm(name);
  }

  private stackName(): string {
    return `organization/${this.project.name}/${this.o.stack}`;
  }

  private lock(warn: (text: string) => void): Promise<() => void> {
    return acquireLock(this.o.stateDir, this.project.name, this.o.stack, warn);
  }

  private async operate(kind: Kind, options: OperationOptions): Promise<Result> {
    if (this.busy) throw new Error("the engine runs one operation at a time");
    this.busy = true;
    const reporter = new Reporter(this.o.onEvent?.bind(this.o), kind === "preview", this.secrets());
    let release = (): void => undefined;
    try {
      const there = await this.look();
      await this.serve();
      if (kind === "preview" || kind === "update") this.program.prepare();
      const packs = kind === "preview" || kind === "update" ? this.startPacks(kind === "preview") : Promise.resolve([]);
      packs.catch(() => undefined);
      if (kind !== "preview") {
        await prepareBackend(this.o.stateDir);
        release = await this.lock((text) => reporter.say("warning", text));
      }
      this.warmPlugins(there);
      const loaded = await load(this.file, this.o.passphrase);
      verifyOwner(loaded.states, this.project.name, this.o.stack);
      return await this.carryOut(kind, options, reporter, loaded, packs);
    } finally {
      this.current = undefined;
      this.running = undefined;
      this.busy = false;
      release();
    }
  }

  private async carryOut(
    kind: Kind,
    options: OperationOptions,
    reporter: Reporter,
    loaded: Loaded,
    packs: Promise<PolicyPack[]>,
  ): Promise<Result> {
    const cleared = kind === "refresh" && options.clearPendingCreates === true;
    const kept = cleared ? [] : pendingToKeep(loaded);
    const snapshot = new Snapshot(loaded, kind === "preview" ? undefined : this.file, this.stackName(), kept);
    const d = new Deployment({
      project: this.project,
      stack: this.o.stack,
      config: this.config,
      secretKeys: this.secretKeys,
      preview: kind === "preview",
      parallel: this.o.parallel ?? DEFAULT_PARALLEL,
      continueOnError: options.continueOnError ?? false,
      targets: new Targets(options.targets, options.targetDependents),
      loaded,
      snapshot,
      reporter,
      plugins: this.plugins,
      packs: [],
    });
    // As the CLI has it, only what goes on over them warns.
    const warns = (kind === "update" || kind === "destroy") && !options.refresh;
    tellPending(reporter, loaded.pending, this.o.stack, warns ? "warning" : "info");
    if (kind === "refresh") {
      reporter.prelude(this.config, this.secretKeys);
      await this.withCurrent(d, () => refresh(d));
    } else if (kind === "destroy") {
      reporter.prelude(this.config, this.secretKeys);
      await this.withCurrent(d, () => destroy(d, options.refresh === true));
    } else {
      await this.runProgram(d, packs, options.refresh === true);
    }
    await snapshot.flush(kind !== "preview");
    if (d.failed && !d.bailed) {
      reporter.say("error", `${kind === "preview" ? "preview" : "update"} ${d.cancelled ? "canceled" : "failed"}`);
    }
    const stack = d.news.get(d.stackUrn) ?? snapshot.states().find((s) => s.urn === d.stackUrn);
    const outputs = stack?.outputs ?? {};
    return reporter.finish(!d.failed, outputs, await packVersions(packs));
  }

  private async withCurrent(d: Deployment, work: () => Promise<void>): Promise<void> {
    this.current = { deployment: d, first: () => undefined, signal: () => Promise.resolve() };
    await work();
  }

  private runProgram(d: Deployment, packs: Promise<PolicyPack[]>, refreshed: boolean): Promise<void> {
    return runProgram(d, {
      packs,
      before: () => (refreshed ? refreshAll(d, false) : refreshBlurred(d)),
      program: this.program,
      address: this.address,
      become: (current, run) => {
        this.current = current;
        this.running = run;
      },
    });
  }

  private async serve(): Promise<string> {
    this.monitor ??= serveMonitor(
      () => this.current,
      () => undefined,
    );
    this.address = (await this.monitor).address;
    return this.address;
  }

  /** Packs for the next operation. */
  private startPacks(dryRun: boolean): Promise<PolicyPack[]> {
    const { config, secretKeys } = this;
    const { stack, packConfig } = this.o;
    return this.packs.ready({ project: this.project.name, stack, dryRun, config, secretKeys, packConfig });
  }
}

function findHost(given: string | undefined, root: string): string {
  const places = [given, join(__dirname, "engine-host.js"), join(root, "dist", "engine-host.js")];
  const found = places.find((f) => f !== undefined && existsSync(f));
  if (!found) throw new UserError("the engine's host program dist/engine-host.js is missing: run `npm run build`");
  return found;
}

async function packVersions(packs: Promise<PolicyPack[]>): Promise<Record<string, string>> {
  const all = await packs.catch(() => []);
  return Object.fromEntries(all.map((p) => [`${p.name}|local|${p.path}`, p.version]));
}
