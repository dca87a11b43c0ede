import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type * as Automation from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
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

const emptySteps = (): Steps => ({ create: 0, update: 0, replace: 0, delete: 0, same: 0, import: 0 });

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
  const ops = new Map<string, DeployedStep>();
  for (const e of events) {
    if (e.resourcePreEvent) {
      const m = e.resourcePreEvent.metadata;
      ops.set(m.urn, {
        op: m.op,
        urn: m.urn,
        type: m.type,
        name: m.urn.split("::").pop()!,
        diffs: (m.diffs ?? []).map((path) => ({ path, kind: "update" })),
      });
    }
    if (e.summaryEvent) {
      for (const [op, n] of Object.entries(e.summaryEvent.resourceChanges ?? {})) {
        if (op in result.changes) result.changes[op as keyof Steps] = n as number;
      }
    }
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
  result.steps = [...ops.values()];
  result.policies.evaluated = result.steps.length;
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
  const stack: Automation.Stack = await LocalWorkspace.createOrSelectStack(
    { stackName: o.stack, workDir: projectDir(root, o.stateDir) },
    {
      pulumiCommand,
      envVars: {
        ...SANDBOX_CREDENTIALS,
        PATH: [join(root, "sandbox/plugins"), process.env.PATH].join(delimiter),
        PULUMI_BACKEND_URL: `file://${backend}`,
        PULUMI_CONFIG_PASSPHRASE: o.passphrase,
        PULUMI_HOME: join(o.stateDir, "pulumi-home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    },
  );
  const run = async (verb: "preview" | "up", config: Record<string, string>): Promise<DeployResult> => {
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
    const result = readEvents(events, ok, (performance.now() - started) / 1000);
    if (!ok && !result.diagnostics.some((d) => d.severity === "error"))
      result.diagnostics.push({ severity: "error", message: failure.slice(-2000) });
    return result;
  };
  return {
    name: `pulumi ${pulumiCommand.version ?? ""}`.trim(),
    preview: (config) => run("preview", config),
    up: (config) => run("up", config),
    close: async () => undefined,
  };
}
