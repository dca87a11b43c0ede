import {
  Metadata,
  type sendUnaryData,
  type ServerUnaryCall,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb";
import pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { UserError } from "../../model/errors";
import type { Handlers } from "./handlers";
import { type DiffKind, type Failure, type Interrupted, PartialFailure, type PropertyDiff } from "./provider";
import { decodeStruct, encodeStruct, type Props } from "./values";

/** `headers`: the call's metadata; `tell` sends metadata ahead of the answer. */
interface Wire {
  headers: Metadata;
  tell(headers: Metadata): void;
}
type Method = (request: never, wire: Wire) => Promise<unknown>;

/** What an engine that knows of an interrupted creation sends along, and what it is told in return (engine/interrupted.ts). */
const ATTEMPT_HEADER = "cutover-interrupted";
const OUTCOME_HEADER = "cutover-resumed";

function interruptedOf(headers: Metadata): Interrupted | undefined {
  const text = headers.get(ATTEMPT_HEADER)[0];
  return text === undefined ? undefined : (JSON.parse(text.toString()) as Interrupted);
}

/** Function by which such an engine asks for what nobody wants any more. Other engines never call it, other providers do not know it. */
const LEFT_BEHIND = "cutover:index:leftBehind";

async function leftBehind(h: Handlers, { urn, inputs, since, ids }: Props): Promise<Props> {
  const interrupted = { since: since as string, ids: ids as string[] };
  const found = await h.leftBehind(urn as string, inputs as Props, interrupted);
  return found ? { id: found.id, outputs: found.outputs } : {};
}

/** The provider itself: handshake, schema and configuration. */
const providerMethods = (h: Handlers): Record<string, Method> => ({
  handshake: async () => {
    const r = new pb.ProviderHandshakeResponse();
    r.setAcceptSecrets(true);
    r.setAcceptResources(true);
    return r;
  },
  getPluginInfo: async () => {
    const r = new pluginPb.PluginInfo();
    r.setVersion(h.spec.version);
    return r;
  },
  getSchema: async () => {
    const { schemaOf } = await import("./schema");
    const r = new pb.GetSchemaResponse();
    r.setSchema(JSON.stringify(schemaOf(h.spec)));
    return r;
  },
  checkConfig: async (q: pb.CheckRequest) => checkResponse(await h.checkConfig(decodeStruct(q.getNews()))),
  diffConfig: async (q: pb.DiffRequest) =>
    diffResponse(h.diffConfig(decodeStruct(q.getOldInputs() ?? q.getOlds()), decodeStruct(q.getNews()))),
  configure: async (q: pb.ConfigureRequest) => {
    await h.configure(decodeStruct(q.getArgs()), Object.fromEntries(q.getVariablesMap().toObject()));
    const r = new pb.ConfigureResponse();
    r.setAcceptsecrets(true);
    r.setSupportspreview(true);
    r.setAcceptresources(true);
    return r;
  },
});

/** One resource at a time. */
const resourceMethods = (h: Handlers): Record<string, Method> => ({
  check: async (q: pb.CheckRequest) =>
    checkResponse(await h.check(q.getUrn(), decodeStruct(q.getOlds()), decodeStruct(q.getNews()))),
  diff: async (q: pb.DiffRequest) =>
    diffResponse(
      await h.diff(q.getUrn(), q.getId(), {
        olds: decodeStruct(q.getOlds()),
        // Engines older than old inputs send only outputs.
        oldInputs: decodeStruct(q.getOldInputs() ?? q.getOlds()),
        news: decodeStruct(q.getNews()),
        ignore: q.getIgnorechangesList(),
      }),
    ),
  create: async (q: pb.CreateRequest, wire) => {
    const interrupted = interruptedOf(wire.headers);
    const made = await h.create(q.getUrn(), decodeStruct(q.getProperties()), q.getPreview(), interrupted);
    if (made.resumed) {
      const headers = new Metadata();
      headers.set(OUTCOME_HEADER, made.resumed);
      wire.tell(headers);
    }
    const r = new pb.CreateResponse();
    r.setId(made.id);
    r.setProperties(encodeStruct(made.outputs));
    return r;
  },
  read: async (q: pb.ReadRequest) => {
    const r = new pb.ReadResponse();
    const found = await h.read(q.getUrn(), q.getId(), decodeStruct(q.getProperties()), decodeStruct(q.getInputs()));
    if (!found) return r;
    r.setId(found.id);
    r.setInputs(encodeStruct(found.inputs));
    r.setProperties(encodeStruct(found.outputs));
    return r;
  },
  update: async (q: pb.UpdateRequest) => {
    const r = new pb.UpdateResponse();
    const olds = decodeStruct(q.getOlds());
    const oldInputs = decodeStruct(q.getOldInputs() ?? q.getOlds());
    r.setProperties(
      encodeStruct(
        await h.update(q.getUrn(), q.getId(), decodeStruct(q.getNews()), { olds, oldInputs }, q.getPreview()),
      ),
    );
    return r;
  },
  delete: async (q: pb.DeleteRequest) => {
    await h.delete(q.getUrn(), q.getId(), decodeStruct(q.getProperties()), decodeStruct(q.getOldInputs()));
    return new Empty();
  },
});

/** The gRPC methods over `handlers`. Methods left out answer UNIMPLEMENTED, which the engine knows how to take. */
export function implementation(h: Handlers): UntypedServiceImplementation {
  const methods: Record<string, Method> = {
    ...providerMethods(h),
    ...resourceMethods(h),
    invoke: async (q: pb.InvokeRequest) => {
      const r = new pb.InvokeResponse();
      const args = decodeStruct(q.getArgs());
      const own = q.getTok() === LEFT_BEHIND;
      r.setReturn(encodeStruct(await (own ? leftBehind(h, args) : h.invoke(q.getTok(), args, q.getPreview()))));
      return r;
    },
    cancel: async () => {
      h.cancel();
      return new Empty();
    },
    attach: async () => new Empty(),
  };
  const out: UntypedServiceImplementation = {};
  for (const [name, method] of Object.entries(methods)) {
    out[name] = (call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>) => {
      const wire = { headers: call.metadata, tell: (headers: Metadata) => call.sendMetadata(headers) };
      h.track(method(call.request as never, wire)).then(
        (answer) => done(null, answer),
        (e: unknown) => done(grpcError(e)),
      );
    };
  }
  return out;
}

function checkResponse(checked: { inputs: Props; failures: Failure[] }): pb.CheckResponse {
  const r = new pb.CheckResponse();
  r.setInputs(encodeStruct(checked.inputs));
  r.setFailuresList(
    checked.failures.map((f) => {
      const x = new pb.CheckFailure();
      x.setProperty(f.property);
      x.setReason(f.reason);
      return x;
    }),
  );
  return r;
}

const KINDS: Record<DiffKind, [number, number]> = { add: [0, 1], delete: [2, 3], update: [4, 5] };

function diffResponse(diffs: PropertyDiff[]): pb.DiffResponse {
  const r = new pb.DiffResponse();
  r.setChanges(diffs.length > 0 ? pb.DiffResponse.DiffChanges.DIFF_SOME : pb.DiffResponse.DiffChanges.DIFF_NONE);
  const top = (path: string) => path.replace(/^(\["(?:[^"\\]|\\.)*"\]|[^.[]+).*$/s, "$1");
  r.setDiffsList([...new Set(diffs.map((d) => top(d.path)))]);
  r.setReplacesList([...new Set(diffs.filter((d) => d.replace).map((d) => top(d.path)))]);
  r.setHasdetaileddiff(true);
  for (const d of diffs) {
    const p = new pb.PropertyDiff();
    p.setKind(KINDS[d.kind][d.replace ? 1 : 0] as 0);
    p.setInputdiff(true);
    r.getDetaileddiffMap().set(d.path, p);
  }
  return r;
}

/**
 * What the engine is told. UNKNOWN means "the object's state is in doubt" to it (it warns that the state may be wrong), so it is
 * used only for errors that say so themselves (`ambiguous`) and for bugs; a refusal is FAILED_PRECONDITION.
 */
function grpcError(e: unknown): { code: number; details: string; metadata?: Metadata } {
  if (e instanceof PartialFailure) return partialFailure(e);
  if (e instanceof UserError) return { code: status.FAILED_PRECONDITION, details: e.message };
  if (!(e instanceof Error)) return { code: status.UNKNOWN, details: String(e) };
  const known = e as Error & { ambiguous?: boolean; grpcCode?: number };
  if (known.grpcCode !== undefined) return { code: known.grpcCode, details: e.message };
  if (known.ambiguous !== undefined)
    return { code: known.ambiguous ? status.UNKNOWN : status.FAILED_PRECONDITION, details: e.message };
  return { code: status.UNKNOWN, details: e.stack ?? e.message };
}

/** google.rpc.Status with ErrorResourceInitFailed as its detail, in the trailer where gRPC keeps rich errors. */
function partialFailure(e: PartialFailure): { code: number; details: string; metadata: Metadata } {
  const failed = new pb.ErrorResourceInitFailed();
  failed.setId(e.id);
  failed.setProperties(encodeStruct(e.outputs as Props));
  failed.setInputs(encodeStruct(e.inputs as Props));
  failed.setReasonsList(e.reasons);
  const any = field(1, Buffer.from("type.googleapis.com/pulumirpc.ErrorResourceInitFailed"));
  const detail = Buffer.concat([any, field(2, Buffer.from(failed.serializeBinary()))]);
  const rich = Buffer.concat([Buffer.from([0x08, status.UNKNOWN]), field(2, Buffer.from(e.message)), field(3, detail)]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", rich);
  return { code: status.UNKNOWN, details: e.message, metadata };
}

/** One length-delimited protobuf field (number < 16): saves loading google.rpc's messages for one error. */
function field(number: number, content: Buffer): Buffer {
  const length: number[] = [];
  let n = content.length;
  for (; n > 0x7f; n >>>= 7) length.push((n & 0x7f) | 0x80);
  length.push(n);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), content]);
}
