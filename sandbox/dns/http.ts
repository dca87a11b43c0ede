import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface HttpRequest {
  method: string;
  /** Path without query, percent-decoded per segment by the handler. */
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
  /** Aborted when the client goes away before it has its reply. */
  signal: AbortSignal;
}

export interface HttpReply {
  status: number;
  type?: string;
  headers?: Record<string, string>;
  body: string;
}

/** A small HTTP server on one loopback address; `url` has no trailing slash. */
export interface HttpService {
  url: string;
  close(): Promise<void>;
}

/** Requests larger than this are refused with 413: no caller of the sandbox sends as much. */
const BODY_MAX_BYTES = 8 * 1024 * 1024;

/** JSON reply. */
export function json(status: number, value: unknown, headers?: Record<string, string>): HttpReply {
  return { status, type: "application/json", headers, body: JSON.stringify(value) };
}

/** Serves `handle` on a free port of `host`. An error it throws becomes a 500 with its message and is told on stderr. */
export async function serveHttp(
  host: string,
  handle: (request: HttpRequest) => HttpReply | Promise<HttpReply>,
): Promise<HttpService> {
  const server = createServer(async (incoming, outgoing) => {
    let reply: HttpReply;
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort(new Error("the client went away")));
    try {
      const body = await bodyOf(incoming);
      const url = new URL(incoming.url ?? "/", "http://sandbox");
      const { method = "GET", headers } = incoming;
      reply =
        body === null
          ? { status: 413, body: "" }
          : await handle({ method, path: url.pathname, query: url.searchParams, headers, body, signal: gone.signal });
    } catch (error) {
      if (gone.signal.aborted) return;
      process.stderr.write(
        `sandbox: ${incoming.method} ${incoming.url}: ${error instanceof Error ? error.stack : error}\n`,
      );
      reply = json(500, { error: error instanceof Error ? error.message : String(error) });
    }
    if (outgoing.destroyed) return;
    outgoing.writeHead(reply.status, { "content-type": reply.type ?? "text/plain", ...reply.headers });
    outgoing.end(reply.body);
  });
  server.keepAliveTimeout = 30_000;
  await listen(server, host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port: 0, exclusive: true }, () => resolve());
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
