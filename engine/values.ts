/**
 * Property values as they travel: plain JSON, with special objects (secret, asset, archive, resource reference, output
 * value) marked by a signature key. The engine keeps this form everywhere and translates only for state and display.
 * Source: Pulumi SDK wire format (sdk/proto, runtime/rpc).
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Props = { [key: string]: Value };

export const SIG = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
export const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** The sentinel the engine sends for a value not known yet (in previews). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<Value> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether a value is not known yet, a map, or marked as a secret. */
export const isUnknown = (v: Value | undefined): boolean => typeof v === "string" && UNKNOWNS.has(v);
export const isObject = (v: unknown): v is Props => typeof v === "object" && v !== null && !Array.isArray(v);
export const isSecret = (v: Value | undefined): v is Props => isObject(v) && v[SIG] === SECRET;
const isSpecial = (v: Value | undefined, sig: string): v is Props => isObject(v) && v[SIG] === sig;

/** The value with the mark of a secret, once. */
export const secret = (value: Value): Props => (isSecret(value) ? value : { [SIG]: SECRET, value });

/** The value below a secret mark. */
export function plain(v: Value | undefined): Value | undefined {
  return isSecret(v) ? (v.value as Value) : v;
}

/** Rebuilds a value bottom-up; `f` may replace any object before its members are visited (return undefined to go in). */
export function transform(v: Value, f: (v: Value) => Value | undefined): Value {
  const replaced = f(v);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(v)) return v.map((x) => transform(x, f));
  if (isObject(v)) return mapProps(v, (x) => transform(x, f));
  return v;
}

/** Properties as `f` makes them; those for which it gives undefined are left out. */
export function mapProps(p: Props, f: (v: Value, key: string) => Value | undefined): Props {
  const out: Props = {};
  for (const key of Object.keys(p)) {
    const v = f(p[key] as Value, key);
    if (v !== undefined) out[key] = v;
  }
  return out;
}

/** True when some part of the value is not known yet. */
export function hasUnknown(v: Value | undefined): boolean {
  if (typeof v === "string") return UNKNOWNS.has(v);
  if (Array.isArray(v)) return v.some(hasUnknown);
  if (isObject(v)) return Object.values(v).some(hasUnknown);
  return false;
}

/** Whether a secret is anywhere in the value. */
export function hasSecret(v: Value | undefined): boolean {
  if (Array.isArray(v)) return v.some(hasSecret);
  if (isObject(v)) return v[SIG] === SECRET || Object.values(v).some(hasSecret);
  return false;
}

/** Takes every secret mark off, for a peer that does not accept secrets. */
export function unwrapSecrets<T extends Value>(v: T): T {
  return hasSecret(v) ? (transform(v, (x) => (isSecret(x) ? unwrapSecrets(x.value as Value) : undefined)) as T) : v;
}

/** The value without its parts that are not known; undefined when nothing is left of it. */
export function known(v: Value): Value | undefined {
  if (!hasUnknown(v)) return v;
  if (Array.isArray(v)) return v.map(known).filter((x) => x !== undefined);
  return isObject(v) ? mapProps(v, known) : undefined;
}

/** Equality of values; secret and plain differ, key order does not matter. */
export function deepEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((x, i) => deepEqual(x, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  // Assets are the same when their contents are: the hash says so, whatever path they were read from.
  if (a[SIG] === ASSET && b[SIG] === ASSET && a.hash && b.hash) return a.hash === b.hash;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => k in b && deepEqual(a[k], b[k]));
}

/** Equality that looks through secret marks, as a diff of inputs does. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  return deepEqual(a === undefined ? a : unwrapSecrets(a), b === undefined ? b : unwrapSecrets(b));
}

/** Adds content hashes to assets and drops what the SDK adds for itself. `dir` is where relative paths start. */
export function normaliseAssets(props: Props, dir: string): Props {
  return transform(props, (v) => {
    if (!isObject(v)) return undefined;
    if (v[SIG] === ASSET) return normaliseAsset(v, dir);
    if (v[SIG] === ARCHIVE) return normaliseArchive(v, dir);
    return v[SIG] === OUTPUT ? outputValue(v, dir) : undefined;
  }) as Props;
}

