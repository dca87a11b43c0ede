/** The rules every checkpoint holds, and what is wrong with a file that does not. */
import { createHash } from "node:crypto";
import { references, type State } from "./state";
import { isProviderType, parseReference, typeOf } from "./urn";

/** The manifest's magic cookie: it tells an edited or truncated version field. Source: Pulumi pkg/resource/deploy/snapshot.go. */
export const magicOf = (version: string): string => (version ? createHash("sha256").update(version).digest("hex") : "");

/**
 * What is wrong with a list of states, or undefined: what a state refers to stands before it, one live entry a URN,
 * components carry no id, the URN says the type. Source: Pulumi pkg/resource/deploy/snapshot.go, VerifyIntegrity.
 */
export function verifyIntegrity(states: readonly State[]): string | undefined {
  const live = new Set<string>();
  const seen = new Set<string>();
  const providers = new Set<string>();
  for (const s of states) {
    if (typeOf(s.urn) !== s.type) return `${s.urn} is of type ${s.type}`;
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

const OPERATIONS = new Set(["creating", "updating", "deleting", "reading", "importing"]);

type Json = Record<string, unknown>;
const isJson = (v: unknown): v is Json => typeof v === "object" && v !== null && !Array.isArray(v);

/** Fields of a resource that are read, by what they must be when they are there. */
const FIELDS: Record<string, (v: unknown) => boolean> = {
  ...fields(
    ["id", "parent", "provider", "importID", "deletedWith", "created", "modified"],
    (v) => typeof v === "string",
  ),
  ...fields(
    ["custom", "delete", "external", "protect", "pendingReplacement", "retainOnDelete"],
    (v) => typeof v === "boolean",
  ),
  ...fields(
    ["dependencies", "initErrors", "additionalSecretOutputs", "replaceWith", "ignoreChanges", "replaceOnChanges"],
    (v) => Array.isArray(v) && v.every((x) => typeof x === "string"),
  ),
  ...fields(["inputs", "outputs", "propertyDependencies", "customTimeouts"], isJson),
};

function fields(names: string[], fits: (v: unknown) => boolean): Record<string, (v: unknown) => boolean> {
  return Object.fromEntries(names.map((k) => [k, fits]));
}

/** What is wrong with the shape of a deployment as read from a file, or undefined. */
export function shapeProblem(d: unknown): string | undefined {
  if (!isJson(d)) return "it holds no deployment";
  const { manifest, resources, pending_operations: pending } = d;
  if (manifest !== undefined && !isJson(manifest)) return "its manifest is no object";
  const version = String((manifest as Json | undefined)?.version ?? "");
  if (isJson(manifest) && (manifest.magic ?? "") !== magicOf(version)) {
    return "the magic cookie does not match its version: it was edited or cut short";
  }
  if (!isSecretsProvider(d.secrets_providers)) return "its secrets provider has no type, or a salt that is no text";
  if (resources !== undefined && resources !== null && !Array.isArray(resources)) return "its resources are no list";
  for (const [i, r] of ((resources ?? []) as unknown[]).entries()) {
    const wrong = resourceProblem(r);
    if (wrong) return `resource ${i + 1} ${wrong}`;
  }
  if (pending !== undefined && pending !== null && !Array.isArray(pending)) return "its pending operations are no list";
  for (const [i, p] of ((pending ?? []) as unknown[]).entries()) {
    if (!isJson(p) || !OPERATIONS.has(String(p.type)))
      return `pending operation ${i + 1} is none of ${[...OPERATIONS].join(", ")}`;
    const wrong = resourceProblem(p.resource);
    if (wrong) return `the resource of pending operation ${i + 1} ${wrong}`;
  }
  return undefined;
}

function isSecretsProvider(v: unknown): boolean {
  if (v === undefined || v === null) return true;
  if (!isJson(v) || typeof v.type !== "string") return false;
  const { state } = v;
  if (state === undefined || state === null) return true;
  return isJson(state) && (state.salt === undefined || typeof state.salt === "string");
}

function resourceProblem(r: unknown): string | undefined {
  if (!isJson(r)) return "is no object";
  if (typeof r.urn !== "string" || !/^urn:pulumi:[^:]+::[^:]+::.+::./.test(r.urn)) return "has no URN";
  if (typeof r.type !== "string") return `(${r.urn}) has no type`;
  for (const [k, fits] of Object.entries(FIELDS)) {
    if (r[k] !== undefined && r[k] !== null && !fits(r[k])) return `(${r.urn}) has a ${k} of the wrong kind`;
  }
  return undefined;
}
