import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** One request as a handler sees it. */
export interface ApiRequest {
  method: string;
  path: string;
  /** Values of the `:name` parts of the route. */
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface ApiResponse {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One entry of Telnyx' `errors[]`. */
export interface ApiErrorItem {
  code: string;
  title: string;
  detail: string;
  source?: { pointer?: string; parameter?: string };
}

/** Thrown by a handler, answered as Telnyx answers: `{errors: [...]}`. */
export class ApiError extends Error {
  readonly items: ApiErrorItem[];
  constructor(
    readonly status: number,
    item: ApiErrorItem | ApiErrorItem[],
  ) {
    super(Array.isArray(item) ? item.map((i) => i.detail).join("; ") : item.detail);
    this.items = Array.isArray(item) ? item : [item];
  }
}

/** Telnyx' refusals. */
export const notFound = (what: string) =>
  new ApiError(404, { code: "10005", title: "Resource not found", detail: `${what} could not be found.` });
export const badRequest = (detail: string, pointer?: string) =>
  new ApiError(422, { code: "10015", title: "Invalid request", detail, source: pointer ? { pointer } : undefined });

type Handler = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;

interface Route {
  method: string;
  parts: string[];
  handler: Handler;
}

/** The largest body a client may send, bytes: a job of 1,000 numbers is about 20 kB, an order of 20,000 numbers 300 kB. */
const BODY_BYTES_MAX = 8 << 20;

export interface ApiServerOptions {
  host: string;
  /** 0 takes a free port. */
  port?: number;
  /** Paths that need a bearer token; the value is the only accepted token, `null` accepts any that is not empty. */
  bearer: { prefix: string; token: string | null };
}

/** JSON over HTTP with routes of the form `/v2/porting_orders/:id`, bearer tokens and counters of reads and writes. */
export class ApiServer {
  #routes: Route[] = [];
  #server: Server | undefined;
  #counts = { reads: 0, writes: 0, throttled: 0 };

  constructor(private readonly o: ApiServerOptions) {}

  on(method: string, path: string, handler: Handler): void {
    this.#routes.push({ method, parts: path.split("/"), handler });
  }

  /** Answers so far; a refused request counts as well, as it does at a real API. */
  requests(): { reads: number; writes: number; throttled: number } {
    return { ...this.#counts };
  }

  async listen(): Promise<void> {
    const server = createServer((req, res) => void this.#serve(req, res));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.o.port ?? 0, this.o.host, resolve);
    });
    this.#server = server;
  }

  /** `http://host:port`, once listening. */
  get url(): string {
    const address = this.#server?.address();
    if (!address || typeof address === "string") throw new Error("the carrier's API does not listen yet");
    return `http://${address.address}:${address.port}`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let answer: ApiResponse;
    try {
      answer = await this.#answer(req);
    } catch (error) {
      answer =
        error instanceof ApiError
          ? { status: error.status, body: { errors: error.items } }
          : { status: 500, body: { errors: [{ code: "10007", title: "Unexpected error", detail: String(error) }] } };
    }
    const text = answer.body === undefined ? "" : JSON.stringify(answer.body);
    res.writeHead(answer.status, { "content-type": "application/json; charset=utf-8", ...answer.headers });
    res.end(text);
  }

  async #answer(req: IncomingMessage): Promise<ApiResponse> {
    const url = new URL(req.url ?? "/", "http://carrier");
    const method = req.method ?? "GET";
    // A test call is asked for by POST, and changes nothing at the carrier.
    const reads = method === "GET" || method === "HEAD" || url.pathname === "/test_calls";
    this.#counts[reads ? "reads" : "writes"]++;
    if (url.pathname.startsWith(this.o.bearer.prefix)) this.#authorise(req.headers.authorization);
    const parts = url.pathname.split("/");
    for (const route of this.#routes) {
      const params = route.method === method ? matchPath(route.parts, parts) : null;
      if (params)
        return route.handler({
          method,
          path: url.pathname,
          params,
          query: url.searchParams,
          body: await readBody(req),
        });
    }
    throw notFound(`The requested resource ${method} ${url.pathname}`);
  }

  #authorise(header: string | undefined): void {
    const token = /^Bearer\s+(\S+)$/i.exec(header ?? "")?.[1];
    if (token && (this.o.bearer.token === null || token === this.o.bearer.token)) return;
    throw new ApiError(401, {
      code: "10009",
      title: "Authentication failed",
      detail: "Could not find any usable credentials in the request.",
    });
  }
}

function matchPath(route: string[], parts: string[]): Record<string, string> | null {
  if (route.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (let i = 0; i < route.length; i++) {
    const want = route[i]!;
    if (want.startsWith(":")) params[want.slice(1)] = decodeURIComponent(parts[i]!);
    else if (want !== parts[i]) return null;
  }
  return params;
}

async function readBody(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += (chunk as Buffer).length;
    if (size > BODY_BYTES_MAX)
      throw new ApiError(413, {
        code: "10015",
        title: "Payload too large",
        detail: `More than ${BODY_BYTES_MAX} bytes.`,
      });
    chunks.push(chunk as Buffer);
  }
  if (size === 0) return {};
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (value && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below like any other body that is not an object.
  }
  throw new ApiError(400, { code: "10015", title: "Bad Request", detail: "The request body is not a JSON object." });
}

/**
 * One page of `rows` with Telnyx' `meta`, after its filters: `filter[name]=v`, `filter[name][eq|in|contains]=v` (commas part
 * several values of eq and in). Page size 1 to 250, default 20. An unknown filter is an error: ignoring it would
 * return rows nobody asked for.
 */
export function listPage<T>(
  query: URLSearchParams,
  rows: readonly T[],
  fields: Record<string, (row: T) => string | null | undefined>,
  render: (row: T) => unknown,
): ApiResponse {
  let left = rows;
  for (const [key, wanted] of query) {
    const match = /^filter\[([\w.]+)\](?:\[(\w+)\])?(?:\[\])?$/.exec(key);
    if (!match) continue;
    const field = fields[match[1]!];
    if (!field) throw badRequest(`The filter "${match[1]}" is not known here.`);
    const values = wanted.split(",");
    const contains = match[2] === "contains";
    left = left.filter((row) => {
      const value = field(row);
      if (value === null || value === undefined) return wanted === "null";
      return contains ? value.includes(wanted) : value === wanted || values.includes(value);
    });
  }
  const size = clampInt(query.get("page[size]"), 20, 1, 250);
  const number = clampInt(query.get("page[number]"), 1, 1, Number.MAX_SAFE_INTEGER);
  const data = left.slice((number - 1) * size, number * size).map(render);
  const meta = {
    total_pages: Math.ceil(left.length / size),
    total_results: left.length,
    page_number: number,
    page_size: size,
  };
  return { status: 200, body: { data, meta } };
}

function clampInt(text: string | null, fallback: number, min: number, max: number): number {
  const value = text === null ? fallback : Number(text);
  return Number.isInteger(value) ? Math.min(Math.max(value, min), max) : fallback;
}
