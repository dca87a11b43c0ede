import { Agent, type IncomingMessage, type RequestOptions, request as httpRequest } from "node:http";
import type { Clock } from "./clock";

/** Longest Retry-After that is waited for, seconds (the Genesys SDKs' own bound). */
const RETRY_AFTER_SECONDS_MAX = 180;
/** Tries of one request that keeps being answered 429. */
const THROTTLED_TRIES_MAX = 10;
/** Tries of a repeatable request on 5xx and broken connections. */
const TRIES_MAX = 5;
const TIMEOUT_MS = 60_000;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A request that was answered with an error, or not answered at all (`status` 0). Its text never holds a secret: no headers, no request body. */
export class HttpError extends Error {
  constructor(
    readonly method: string,
    readonly path: string,
    /** HTTP status, 0 when there was no answer. */
    readonly status: number,
    /** Server's own code, e.g. Genesys' `bad.request`, or node's `ECONNREFUSED`. */
    readonly code: string | undefined,
    readonly serverMessage: string,
    readonly contextId: string | undefined,
    /** Whether the request may have taken effect although it failed: the engine is then told that the state is in doubt. */
    readonly ambiguous: boolean,
  ) {
    const outcome = status === 0 ? `failed (${code ?? "no answer"})` : `answered ${status}${code ? ` ${code}` : ""}`;
    super(
      `${method} ${path} ${outcome}${serverMessage ? `: ${serverMessage}` : ""}${contextId ? ` (contextId ${contextId})` : ""}`,
    );
    this.name = "HttpError";
  }
}

export interface HttpOptions {
  /** Scheme, host, port and any fixed path before the request's own, no trailing slash. */
  baseUrl: string;
  clock: Clock;
  signal?: AbortSignal;
  /** Value of the Authorization header; `renew` after a 401, which is tried once more. */
  authorize?(renew: boolean): Promise<string | undefined>;
  /** Waits until the client's own budget lets this request go. */
  limit?(method: Method, path: string): Promise<void>;
  log?(message: string): void;
  /** 0 to 1, for the jitter. Default Math.random. */
  random?(): number;
  headers?: Record<string, string>;
}

export interface RequestInit {
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON; a string or Buffer is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Absolute URL instead of baseUrl + path, without authorization (presigned uploads). */
  url?: string;
  /** False: an answer is final, even 5xx (the caller knows better). */
  retry?: boolean;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  /** Parsed JSON, or the text when it is not JSON; undefined when empty. */
  body: unknown;
}

/**
 * A JSON client for the APIs we write to. Rules, each because breaking it has cost somebody an outage:
 * - 429 is obeyed: Retry-After seconds (or a date) up to 180 s, waited by the clock; it means "not done", so every method is repeated.
 * - GET, PUT, DELETE are repeated on 5xx and broken connections with jittered backoff; PATCH and POST are not, as they may have
 *   happened: they are repeated only when the connection was refused, that is, when nothing was sent.
 * - POST and PATCH never use a kept-alive connection: one that the server just closed fails in a way that looks like a lost request.
 */
export class HttpClient {
  private readonly keepAlive = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(private readonly options: HttpOptions) {}

  /** Body of a successful answer (2xx). Throws HttpError otherwise, and for a GET that was answered with no JSON document. */
  async json<T>(method: Method, path: string, init: RequestInit = {}): Promise<T> {
    const { status, body } = await this.request(method, path, init);
    // A proxy's page or an empty answer with 200 is nobody's organisation: what is not there would be taken for "has none".
    if (method === "GET" && (typeof body !== "object" || body === null)) {
      const seen = body === undefined ? "nothing" : String(body).slice(0, 80).replace(/\s+/g, " ");
      throw new HttpError(method, path, status, "no JSON document", seen, undefined, false);
    }
    return body as T;
  }

  /** The body, or null when the answer is 404. */
  async find<T>(path: string, init: RequestInit = {}): Promise<T | null> {
    try {
      return await this.json<T>("GET", path, init);
    } catch (e) {
      if (e instanceof HttpError && e.status === 404) return null;
      throw e;
    }
  }

  /** One request with the rules above. */
  async request(method: Method, path: string, init: RequestInit = {}): Promise<HttpAnswer> {
    const repeatable = method === "GET" || method === "PUT" || method === "DELETE";
    let renewed = false;
    let renew = false;
    let throttled = 0;
    for (let attempt = 1; ; attempt++) {
      await this.options.limit?.(method, path);
      const answer = await this.once(method, path, init, renew).catch((e: unknown) => e as Error);
      renew = false;
      if (answer instanceof Error) {
        const refused = (answer as NodeJS.ErrnoException).code === "ECONNREFUSED";
        if ((!repeatable && !refused) || attempt >= TRIES_MAX || init.retry === false)
          throw noAnswer(method, path, answer, refused);
        await this.backoff(attempt, `${method} ${path} failed (${answer.message})`);
        continue;
      }
      if (answer.status >= 200 && answer.status < 300) return answer;
      const error = refusal(method, path, answer);
      if (answer.status === 429 && ++throttled < THROTTLED_TRIES_MAX) {
        await this.obey(answer, throttled, error);
      } else if (answer.status === 401 && !renewed && this.options.authorize && !init.url) {
        renewed = true;
        renew = true;
      } else if (answer.status >= 500 && repeatable && attempt < TRIES_MAX && init.retry !== false) {
        await this.backoff(attempt, error.message);
      } else throw error;
    }
  }

