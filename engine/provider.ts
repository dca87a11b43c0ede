/** One configured resource provider, spoken to the way the Pulumi engine does (sdk/proto/pulumi/provider.proto). */
import { randomBytes } from "node:crypto";
import provproto from "@pulumi/pulumi/proto/provider_pb";
import type * as ProviderProto from "@pulumi/pulumi/proto/provider_pb";
import { type Diff, type DiffKind, inputDiff, NO_DIFF, type PropertyDiff } from "./diff";
import { ATTEMPT_HEADER, type Attempt, LEFT_BEHIND, OUTCOME_HEADER, type Outcome } from "./interrupted";
import { type Client, Code, fromStruct, toStruct } from "./rpc";
import type { State } from "./state";
import { nameOf } from "./urn";
import { deepEqual, elideAssets, hasUnknown, type Props, unwrapReferences, unwrapSecrets, type Value } from "./values";

export { provproto };

/** What the peer can take, from its Handshake or Configure answer. */
export interface Abilities {
  secrets: boolean;
  resources: boolean;
  preview: boolean;
}

export interface CheckFailure {
  property: string;
  reason: string;
}

/** The resource exists, but is not ready: it is kept, with what is wrong with it. */
export class InitError extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Props,
    readonly inputs: Props | undefined,
    readonly reasons: string[],
  ) {
    super(reasons.join("; "));
  }
}

/** A provider's refusal. `unknownState`: what it did before it failed cannot be told (gRPC Internal, DataLoss, Unknown). */
export class ProviderError extends Error {
  constructor(
    message: string,
    readonly unknownState: boolean,
  ) {
    super(message);
  }
}

interface Target {
  urn: string;
  type: string;
  id?: string;
}

/** A configured provider: Pulumi's ResourceProvider calls on the engine's own values. */
export class Provider {
  constructor(
    readonly client: Client,
    readonly abilities: Abilities,
    /** False in a preview whose provider configuration is not known yet: nothing may be asked of it. */
    readonly configured: boolean,
  ) {}

  /** Whether it may be asked to create or update in a preview. One that is not configured yet is asked nothing at all. */
  get previews(): boolean {
    return !this.configured || this.abilities.preview;
  }

