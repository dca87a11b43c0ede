/** Messages to the engine's log, shown beside the resource they are about. The client is loaded with the first message only. */
export class EngineLog {
  private client: Promise<(severity: number, message: string, urn: string) => void> | undefined;

  /** @param address the engine's `host:port`; without it messages are dropped. */
  constructor(private readonly address: string | undefined) {}

  /** Never throws and never waits: a lost log line must not fail an operation. */
  write(level: "debug" | "info" | "warning", message: string, urn: string): void {
    if (!this.address) return;
    this.client ??= this.connect(this.address);
    void this.client
      .then((send) => send({ debug: 0, info: 1, warning: 2 }[level], message, urn))
      .catch(() => undefined);
  }

  private async connect(address: string): Promise<(severity: number, message: string, urn: string) => void> {
    const { credentials } = await import("@grpc/grpc-js");
    const { EngineClient } = await import("@pulumi/pulumi/proto/engine_grpc_pb");
    const { LogRequest } = await import("@pulumi/pulumi/proto/engine_pb");
    const client = new EngineClient(address, credentials.createInsecure());
    return (severity, message, urn) => {
      const request = new LogRequest();
      request.setSeverity(severity as 0);
      request.setMessage(message);
      request.setUrn(urn);
      client.log(request, () => undefined);
    };
  }
}