function normaliseAsset(v: Props, dir: string): Props {
  const sha = (x: string | Buffer) => createHash("sha256").update(x).digest("hex");
  const kept: Props = { [SIG]: ASSET };
  for (const k of ["hash", "path", "text", "uri"]) if (v[k] !== undefined && v[k] !== "") kept[k] = v[k] as Value;
  if (kept.uri === undefined && kept.path === undefined) {
    kept.text = (v.text as string) ?? "";
    kept.hash = sha(kept.text as string);
  } else if (typeof kept.path === "string") {
    kept.hash = sha(readFileSync(resolve(dir, kept.path)));
  }
  return kept;
}

function normaliseArchive(v: Props, dir: string): Props {
  const kept: Props = { [SIG]: ARCHIVE };
  if (isObject(v.assets)) kept.assets = normaliseAssets(v.assets, dir);
  for (const k of ["hash", "path", "uri"]) if (v[k] !== undefined && v[k] !== "") kept[k] = v[k] as Value;
  // The hash of an archive only has to change with its contents; it is not compared with the CLI's.
  if (kept.assets) kept.hash = createHash("sha256").update(JSON.stringify(kept.assets)).digest("hex");
  return kept;
}

/** An output value becomes what it stands for: its value, unknown when it has none, marked when secret. */
function outputValue(v: Props, dir: string): Value {
  const inner = v.value === undefined ? UNKNOWN : (normaliseAssets({ v: v.value }, dir).v as Value);
  return v.secret === true ? secret(inner) : inner;
}

/** Drops asset contents, keeping the hash: what providers get as old values. */
export function elideAssets<T extends Value>(v: T): T {
  return transform(v, (x) =>
    isSpecial(x, ASSET) && x.hash ? { [SIG]: ASSET, hash: x.hash as Value } : undefined,
  ) as T;
}

/** For a provider that does not know resource references: the id, or the URN of a component. */
export function unwrapReferences<T extends Value>(v: T): T {
  return transform(v, (x) =>
    isSpecial(x, RESOURCE) ? (("id" in x ? (x.id === "" ? UNKNOWN : x.id) : x.urn) as Value) : undefined,
  ) as T;
}

/** Marks outputs secret: those whose input of the same name is secret, and those listed. */
export function markSecrets(outputs: Props, inputs: Props, additional: readonly string[]): Props {
  const names = Object.keys(outputs).filter(
    (k) => !isSecret(outputs[k]) && (isSecret(inputs[k]) || additional.includes(k)),
  );
  if (names.length === 0) return outputs;
  return mapProps(outputs, (v, k) => (names.includes(k) ? secret(v) : v));
}

/** What a person or an event may see: secrets and text assets hidden. */
export function mask(v: Value): Value {
  return transform(v, (x): Value | undefined => {
    if (isSecret(x)) return { [SIG]: SECRET, ciphertext: "[secret]" };
    if (isSpecial(x, ASSET) && typeof (x as Props).text === "string")
      return { ...(x as Props), text: "<contents elided>" };
    return undefined;
  });
}

/** A value for one line of a diff: `[secret]` in place of a secret, `[unknown]` of one not known yet. */
export function display(v: Value | undefined): Value | undefined {
  if (v === undefined) return undefined;
  return transform(v, (x) => (isSecret(x) ? "[secret]" : isUnknown(x) ? "[unknown]" : undefined));
}

/** Shorter secret texts are not looked for in messages: hiding every `on` would hide half of each. */
const HIDDEN_FROM_CHARACTERS = 3;

/** The texts that stand inside secrets, anywhere in the value. */
export function secretTexts(v: Value, inside = false): string[] {
  if (typeof v === "string") return inside && v.length >= HIDDEN_FROM_CHARACTERS && !isUnknown(v) ? [v] : [];
  if (Array.isArray(v)) return v.flatMap((x) => secretTexts(x, inside));
  if (!isObject(v)) return [];
  if (v[SIG] === SECRET) return secretTexts((v.value ?? null) as Value, true);
  return Object.entries(v).flatMap(([k, x]) => (k === SIG ? [] : secretTexts(x, inside)));
}
