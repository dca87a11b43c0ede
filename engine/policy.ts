/** Policy packs: one process each, kept alive; told anew of stack, configuration and dry run for every operation. */
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import pb from "@pulumi/pulumi/proto/analyzer_pb";
import type * as AnalyzerProto from "@pulumi/pulumi/proto/analyzer_pb";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../model/errors";
import { firstPort, pluginEnv, type Spawned, start } from "./processes";
import { withoutInternal } from "./provider";
import { Client, Empty, fromStruct, toStruct } from "./rpc";
import type { State } from "./state";
import { isProviderType, nameOf } from "./urn";
import { isObject, type Props, type Value } from "./values";

const START_MS = 60_000;

export type Level = "advisory" | "mandatory" | "disabled" | "remediate";
const LEVELS: Level[] = ["advisory", "mandatory", "disabled", "remediate"];

/** One policy's entry of a pack's configuration, as `--policy-pack-config` takes it: a level, or properties with or without one. */
export type PackConfigEntry = Level | ({ enforcementLevel?: Level } & Record<string, unknown>);

export interface PolicySettings {
  project: string;
  stack: string;
  dryRun: boolean;
  config: Record<string, string>;
  secretKeys: string[];
  /** Levels and properties by policy, `all` for every one. Read when the pack starts. */
  packConfig?: Record<string, PackConfigEntry>;
}

export interface Finding {
  policy: string;
  pack: string;
  version: string;
  level: Level;
  message: string;
  urn: string;
}

interface PolicyInfo {
  name: string;
  kind: "resource" | "stack";
  level: Level;
}

/** A resource as policies see it. */
export interface Subject {
  state: State;
  /** Checked inputs (Analyze) or outputs (AnalyzeStack). */
  properties: Props;
  provider: State | undefined;
  deleteBeforeReplace: boolean | undefined;
}

/** One policy pack in its analyzer process. */
export class PolicyPack {
  name = "";
  version = "";
  private policies: PolicyInfo[] = [];
  private constructor(
    /** As given: shown in the summary. */
    readonly path: string,
    private readonly process: Spawned,
    private readonly client: Client,
  ) {}

  /** Starts the pack in `dir` (its package.json's main). Throws UserError when it cannot be loaded. */
  static async start(o: {
    dir: string;
    hostFile: string;
    engineAddress: string;
    env: Record<string, string>;
    settings: PolicySettings;
    output: (text: string) => void;
  }): Promise<PolicyPack> {
    if (!existsSync(join(o.dir, "package.json"))) {
      throw new UserError(
        `the policy pack ${o.dir} has no package.json: expected a directory with a built pack, build it or correct its path`,
      );
    }
    const env = { ...pluginEnv("policy", o.env), PULUMI_NODEJS_TYPESCRIPT: "false" };
    const process = start(globalThis.process.execPath, [o.hostFile, "pack", o.dir], { cwd: o.dir, env, ipc: true });
    process.child.on("error", () => undefined);
    process.child.send({ env: environment(o.settings), args: [o.engineAddress, o.dir] });
    let port: number;
    try {
      port = await firstPort(process, `the policy pack ${o.dir}`, START_MS, o.output);
    } catch (e) {
      await process.end();
      throw new UserError((e as Error).message);
    }
    const pack = new PolicyPack(o.dir, process, new Client(AnalyzerService, `127.0.0.1:${port}`));
    await pack.configureStack(o.settings);
    await pack.learn(o.settings.packConfig ?? {});
    return pack;
  }

  get alive(): boolean {
    return this.process.child.exitCode === null && this.process.child.signalCode === null;
  }

  /** Names of the pack's policies, disabled ones included. */
  get policyNames(): string[] {
    return this.policies.map((p) => p.name);
  }

  /** Tells the living pack what the next operation is. Costs one message: nothing is loaded again. */
  async prepare(settings: PolicySettings): Promise<void> {
    const { child } = this.process;
    await new Promise<void>((ok, no) => {
      // Each listener takes the other along: a pack lives through hundreds of operations.
      const taken = () => {
        child.off("exit", died);
        ok();
      };
      const died = () => {
        child.off("message", taken);
        no(new Error(`the policy pack ${this.path} died`));
      };
      child.once("message", taken).once("exit", died);
      child.send({ env: environment(settings) });
    });
    await this.configureStack(settings);
  }

