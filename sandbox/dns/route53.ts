import type { Random } from "../random";
import { type RequestCounts, TokenBucket } from "./bucket";
import type { ZoneCopy } from "./copies";
import { type HttpReply, type HttpRequest, type HttpService, serveHttp } from "./http";
import { absolute, normalName, reversedLabels } from "./names";
import { applyBatch, parseBatch, Route53Error } from "./route53-batch";
import type { RecordSet } from "./zone";

/** Request rates (Route 53 developer guide): tokens at once, tokens a second. */
export interface Route53Limits {
  account: [burst: number, perSecond: number];
  perAction: [burst: number, perSecond: number];
}

/** What AWS documents today, and the flat five a second that older accounts had. */
export const ROUTE53_LIMITS = {
  current: { account: [50, 10], perAction: [50, 10] },
  former: { account: [5, 5], perAction: [5, 5] },
} satisfies Record<string, Route53Limits>;

export interface Route53Options {
  host: string;
  zones: readonly ZoneCopy[];
  random: Random;
  clock: { now(): Date };
  /** Wall milliseconds until a change is INSYNC and served; default 40. */
  syncMs?: number;
  /** Wall milliseconds for which a further batch for the same zone gets PriorRequestNotComplete; default 0. */
  overlapMs?: number;
  limits?: Route53Limits;
}

const NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/";
const VERSION = "/2013-04-01/";
const PAGE_MAX = 300;
const ZONES_PAGE_MAX = 100;

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] as string);
const tag = (name: string, content: string | number | boolean) =>
  `<${name}>${typeof content === "string" ? content : String(content)}</${name}>`;
const text = (name: string, content: string) => tag(name, escaped(content));
/** Route 53 writes an asterisk as its octal escape. */
const nameText = (name: string) => absolute(name).replaceAll("*", "\\052");

/** The Route 53 REST API (2013-04-01) over the zone copies of that provider. Any signature is accepted, none is refused. */
export class Route53Api {
  readonly #o: Route53Options;
  readonly #counts: RequestCounts = { reads: 0, writes: 0, throttled: 0 };
  readonly #changes = new Map<string, { insync: boolean; submittedAt: Date }>();
  readonly #busyUntilMs = new Map<string, number>();
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #limits: Route53Limits;
  #service: HttpService | undefined;

  constructor(options: Route53Options) {
    this.#o = options;
    this.#limits = options.limits ?? ROUTE53_LIMITS.current;
  }

  /** Base URL, as `aws:endpoints` and AWS_ENDPOINT_URL_ROUTE_53 take it. */
  get url(): string {
    return this.#service?.url ?? "";
  }

  requests(): RequestCounts {
    return { ...this.#counts };
  }

  async listen(): Promise<string> {
    this.#service = await serveHttp(this.#o.host, (request) => this.#handle(request));
    return this.#service.url;
  }

  async close(): Promise<void> {
    await this.#service?.close();
  }

  #handle(request: HttpRequest): HttpReply {
    const requestId = this.#o.random
      .stream(`request/${this.#counts.reads + this.#counts.writes + this.#counts.throttled}`)
      .hex(32);
    const headers = { "x-amzn-requestid": requestId };
    try {
      return { status: 200, type: "text/xml", headers, body: `<?xml version="1.0"?>\n${this.#route(request)}` };
    } catch (error) {
      if (!(error instanceof Route53Error)) throw error;
      const type = error.status < 500 ? "Sender" : "Receiver";
      const body = `<?xml version="1.0"?>\n<ErrorResponse xmlns="${NAMESPACE}"><Error>${tag("Type", type)}${text("Code", error.code)}${text("Message", error.message)}</Error>${tag("RequestId", requestId)}</ErrorResponse>`;
      return { status: error.status, type: "text/xml", headers, body };
    }
  }

