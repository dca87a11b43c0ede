/** The Genesys Cloud API on loopback: login, platform API, and the place where flows are uploaded. */

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { GenesysStore } from "../store";
import { ApiError, badRequest } from "../store/errors";
import { accessRoutes } from "./access-routes";
import { architectRoutes } from "./architect-routes";
import { observeRoutes } from "./observe-routes";
import { ReadLag } from "./read-lag";
import { RateLimiter, RateLimitError, type RateLimits } from "./rate-limit";
import { type ApiRequest, type ApiResponse, Router, Routes } from "./routing";
import { shown } from "./shown";
import { telephonyRoutes } from "./telephony-routes";

/** How often each kind of request was made; log-ins and uploads are not counted. */
export interface RequestCounts {
  reads: number;
  writes: number;
  throttled: number;
}

export interface LoggedRequest {
  method: string;
  path: string;
  status: number;
  /** World time, ISO 8601. */
  at: string;
}

export interface ApiOptions {
  /** Loopback address; default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  limits?: RateLimits;
}

/** Oldest requests are forgotten beyond this. */
const LOG_MAX = 20_000;
const BODY_BYTES_MAX = 8_000_000;

/** The Platform API over HTTP: log-in, rights, rate limits, paging, lag; what it answers stands in the store. */
export class GenesysApi {
  readonly log: LoggedRequest[] = [];
  private readonly counts: RequestCounts = { reads: 0, writes: 0, throttled: 0 };
  private readonly router: Router;
  private readonly limiter: RateLimiter;
  private readonly server: Server;
  private readonly lag: ReadLag;

