/** Provider plug-ins: found, started, kept alive between operations, configured anew only when their settings change. */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type * as ProviderProto from "@pulumi/pulumi/proto/provider_pb";
import { UserError } from "../model/errors";
import { firstPort, pluginEnv, type Spawned, start } from "./processes";
import type { Project } from "./project";
import { type Abilities, isUnconfigurable, Provider, provproto, withoutInternal } from "./provider";
import { Client, Empty, toStruct } from "./rpc";
import { nameOf } from "./urn";
import { isSecret, type Props, plain, UNKNOWN, type Value } from "./values";

/** Longest wait for a plug-in's port and first answer, milliseconds. */
const START_MS = 30_000;

interface Running {
  process: Spawned;
  client: Client;
  handshake: Abilities | undefined;
}

interface Kept {
  running: Promise<Running>;
  /** Settings of the last Configure, and what it gave. */
  settings?: string;
  provider?: Provider;
}

/** The plug-in processes of an engine: which provider resource talks to which. */
export class Plugins {
  // One process for each provider resource, by URN, as the CLI has it: two configurations never share one.
  private readonly kept = new Map<string, Kept>();
  private readonly spare = new Map<string, Promise<Running>>();
  /** Packages a process was started for: one that died is started anew by whoever asks for it. */
  private readonly launched = new Set<string>();

  constructor(
    private readonly project: Project,
    private readonly pluginPath: readonly string[],
    private readonly env: Record<string, string>,
    /** Address of the Engine service, which outlives operations. */
    private readonly engineAddress: () => string,
    private readonly output: (plugin: string, text: string) => void,
  ) {}

  /** Starts a plug-in before anybody asks for it. A failure shows when it is asked for. */
  warm(pkg: string): void {
    if (this.launched.has(pkg)) return;
    const running = this.launch(pkg);
    running.catch(() => undefined);
    this.spare.set(pkg, running);
  }

