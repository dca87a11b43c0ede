/** The checkpoint file: Pulumi's file-backend layout, deployment version 3, and the rules every saved one must hold. */
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../model/errors";
import { Crypter } from "./crypter";
import { type PendingOperation, references, SecretBook, type State, sealState, unsealState } from "./state";
import { isProviderType, parseReference, projectOf, stackOf } from "./urn";

declare const CUTOVER_VERSION: string | undefined;
/** Written into the manifest: which engine saved the checkpoint. */
export const ENGINE_VERSION = `cutover-${typeof CUTOVER_VERSION === "string" ? CUTOVER_VERSION : "dev"}`;

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

export function stackFile(stateDir: string, project: string, stack: string): string {
  return join(stateDir, ".pulumi", "stacks", project, `${stack}.json`);
}

const magicOf = (version: string): string => (version ? createHash("sha256").update(version).digest("hex") : "");
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

/** The deployment in the file, secrets still encrypted; undefined when there is none. */
export async function readDeployment(file: string): Promise<DeploymentV3 | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw e;
  }
  try {
    const json = JSON.parse(text) as { version: number; checkpoint: { latest?: DeploymentV3 } };
    if (json.version !== 3) throw new Error(`version ${json.version}, expected 3`);
    return json.checkpoint.latest;
  } catch (e) {
    throw new UserError(`${file} is not a usable checkpoint (${(e as Error).message}): restore it, or remove it`);
  }
}

/** Opens a deployment's secrets and checks its integrity. */
export async function decode(d: DeploymentV3 | undefined, passphrase: string, name: string): Promise<Loaded> {
  const kind = d?.secrets_providers?.type;
  if (kind !== undefined && kind !== "passphrase") {
    throw new UserError(
      `${name} keeps its secrets with the provider "${kind}": the embedded engine opens "passphrase" only`,
    );
  }
  const crypter = await Crypter.open(passphrase, d?.secrets_providers?.state?.salt);
  const book = new SecretBook(crypter);
  const states = (d?.resources ?? []).map((r) => unsealState(r, book));
  const pending = (d?.pending_operations ?? []).map((p) => ({ type: p.type, resource: unsealState(p.resource, book) }));
  const wrong = verifyIntegrity(states);
  if (wrong) throw new UserError(`${name} is damaged (${wrong}): restore an earlier checkpoint`);
  return { states, pending, crypter, book };
}

/** Checks a deployment that is to be imported: magic cookie, and URNs of this project and stack. */
export function verifyImport(d: DeploymentV3, project: string, stack: string): void {
  if (d.manifest?.magic !== magicOf(d.manifest?.version ?? "")) {
    throw new UserError("the deployment's magic cookie does not match its version: it was edited or cut short");
  }
  for (const r of d.resources ?? []) {
    const urn = String(r.urn);
    if (stackOf(urn) !== stack || projectOf(urn) !== project) {
      throw new UserError(`${urn} belongs to another stack: expected ${project}/${stack}`);
    }
  }
}

/**
 * What is wrong with a list of states, or undefined: what a state refers to stands before it, one live entry a URN,
 * components carry no id. Source: Pulumi pkg/resource/deploy/snapshot.go, VerifyIntegrity.
 */
export function verifyIntegrity(states: readonly State[]): string | undefined {
  const live = new Set<string>();
  const seen = new Set<string>();
  const providers = new Set<string>();
  for (const s of states) {
    if (!s.custom && s.id) return `component ${s.urn} has an id`;
    for (const urn of references(s)) if (!seen.has(urn)) return `${s.urn} stands before ${urn}, which it refers to`;
    if (s.provider) {
      const { urn, id } = parseReference(s.provider);
      if (!providers.has(`${urn}::${id}`)) return `${s.urn} refers to the missing provider ${s.provider}`;
    }
    if (!s.delete) {
      if (live.has(s.urn)) return `${s.urn} stands there twice`;
      live.add(s.urn);
    }
    seen.add(s.urn);
    if (isProviderType(s.type)) providers.add(`${s.urn}::${s.id}`);
  }
  return undefined;
}

/** Writes text so that a reader sees the old file or the new one. `durable` waits for the disk as well. */
export async function writeAtomically(file: string, text: string, durable: boolean): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const next = `${file}.next`;
  if (durable) {
    const h = await open(next, "w");
    try {
      await h.writeFile(text);
      await h.sync();
    } finally {
      await h.close();
    }
  } else {
    await writeFile(next, text);
  }
  await rename(next, file);
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