  /** Checked inputs and failures. `olds` are the old inputs, empty on create. */
  async check(t: Target, olds: Props, news: Props): Promise<{ inputs: Props; failures: CheckFailure[] }> {
    if (!this.configured) return { inputs: news, failures: [] };
    const r = this.name(new provproto.CheckRequest(), t);
    r.setOlds(this.out(olds));
    r.setNews(this.out(news));
    r.setRandomseed(randomBytes(32));
    const a = await this.ask<ProviderProto.CheckResponse>("check", r);
    const failures = a.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() }));
    return { inputs: this.remark(fromStruct(a.getInputs()), news), failures };
  }

  /** What would change; the engine compares the inputs where the provider cannot tell. */
  async diff(old: State, news: Props, ignoreChanges: readonly string[]): Promise<Diff | "unavailable"> {
    if (!this.configured) return "unavailable";
    const r = this.name(new provproto.DiffRequest(), old);
    r.setId(old.id);
    r.setOldInputs(this.out(elideAssets(old.inputs)));
    r.setOlds(this.out(elideAssets(old.outputs)));
    r.setNews(this.out(news));
    r.setIgnorechangesList([...ignoreChanges]);
    return readDiff(await this.ask<ProviderProto.DiffResponse>("diff", r), old.inputs, news);
  }

  /**
   * Creates. In a preview a provider that cannot preview is not asked: it might really create. `attempt`: an earlier
   * creation of the same thing was interrupted; `outcome` says what the provider found of it.
   */
  async create(
    t: Target,
    inputs: Props,
    timeoutSeconds: number,
    preview: boolean,
    attempt?: Attempt,
  ): Promise<{ id: string; outputs: Props; outcome?: Outcome }> {
    if (!this.configured) return { id: "", outputs: {} };
    if (preview && !this.abilities.preview) return { id: "", outputs: inputs };
    const r = this.name(new provproto.CreateRequest(), t);
    r.setProperties(this.out(inputs));
    r.setTimeout(timeoutSeconds);
    r.setPreview(preview);
    let outcome: string | undefined;
    const headers: Record<string, string> = attempt && !preview ? { [ATTEMPT_HEADER]: JSON.stringify(attempt) } : {};
    const a = await this.ask<ProviderProto.CreateResponse>("create", r, headers, (header) => {
      outcome = header(OUTCOME_HEADER);
    });
    if (!preview && a.getId() === "")
      throw new ProviderError(`the provider answered the creation of ${t.urn} without an id`, true);
    const made = { id: a.getId(), outputs: fromStruct(a.getProperties()) };
    return outcome === "adopted" || outcome === "made" ? { ...made, outcome } : made;
  }

  async update(
    old: State,
    inputs: Props,
    timeoutSeconds: number,
    ignoreChanges: readonly string[],
    preview: boolean,
  ): Promise<Props> {
    if (!this.configured) return {};
    if (preview && !this.abilities.preview) return inputs;
    const r = this.name(new provproto.UpdateRequest(), old);
    r.setId(old.id);
    r.setOlds(this.out(old.outputs));
    r.setOldInputs(this.out(old.inputs));
    r.setNews(this.out(inputs));
    r.setTimeout(timeoutSeconds);
    r.setIgnorechangesList([...ignoreChanges]);
    r.setPreview(preview);
    const a = await this.ask<ProviderProto.UpdateResponse>("update", r);
    return fromStruct(a.getProperties());
  }

  /**
   * Reads back. `state` and `inputs` absent: an import, by id alone. An empty id in the answer means that the resource
   * is gone; `inputs` undefined, that the provider did not say what they are.
   */
  async read(
    t: Target & { id: string },
    state?: Props,
    inputs?: Props,
  ): Promise<{ id: string; outputs: Props; inputs?: Props }> {
    if (!this.configured) return { id: t.id, outputs: {} };
    const r = this.name(new provproto.ReadRequest(), t);
    r.setId(t.id);
    if (state) r.setProperties(this.out(elideAssets(state)));
    if (inputs) r.setInputs(this.out(elideAssets(inputs)));
    const a = await this.ask<ProviderProto.ReadResponse>("read", r);
    return {
      id: a.getId(),
      outputs: fromStruct(a.getProperties()),
      ...(a.hasInputs() ? { inputs: fromStruct(a.getInputs()) } : {}),
    };
  }

  async delete(old: State, timeoutSeconds: number): Promise<void> {
    const r = this.name(new provproto.DeleteRequest(), old);
    r.setId(old.id);
    r.setProperties(this.out(old.outputs));
    r.setOldInputs(this.out(old.inputs));
    r.setTimeout(timeoutSeconds);
    await this.ask("delete", r);
  }

  /** Calls a function. In a preview with a provider not configured yet the answer is empty. */
  async invoke(token: string, args: Props, preview: boolean): Promise<{ result: Props; failures: CheckFailure[] }> {
    if (!this.configured) return { result: {}, failures: [] };
    const r = new provproto.InvokeRequest();
    r.setTok(token);
    r.setArgs(this.out(args));
    r.setPreview(preview);
    const a = await this.ask<ProviderProto.InvokeResponse>("invoke", r);
    const failures = a.getFailuresList().map((f) => ({ property: f.getProperty(), reason: f.getReason() }));
    return { result: fromStruct(a.getReturn()), failures };
  }

  /**
   * What an interrupted creation of this left, which the program no longer names; null when it made nothing. A provider that does not know
   * the question, or cannot look, answers with an error.
   */
  async leftBehind(s: State, attempt: Attempt): Promise<{ id: string; outputs: Props } | null> {
    const { result } = await this.invoke(LEFT_BEHIND, { urn: s.urn, inputs: s.inputs, ...attempt }, false);
    return typeof result.id === "string" ? { id: result.id, outputs: result.outputs as Props } : null;
  }

  /** What a resource that stays as it is asks of its provider: nothing (a provider resource: its configuration). */
  async keep(_old: State, _inputs: Props): Promise<void> {}

  /**
   * Does a changed configuration ask for the replacement of what this provider manages? One that cannot tell asks for none: the
   * configuration then counts as changed when it is not what it was.
   */
  async diffConfig(old: State, news: Props): Promise<Diff> {
    const r = this.name(new provproto.DiffRequest(), old);
    r.setId(old.id);
    r.setOldInputs(toStruct(withoutInternal(old.inputs)));
    r.setOlds(toStruct(withoutInternal(old.outputs)));
    r.setNews(toStruct(withoutInternal(news)));
    const a = await this.client.soft<unknown, ProviderProto.DiffResponse>("diffConfig", r);
    const { DIFF_NONE, DIFF_SOME } = provproto.DiffResponse.DiffChanges;
    if (a && (a.getChanges() === DIFF_NONE || a.getChanges() === DIFF_SOME))
      return readDiff(a, withoutInternal(old.inputs), withoutInternal(news));
    const same = deepEqual(withoutInternal(old.outputs), withoutInternal(news));
    return { ...NO_DIFF, changes: same ? "none" : "some", replaces: a?.getReplacesList() ?? [] };
  }

  private name<R extends { setUrn(v: string): unknown; setName(v: string): unknown; setType(v: string): unknown }>(
    r: R,
    t: Target,
  ): R {
    r.setUrn(t.urn);
    r.setName(nameOf(t.urn));
    r.setType(t.type);
    return r;
  }

  private out(props: Props) {
    let p = props;
    if (!this.abilities.secrets) p = unwrapSecrets(p);
    if (!this.abilities.resources) p = unwrapReferences(p);
    return toStruct(p);
  }

  /** A provider that takes no secrets gives inputs back bare: what went in secret comes out secret. */
  private remark(inputs: Props, news: Props): Props {
    return this.abilities.secrets ? inputs : carrySecrets(news, inputs);
  }

  private async ask<R>(
    method: string,
    request: unknown,
    headers?: Record<string, string>,
    heard?: (header: (key: string) => string | undefined) => void,
  ): Promise<R> {
    try {
      return await this.client.call<unknown, R>(method, request, headers, heard);
    } catch (e) {
      throw readError(e as GrpcError);
    }
  }
}

