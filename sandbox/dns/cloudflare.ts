import type { Random } from "../random";
import type { RequestCounts } from "./bucket";
import {
  type Batch,
  CloudflareError,
  type CloudflareRecord,
  CloudflareRecords,
  type RecordInput,
} from "./cloudflare-records";
import type { ZoneCopy } from "./copies";
import { type HttpReply, type HttpRequest, type HttpService, json, serveHttp } from "./http";
import { normalName } from "./names";

export interface CloudflareOptions {
  host: string;
  zones: readonly ZoneCopy[];
  random: Random;
  clock: { now(): Date };
  /** Wall milliseconds until a changed name is served; each name of a batch takes its own share up to this. Default 30. */
  propagationMs?: number;
  /** Requests in `windowSeconds` of wall time before all is blocked for as long; default 1,200 in 300 s. */
  limit?: { requests: number; windowSeconds: number };
}

const BASE = "/client/v4";
const BATCH_MAX = 200;
const PER_PAGE = 100;
const PER_PAGE_MAX = 5_000_000;

/** The Cloudflare API v4, zones and DNS records, over the zone copies of that provider. Any bearer token is accepted. */
export class CloudflareApi {
  readonly #o: CloudflareOptions;
  readonly #zones: CloudflareRecords[];
  readonly #counts: RequestCounts = { reads: 0, writes: 0, throttled: 0 };
  readonly #limit: { requests: number; windowSeconds: number };
  #window = { startMs: 0, requests: 0 };
  #blockedUntilMs = 0;
  #service: HttpService | undefined;