  /** Inputs of a provider resource as the plug-in wants them. */
  async checkConfig(urn: string, type: string, pkg: string, olds: Props, news: Props) {
    const { client } = await this.get(urn, pkg).running;
    const r = new provproto.CheckRequest();
    r.setUrn(urn);
    r.setName(nameOf(urn));
    r.setType(type);
    r.setOlds(toStruct(withoutInternal(olds)));
    r.setNews(toStruct(withoutInternal(news)));
    const a = await client.soft<unknown, ProviderProto.CheckResponse>("checkConfig", r);
    const checked = a?.getInputs()?.toJavaScript() as Props | undefined;
    const failures = a?.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() })) ?? [];
    // What is the engine's own among the inputs is not the plug-in's to drop.
    const own: Props = news.__internal === undefined ? {} : { __internal: news.__internal };
    if (news.version !== undefined) own.version = news.version;
    return { inputs: { ...(checked ?? withoutInternal(news)), ...own } as Props, failures };
  }

  /** A provider for these settings. A live one with the same settings is used as it is. */
  async configure(urn: string, type: string, pkg: string, id: string, inputs: Props): Promise<Provider> {
    const args = withoutInternal(inputs);
    const settings = JSON.stringify(args);
    let kept = this.get(urn, pkg);
    if (kept.provider && kept.settings === settings && isAlive(await kept.running)) return kept.provider;
    if (isUnconfigurable(args)) {
      const { client } = await kept.running;
      return new Provider(client, { secrets: false, resources: false, preview: false }, false);
    }
    // Configure is sent once to a process: providers may keep what a first configuration made them open.
    if (kept.settings !== undefined) {
      await this.stop(kept);
      this.kept.delete(urn);
      kept = this.get(urn, pkg);
    }
    kept.settings = settings;
    const running = await kept.running;
    kept.provider = await this.send(running, urn, type, pkg, id, args);
    return kept.provider;
  }

  /** An unconfigured client of the provider, for questions about its configuration. */
  async bare(urn: string, pkg: string): Promise<Provider> {
    const { client } = await this.get(urn, pkg).running;
    return new Provider(client, { secrets: false, resources: false, preview: false }, true);
  }

  async close(): Promise<void> {
    const spare = [...this.spare.values()].map((running) => ({ running }));
    const all = [...this.kept.values(), ...spare];
    this.kept.clear();
    this.spare.clear();
    await Promise.all(all.map((k) => this.stop(k)));
  }

  private async send(
    running: Running,
    urn: string,
    type: string,
    pkg: string,
    id: string,
    args: Props,
  ): Promise<Provider> {
    const r = new provproto.ConfigureRequest();
    r.setArgs(toStruct(args));
    for (const [k, v] of Object.entries(args))
      if (k !== "version") r.getVariablesMap().set(`${pkg}:config:${k}`, text(v));
    r.setAcceptsecrets(true);
    r.setAcceptresources(true);
    r.setSendsOldInputs(true);
    r.setSendsOldInputsToDelete(true);
    r.setId(id || UNKNOWN);
    r.setUrn(urn);
    r.setName(nameOf(urn));
    r.setType(type);
    const a = await running.client.call<unknown, ProviderProto.ConfigureResponse>("configure", r);
    const abilities = running.handshake ?? {
      secrets: a.getAcceptsecrets(),
      resources: a.getAcceptresources(),
      preview: a.getSupportspreview(),
    };
    return new Provider(running.client, abilities, true);
  }

  private get(urn: string, pkg: string): Kept {
    let kept = this.kept.get(urn);
    if (!kept) {
      const running = this.spare.get(pkg) ?? this.launch(pkg);
      this.spare.delete(pkg);
      running.catch(() => this.kept.delete(urn));
      kept = { running };
      this.kept.set(urn, kept);
      const mine = kept;
      // A plug-in that dies is started anew by whoever needs it next.
      void running
        .then((r) => r.process.exited)
        .then(
          () => this.kept.get(urn) === mine && this.kept.delete(urn),
          () => undefined,
        );
    }
    return kept;
  }

  private async stop(kept: { running: Promise<Running> }): Promise<void> {
    const running = await kept.running.catch(() => undefined);
    if (!running) return;
    await running.client.soft("cancel", new Empty()).catch(() => undefined);
    running.client.close();
    await running.process.end();
  }

  private async launch(pkg: string): Promise<Running> {
    this.launched.add(pkg);
    const file = this.find(pkg);
    const process = start(file, [this.engineAddress()], {
      cwd: this.project.pwd,
      env: { ...pluginEnv(pkg, this.env), CUTOVER_PLUGIN_STDIN: "1", PULUMI_PROJECT: this.project.name },
    });
    const port = await firstPort(process, `the plug-in ${file}`, START_MS, (l) => this.output(pkg, l));
    const client = new Client(ResourceProviderService, `127.0.0.1:${port}`);
    const r = new provproto.ProviderHandshakeRequest();
    r.setEngineAddress(this.engineAddress());
    r.setRootDirectory(this.project.root);
    r.setProgramDirectory(this.project.pwd);
    r.setConfigureWithUrn(true);
    r.setInvokeWithPreview(true);
    const a = await client.soft<unknown, ProviderProto.ProviderHandshakeResponse>("handshake", r);
    const handshake = a && { secrets: a.getAcceptSecrets(), resources: a.getAcceptResources(), preview: true };
    return { process, client, handshake };
  }

  /** `pulumi-resource-<name>`: the caller's directories, then the directory Pulumi.yaml names. */
  private find(pkg: string): string {
    const named = this.project.plugins.get(pkg);
    const dirs = [...this.pluginPath, ...(named ? [named] : [])];
    for (const file of dirs.map((d) => join(d, `pulumi-resource-${pkg}`))) {
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here: the next directory.
      }
    }
    throw new UserError(
      `no plug-in for the package "${pkg}": expected an executable pulumi-resource-${pkg} in ${dirs.join(", ") || "a directory of plugins.providers in Pulumi.yaml"}`,
    );
  }
}

const isAlive = (r: Running): boolean => r.process.child.exitCode === null && r.process.child.signalCode === null;

/** Old-style configuration variables are strings: anything else goes as JSON. */
function text(v: Value): string {
  const p = isSecret(v) ? plain(v) : v;
  return typeof p === "string" ? p : JSON.stringify(p);
}
