/** For tests only: a small Genesys Cloud on loopback. Objects by path, versions, lists, publish jobs; faults by order. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Entity } from "./client";

type Reply = { status: number; body?: unknown; headers?: Record<string, string> };
interface Fault {
  method: string;
  path: RegExp;
  times: number;
  /** `apply` = the request takes effect, and only its answer is this. */
  apply: boolean;
  reply: Reply | "cut";
  /** Requests of this kind to let pass first. */
  after: number;
}

/** For tests: as much of the Platform API as the provider speaks to, with faults on demand. */
export class FakeGenesys {
  /** `<METHOD> <path>?<query>` of every request but the log-in, in order. */
  readonly seen: string[] = [];
  readonly bodies: { at: string; body: Record<string, unknown> }[] = [];
  readonly objects = new Map<string, Entity>();
  readonly uploads: string[] = [];
  readonly sleeps: number[] = [];
  logins = 0;
  nowMs = Date.parse("2026-01-05T10:00:00Z");
  /** A rule of the organisation: gives a refusal. */
  rule: (method: string, path: string, body: Record<string, unknown>) => Reply | undefined = () => undefined;
  private faults: Fault[] = [];
  private next = 1;
  private token = "";
  private server: Server | undefined;
  port = 0;

  /** One that listens, with a client's credentials for it in this process's environment. */
  static async open(): Promise<FakeGenesys> {
    process.env.GENESYSCLOUD_OAUTHCLIENT_ID = "client";
    process.env.GENESYSCLOUD_OAUTHCLIENT_SECRET = "s3cret";
    const api = new FakeGenesys();
    await api.listen();
    return api;
  }

  private async listen(): Promise<void> {
    this.server = createServer(async (req, res) => {
      const text = await read(req);
      const answer = this.handle(req, text);
      if (answer === "cut") return void res.socket?.destroy();
      res.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      res.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
    });
    await new Promise<void>((ok) => this.server?.listen(0, "127.0.0.1", ok));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((ok) => this.server?.close(ok));
  }

  get config(): Record<string, string> {
    const gateway = { protocol: "http", host: "127.0.0.1", port: String(this.port) };
    return { gateways: JSON.stringify([gateway]), clock: `http://127.0.0.1:${this.port}` };
  }

  /** The next `times` matching requests get this answer instead. */
  fault(
    method: string,
    path: RegExp,
    reply: Reply | "cut",
    o: { times?: number; after?: number; apply?: boolean } = {},
  ): void {
    this.faults.push({ method, path, reply, times: o.times ?? 1, after: o.after ?? 0, apply: o.apply ?? false });
  }

  /** Puts an object in place; gives its id. */
  seed(collection: string, entity: Entity): string {
    const id = entity.id ?? `id-${this.next++}`;
    this.objects.set(`${collection}/${id}`, { version: 1, state: "active", ...entity, id });
    return id;
  }

  writes(): string[] {
    return this.seen.filter((s) => !s.startsWith("GET"));
  }

  private handle(req: IncomingMessage, text: string): Reply | "cut" {
    const url = new URL(req.url ?? "/", "http://x");
    const method = req.method ?? "";
    if (url.pathname === "/now") return { status: 200, body: { now: new Date(this.nowMs).toISOString() } };
    if (url.pathname === "/sleep") {
      const { seconds } = JSON.parse(text) as { seconds: number };
      this.sleeps.push(seconds);
      this.nowMs += seconds * 1000;
      return { status: 200, body: {} };
    }
    if (url.pathname === "/oauth/token") {
      const basic = Buffer.from((req.headers.authorization ?? "").replace("Basic ", ""), "base64").toString();
      if (basic !== "client:s3cret" || text !== "grant_type=client_credentials")
        return { status: 401, body: { error: "invalid_client", description: "client not found" } };
      this.token = `token-${++this.logins}`;
      return { status: 200, body: { access_token: this.token, expires_in: 86400 } };
    }
    this.seen.push(`${method} ${url.pathname}${url.search}`);
    if (url.pathname.startsWith("/upload/")) {
      if (req.headers.authorization || req.headers["x-amz-meta"] !== "1") return { status: 403 };
      this.uploads.push(text);
      return { status: 200 };
    }
    if (req.headers.authorization !== `Bearer ${this.token}`)
      return { status: 401, body: { message: "expired", code: "bad.credentials" } };
    const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
    if (method !== "GET") this.bodies.push({ at: `${method} ${url.pathname}`, body });
    const fault = this.faults.find(
      (f) => f.times > 0 && f.method === method && f.path.test(url.pathname) && (f.after === 0 || f.after-- < 0),
    );
    if (fault) {
      fault.times--;
      if (fault.apply) this.rest(method, url, body);
      return fault.reply;
    }
    return this.rule(method, url.pathname, body) ?? this.rest(method, url, body);
  }

