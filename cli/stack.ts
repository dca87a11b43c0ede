import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { worldOf } from "../daily/settings";
import { Engine, type EngineEvent, type ExportedDeployment } from "../engine";
import { Crypter } from "../engine/crypter";
import { UserError } from "../model/errors";
import { loadPlanFile } from "../model/plan";
import { stackConfig, type Tell } from "../model/stackKeys";
import { SANDBOX_CREDENTIALS, worldConfig } from "../rehearsal/stack";
import type { WorldAddresses } from "../rehearsal/world";
import { header, showResult, showStep } from "./diff-text";

export type StackVerb = "preview" | "up" | "refresh" | "destroy" | "export" | "import" | "cancel";

export interface StackArgs {
  stack: string;
  /** Stack configuration, default `Pulumi.<stack>.yaml`. */
  config?: string;
  /** File whose first line is what `cutover sandbox` printed first. */
  world?: string;
  /** Directory of the state, default `.cutover/<stack>/state`. */
  state?: string;
  /** Deployment to read or write, default stdin or stdout. */
  file?: string;
  refresh: boolean;
  continueOnError: boolean;
  /** With refresh: forget creations that an engine died in. */
  clearPendingCreates?: boolean;
  /** URNs or patterns; none = everything. */
  targets?: string[];
  targetDependents?: boolean;
  json: boolean;
}

interface StackFile {
  config: Record<string, string>;
  secretKeys: string[];
}

/**
 * Reads `Pulumi.<stack>.yaml`; `secure:` values are opened with the passphrase.
 * @throws UserError when the file is missing, no YAML, or locked with another passphrase.
 */
export async function readStackFile(file: string, passphrase: string, tell?: Tell): Promise<StackFile> {
  if (!existsSync(file)) throw new UserError(`${file} is missing: expected the stack's configuration (--config FILE).`);
  let yaml: { encryptionsalt?: string } | null;
  try {
    yaml = parse(readFileSync(file, "utf8"));
  } catch (e) {
    throw new UserError(`${file}: ${(e as Error).message.split("\n")[0]!.replace(/:$/, "")}; expected YAML.`);
  }
  const out: StackFile = { config: {}, secretKeys: [] };
  for (const [key, value] of Object.entries(stackConfig(file, yaml, tell))) {
    const secure = (value as { secure?: string } | null)?.secure;
    if (typeof secure === "string") {
      if (!yaml?.encryptionsalt)
        throw new UserError(
          `${file}, ${key}: seen a secret and no encryptionsalt; expected the salt of the stack's passphrase; fix: restore that line of the file, or set the secret anew.`,
        );
      out.config[key] = (await Crypter.open(passphrase, yaml.encryptionsalt)).decrypt(secure);
      out.secretKeys.push(key);
    } else out.config[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return out;
}

/** An engine for a sandbox stack. @throws UserError for a stack whose plan is not marked `sandbox: true`. */
async function openEngine(o: StackArgs, needsWorld: boolean, onEvent?: (e: EngineEvent) => void): Promise<Engine> {
  const root = resolve(__dirname, "..");
  const passphrase = process.env.PULUMI_CONFIG_PASSPHRASE ?? "";
  const { config, secretKeys } = await readStackFile(
    o.config ?? join(root, `Pulumi.${o.stack}.yaml`),
    passphrase,
    // The program refuses them forward, and tells them on a way back.
    () => {},
  );
  const planDir = resolve(root, config["cutover:plan"] || `stacks/${o.stack}`);
  const plan = loadPlanFile(planDir);
  // Without a world's addresses the providers would take the official ones: a sandbox stack has no business there.
  if (plan.sandbox && needsWorld && !o.world && !config["genesyscloud:gateways"])
    throw new UserError(
      `--world is missing: expected the file with the first line that \`cutover sandbox --plan DIR --auto > world.json\` printed; ${o.stack} has no addresses of its own.`,
    );
  const world = o.world
    ? worldConfig(worldOf(o.world) as WorldAddresses, {
        adapter: plan.porting.provider,
        region: plan.organisation.region,
      })
    : {};
  return new Engine({
    projectDir: root,
    stack: o.stack,
    stateDir: resolve(o.state ?? join(root, ".cutover", o.stack, "state")),
    passphrase,
    config: { ...config, "cutover:plan": planDir, ...world },
    secretKeys,
    packs: [join(root, "policies")],
    pluginPath: [join(root, "sandbox/plugins")],
    env: { ...SANDBOX_CREDENTIALS },
    sandbox: plan.sandbox,
    once: true,
    ...(onEvent ? { onEvent } : {}),
  });
}

/** Verbs that look at the state alone. */
const LOCAL: ReadonlySet<StackVerb> = new Set(["export", "import", "cancel"]);

/** `cutover preview|up|refresh|destroy|export|import|cancel`. @returns 0 when it went through, 1 when not. */
export async function stackCommand(verb: StackVerb, o: StackArgs): Promise<number> {
  const onEvent = (e: EngineEvent) => {
    if (o.json) console.log(JSON.stringify(e));
    else showStep(e);
  };
  const engine = await openEngine(o, !LOCAL.has(verb), onEvent);
  const stop = () => engine.interrupt();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    if (verb === "export") return await writeExport(engine, o);
    if (verb === "import") return await readImport(engine, o);
    if (verb === "cancel") {
      console.log(`${await engine.cancel()} lock(s) of ${o.stack} cleared`);
      return 0;
    }
    if (!o.json) console.log(header(verb, o.stack));
    const result = await engine[verb]({
      continueOnError: o.continueOnError,
      clearPendingCreates: o.clearPendingCreates,
      targets: o.targets,
      targetDependents: o.targetDependents,
      refresh: o.refresh,
    });
    if (!o.json) console.log(showResult(result, verb === "preview"));
    return result.ok ? 0 : 1;
  } finally {
    await engine.close();
  }
}

async function writeExport(engine: Engine, o: StackArgs): Promise<number> {
  const text = `${JSON.stringify(await engine.export(), null, 4)}\n`;
  if (o.file) writeFileSync(o.file, text, { mode: 0o600 });
  else process.stdout.write(text);
  return 0;
}

async function readImport(engine: Engine, o: StackArgs): Promise<number> {
  let data: ExportedDeployment;
  try {
    data = JSON.parse(readFileSync(o.file ?? 0, "utf8")) as ExportedDeployment;
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    throw new UserError(`${o.file ?? "stdin"}: seen ${code ?? "no JSON"}; expected what \`cutover export\` wrote.`);
  }
  if (typeof data?.deployment !== "object" || data.deployment === null)
    throw new UserError(
      `${o.file ?? "stdin"}: seen no deployment; expected what \`cutover export\` wrote, a document with version and deployment.`,
    );
  await engine.import(data);
  console.log(`${data.deployment.resources?.length ?? 0} resources imported into ${o.stack}`);
  return 0;
}