  /** Lets remediation policies change the inputs. Returns the inputs to use and what was changed by which policy. */
  async remediate(
    s: Subject,
  ): Promise<{ properties: Props; changed: { finding: Finding; before: Props; after: Props }[] }> {
    const changed: { finding: Finding; before: Props; after: Props }[] = [];
    let properties = s.properties;
    // A pack only remediates through policies at that level: without one the call would change nothing.
    if (!this.policies.some((p) => p.level === "remediate")) return { properties, changed };
    const a = await this.client.call<unknown, AnalyzerProto.RemediateResponse>("remediate", request(s));
    for (const r of a.getRemediationsList()) {
      if (r.getDiagnostic()) continue;
      const after = fromStruct(r.getProperties());
      const finding: Finding = {
        policy: r.getPolicyname(),
        pack: r.getPolicypackname(),
        version: r.getPolicypackversion(),
        level: "remediate",
        message: r.getDescription(),
        urn: s.state.urn,
      };
      changed.push({ finding, before: properties, after });
      properties = after;
    }
    return { properties, changed };
  }

  /** Findings on one resource, and how many policies looked at it. */
  async analyze(s: Subject): Promise<{ findings: Finding[]; evaluated: string[] }> {
    const r = request({ ...s, properties: withoutInternal(s.properties) });
    const a = await this.client.call<unknown, AnalyzerProto.AnalyzeResponse>("analyze", r);
    return this.answer(a, "resource", s.state.urn);
  }

  /** Findings on the whole stack. */
  async analyzeStack(subjects: Subject[], stackUrn: string): Promise<{ findings: Finding[]; evaluated: string[] }> {
    if (!this.policies.some((p) => p.kind === "stack" && p.level !== "disabled"))
      return { findings: [], evaluated: [] };
    const r = new pb.AnalyzeStackRequest();
    r.setResourcesList(subjects.map(resource));
    const a = await this.client.call<unknown, AnalyzerProto.AnalyzeResponse>("analyzeStack", r);
    return this.answer(a, "stack", stackUrn);
  }

  async close(): Promise<void> {
    this.client.close();
    await this.process.end();
  }

  private answer(a: AnalyzerProto.AnalyzeResponse, kind: PolicyInfo["kind"], urn: string) {
    const skipped = new Set(a.getNotApplicableList().map((n) => n.getPolicyName()));
    const evaluated = this.policies
      .filter((p) => p.kind === kind && p.level !== "disabled" && !skipped.has(p.name))
      .map((p) => p.name);
    const findings = a.getDiagnosticsList().map((d) => {
      const level = LEVELS[d.getEnforcementlevel()] as Level;
      return {
        policy: d.getPolicyname(),
        pack: d.getPolicypackname(),
        version: d.getPolicypackversion(),
        // What still violates after remediation counts as mandatory.
        level: level === "remediate" ? ("mandatory" as const) : level,
        message: d.getMessage(),
        urn: d.getUrn() || urn,
      };
    });
    return { findings: findings.filter((f) => f.level !== "disabled"), evaluated };
  }

  private async configureStack(s: PolicySettings): Promise<void> {
    const r = new pb.AnalyzerStackConfigureRequest();
    r.setStack(s.stack);
    r.setProject(s.project);
    r.setOrganization("organization");
    r.setDryRun(s.dryRun);
    r.setConfigSecretKeysList(s.secretKeys);
    for (const [k, v] of Object.entries(s.config)) r.getConfigMap().set(k, v);
    await this.client.soft("configureStack", r);
  }