function carrySecrets(from: Props, to: Props): Props {
  const out = { ...to };
  for (const [k, v] of Object.entries(from)) {
    const bare = unwrapSecrets(v);
    if (bare !== v && k in out && out[k] !== undefined) {
      out[k] = JSON.stringify(bare) === JSON.stringify(out[k]) ? v : { ...SECRET_MARK, value: out[k] as Value };
    }
  }
  return out;
}
const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** Properties without what the SDK keeps in them for itself. */
export function withoutInternal(p: Props): Props {
  if (!("__internal" in p)) return p;
  const { __internal: _, ...rest } = p;
  return rest;
}

const KINDS: DiffKind[] = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

function readDiff(a: ProviderProto.DiffResponse, oldInputs: Props, news: Props): Diff {
  const { DIFF_NONE, DIFF_SOME } = provproto.DiffResponse.DiffChanges;
  const rest = { replaces: a.getReplacesList(), deleteBeforeReplace: a.getDeletebeforereplace() };
  if (a.getChanges() === DIFF_NONE) return { ...NO_DIFF };
  if (a.getChanges() !== DIFF_SOME) {
    const own = inputDiff(oldInputs, news);
    if (own.changes === "none" && rest.replaces.length === 0) return own;
    return { ...own, changes: "some", ...rest };
  }
  const map = a.getDetaileddiffMap();
  let detailed: Record<string, PropertyDiff> | null = null;
  if (map.getLength() > 0) {
    detailed = {};
    map.forEach((d, k) => {
      (detailed as Record<string, PropertyDiff>)[k] = {
        kind: KINDS[d.getKind()] as DiffKind,
        inputDiff: d.getInputdiff(),
      };
    });
  }
  return { changes: "some", diffs: a.getDiffsList(), detailed, ...rest };
}

interface GrpcError extends Error {
  code?: number;
  details?: string;
  metadata?: { get(key: string): (string | Buffer)[] };
}

const STATUS_DETAILS = "grpc-status-details-bin";
const INIT_FAILED = "pulumirpc.ErrorResourceInitFailed";

function readError(e: GrpcError): Error {
  const init = initFailure(e);
  if (init) {
    const reasons = init.getReasonsList();
    return new InitError(
      init.getId(),
      fromStruct(init.getProperties()),
      init.hasInputs() ? fromStruct(init.getInputs()) : undefined,
      reasons.length > 0 ? reasons : [e.details ?? e.message],
    );
  }
  const unknownState = e.code === Code.INTERNAL || e.code === Code.DATA_LOSS || e.code === Code.UNKNOWN;
  return new ProviderError(e.details || e.message, unknownState);
}

/** The detail of a partial failure, out of the status trailer (google.rpc.Status: code 1, message 2, details 3). */
function initFailure(e: GrpcError): ProviderProto.ErrorResourceInitFailed | undefined {
  const bin = e.metadata?.get(STATUS_DETAILS)?.[0];
  if (!(bin instanceof Buffer)) return undefined;
  const at = bin.indexOf(INIT_FAILED);
  if (at < 0) return undefined;
  // Any{type_url = 1, value = 2}: the value follows the type url as tag 0x12, length, bytes.
  let pos = at + INIT_FAILED.length;
  if (bin[pos] !== 0x12) return undefined;
  pos++;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const b = bin[pos++] as number;
    length |= (b & 0x7f) << shift;
    if (b < 0x80) break;
  }
  return provproto.ErrorResourceInitFailed.deserializeBinary(bin.subarray(pos, pos + length));
}

/** True when a provider configuration cannot be used yet. */
export const isUnconfigurable = (inputs: Props): boolean => hasUnknown(inputs);
