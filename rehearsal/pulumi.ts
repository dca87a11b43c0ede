import { execFile } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import type * as Automation from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { version as SDK_VERSION } from "@pulumi/pulumi/version";
import type { ExportedDeployment } from "../engine/checkpoint";
import { changedLines } from "../engine/diff";
import { isDefaultProvider } from "../engine/urn";
import { type Props, SIG } from "../engine/values";
import { UserError } from "../model/errors";
import { findPulumiRoot, NO_CLI } from "./cli-finder";
import type { DeployedStep, Deployer, DeployResult } from "./deployer";
import type { Steps } from "./report";
import { SANDBOX_CREDENTIALS } from "./stack";

/** A project directory of its own, so that the repository's Pulumi.*.yaml stay untouched: same program, same plug-ins. */
function projectDir(root: string, stateDir: string): string {
  const dir = join(stateDir, "project");
  mkdirSync(dir, { recursive: true });
  const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as {
    plugins: { providers: { name: string; path: string }[] };
  };
  for (const p of project.plugins.providers) p.path = join(root, p.path);
  writeFileSync(join(dir, "Pulumi.yaml"), stringify(project));
  cpSync(join(root, "package.json"), join(dir, "package.json"));
  for (const name of ["node_modules", "dist"]) symlinkSync(join(root, name), join(dir, name));
  return dir;
}

/** Largest deployment that is read, bytes. */
const EXPORT_BYTES_MAX = 256 << 20;

const emptySteps = (): Steps => ({ create: 0, update: 0, replace: 0, delete: 0, same: 0, import: 0 });

/** Steps that change nothing are counted, not listed, as the embedded engine has it. */
const SILENT = new Set(["same", "read", "refresh"]);

/** A policy event's counts are in the stream but not in the SDK's types. */
interface PolicySummary {
  passed?: string[];
  failed?: string[];
}

/** One changed resource of a `resourcePreEvent`, with what changed of it. */
function readStep(m: Automation.StepEventMetadata): DeployedStep {
  const [olds, news] = [m.old?.inputs ?? {}, m.new?.inputs ?? {}];
  const diffs = m.old && m.new ? changedLines(bare(olds) as Props, bare(news) as Props) : [];
  return {
    op: m.op,
    urn: m.urn,
    type: m.type,
    name: m.urn.split("::").pop()!,
    ...(diffs.length > 0 ? { diffs } : {}),
  };
}

/** Secrets of an event carry their mark and `[secret]` in place of the text: shown as that word alone. */
function bare(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(bare);
  if (typeof v !== "object" || v === null) return v;
  if (SIG in v && "ciphertext" in v) return "[secret]";
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, bare(x)]));
}

/** Reads a stream of engine events into the same result that the embedded engine gives. */
export function readEvents(events: Automation.EngineEvent[], ok: boolean, seconds: number): DeployResult {
  const result: DeployResult = {
    ok,
    changes: emptySteps(),
    steps: [],
    policies: { evaluated: 0, violations: [] },
    diagnostics: [],
    seconds,
  };
  for (const e of events) {
    const m = e.resourcePreEvent?.metadata;
    if (m && !SILENT.has(m.op) && !isDefaultProvider(m.urn)) result.steps.push(readStep(m));
    for (const [op, n] of Object.entries(e.summaryEvent?.resourceChanges ?? {})) {
      if (op in result.changes) result.changes[op as keyof Steps] = n as number;
    }
    const told = e as { policyAnalyzeSummaryEvent?: PolicySummary; policyAnalyzeStackSummaryEvent?: PolicySummary };
    const judged = told.policyAnalyzeSummaryEvent ?? told.policyAnalyzeStackSummaryEvent;
    result.policies.evaluated += (judged?.passed?.length ?? 0) + (judged?.failed?.length ?? 0);
    if (e.policyEvent) {
      const p = e.policyEvent;
      result.policies.violations.push({
        policy: p.policyName,
        resource: p.resourceUrn ?? "",
        level: p.enforcementLevel,
        message: p.message.trim(),
      });
    }
    if (e.diagnosticEvent && (e.diagnosticEvent.severity === "error" || e.diagnosticEvent.severity === "warning")) {
      result.diagnostics.push({
        severity: e.diagnosticEvent.severity,
        urn: e.diagnosticEvent.urn,
        message: e.diagnosticEvent.message.trim(),
      });
    }
  }
  return result;
}