  /** Asks what policies there are and sets each to its level and properties: the configuration over the pack's initial one over the schema. */
  private async learn(packConfig: Record<string, PackConfigEntry>): Promise<void> {
    const info = await this.client.call<unknown, AnalyzerProto.AnalyzerInfo>("getAnalyzerInfo", new Empty());
    this.name = info.getName();
    this.version = info.getVersion();
    const initial = info.getInitialconfigMap();
    const r = new pb.ConfigureAnalyzerRequest();
    for (const p of info.getPoliciesList()) {
      const given = initial.get(p.getName()) ?? initial.get("all");
      const { enforcementLevel, ...own } = entryOf(packConfig[p.getName()] ?? packConfig.all);
      const standing = given ? given.getEnforcementlevel() : p.getEnforcementlevel();
      const level = enforcementLevel ? LEVELS.indexOf(enforcementLevel) : standing;
      const schema = fromStruct(p.getConfigschema()?.getProperties());
      const properties: Props = {};
      for (const [k, v] of Object.entries(schema))
        if (isObject(v) && v.default !== undefined) properties[k] = v.default as Value;
      Object.assign(properties, fromStruct(given?.getProperties()), own);
      const config = new pb.PolicyConfig();
      config.setEnforcementlevel(level);
      config.setProperties(toStruct(properties));
      r.getPolicyconfigMap().set(p.getName(), config);
      const kind = p.getPolicyType() === pb.PolicyType.POLICY_TYPE_STACK ? "stack" : "resource";
      this.policies.push({ name: p.getName(), kind, level: LEVELS[level] as Level });
    }
    await this.client.call("configure", r);
  }
}

const entryOf = (entry: PackConfigEntry | undefined): { enforcementLevel?: Level } & Record<string, unknown> =>
  typeof entry === "string" ? { enforcementLevel: entry } : (entry ?? {});

function environment(s: PolicySettings): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(s.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(s.secretKeys),
    PULUMI_NODEJS_ORGANIZATION: "organization",
    PULUMI_NODEJS_PROJECT: s.project,
    PULUMI_NODEJS_STACK: s.stack,
    PULUMI_NODEJS_DRY_RUN: String(s.dryRun),
  };
}

function options(s: Subject): AnalyzerProto.AnalyzerResourceOptions {
  const o = new pb.AnalyzerResourceOptions();
  o.setProtect(s.state.protect);
  o.setIgnorechangesList(s.state.ignoreChanges);
  o.setDeletebeforereplace(s.deleteBeforeReplace === true);
  o.setDeletebeforereplacedefined(s.deleteBeforeReplace !== undefined);
  o.setAdditionalsecretoutputsList(s.state.additionalSecretOutputs);
  o.setParent(s.state.parent);
  const t = new pb.AnalyzerResourceOptions.CustomTimeouts();
  t.setCreate(s.state.customTimeouts.create ?? 0);
  t.setUpdate(s.state.customTimeouts.update ?? 0);
  t.setDelete(s.state.customTimeouts.delete ?? 0);
  o.setCustomtimeouts(t);
  return o;
}

function provider(s: Subject): AnalyzerProto.AnalyzerProviderResource | undefined {
  if (!s.provider || isProviderType(s.state.type)) return undefined;
  const p = new pb.AnalyzerProviderResource();
  p.setType(s.provider.type);
  p.setUrn(s.provider.urn);
  p.setName(nameOf(s.provider.urn));
  p.setProperties(toStruct(withoutInternal(s.provider.inputs)));
  return p;
}

function request(s: Subject): AnalyzerProto.AnalyzeRequest {
  const r = new pb.AnalyzeRequest();
  r.setType(s.state.type);
  r.setUrn(s.state.urn);
  r.setName(nameOf(s.state.urn));
  r.setProperties(toStruct(s.properties));
  r.setOptions(options(s));
  r.setProvider(provider(s));
  return r;
}

function resource(s: Subject): AnalyzerProto.AnalyzerResource {
  const r = new pb.AnalyzerResource();
  r.setType(s.state.type);
  r.setUrn(s.state.urn);
  r.setName(nameOf(s.state.urn));
  r.setProperties(toStruct(withoutInternal(s.properties)));
  r.setOptions(options(s));
  r.setProvider(provider(s));
  r.setParent(s.state.parent);
  r.setDependenciesList(s.state.dependencies);
  for (const [k, urns] of Object.entries(s.state.propertyDependencies)) {
    const d = new pb.AnalyzerPropertyDependencies();
    d.setUrnsList(urns);
    r.getPropertydependenciesMap().set(k, d);
  }
  return r;
}
