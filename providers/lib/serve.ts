import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog } from "./enginelog";
import { Handlers } from "./handlers";
import type { ProviderSpec } from "./provider";
import { implementation } from "./rpc";

/** How long a signal waits for operations in progress, ms. The real CLI kills a plug-in 5 s after SIGINT. */
const GRACE_MS_MAX = 4000;

/**
 * Serves a provider over raw gRPC on 127.0.0.1 and prints its port, as the engine expects of a plug-in.
 * (The npm provider helper of `@pulumi/pulumi` cannot diff, preview or import, hence raw gRPC.)
 * Ends on SIGINT or SIGTERM, and with its stdin when `CUTOVER_PLUGIN_STDIN=1`; operations in progress are cancelled and may finish first.
 * @param argv plug-in arguments; the first is the engine's address (`host:port`), used for logging only.
 */
export async function serve<C>(spec: ProviderSpec<C>, argv: string[] = process.argv.slice(2)): Promise<void> {
  const log = new EngineLog(argv.find((a) => !a.startsWith("-")));
  const { port, handlers, close } = await start(spec, log);
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    handlers.cancel();
    const timer = setTimeout(() => process.exit(0), GRACE_MS_MAX);
    void handlers.idle().then(() => {
      clearTimeout(timer);
      close();
      process.exit(0);
    });
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  if (process.env.CUTOVER_PLUGIN_STDIN === "1") process.stdin.on("end", end).on("close", end).on("error", end).resume();
  process.stdout.write(`${port}\n`);
}

/** The server without the process around it: for `serve` and for tests. Resolves when it listens on 127.0.0.1. */
export async function start<C>(
  spec: ProviderSpec<C>,
  log: EngineLog,
): Promise<{ port: number; handlers: Handlers; close(): void }> {
  const handlers = new Handlers(spec, log);
  const server = new Server({
    // A data table or a flow in one property may pass gRPC's 4 MiB.
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    "grpc.enable_channelz": 0,
  });
  server.addService(ResourceProviderService, implementation(handlers));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (e, p) => (e ? reject(e) : resolve(p))),
  );
  return { port, handlers, close: () => server.forceShutdown() };
}
