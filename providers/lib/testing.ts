/** For tests only: a client that talks to a provider over its real protocol, as the engine does. */
import { type Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineLog } from "./enginelog";
import type { ProviderSpec } from "./provider";
import { start } from "./serve";
import { decodeStruct, encodeStruct, type Props } from "./values";

const URN = (token: string, name: string) => `urn:pulumi:test::cutover::${token}::${name}`;

export interface Made {
  token: string;
  name: string;
  id: string;
  inputs: Props;
  outputs: Props;
}

/** Raw calls plus the sequences an engine makes of them. Values are as the wire has them: Secret and UNKNOWN included. */
export class ProviderUnderTest {
  // biome-ignore lint/suspicious/noExplicitAny: methods are called by name
  private readonly client: any;
  constructor(
    port: number,
    private readonly stop?: () => void,
  ) {
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** A provider served in this process. */
  static async of<C>(spec: ProviderSpec<C>): Promise<ProviderUnderTest> {
    const { port, close } = await start(spec, new EngineLog(undefined));
    return new ProviderUnderTest(port, close);
  }

  close(): void {
    (this.client as Client).close();
    this.stop?.();
  }

  call<T>(method: string, request: unknown): Promise<T> {
    return new Promise((resolve, reject) =>
      this.client[method](request, (e: ServiceError | null, answer: T) => (e ? reject(e) : resolve(answer))),
    );
  }

  async configure(config: Props): Promise<pb.ConfigureResponse> {
    const q = new pb.ConfigureRequest();
    q.setArgs(encodeStruct(config));
    q.setAcceptsecrets(true);
    await this.call("handshake", new pb.ProviderHandshakeRequest());
    return this.call("configure", q);
  }

  async check(token: string, name: string, olds: Props, news: Props): Promise<{ inputs: Props; failures: string[] }> {
    const q = new pb.CheckRequest();
    q.setUrn(URN(token, name));
    q.setOlds(encodeStruct(olds));
    q.setNews(encodeStruct(news));
    const r = await this.call<pb.CheckResponse>("check", q);
    return {
      inputs: decodeStruct(r.getInputs()),
      failures: r.getFailuresList().map((f) => `${f.getProperty()} ${f.getReason()}`),
    };
  }

  /** Path to kind (0 add, 2 delete, 4 update; +1 replace), `{}` for no change. */
  async diff(was: Made, news: Props): Promise<Record<string, number>> {
    const q = new pb.DiffRequest();
    q.setUrn(URN(was.token, was.name));
    q.setId(was.id);
    q.setOlds(encodeStruct(was.outputs));
    q.setOldInputs(encodeStruct(was.inputs));
    q.setNews(encodeStruct(news));
    const r = await this.call<pb.DiffResponse>("diff", q);
    const out: Record<string, number> = {};
    r.getDetaileddiffMap().forEach((d: pb.PropertyDiff, path: string) => {
      out[path] = d.getKind();
    });
    const some = r.getChanges() === pb.DiffResponse.DiffChanges.DIFF_SOME;
    if (some !== Object.keys(out).length > 0) throw new Error("changes and detailedDiff disagree");
    return out;
  }

  /** `interrupted`: what an engine says of an earlier creation that was cut off. */
  async create(
    token: string,
    name: string,
    news: Props,
    preview = false,
    interrupted?: { since: string; ids: string[] },
  ): Promise<Made & { resumed?: string }> {
    const { inputs, failures } = await this.check(token, name, {}, news);
    if (failures.length > 0) throw new Error(failures.join("; "));
    const q = new pb.CreateRequest();
    q.setUrn(URN(token, name));
    q.setProperties(encodeStruct(inputs));
    q.setPreview(preview);
    const headers = new Metadata();
    if (interrupted) headers.set("cutover-interrupted", JSON.stringify(interrupted));
    let resumed: string | undefined;
    const r = await new Promise<pb.CreateResponse>((ok, no) => {
      const call = this.client.create(q, headers, (e: ServiceError | null, a: pb.CreateResponse) =>
        e ? no(e) : ok(a),
      );
      call.once("metadata", (m: Metadata) => {
        resumed = m.get("cutover-resumed")[0]?.toString();
      });
    });
    const made = { token, name, id: r.getId(), inputs, outputs: decodeStruct(r.getProperties()) };
    return resumed ? { ...made, resumed } : made;
  }

  async update(was: Made, news: Props, preview = false): Promise<Made> {
    const { inputs, failures } = await this.check(was.token, was.name, was.inputs, news);
    if (failures.length > 0) throw new Error(failures.join("; "));
    const q = new pb.UpdateRequest();
    q.setUrn(URN(was.token, was.name));
    q.setId(was.id);
    q.setOlds(encodeStruct(was.outputs));
    q.setOldInputs(encodeStruct(was.inputs));
    q.setNews(encodeStruct(inputs));
    q.setPreview(preview);
    const r = await this.call<pb.UpdateResponse>("update", q);
    return { ...was, inputs, outputs: decodeStruct(r.getProperties()) };
  }

  /** `was` for a refresh; only token, name and id for an import. Null = gone. */
  async read(was: Pick<Made, "token" | "name" | "id"> & Partial<Made>): Promise<Made | null> {
    const q = new pb.ReadRequest();
    q.setUrn(URN(was.token, was.name));
    q.setId(was.id);
    if (was.outputs) q.setProperties(encodeStruct(was.outputs));
    if (was.inputs) q.setInputs(encodeStruct(was.inputs));
    const r = await this.call<pb.ReadResponse>("read", q);
    if (r.getId() === "") return null;
    const found = { inputs: decodeStruct(r.getInputs()), outputs: decodeStruct(r.getProperties()) };
    return { token: was.token, name: was.name, id: r.getId(), ...found };
  }

  async delete(was: Made): Promise<void> {
    const q = new pb.DeleteRequest();
    q.setUrn(URN(was.token, was.name));
    q.setId(was.id);
    q.setProperties(encodeStruct(was.outputs));
    q.setOldInputs(encodeStruct(was.inputs));
    await this.call("delete", q);
  }

  /** What an engine asks for when the program no longer names what a creation that was cut off may have made. */
  leftBehind(
    token: string,
    name: string,
    inputs: Props,
    interrupted: { since: string; ids: string[] },
  ): Promise<Props> {
    return this.invoke("cutover:index:leftBehind", { urn: URN(token, name), inputs, ...interrupted });
  }

  async invoke(token: string, args: Props): Promise<Props> {
    const q = new pb.InvokeRequest();
    q.setTok(token);
    q.setArgs(encodeStruct(args));
    return decodeStruct((await this.call<pb.InvokeResponse>("invoke", q)).getReturn());
  }

  cancel(): Promise<unknown> {
    return this.call("cancel", new Empty());
  }
}