  private async obey(answer: HttpAnswer, throttled: number, error: HttpError): Promise<void> {
    const seconds = await retryAfterSeconds(answer.headers["retry-after"], this.options.clock);
    if (seconds !== undefined && seconds > RETRY_AFTER_SECONDS_MAX) throw error;
    const wait = seconds ?? this.delaySeconds(throttled);
    this.options.log?.(`rate limit reached, waiting ${wait.toFixed(1)} s before ${error.method} ${error.path}`);
    await this.options.clock.sleep(wait, this.options.signal);
  }

  private async backoff(attempt: number, why: string): Promise<void> {
    const wait = this.delaySeconds(attempt);
    this.options.log?.(`${why}; trying again in ${wait.toFixed(1)} s`);
    await this.options.clock.sleep(wait, this.options.signal);
  }

  /** 0.25 s doubled each time up to 8 s, of which a random half is taken off so that parallel requests spread. */
  private delaySeconds(attempt: number): number {
    const random = this.options.random ?? Math.random;
    return Math.min(8, 0.25 * 2 ** (attempt - 1)) * (1 - random() / 2);
  }

  private async once(method: Method, path: string, init: RequestInit, renew: boolean): Promise<HttpAnswer> {
    const url = new URL(init.url ?? this.options.baseUrl + path);
    for (const [k, v] of Object.entries(init.query ?? {})) if (v !== undefined) url.searchParams.set(k, String(v));
    const raw = typeof init.body === "string" || Buffer.isBuffer(init.body);
    const body = init.body === undefined ? undefined : raw ? (init.body as string | Buffer) : JSON.stringify(init.body);
    const headers: Record<string, string> = { accept: "application/json", ...(init.url ? {} : this.options.headers) };
    if (body !== undefined) {
      if (!raw) headers["content-type"] = "application/json";
      headers["content-length"] = String(Buffer.byteLength(body));
    }
    const token = init.url ? undefined : await this.options.authorize?.(renew);
    if (token) headers.authorization = token;
    for (const [k, v] of Object.entries(init.headers ?? {})) headers[k.toLowerCase()] = v;
    return send(url, { method, headers, ...(await this.agentFor(url, method)) }, body);
  }

  private async agentFor(url: URL, method: Method): Promise<RequestOptions> {
    const once = method === "POST" || method === "PATCH";
    if (url.protocol === "http:") return { agent: once ? false : this.keepAlive };
    const { Agent: TlsAgent } = await import("node:https");
    this.tls ??= new TlsAgent({ keepAlive: true, maxSockets: 16 });
    return { agent: once ? new TlsAgent() : this.tls };
  }
  private tls: Agent | undefined;
}

async function send(url: URL, options: RequestOptions, body: string | Buffer | undefined): Promise<HttpAnswer> {
  const request = url.protocol === "https:" ? (await import("node:https")).request : httpRequest;
  return new Promise((resolve, reject) => {
    const req = request(url, { ...options, timeout: TIMEOUT_MS }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (c: Buffer) => chunks.push(c));
      res.on("error", reject);
      res.on("aborted", () => reject(new Error("the connection broke inside the answer")));
      res.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body: parse(text) });
      });
    });
    req.on("timeout", () => req.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    req.on("error", reject);
    req.end(body);
  });
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Seconds asked for by a Retry-After header (RFC 9110 section 10.2.3: seconds or a date), at least 0; undefined when absent or unreadable. */
export async function retryAfterSeconds(header: string | undefined, clock: Clock): Promise<number | undefined> {
  if (header === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header);
  const at = Date.parse(header);
  if (Number.isNaN(at)) return undefined;
  return Math.max(0, (at - (await clock.now()).getTime()) / 1000);
}

function noAnswer(method: Method, path: string, e: Error, refused: boolean): HttpError {
  const code = (e as NodeJS.ErrnoException).code;
  // Node wraps refusals of several addresses (::1 and 127.0.0.1) into one error without a message of its own.
  return new HttpError(
    method,
    path,
    0,
    code,
    e.message || "connection refused",
    undefined,
    method !== "GET" && !refused,
  );
}

/** The server's own words, as the APIs we know put them: Genesys {message, code, contextId}, Telnyx and Cloudflare {errors: [{code, title|message, detail}]}. */
function refusal(method: Method, path: string, answer: HttpAnswer): HttpError {
  const b = (typeof answer.body === "object" && answer.body !== null ? answer.body : {}) as Record<string, unknown>;
  const first = (Array.isArray(b.errors) ? (b.errors[0] ?? {}) : {}) as Record<string, unknown>;
  const text =
    b.message ?? b.description ?? b.error_description ?? first.detail ?? first.message ?? first.title ?? b.error;
  const message = typeof text === "string" ? text : typeof answer.body === "string" ? answer.body : "";
  const code = b.code ?? first.code;
  const context = b.contextId ?? answer.headers["inin-correlation-id"];
  return new HttpError(
    method,
    path,
    answer.status,
    code === undefined ? undefined : String(code),
    message.slice(0, 500),
    typeof context === "string" ? context : undefined,
    method !== "GET" && answer.status >= 500,
  );
}
