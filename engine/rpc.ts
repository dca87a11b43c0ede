/** gRPC over the SDK's own messages. The generated services are bundled with the engine, and one grpc-js and one protobuf with them. */
import * as grpc from "@grpc/grpc-js";
import type * as Grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import structs from "google-protobuf/google/protobuf/struct_pb";
import type * as Structs from "google-protobuf/google/protobuf/struct_pb";
import { quickStructs } from "../providers/lib/structs";
import type { Props, Value } from "./values";

export { Empty };

quickStructs(structs);

/** The engine's protocol limit for one message, bytes (same as the SDK's); nobody asks for statistics, so none are kept. */
const CHANNEL_OPTIONS = { "grpc.max_receive_message_length": 400 * 1024 * 1024, "grpc.enable_channelz": 0 };

export type Definition = Grpc.ServiceDefinition<Grpc.UntypedServiceImplementation>;

/** gRPC status codes the engine tells apart (https://grpc.io/docs/guides/status-codes/). */
export const Code = { UNKNOWN: 2, INTERNAL: 13, UNAVAILABLE: 14, DATA_LOSS: 15, UNIMPLEMENTED: 12 } as const;

/** An error that becomes a gRPC status with this code. */
export class StatusError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

// A property map is encoded once however many messages carry it: maps are never changed after they are made.
const encoded = new WeakMap<object, Structs.Struct>();

/** Property map to protobuf Struct. The map must not change afterwards. */
export function toStruct(props: Props): Structs.Struct {
  let s = encoded.get(props);
  if (!s) {
    s = structs.Struct.fromJavaScript(props as Parameters<typeof structs.Struct.fromJavaScript>[0]);
    encoded.set(props, s);
  }
  return s;
}

/** Protobuf Struct to property map; an absent Struct is an empty map. */
export function fromStruct(s: Structs.Struct | undefined): Props {
  if (!s) return {};
  const props = s.toJavaScript() as Props;
  encoded.set(props, s);
  return props;
}

/** Protobuf Value to a property value. */
export function fromValue(v: Structs.Value | undefined): Value | undefined {
  return v ? (v.toJavaScript() as Value) : undefined;
}

/** A client that speaks one generated service: `call("Check", request)`. */
export class Client {
  private readonly inner: Grpc.Client;
  private readonly methods = new Map<string, Grpc.MethodDefinition<unknown, unknown>>();

  constructor(service: object, address: string) {
    for (const [key, def] of Object.entries(service as Record<string, Grpc.MethodDefinition<unknown, unknown>>)) {
      this.methods.set(key, def);
    }
    this.inner = new grpc.Client(address, grpc.credentials.createInsecure(), CHANNEL_OPTIONS);
  }

  /** Waits until the peer accepts connections, at most `ms` milliseconds. */
  ready(ms: number): Promise<void> {
    return new Promise((ok, no) => this.inner.waitForReady(Date.now() + ms, (e) => (e ? no(e) : ok())));
  }

  /** `headers` go along as metadata; `heard` gets the metadata that come back before the answer. */
  call<Req, Res>(
    method: string,
    request: Req,
    headers: Record<string, string> = {},
    heard: (name: (key: string) => string | undefined) => void = () => undefined,
  ): Promise<Res> {
    const def = this.methods.get(method);
    if (!def) return Promise.reject(new StatusError(Code.UNIMPLEMENTED, `no method ${method}`));
    const metadata = new grpc.Metadata();
    for (const [k, v] of Object.entries(headers)) metadata.set(k, v);
    return new Promise((ok, no) => {
      const call = this.inner.makeUnaryRequest(
        def.path,
        def.requestSerialize as (v: Req) => Buffer,
        def.responseDeserialize as (b: Buffer) => Res,
        request,
        metadata,
        (e, v) => (e ? no(e) : ok(v as Res)),
      );
      call.once("metadata", (m: Grpc.Metadata) => heard((key) => m.get(key)[0]?.toString()));
    });
  }

  /** As `call`, but a peer that does not know the method gives undefined. */
  async soft<Req, Res>(method: string, request: Req): Promise<Res | undefined> {
    try {
      return await this.call<Req, Res>(method, request);
    } catch (e) {
      if ((e as { code?: number }).code === Code.UNIMPLEMENTED) return undefined;
      throw e;
    }
  }

  close(): void {
    this.inner.close();
  }
}

export type Handlers = Record<string, (request: never) => unknown>;

/** Serves several services on one loopback port; a method without a handler answers UNIMPLEMENTED. */
export async function serve(
  services: { service: object; handlers: Handlers }[],
): Promise<{ address: string; close: () => void }> {
  const server = new grpc.Server(CHANNEL_OPTIONS);
  for (const { service, handlers } of services) {
    const impl: Grpc.UntypedServiceImplementation = {};
    for (const key of Object.keys(service)) {
      impl[key] = ((call: { request: never }, done: (e: unknown, v?: unknown) => void) => {
        const handler = handlers[key];
        if (!handler) return done({ code: Code.UNIMPLEMENTED, details: `${key} is not offered` });
        Promise.resolve()
          .then(() => handler(call.request))
          .then(
            (v) => done(null, v),
            (e) => done({ code: (e as StatusError).code ?? Code.UNKNOWN, details: (e as Error).message }),
          );
      }) as unknown as Grpc.UntypedHandleCall;
    }
    server.addService(service as Definition, impl);
  }
  const port = await new Promise<number>((ok, no) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (e, p) => (e ? no(e) : ok(p))),
  );
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
