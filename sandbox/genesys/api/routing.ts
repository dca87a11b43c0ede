/** Routes of the API: patterns, permissions, paging. */

import type { GenesysStore } from "../store";
import type { OAuthClient, Permission } from "../store/access";
import type { Body } from "../store/collection";
import { badRequest } from "../store/errors";

export interface ApiRequest {
  store: GenesysStore;
  client: OAuthClient;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON; {} when the request had none. */
  body: Body;
  path: string;
  /** `http://host:port` as the client sees it. */
  origin: string;
  /** What a listing shows while writes have not come through. */
  listed<T>(entities: readonly T[]): T[];
}

export interface ApiResponse {
  status: number;
  /** undefined = no body. */
  body?: unknown;
}

export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  segments: string[];
  /** null = any valid token. */
  need: Permission | null;
  handle(request: ApiRequest): ApiResponse;
  /** A POST that only asks (analytics) counts as a read. */
  reads: boolean;
}

type Handler = (request: ApiRequest) => unknown;

/** A list of routes under construction; each method adds one. Patterns are below `/api/v2`. */
export class Routes {
  readonly list: Route[] = [];

  get(pattern: string, need: Permission | null, handle: Handler): void {
    this.add("GET", pattern, need, handle, 200, true);
  }
  /** POST that creates or acts: 200 with a body. */
  post(
    pattern: string,
    need: Permission | null,
    handle: Handler,
    options: { reads?: boolean; status?: number } = {},
  ): void {
    this.add("POST", pattern, need, handle, options.status ?? 200, options.reads === true);
  }
  put(pattern: string, need: Permission | null, handle: Handler): void {
    this.add("PUT", pattern, need, handle, 200, false);
  }
  patch(pattern: string, need: Permission | null, handle: Handler): void {
    this.add("PATCH", pattern, need, handle, 200, false);
  }
  /** DELETE: 204 without a body. */
  delete(pattern: string, need: Permission | null, handle: Handler): void {
    this.add("DELETE", pattern, need, handle, 204, false);
  }

  private add(
    method: Route["method"],
    pattern: string,
    need: Permission | null,
    handle: Handler,
    status: number,
    reads: boolean,
  ): void {
    const segments = `/api/v2${pattern}`.split("/").slice(1);
    const answer = (request: ApiRequest): ApiResponse => {
      const body = handle(request);
      return body === undefined ? { status } : { status, body };
    };
    this.list.push({ method, segments, need, handle: answer, reads });
  }
}

/** Finds a route by method and path; literal segments win over parameters. */
export class Router {
  private readonly byShape = new Map<string, Route[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const shape = `${route.method} ${route.segments.length}`;
      this.byShape.set(shape, [...(this.byShape.get(shape) ?? []), route]);
    }
    const parameters = (route: Route) => route.segments.filter((s) => s.startsWith("{")).length;
    for (const list of this.byShape.values()) list.sort((a, b) => parameters(a) - parameters(b));
  }

  find(method: string, path: string): { route: Route; params: Record<string, string> } | null {
    const parts = path.split("/").slice(1);
    for (const route of this.byShape.get(`${method} ${parts.length}`) ?? []) {
      const params = match(route.segments, parts);
      if (params) return { route, params };
    }
    return null;
  }
}

function match(segments: string[], parts: string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i] as string;
    const part = parts[i] as string;
    if (segment.startsWith("{")) params[segment.slice(1, -1)] = decodeSegment(part);
    else if (segment !== part) return null;
  }
  return params;
}

function decodeSegment(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`The path segment '${part}' is not properly encoded.`);
  }
}

const PAGE_SIZE_DEFAULT = 25;
const PAGE_SIZE_MAX = 100;

/** A whole number of the query, or the default. @throws ApiError 400. */
function intOf(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const text = query.get(name);
  if (text === null || text === "") return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw badRequest(`The query parameter ${name} must be between ${min} and ${max}, saw '${text}'.`);
  return value;
}

/**
 * One page in Genesys' listing form: `{entities, pageSize, pageNumber, total, firstUri, lastUri, nextUri, previousUri, selfUri, pageCount}`.
 * pageSize 1 to 100 (default 25), pageNumber from 1.
 */
export function page(
  request: Pick<ApiRequest, "query" | "path" | "listed">,
  found: readonly unknown[],
  show: (entity: never) => unknown = (e) => e,
): unknown {
  const all = request.listed(found);
  const pageSize = intOf(request.query, "pageSize", PAGE_SIZE_DEFAULT, 1, PAGE_SIZE_MAX);
  const pageNumber = intOf(request.query, "pageNumber", 1, 1, Number.MAX_SAFE_INTEGER);
  const pageCount = Math.ceil(all.length / pageSize);
  const uri = (n: number) => {
    const query = new URLSearchParams(request.query);
    query.set("pageSize", String(pageSize));
    query.set("pageNumber", String(n));
    return `${request.path}?${query}`;
  };
  const from = (pageNumber - 1) * pageSize;
  return {
    entities: all.slice(from, from + pageSize).map((entity) => show(entity as never)),
    pageSize,
    pageNumber,
    total: all.length,
    firstUri: uri(1),
    ...(pageNumber < pageCount ? { nextUri: uri(pageNumber + 1) } : {}),
    ...(pageNumber > 1 ? { previousUri: uri(pageNumber - 1) } : {}),
    lastUri: uri(Math.max(1, pageCount)),
    selfUri: uri(pageNumber),
    pageCount,
  };
}

/** Filters by the query parameter `name`: without regard to case, `*` stands for any text. */
export function byName<T extends { name: string }>(
  query: URLSearchParams,
  entities: readonly T[],
  parameter = "name",
): T[] {
  const wanted = query.get(parameter);
  if (wanted === null || wanted === "") return [...entities];
  const pattern = new RegExp(`^${wanted.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`, "i");
  return entities.filter((entity) => pattern.test(entity.name));
}