  #route({ method, path, query, headers, body }: HttpRequest): string {
    if (!headers.authorization?.startsWith("AWS4-HMAC-SHA256 ")) {
      throw new Route53Error(403, "MissingAuthenticationToken", "Missing Authentication Token");
    }
    const [kind = "", id = "", part = ""] = path.startsWith(VERSION)
      ? path.slice(VERSION.length).replace(/\/$/, "").split("/")
      : [];
    const action = `${method} ${kind}${id && kind !== "tags" ? "/id" : ""}${part && kind !== "tags" ? `/${part}` : ""}`;
    this.#admit(action, method);
    switch (action) {
      case "GET hostedzone":
        return this.#listZones(query);
      case "GET hostedzonesbyname":
        return this.#listZonesByName(query);
      case "GET hostedzone/id":
        return this.#getZone(this.#zone(id));
      case "GET hostedzone/id/rrset":
        return this.#listSets(this.#zone(id), query);
      case "POST hostedzone/id/rrset":
        return this.#change(this.#zone(id), body);
      case "GET change/id":
        return this.#getChange(id);
      case "GET tags":
        return answer(
          "ListTagsForResource",
          tag("ResourceTagSet", text("ResourceType", id) + text("ResourceId", part) + tag("Tags", "")),
        );
      case "GET healthcheck":
        return answer(
          "ListHealthChecks",
          `${tag("HealthChecks", "")}${tag("IsTruncated", false)}${tag("MaxItems", ZONES_PAGE_MAX)}`,
        );
    }
    throw new Route53Error(
      404,
      "UnknownOperationException",
      `${method} ${path} is not part of what this sandbox serves of Route 53`,
    );
  }

  /** Counts the request and applies the rates; a throttled request costs no token. */
  #admit(action: string, method: string): void {
    const nowMs = performance.now();
    const account = this.#bucket("account", this.#limits.account);
    const own = this.#bucket(action, this.#limits.perAction);
    if (!account.has(nowMs) || !own.has(nowMs)) {
      this.#counts.throttled++;
      throw new Route53Error(400, "Throttling", "Rate exceeded");
    }
    account.take(nowMs);
    own.take(nowMs);
    if (method === "GET") this.#counts.reads++;
    else this.#counts.writes++;
  }

  #bucket(key: string, [burst, perSecond]: [number, number]): TokenBucket {
    const bucket = this.#buckets.get(key) ?? new TokenBucket(burst, perSecond);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #zone(id: string): ZoneCopy {
    const zone = this.#o.zones.find((each) => each.id === id);
    if (!zone) throw new Route53Error(404, "NoSuchHostedZone", `No hosted zone found with ID: ${id}`);
    return zone;
  }

  #zoneXml(zone: ZoneCopy): string {
    const config = tag("Config", tag("PrivateZone", zone.view === "private"));
    const head =
      tag("Id", `/hostedzone/${zone.id}`) +
      text("Name", absolute(zone.origin)) +
      text("CallerReference", `sandbox-${zone.id}`);
    return tag("HostedZone", head + config + tag("ResourceRecordSetCount", zone.held.all().length));
  }

  #getZone(zone: ZoneCopy): string {
    const servers = zone.nameServers.map((each) => text("NameServer", each)).join("");
    const vpc = tag(
      "VPCs",
      tag("VPC", tag("VPCRegion", "us-east-1") + tag("VPCId", `vpc-${zone.id.slice(1, 18).toLowerCase()}`)),
    );
    return answer(
      "GetHostedZone",
      this.#zoneXml(zone) + (zone.view === "private" ? vpc : tag("DelegationSet", tag("NameServers", servers))),
    );
  }

  #listZones(query: URLSearchParams): string {
    const sorted = [...this.#o.zones].sort((a, b) => (a.id < b.id ? -1 : 1));
    const marker = query.get("marker");
    const from = marker ? sorted.findIndex((each) => each.id === marker) : 0;
    if (from < 0) throw new Route53Error(400, "InvalidInput", `The specified marker ${marker} is not valid`);
    const max = pageSize(query, ZONES_PAGE_MAX);
    const next = sorted[from + max];
    const list = tag(
      "HostedZones",
      sorted
        .slice(from, from + max)
        .map((each) => this.#zoneXml(each))
        .join(""),
    );
    const more =
      tag("IsTruncated", next !== undefined) + (next ? tag("NextMarker", next.id) : "") + tag("MaxItems", max);
    return answer("ListHostedZones", list + (marker ? text("Marker", marker) : "") + more);
  }

  #listZonesByName(query: URLSearchParams): string {
    const start = query.get("dnsname");
    const startId = query.get("hostedzoneid");
    const order = (each: { origin: string; id: string }) => `${reversedLabels(each.origin)}\u0000${each.id}`;
    const sorted = [...this.#o.zones].sort((a, b) => (order(a) < order(b) ? -1 : 1));
    const first = start ? order({ origin: normalName(start), id: startId ?? "" }) : "";
    const rest = sorted.filter((each) => order(each) >= first);
    const max = pageSize(query, ZONES_PAGE_MAX);
    const next = rest[max];
    const list = tag(
      "HostedZones",
      rest
        .slice(0, max)
        .map((each) => this.#zoneXml(each))
        .join(""),
    );
    const asked = (start ? text("DNSName", absolute(start)) : "") + (startId ? text("HostedZoneId", startId) : "");
    const more = next ? text("NextDNSName", absolute(next.origin)) + tag("NextHostedZoneId", next.id) : "";
    return answer(
      "ListHostedZonesByName",
      list + asked + tag("IsTruncated", next !== undefined) + more + tag("MaxItems", max),
    );
  }

  #listSets(zone: ZoneCopy, query: URLSearchParams): string {
    const name = query.get("name");
    const type = query.get("type");
    const identifier = query.get("identifier");
    if (type && !name)
      throw new Route53Error(400, "InvalidInput", "The input is not valid: a type was given without a name");
    const order = (set: Pick<RecordSet, "name" | "setIdentifier"> & { type: string }) =>
      [reversedLabels(set.name), set.type, set.setIdentifier ?? ""].join("\u0000");
    const first = name
      ? [reversedLabels(normalName(name)), ...(type ? [type, ...(identifier ? [identifier] : [])] : [])].join("\u0000")
      : "";
    const sorted = zone.held.all().sort((a, b) => (order(a) < order(b) ? -1 : 1));
    const rest = sorted.filter((set) => order(set) >= first);
    const max = pageSize(query, PAGE_MAX);
    const next = rest[max];
    const more = next
      ? text("NextRecordName", nameText(next.name)) +
        text("NextRecordType", next.type) +
        (next.setIdentifier ? text("NextRecordIdentifier", next.setIdentifier) : "")
      : "";
    const list = tag("ResourceRecordSets", rest.slice(0, max).map(setXml).join(""));
    return answer(
      "ListResourceRecordSets",
      list + tag("IsTruncated", next !== undefined) + more + tag("MaxItems", max),
    );
  }

  #change(zone: ZoneCopy, body: string): string {
    const nowMs = performance.now();
    if (nowMs < (this.#busyUntilMs.get(zone.id) ?? 0)) {
      const message = "The request was rejected because Route 53 was still processing a prior request.";
      throw new Route53Error(400, "PriorRequestNotComplete", message);
    }
    const names = applyBatch(zone, parseBatch(body));
    this.#busyUntilMs.set(zone.id, nowMs + (this.#o.overlapMs ?? 0));
    const id = `C${this.#o.random.hex(20).toUpperCase()}`;
    const change = { insync: false, submittedAt: this.#o.clock.now() };
    this.#changes.set(id, change);
    void zone.publish(names, this.#o.syncMs ?? 40).then(() => {
      change.insync = true;
    });
    return answer("ChangeResourceRecordSets", changeXml(id, change));
  }

  #getChange(id: string): string {
    const change = this.#changes.get(id);
    if (!change) throw new Route53Error(404, "NoSuchChange", `Could not find resource with ID: ${id}`);
    return answer("GetChange", changeXml(id, change));
  }
}

