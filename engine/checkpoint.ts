/** The checkpoint file: Pulumi's file-backend layout, deployment version 3, and the rules every saved one must hold. */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../model/errors";
import { Crypter } from "./crypter";
import { backupOf } from "./disk";
import { magicOf, shapeProblem, verifyIntegrity } from "./integrity";
import { type PendingOperation, SecretBook, type State, sealState, unsealState } from "./state";
import { projectOf, stackOf } from "./urn";

declare const CUTOVER_VERSION: string | undefined;
/** Written into the manifest: which engine saved the checkpoint. */
const ENGINE_VERSION = `cutover-${typeof CUTOVER_VERSION === "string" ? CUTOVER_VERSION : "dev"}`;

/** A deployment as `pulumi stack export` prints it. */
export interface ExportedDeployment {
  version: 3;
  deployment: DeploymentV3;
}
export interface DeploymentV3 {
  manifest: { time: string; magic: string; version: string };
  secrets_providers?: { type: string; state?: { salt?: string } };
  resources?: Record<string, unknown>[];
  pending_operations?: { resource: Record<string, unknown>; type: PendingOperation["type"] }[];
  metadata?: Record<string, unknown>;
}

/** A stack's state in memory. */
export interface Loaded {
  states: State[];
  pending: PendingOperation[];
  crypter: Crypter;
  book: SecretBook;
}

/** Where the file backend keeps a stack's checkpoint. */
export function stackFile(stateDir: string, project: string, stack: string): string {
  return join(stateDir, ".pulumi", "stacks", project, `${stack}.json`);
}

/** The head of a checkpoint that is written now. */
export const manifest = (): DeploymentV3["manifest"] => ({
  time: new Date().toISOString(),
  magic: magicOf(ENGINE_VERSION),
  version: ENGINE_VERSION,
});

/** Reads the stack's checkpoint; a missing file is an empty stack. Throws UserError when it cannot be used. */
export async function load(file: string, passphrase: string): Promise<Loaded> {
  const deployment = await readDeployment(file);
  return decode(deployment, passphrase, file);
}

/** The deployment in the file, secrets still encrypted; undefined when there is none. Throws UserError when it is damaged. */
export async function readDeployment(file: string): Promise<DeploymentV3 | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new UserError(
      `${file}: seen ${code ?? String(e)}; expected the stack's state; fix: name another directory, or mend its rights.`,
    );
  }
  let json: { version?: unknown; checkpoint?: { latest?: DeploymentV3 } } | null;
  try {
    json = JSON.parse(text);
  } catch (e) {
    throw damaged(file, (e as Error).message);
  }
  if (json?.version !== 3) throw damaged(file, `version ${JSON.stringify(json?.version)}, expected 3`);
  if (typeof json.checkpoint !== "object" || json.checkpoint === null) throw damaged(file, "it holds no checkpoint");
  const { latest } = json.checkpoint;
  // `pulumi stack init` writes a checkpoint without a deployment.
  if (latest === undefined || latest === null) return undefined;
  const wrong = shapeProblem(latest);
  if (wrong) throw damaged(file, wrong);
  return latest;
}

function damaged(file: string, why: string): UserError {
  const cure = existsSync(backupOf(file))
    ? `put ${backupOf(file)}, the state before the last write, in its place`
    : "restore it from a copy, or remove it to begin anew";
  return new UserError(`${file} is not a usable checkpoint (${why}): ${cure}`);
}

/** Opens a deployment's secrets and checks its integrity. */
export async function decode(d: DeploymentV3 | undefined, passphrase: string, name: string): Promise<Loaded> {
  const kind = d?.secrets_providers?.type;
  if (kind !== undefined && kind !== "passphrase") {
    throw new UserError(
      `${name} keeps its secrets with the provider "${kind}": the embedded engine opens "passphrase" only, leave this stack to the Pulumi CLI`,
    );
  }
  const crypter = await Crypter.open(passphrase, d?.secrets_providers?.state?.salt);
  const book = new SecretBook(crypter);
  const open = (r: Record<string, unknown>): State => {
    try {
      return unsealState(r, book);
    } catch {
      throw damaged(name, `a secret of ${String(r.urn)} cannot be decrypted`);
    }
  };
  const states = (d?.resources ?? []).map(open);
  const pending = (d?.pending_operations ?? []).map((p) => ({ type: p.type, resource: open(p.resource) }));
  const wrong = verifyIntegrity(states);
  if (wrong) throw damaged(name, wrong);
  return { states, pending, crypter, book };
}

/** Checks a deployment that is to be imported: magic cookie, and URNs of this project and stack. */
export function verifyImport(d: DeploymentV3, project: string, stack: string): void {
  const wrong = shapeProblem(d);
  if (wrong)
    throw new UserError(`the deployment cannot be imported (${wrong}): give a file as \`cutover export\` wrote it`);
  verifyOwner((d.resources ?? []) as { urn: string }[], project, stack);
}

/** Throws UserError when a resource is another stack's: everything of this one would seem missing, and theirs be deleted. */
export function verifyOwner(resources: readonly { urn: string }[], project: string, stack: string): void {
  for (const { urn } of resources) {
    if (stackOf(urn) !== stack || projectOf(urn) !== project) {
      throw new UserError(
        `${urn} belongs to another stack: expected ${project}/${stack}, give the file that was exported from it`,
      );
    }
  }
}

/** Lays out the backend directory so that the real CLI takes it for its own. */
export async function prepareBackend(stateDir: string): Promise<void> {
  await mkdir(join(stateDir, ".pulumi"), { recursive: true });
  await writeFile(join(stateDir, ".pulumi", "meta.yaml"), "version: 1\n", { flag: "wx" }).catch((e) => {
    if ((e as NodeJS.ErrnoException).code !== "EEXIST") throw e;
  });
}

/** The deployment of states that are not in a file yet (export of an empty stack, import). */
export function encode(states: readonly State[], pending: readonly PendingOperation[], l: Loaded): DeploymentV3 {
  return {
    manifest: manifest(),
    secrets_providers: { type: "passphrase", state: { salt: l.crypter.salt } },
    resources: states.map((s) => sealState(s, l.book)),
    ...(pending.length > 0
      ? { pending_operations: pending.map((p) => ({ resource: sealState(p.resource, l.book), type: p.type })) }
      : {}),
    metadata: {},
  };
}