  constructor(
    private readonly store: GenesysStore,
    private readonly options: ApiOptions = {},
  ) {
    const routes = new Routes();
    for (const add of [telephonyRoutes, architectRoutes, accessRoutes, observeRoutes]) add(routes);
    this.router = new Router(routes.list);
    this.lag = new ReadLag(() => store.clock.now(), store.readLagSeconds);
    this.limiter = new RateLimiter(() => store.clock.now(), options.limits);
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** Starts listening; resolves with `http://host:port`. */
  async listen(): Promise<string> {
    const { host = "127.0.0.1", port = 0 } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, resolve);
    });
    return `http://${host}:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  requests(): RequestCounts {
    return { ...this.counts };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://sandbox");
    const method = request.method ?? "GET";
    let status = 500;
    try {
      const body = await readBody(request);
      if (url.pathname.startsWith("/flow-uploads/")) status = this.upload(request, url, body, response);
      else if (/^(\/login)?\/oauth\/token$/.test(url.pathname))
        status = send(response, 200, this.logIn(request, method, body));
      else status = this.api(request, method, url, body, response);
    } catch (error) {
      status = this.refuse(error, response);
    }
    this.log.push({ method, path: url.pathname + url.search, status, at: this.store.clock.now().toISOString() });
    if (this.log.length > LOG_MAX) this.log.splice(0, LOG_MAX / 10);
  }

  private api(request: IncomingMessage, method: string, url: URL, text: string, response: ServerResponse): number {
    const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? null;
    const client = this.store.access.authenticate(token);
    this.limiter.admit(token as string, method === "PUT" && url.pathname.startsWith("/api/v2/architect/ivrs/"));
    const found = this.router.find(method, url.pathname);
    if (!found) throw new ApiError(404, "not.found", `The requested resource ${method} ${url.pathname} was not found.`);
    const { route, params } = found;
    if (method === "GET" || route.reads) this.counts.reads++;
    else this.counts.writes++;
    if (route.need !== null) this.store.access.require(client, route.need);
    const body = parseJson(text);
    const origin = `http://${request.headers.host ?? "127.0.0.1"}`;
    const path = url.pathname;
    const listed = <T>(entities: readonly T[]) => this.lag.listed(entities);
    const asked = { store: this.store, client, params, query: url.searchParams, body, path, origin, listed };
    const old = method === "GET" ? this.lag.answer(path) : undefined;
    if (old) return send(response, 200, shown(old.body));
    const before = method === "GET" || method === "POST" ? undefined : this.before(path, asked);
    const answer: ApiResponse = route.handle(asked);
    if (before) this.lag.changed(path, before.body);
    if (method === "POST") this.lag.created(answer.body);
    return send(response, answer.status, shown(answer.body));
  }

  /** What a read of the path shows before a write changes it; undefined when reads never lag or it cannot be read. */
  private before(path: string, asked: ApiRequest): ApiResponse | undefined {
    const found = this.lag.concerns(path) ? this.router.find("GET", path) : null;
    if (!found) return undefined;
    try {
      return found.route.handle({ ...asked, params: found.params, query: new URLSearchParams(), body: {} });
    } catch (error) {
      // What is not there is told by the write itself.
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }

  /** Client credentials (RFC 6749 4.4.2): Basic id:secret, form body. */
  private logIn(request: IncomingMessage, method: string, body: string): unknown {
    if (method !== "POST") throw new ApiError(405, "method.not.allowed", "Use POST.");
    const basic = /^basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const [id, ...secret] = Buffer.from(basic ?? "", "base64")
      .toString("utf8")
      .split(":");
    const form = new URLSearchParams(body);
    if (form.get("grant_type") !== "client_credentials")
      throw badRequest("grant_type must be client_credentials.", "unsupported_grant_type");
    const issued = this.store.access.issue(id ?? form.get("client_id") ?? "", secret.join(":"));
    if (!issued) throw new ApiError(400, "invalid_client", "client not found: invalid client id or secret");
    return { access_token: issued.token, token_type: "bearer", expires_in: issued.expiresInSeconds };
  }

  /** The presigned URL of a publish job: no bearer token, exactly the job's headers. */
  private upload(request: IncomingMessage, url: URL, body: string, response: ServerResponse): number {
    const job = this.store.flows.job(url.pathname.slice("/flow-uploads/".length));
    const deny = (status: number, code: string) =>
      send(response, status, `<Error><Code>${code}</Code></Error>`, "application/xml");
    if (request.method !== "PUT") return deny(405, "MethodNotAllowed");
    if (request.headers.authorization) return deny(400, "InvalidArgument");
    const headersFit = Object.entries(job.headers).every(([name, value]) => request.headers[name] === value);
    if (url.searchParams.get("X-Amz-Signature") !== job.signature || !headersFit)
      return deny(403, "SignatureDoesNotMatch");
    if (job.status !== "Started" || job.due) return deny(403, "AccessDenied");
    this.store.flows.submit(job, body);
    return send(response, 200);
  }

  private refuse(error: unknown, response: ServerResponse): number {
    if (!(error instanceof ApiError)) {
      // A bug of the sandbox, not of the client: seen by both.
      process.stderr.write(`genesys sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
      return send(response, 500, errorBody(500, "internal.server.error", "An internal error occurred."));
    }
    if (error.status === 429) this.counts.throttled++;
    if (error.retryAfterSeconds !== undefined) response.setHeader("Retry-After", String(error.retryAfterSeconds));
    const body = errorBody(error.status, error.code, error.message);
    return send(response, error.status, error instanceof RateLimitError ? { ...body, limit: error.limit } : body);
  }
}

function errorBody(status: number, code: string, message: string): Record<string, unknown> {
  return { message, code, status, contextId: randomUUID(), details: [], errors: [] };
}

function send(response: ServerResponse, status: number, body?: unknown, type = "application/json"): number {
  if (response.headersSent || response.destroyed) return status;
  if (body === undefined) {
    response.writeHead(status).end();
    return status;
  }
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) }).end(text);
  return status;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > BODY_BYTES_MAX)
      throw new ApiError(413, "request.too.large", `The request has more than ${BODY_BYTES_MAX} bytes.`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): Record<string, unknown> {
  if (text === "") return {};
  try {
    const body = JSON.parse(text);
    // The official Python SDK sends `null` where a request has no body.
    if (body === null) return {};
    if (typeof body === "object") return body;
  } catch {
    // falls through: the same answer as for a body that is no object
  }
  throw badRequest("The request body is not a JSON object or list.", "invalid.json");
}