  /** The token in use is not accepted any more. */
  expire(): void {
    this.token = "none";
  }

  private rest(method: string, url: URL, body: Record<string, unknown>): Reply {
    const at = url.pathname;
    const special = this.flows(method, at) ?? this.plans(method, at, body);
    if (special) return special;
    if (method === "POST") {
      const key = body.key === undefined ? `id-${this.next++}` : String(body.key);
      const entity: Entity = at.endsWith("/rows") ? body : { state: "active", ...body, id: key, version: 1 };
      this.objects.set(`${at}/${encodeURIComponent(key)}`, entity);
      return { status: 200, body: entity };
    }
    const found = this.objects.get(at);
    if (method === "GET" && !found) return this.list(at, url);
    if (!found) return { status: 404, body: { message: `no ${at}`, code: "not.found", contextId: "ctx-1" } };
    if (method === "DELETE") this.objects.delete(at);
    if (method !== "PUT") return { status: 200, body: method === "GET" ? found : undefined };
    if (body.version !== undefined && body.version !== found.version)
      return { status: 409, body: { message: "version mismatch", code: "general.conflict" } };
    const versioned = { state: "active", ...body, id: found.id, version: (found.version ?? 0) + 1 };
    const entity: Entity = at.includes("/rows/") ? body : versioned;
    this.objects.set(at, entity);
    return { status: 200, body: entity };
  }

  private list(at: string, url: URL): Reply {
    const under = [...this.objects]
      .filter(([k]) => k.startsWith(`${at}/`) && !k.slice(at.length + 1).includes("/"))
      .map(([, v]) => v);
    if (under.length === 0 && !/s$/.test(at)) return { status: 404, body: { message: `no ${at}`, code: "not.found" } };
    if (/\/id-\d+$/.test(at)) return { status: 404, body: { message: `no ${at}`, code: "not.found" } };
    const name = url.searchParams.get("name");
    const all = name ? under.filter((e) => e.name?.toLowerCase().includes(name.toLowerCase())) : under;
    const size = Number(url.searchParams.get("pageSize") ?? 25);
    const page = Number(url.searchParams.get("pageNumber") ?? 1);
    const pageCount = Math.max(1, Math.ceil(all.length / size));
    return {
      status: 200,
      body: {
        entities: all.slice((page - 1) * size, page * size),
        pageCount,
        pageNumber: page,
        pageSize: size,
        total: all.length,
      },
    };
  }

  private plans(method: string, at: string, body: unknown): Reply | undefined {
    if (!at.endsWith("/numberplans")) return undefined;
    if (method === "PUT") this.objects.set(at, { plans: body });
    const site = at.replace(/\/numberplans$/, "");
    if (!this.objects.has(site)) return { status: 404 };
    const made = [
      { id: "p1", name: "Emergency", classification: "Emergency", matchType: "numberList", version: 1, priority: 1 },
    ];
    return { status: 200, body: this.objects.get(at)?.plans ?? made };
  }

  /** Job `bad` fails; other jobs make or find the flow named in the file. */
  private flows(method: string, at: string): Reply | undefined {
    if (at === "/api/v2/flows/jobs" && method === "POST") {
      const id = `job-${this.next++}`;
      return {
        status: 200,
        body: { id, presignedUrl: `http://127.0.0.1:${this.port}/upload/${id}`, headers: { "x-amz-meta": "1" } },
      };
    }
    if (!at.startsWith("/api/v2/flows/jobs/")) return undefined;
    const text = this.uploads.at(-1) ?? "";
    if (text.includes("broken"))
      return { status: 200, body: { status: "Failure", messages: [{ type: "Error", text: "menu has no exit" }] } };
    const name = /name: "?([^"\n]+)"?/.exec(text)?.[1] ?? "";
    const known = [...this.objects.values()].find((e) => e.name === name && e.type === "inboundcall");
    const id = known?.id ?? this.seed("/api/v2/flows", { name, type: "inboundcall" });
    return { status: 200, body: { status: "Success", flow: { id } } };
  }
}

async function read(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req) text += chunk;
  return text;
}
