import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type * as Automation from "@pulumi/pulumi/automation";
import { version as SDK_VERSION } from "@pulumi/pulumi/version";
import { parse } from "yaml";
import { configOf, type StackEngine } from "../daily/advance/ports";
import type { Target } from "../daily/advance/target";
import type { Outcome } from "../daily/advance/machine";
import { writeDurably } from "../daily/advance/journal";
import { setYamlKeys } from "../daily/yaml-lines";
import { UserError } from "../model/errors";
import type { Plan } from "../model/types";
import { findPulumiRoot } from "../rehearsal/cli-finder";
import type { Deployer, DeployResult } from "../rehearsal/deployer";
import { embeddedDeployer } from "../rehearsal/embedded";
import { pulumiDeployer, readEvents } from "../rehearsal/pulumi";
import { worldConfig } from "../rehearsal/stack";
import { readStackFile } from "./stack";

/** A refusal of the gate's provider, one line per policy (model/verdictText.ts). */
const REFUSAL = /^\s*- ([a-z0-9-]+ \((?:failed|errored|inconclusive)\): .*)$/gm;

function outcomeOf(result: DeployResult): Outcome {
  const errors = result.diagnostics.filter((d) => d.severity === "error").map((d) => d.message);
  const refusals = [
    ...result.policies.violations.filter((v) => v.level !== "advisory").map((v) => `${v.policy}: ${v.message}`),
    ...errors.flatMap((message) => [...message.matchAll(REFUSAL)].map(([, line]) => line!)),
  ];
  const changes = Object.fromEntries(Object.entries(result.changes).filter(([op, n]) => op !== "same" && n > 0));
  return { ok: result.ok, changes, refusals, errors: refusals.length > 0 ? [] : errors };
}

interface Deployment {
  deployment?: { resources?: { type?: string; inputs?: { facts?: object } }[] | null };
}

const gateFactsOf = (exported: Deployment): object =>
  exported.deployment?.resources?.find((r) => r.type === "gates:index:Gate")?.inputs?.facts ?? {};

export interface EngineArgs {
  plan: Plan;
  stack: string;
  /** The stack's configuration; an up writes the lines of its step into it first. */
  file: string;
  root: string;
  stateDir: string;
  world?: string;
  engine?: "embedded" | "pulumi";
}

/** The lines of a target, written into the stack's own file before its up: file and stack agree, whatever ends the process. */
function writeLines({ file, plan, stack }: EngineArgs, to: Target): void {
  const text = readFileSync(file, "utf8");
  const known = new Set(Object.keys((parse(text) as { config?: object } | null)?.config ?? {}));
  const next = setYamlKeys(file, text, "config", configOf(plan, to, stack, known));
  if (next !== text) writeDurably(file, next, "w");
}

/** The engine of a stack: the real CLI, or for a sandbox stack the embedded one. @throws UserError where neither may run it. */
export async function openStackEngine(o: EngineArgs): Promise<StackEngine> {
  if (!o.plan.sandbox) {
    if (o.engine === "embedded")
      throw new UserError(
        `--engine embedded: seen the plan ${o.plan.name} without sandbox: true; expected a sandbox stack; fix: leave the flag out, the Pulumi CLI runs it.`,
      );
    return productionEngine(o);
  }
  return sandboxEngine(o);
}