const answer = (operation: string, content: string) =>
  `<${operation}Response xmlns="${NAMESPACE}">${content}</${operation}Response>`;

function changeXml(id: string, change: { insync: boolean; submittedAt: Date }): string {
  const status = tag("Status", change.insync ? "INSYNC" : "PENDING");
  return tag("ChangeInfo", tag("Id", `/change/${id}`) + status + tag("SubmittedAt", change.submittedAt.toISOString()));
}

function setXml(set: RecordSet): string {
  const weighted =
    set.setIdentifier === undefined ? "" : text("SetIdentifier", set.setIdentifier) + tag("Weight", set.weight ?? 0);
  const records = set.values.map((value) => tag("ResourceRecord", text("Value", value))).join("");
  const head = text("Name", nameText(set.name)) + tag("Type", set.type) + weighted + tag("TTL", set.ttlSeconds);
  return tag("ResourceRecordSet", head + tag("ResourceRecords", records));
}

function pageSize(query: URLSearchParams, max: number): number {
  const asked = query.get("maxitems");
  if (asked === null) return max;
  const size = Number(asked);
  if (!Number.isInteger(size) || size < 1)
    throw new Route53Error(400, "InvalidInput", `Invalid maxitems '${asked}': expected 1 or more`);
  return Math.min(size, max);
}