  constructor(options: CloudflareOptions) {
    this.#o = options;
    this.#limit = options.limit ?? { requests: 1_200, windowSeconds: 300 };
    this.#zones = options.zones.map(
      (copy) => new CloudflareRecords(copy, options.random.stream(copy.id), () => options.clock.now()),
    );
  }

  /** Base URL, as `cloudflare:baseUrl` takes it: with `/client/v4`. */
  get url(): string {
    return this.#service ? this.#service.url + BASE : "";
  }

  requests(): RequestCounts {
    return { ...this.#counts };
  }

  async listen(): Promise<string> {
    this.#service = await serveHttp(this.#o.host, (request) => this.#handle(request));
    return this.url;
  }

  async close(): Promise<void> {
    await this.#service?.close();
  }

  #handle(request: HttpRequest): HttpReply {
    try {
      const headers = this.#admit(request);
      return { ...this.#route(request), headers };
    } catch (error) {
      if (!(error instanceof CloudflareError)) throw error;
      const headers: Record<string, string> = {};
      if (error.status === 429)
        headers["retry-after"] = String(Math.ceil((this.#blockedUntilMs - performance.now()) / 1000));
      const errors = [{ code: error.code, message: error.message }];
      return json(error.status, { success: false, errors, messages: [], result: null }, headers);
    }
  }

  /** Authentication and the global rate limit: over it, every request is refused until the block ends. */
  #admit({ method, headers }: HttpRequest): Record<string, string> {
    const { requests, windowSeconds } = this.#limit;
    const nowMs = performance.now();
    if (nowMs - this.#window.startMs >= windowSeconds * 1000) this.#window = { startMs: nowMs, requests: 0 };
    if (nowMs >= this.#blockedUntilMs && ++this.#window.requests > requests)
      this.#blockedUntilMs = nowMs + windowSeconds * 1000;
    if (nowMs < this.#blockedUntilMs) {
      this.#counts.throttled++;
      throw new CloudflareError(429, 971, "Please wait and consider throttling your request speed");
    }
    if (!/^Bearer \S+$/.test(headers.authorization ?? "") && !headers["x-auth-key"]) {
      throw new CloudflareError(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
    }
    if (method === "GET") this.#counts.reads++;
    else this.#counts.writes++;
    const left = Math.ceil((this.#window.startMs + windowSeconds * 1000 - nowMs) / 1000);
    return {
      ratelimit: `"default";r=${requests - this.#window.requests};t=${left}`,
      "ratelimit-policy": `"default";q=${requests};w=${windowSeconds}`,
    };
  }

  #route({ method, path, query, body }: HttpRequest): HttpReply {
    const parts = path.startsWith(`${BASE}/`)
      ? path
          .slice(BASE.length + 1)
          .replace(/\/$/, "")
          .split("/")
      : [];
    const [kind, zoneId = "", section, recordId] = parts;
    if (kind === "user" && path === `${BASE}/user/tokens/verify`)
      return envelope({ id: this.#o.random.stream("token").hex(32), status: "active" });
    if (kind !== "zones" || parts.length > 4) throw noRoute(path);
    if (!zoneId) return this.#listZones(query);
    const zone = this.#zones.find((each) => each.copy.id === zoneId);
    if (!zone) throw noRoute(path);
    if (!section && method === "GET") return envelope(zoneJson(zone.copy));
    if (section !== "dns_records") throw noRoute(path);
    if (!recordId) {
      if (method === "GET") return this.#listRecords(zone, query);
      if (method === "POST") return envelope(this.#apply(zone, { posts: [parse(body)] }).posts[0]);
    } else if (recordId === "batch" && method === "POST") {
      return this.#batch(zone, parse(body) as Batch);
    } else {
      const id = { id: recordId };
      if (method === "GET") return envelope(zone.get(recordId));
      if (method === "DELETE") return envelope({ id: this.#apply(zone, { deletes: [id] }).deletes[0]?.id });
      if (method === "PATCH") return envelope(this.#apply(zone, { patches: [{ ...parse(body), ...id }] }).patches[0]);
      if (method === "PUT") return envelope(this.#apply(zone, { puts: [{ ...parse(body), ...id }] }).puts[0]);
    }
    throw new CloudflareError(405, 10405, "Method not allowed for this authentication scheme");
  }

  #batch(zone: CloudflareRecords, batch: Batch): HttpReply {
    const count = [batch.deletes, batch.patches, batch.puts, batch.posts].reduce(
      (sum, list) => sum + (list?.length ?? 0),
      0,
    );
    if (count > BATCH_MAX)
      throw new CloudflareError(400, 9300, `A batch may hold at most ${BATCH_MAX} operations, got ${count}.`);
    const { names: _, ...result } = this.#apply(zone, batch);
    return envelope(result);
  }

  /** Changes the data base at once; the name servers learn of each name by itself (propagation is not atomic). */
  #apply(zone: CloudflareRecords, batch: Batch): ReturnType<CloudflareRecords["apply"]> {
    const result = zone.apply(batch);
    const most = this.#o.propagationMs ?? 30;
    for (const name of result.names) {
      void zone.copy.publish([name], this.#o.random.int(Math.min(5, most), most), (each) => zone.servedSets(each));
    }
    return result;
  }

  #listZones(query: URLSearchParams): HttpReply {
    const name = query.get("name");
    const found = this.#zones.filter((zone) => name === null || zone.copy.origin === normalName(name));
    return page(
      found.map((zone) => zoneJson(zone.copy)),
      query,
    );
  }

  #listRecords(zone: CloudflareRecords, query: URLSearchParams): HttpReply {
    const name = query.get("name.exact") ?? query.get("name");
    const type = query.get("type");
    const content = query.get("content.exact") ?? query.get("content");
    const keep = (record: CloudflareRecord) =>
      (name === null || record.name === normalName(name)) &&
      (type === null || record.type === type) &&
      (content === null || record.content === content);
    return page(
      zone
        .all()
        .filter(keep)
        .sort((a, b) => (a.name + a.type < b.name + b.type ? -1 : 1)),
      query,
    );
  }
}

function noRoute(path: string): CloudflareError {
  return new CloudflareError(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`);
}

function envelope(result: unknown): HttpReply {
  return json(200, { success: true, errors: [], messages: [], result });
}

function page(all: readonly unknown[], query: URLSearchParams): HttpReply {
  const number = positive(query, "page", 1);
  const size = Math.min(positive(query, "per_page", PER_PAGE), PER_PAGE_MAX);
  const result = all.slice((number - 1) * size, number * size);
  const info = {
    page: number,
    per_page: size,
    count: result.length,
    total_count: all.length,
    total_pages: Math.ceil(all.length / size),
  };
  return json(200, { success: true, errors: [], messages: [], result, result_info: info });
}

function positive(query: URLSearchParams, key: string, otherwise: number): number {
  const value = Number(query.get(key) ?? otherwise);
  if (!Number.isInteger(value) || value < 1)
    throw new CloudflareError(400, 1004, `${key}: expected a whole number from 1 up, got ${query.get(key)}`);
  return value;
}

function parse(body: string): RecordInput {
  try {
    return JSON.parse(body) as RecordInput;
  } catch {
    throw new CloudflareError(400, 9207, "Request body is invalid JSON.");
  }
}

function zoneJson(copy: ZoneCopy): unknown {
  // Zones that only internal resolvers answer have a type of their own (Cloudflare Internal DNS).
  const type = copy.view === "private" ? "internal" : "full";
  return {
    id: copy.id,
    name: copy.origin,
    status: "active",
    type,
    paused: false,
    name_servers: copy.nameServers,
    account: { id: copy.id, name: "sandbox" },
  };
}
