/** The state of one resource, and its form in a deployment-v3 checkpoint (Pulumi sdk/go/common/apitype/core.go). */
import type { Crypter } from "./crypter";
import { isObject, type Props, SECRET, SIG, type Value } from "./values";

export interface Timeouts {
  /** Seconds. */
  create?: number;
  update?: number;
  delete?: number;
  read?: number;
}

export interface State {
  urn: string;
  type: string;
  custom: boolean;
  id: string;
  inputs: Props;
  outputs: Props;
  parent: string;
  provider: string;
  protect: boolean;
  retainOnDelete: boolean;
  /** Read by `get`, not managed by this stack. */
  external: boolean;
  /** Replaced, waiting for its deletion. */
  delete: boolean;
  /** Deleted before its replacement was created. */
  pendingReplacement: boolean;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  initErrors: string[];
  additionalSecretOutputs: string[];
  customTimeouts: Timeouts;
  importID: string;
  deletedWith: string;
  replaceWith: string[];
  ignoreChanges: string[];
  replaceOnChanges: string[];
  replacementTrigger?: Value;
  created: string;
  modified: string;
  /** Fields of other engines, kept as they are. */
  rest: Record<string, unknown>;
}

export interface PendingOperation {
  type: "creating" | "updating" | "deleting" | "reading" | "importing";
  resource: State;
}

/** A state with every field empty but those given. */
export function emptyState(given: Partial<State> & Pick<State, "urn" | "type" | "custom">): State {
  return {
    id: "",
    inputs: {},
    outputs: {},
    parent: "",
    provider: "",
    protect: false,
    retainOnDelete: false,
    external: false,
    delete: false,
    pendingReplacement: false,
    dependencies: [],
    propertyDependencies: {},
    initErrors: [],
    additionalSecretOutputs: [],
    customTimeouts: {},
    importID: "",
    deletedWith: "",
    replaceWith: [],
    ignoreChanges: [],
    replaceOnChanges: [],
    created: "",
    modified: "",
    rest: {},
    ...given,
  };
}

/** The URNs a state needs to stand before it in a checkpoint. */
export function references(s: State): string[] {
  const out = [...s.dependencies, ...Object.values(s.propertyDependencies).flat(), ...s.replaceWith];
  if (s.parent) out.push(s.parent);
  if (s.deletedWith) out.push(s.deletedWith);
  if (s.provider) out.push(s.provider.slice(0, s.provider.lastIndexOf("::")));
  return out;
}

/** Encrypts a stack's secrets, giving an unchanged secret the ciphertext it had (else every save would differ). */
export class SecretBook {
  private readonly known = new Map<string, string>();

  constructor(private readonly crypter: Crypter) {}

  encrypt(owner: string, text: string): string {
    const at = `${owner}\n${text}`;
    let ciphertext = this.known.get(at);
    if (ciphertext === undefined) {
      ciphertext = this.crypter.encrypt(text);
      this.known.set(at, ciphertext);
    }
    return ciphertext;
  }

  decrypt(owner: string, ciphertext: string): string {
    const text = this.crypter.decrypt(ciphertext);
    this.known.set(`${owner}\n${text}`, ciphertext);
    return text;
  }
}

function seal(v: Value, owner: string, book: SecretBook): Value {
  if (Array.isArray(v)) return v.map((x) => seal(x, owner, book));
  if (!isObject(v)) return v;
  if (v[SIG] === SECRET) {
    const text = JSON.stringify(seal((v.value ?? null) as Value, owner, book));
    return { [SIG]: SECRET, ciphertext: book.encrypt(owner, text) };
  }
  const out: Props = {};
  for (const k of Object.keys(v).sort()) out[k] = seal(v[k] as Value, owner, book);
  return out;
}

function unseal(v: Value, owner: string, book: SecretBook): Value {
  if (Array.isArray(v)) return v.map((x) => unseal(x, owner, book));
  if (!isObject(v)) return v;
  if (v[SIG] === SECRET) {
    const text = typeof v.plaintext === "string" ? v.plaintext : book.decrypt(owner, String(v.ciphertext));
    return { [SIG]: SECRET, value: unseal(JSON.parse(text) as Value, owner, book) };
  }
  const out: Props = {};
  for (const k of Object.keys(v)) out[k] = unseal(v[k] as Value, owner, book);
  return out;
}

const some = <T>(v: T): T | undefined => {
  if (Array.isArray(v)) return v.length > 0 ? v : undefined;
  if (typeof v === "object" && v !== null) return Object.keys(v).length > 0 ? v : undefined;
  return v || undefined;
};

/** The checkpoint form of a state; fields at their zero value are left out, as the CLI does. */
export function sealState(s: State, book: SecretBook): Record<string, unknown> {
  return {
    urn: s.urn,
    custom: s.custom,
    delete: some(s.delete),
    id: some(s.id),
    type: s.type,
    inputs: some(seal(s.inputs, s.urn, book)),
    outputs: some(seal(s.outputs, s.urn, book)),
    parent: some(s.parent),
    protect: some(s.protect),
    external: some(s.external),
    dependencies: some(s.dependencies),
    initErrors: some(s.initErrors),
    provider: some(s.provider),
    propertyDependencies: some(s.propertyDependencies),
    pendingReplacement: some(s.pendingReplacement),
    additionalSecretOutputs: some(s.additionalSecretOutputs),
    customTimeouts: some(s.customTimeouts),
    importID: some(s.importID),
    retainOnDelete: some(s.retainOnDelete),
    deletedWith: some(s.deletedWith),
    replaceWith: some(s.replaceWith),
    created: some(s.created),
    modified: some(s.modified),
    ignoreChanges: some(s.ignoreChanges),
    replaceOnChanges: some(s.replaceOnChanges),
    replacementTrigger: s.replacementTrigger === undefined ? undefined : seal(s.replacementTrigger, s.urn, book),
    ...s.rest,
  };
}

/** A state from its checkpoint form; fields this engine does not know are kept in `rest`. */
export function unsealState(json: Record<string, unknown>, book: SecretBook): State {
  const urn = String(json.urn);
  const s = emptyState({ urn, type: String(json.type), custom: json.custom === true });
  const known = s as unknown as Record<string, unknown>;
  for (const [k, v] of Object.entries(json)) {
    if (k === "inputs" || k === "outputs") s[k] = unseal(v as Value, urn, book) as Props;
    else if (k === "replacementTrigger") s.replacementTrigger = unseal(v as Value, urn, book);
    else if (v !== null && k in known && k !== "rest") known[k] = v;
    else s.rest[k] = v;
  }
  for (const k of Object.keys(s.propertyDependencies)) s.propertyDependencies[k] ??= [];
  return s;
}