async function sandboxEngine(o: EngineArgs): Promise<StackEngine> {
  const passphrase = process.env.PULUMI_CONFIG_PASSPHRASE ?? "";
  const open = o.engine === "pulumi" ? pulumiDeployer : embeddedDeployer;
  const deployer: Deployer = await open({ stateDir: o.stateDir, passphrase, stack: o.stack });
  const config = async (to: Target): Promise<Record<string, string>> => {
    const { config: own } = await readStackFile(o.file, passphrase, () => {});
    const world = o.world
      ? worldConfig(JSON.parse(readFileSync(o.world, "utf8").split("\n")[0]!), {
          adapter: o.plan.porting.provider,
          region: o.plan.organisation.region,
        })
      : {};
    const lines = Object.entries(configOf(o.plan, to, o.stack, new Set(["cutover:waves"])));
    const { "cutover:canaryPercent": _, ...rest } = own;
    return {
      ...rest,
      "cutover:plan": resolve(o.root, own["cutover:plan"] || `stacks/${o.stack}`),
      ...world,
      ...Object.fromEntries(lines.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))),
    };
  };
  return {
    name: deployer.name,
    preview: async (to) => outcomeOf(await deployer.preview(await config(to))),
    up: async (to) => {
      writeLines(o, to);
      return outcomeOf(await deployer.up(await config(to)));
    },
    gateFacts: async () => gateFactsOf((await deployer.export()) as Deployment),
    close: () => deployer.close(),
  };
}

/**
 * The Pulumi CLI on the stack as it is: its own backend, its own `Pulumi.<stack>.yaml`, credentials from the environment. A preview reads a
 * copy of that file with the lines of the step, so that a step that is refused leaves no trace in it.
 */
async function productionEngine(o: EngineArgs): Promise<StackEngine> {
  const cliRoot = findPulumiRoot();
  if (!cliRoot)
    throw new UserError(
      "pulumi: seen no Pulumi CLI with pulumi-language-nodejs (CUTOVER_PULUMI_ROOT, PATH, $PULUMI_HOME); expected one, since this stack is no sandbox; fix: install it and log in to the stack's backend.",
    );
  // Loaded here and not at the top: a second of processor time that only this engine needs.
  const { LocalWorkspace, PulumiCommand } = require("@pulumi/pulumi/automation") as typeof Automation;
  const pulumiCommand = await PulumiCommand.get({ root: cliRoot, skipVersionCheck: true });
  const version = pulumiCommand.version ?? undefined;
  // A CLI built from source names no version; the SDK wants one only to choose how events reach it.
  if (!version) Object.assign(pulumiCommand, { version: SDK_VERSION });
  const stack = await selectStack(LocalWorkspace, pulumiCommand, o);
  const run = async (verb: "preview" | "up", configFile: string): Promise<Outcome> => {
    const events: Automation.EngineEvent[] = [];
    const started = performance.now();
    let failure: string | undefined;
    try {
      const packs = { policyPacks: [join(o.root, "policies")], configFile: resolve(configFile) };
      await stack[verb]({ onEvent: (e) => void events.push(e), ...packs });
    } catch (error) {
      failure = (error as Error).message;
    }
    const result = outcomeOf(readEvents(events, failure === undefined, (performance.now() - started) / 1000));
    if (failure !== undefined && result.refusals.length + result.errors.length === 0)
      result.errors.push(failure.slice(-2000));
    return result;
  };
  return {
    name: `pulumi ${version ?? "(a build without a version)"}`,
    async preview(to) {
      const text = readFileSync(o.file, "utf8");
      const copy = join(o.stateDir, `Pulumi.${o.stack}.yaml`);
      writeDurably(copy, setYamlKeys(o.file, text, "config", configOf(o.plan, to, o.stack, new Set())), "w");
      return run("preview", copy);
    },
    async up(to) {
      writeLines(o, to);
      return run("up", o.file);
    },
    gateFacts: async () => gateFactsOf((await stack.exportStack()) as Deployment),
    close: async () => undefined,
  };
}

async function selectStack(
  workspace: typeof Automation.LocalWorkspace,
  pulumiCommand: Automation.PulumiCommand,
  o: EngineArgs,
): Promise<Automation.Stack> {
  try {
    // The directory where the stack's own Pulumi.<stack>.yaml is: a project of its own may share this program.
    return await workspace.selectStack({ stackName: o.stack, workDir: dirname(o.file) }, { pulumiCommand });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? (error as Error).message;
    throw new UserError(
      `The stack ${o.stack}: seen ${said.replace(/\s+/g, " ").trim().slice(0, 300)}; expected a stack that the Pulumi CLI can select; fix: pulumi login, then pulumi stack init ${o.stack}.`,
    );
  }
}