/** One preview or up with this configuration. What the CLI refuses is in the result; where it only failed, its own words are. */
async function runVerb(
  stack: Automation.Stack,
  root: string,
  verb: "preview" | "up",
  config: Record<string, string>,
): Promise<DeployResult> {
  const all = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, { value, secret: key === "cutover:trunkPassword" }]),
  );
  await stack.setAllConfig(all);
  const events: Automation.EngineEvent[] = [];
  const started = performance.now();
  let ok = true;
  let failure = "";
  try {
    await stack[verb]({ onEvent: (e) => events.push(e), policyPacks: [join(root, "policies")] });
  } catch (error) {
    ok = false;
    failure = (error as Error).message;
  }
  if (process.env.CUTOVER_TRACE)
    for (const e of events) appendFileSync(process.env.CUTOVER_TRACE, `${JSON.stringify(e)}\n`);
  const result = readEvents(events, ok, (performance.now() - started) / 1000);
  const refused = result.policies.violations.some((v) => v.level !== "advisory");
  if (!ok && !refused && !result.diagnostics.some((d) => d.severity === "error"))
    result.diagnostics.push({ severity: "error", message: failure.slice(-2000) });
  return result;
}

/**
 * The real Pulumi CLI behind the deployer's verbs, through the Automation API: file backend under the state directory, the same
 * program, providers, stand-ins and policy pack.
 * @throws UserError when no CLI with its Node language host is found.
 */
export async function pulumiDeployer(o: { stateDir: string; passphrase: string; stack: string }): Promise<Deployer> {
  const cliRoot = findPulumiRoot();
  if (!cliRoot) {
    throw new UserError(NO_CLI);
  }
  // Loaded here and not at the top: a second of processor time that only this engine needs.
  const { LocalWorkspace, PulumiCommand } = require("@pulumi/pulumi/automation") as typeof Automation;
  const root = resolve(__dirname, "..");
  const backend = join(o.stateDir, "backend");
  mkdirSync(backend, { recursive: true });
  const pulumiCommand = await PulumiCommand.get({ root: cliRoot, skipVersionCheck: true });
  // A CLI built from source names no version; the SDK wants one only to choose how events reach it.
  const version = pulumiCommand.version ?? undefined;
  if (!version) Object.assign(pulumiCommand, { version: SDK_VERSION });
  const workDir = projectDir(root, o.stateDir);
  const envVars = {
    ...SANDBOX_CREDENTIALS,
    PATH: [join(root, "sandbox/plugins"), process.env.PATH].join(delimiter),
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: o.passphrase,
    PULUMI_HOME: join(o.stateDir, "pulumi-home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const stack: Automation.Stack = await LocalWorkspace.createOrSelectStack(
    { stackName: o.stack, workDir },
    { pulumiCommand, envVars },
  );
  // The SDK's own exportStack asks for secrets in plain text, which no caller here needs.
  const exported = async (): Promise<ExportedDeployment> => {
    const options = { cwd: workDir, env: { ...process.env, ...envVars }, maxBuffer: EXPORT_BYTES_MAX };
    const args = ["stack", "export", "--stack", o.stack];
    const { stdout } = await promisify(execFile)(join(cliRoot, "bin", "pulumi"), args, options);
    return JSON.parse(stdout) as ExportedDeployment;
  };
  const run = (verb: "preview" | "up", config: Record<string, string>) => runVerb(stack, root, verb, config);
  return {
    name: `pulumi ${version ?? "(a build without a version)"}`,
    preview: (config) => run("preview", config),
    up: (config) => run("up", config),
    export: exported,
    import: (deployment) => stack.importStack(deployment),
    close: async () => undefined,
  };
}
