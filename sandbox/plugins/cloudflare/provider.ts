import { UserError } from "../../../model/errors";
import { HttpClient, HttpError } from "../../../providers/lib/http";
import { invoke, type PropertySpec, type ProviderSpec, resource } from "../../../providers/lib/provider";
import type { Value } from "../../../providers/lib/values";
import { loopbackUrl } from "../loopback";

/** `cloudflare:index/dnsRecord:DnsRecord`, property names of @pulumi/cloudflare 6; `data` and `settings` are not served. */
interface RecordInputs {
  zoneId: string;
  name: string;
  type: string;
  ttl: number;
  content?: string;
  proxied?: boolean;
  comment?: string;
  tags?: string[];
  priority?: number;
}

interface RecordOutputs extends RecordInputs {
  createdOn: string;
  modifiedOn: string;
  proxiable: boolean;
  meta: string;
  includeShadowMetadata: boolean;
}

/** A record of the API v4. */
interface ApiRecord {
  id: string;
  name: string;
  type: string;
  ttl: number;
  content: string;
  proxied?: boolean;
  proxiable?: boolean;
  comment?: string | null;
  tags?: string[];
  priority?: number;
  created_on?: string;
  modified_on?: string;
}

interface Envelope<T> {
  success: boolean;
  result: T;
  result_info?: { page: number; total_pages?: number };
}

/** Error code of a record that is not there (API v4). */
const RECORD_MISSING = "81044";

/** Cloudflare's API v4, as far as DNS records need it. */
class CloudflareClient {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  async one<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> {
    return (await this.#http.json<Envelope<T>>(method, path, { body })).result;
  }

  async all<T>(path: string, query: Record<string, string | undefined> = {}): Promise<T[]> {
    const rows: T[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.#http.json<Envelope<T[]>>("GET", path, { query: { ...query, page, per_page: 50 } });
      rows.push(...answer.result);
      if (answer.result.length === 0 || page >= (answer.result_info?.total_pages ?? 1)) return rows;
    }
  }

  /** Null when zone or record is not there. */
  async find(zoneId: string, id: string): Promise<ApiRecord | null> {
    try {
      return await this.one<ApiRecord>("GET", recordPath(zoneId, id));
    } catch (error) {
      if (error instanceof HttpError && (error.status === 404 || error.code === RECORD_MISSING)) return null;
      throw error;
    }
  }
}

const recordPath = (zoneId: string, id?: string) =>
  `/zones/${encodeURIComponent(zoneId)}/dns_records${id ? `/${encodeURIComponent(id)}` : ""}`;

const bare = (name: Value): Value => (typeof name === "string" ? name.toLowerCase().replace(/\.$/, "") : name);

const bodyOf = ({ zoneId: _zone, name, content, ...rest }: RecordInputs) => ({
  ...rest,
  name: bare(name),
  content: bare(content),
});

const outputsOf = (inputs: RecordInputs, record: ApiRecord): RecordOutputs => ({
  ...inputs,
  createdOn: record.created_on ?? "",
  modifiedOn: record.modified_on ?? "",
  proxiable: record.proxiable ?? false,
  meta: "{}",
  includeShadowMetadata: false,
});

function inputsOf(zoneId: string, record: ApiRecord, said: RecordInputs | null): RecordInputs {
  const sameName = said && bare(said.name) === bare(record.name);
  return {
    zoneId,
    name: sameName ? said.name : record.name,
    type: record.type,
    ttl: record.ttl,
    content: record.content,
    proxied: record.proxied ?? false,
    ...(record.comment ? { comment: record.comment } : {}),
    ...(record.tags && record.tags.length > 0 ? { tags: record.tags } : {}),
    ...(record.priority !== undefined && record.priority !== null ? { priority: record.priority } : {}),
  };
}

export const dnsRecord = resource<RecordInputs, RecordOutputs, CloudflareClient>({
  inputs: {
    zoneId: { type: "string", required: true, replace: true },
    name: { type: "string", required: true, view: bare },
    type: { type: "string", required: true },
    ttl: { type: "integer", required: true, min: 1, max: 86_400 },
    content: { type: "string", view: bare },
    proxied: { type: "boolean", default: false },
    comment: { type: "string", default: "" },
    tags: { type: "array", set: true, default: [], items: { type: "string" } },
    priority: { type: "number", computed: true },
  },
  outputs: {
    createdOn: { stable: true },
    modifiedOn: {},
    proxiable: { stable: true },
    meta: { stable: true },
    includeShadowMetadata: { stable: true },
  },
  async create(inputs, { client }) {
    const made = await client.one<ApiRecord>("POST", recordPath(inputs.zoneId), bodyOf(inputs));
    return { id: made.id, outputs: outputsOf(inputs, made) };
  },
  async read(id, state, { client }) {
    // An import names zone and record; a refresh has the zone in its state.
    const [zone, recordId] = id.includes("/") ? id.split("/", 2) : [state.outputs.zoneId ?? state.inputs?.zoneId, id];
    if (!zone || !recordId)
      throw new UserError(`${id} is not the import id of a Cloudflare DNS record; expected <zone id>/<record id>.`);
    const found = await client.find(zone, recordId);
    if (!found) return null;
    const inputs = inputsOf(zone, found, state.inputs);
    return { id: recordId, inputs, outputs: outputsOf(inputs, found) };
  },
  async update(id, news, _olds, { client }) {
    // PUT puts the whole record: what the program leaves out goes back to its default, in one step.
    const changed = await client.one<ApiRecord>("PUT", recordPath(news.zoneId, id), bodyOf(news));
    return outputsOf(news, changed);
  },
  async delete(id, { outputs }, { client }) {
    const found = await client.find(outputs.zoneId, id);
    if (found) await client.one("DELETE", recordPath(outputs.zoneId, id));
  },
});

interface ApiZone {
  id: string;
  name: string;
  status?: string;
  type?: string;
  paused?: boolean;
  name_servers?: string[];
  account?: { id: string; name: string };
  created_on?: string;
  modified_on?: string;
}

export const getZone = invoke<{ zoneId?: string; filter?: { name?: string } }, CloudflareClient>(
  async (args, { client }) => {
    let zone: ApiZone | undefined;
    if (args.zoneId) zone = await client.one<ApiZone>("GET", `/zones/${encodeURIComponent(args.zoneId)}`);
    else {
      const name = args.filter?.name;
      if (!name)
        throw new UserError("cloudflare.getZone: neither zoneId nor filter.name is given; expected one of them.");
      const found = await client.all<ApiZone>("/zones", { name });
      if (found.length !== 1) {
        throw new UserError(
          `cloudflare.getZone: ${found.length} zones are named ${name}; expected exactly one. Correct dns[].zone, or give the zone's id.`,
        );
      }
      zone = found[0];
    }
    const { id, name, status, type, paused, name_servers, account, created_on, modified_on } = zone as ApiZone;
    return {
      id,
      zoneId: id,
      name,
      status: status ?? "active",
      type: type ?? "full",
      paused: paused ?? false,
      nameServers: name_servers ?? [],
      account: account ?? { id: "", name: "" },
      createdOn: created_on ?? "",
      modifiedOn: modified_on ?? "",
      permissions: [],
      ...(args.filter ? { filter: { match: "all", ...args.filter } } : {}),
    };
  },
);

interface NameFilter {
  exact?: string;
  contains?: string;
  startswith?: string;
  endswith?: string;
}

interface RecordsArgs {
  zoneId?: string;
  type?: string;
  name?: NameFilter;
  content?: NameFilter;
  maxItems?: number;
}

export const getDnsRecords = invoke<RecordsArgs, CloudflareClient>(async (args, { client }) => {
  if (!args.zoneId) throw new UserError("cloudflare.getDnsRecords: zoneId is missing; expected the id of a zone.");
  const query: Record<string, string | undefined> = { type: args.type };
  for (const field of ["name", "content"] as const) {
    for (const [how, value] of Object.entries(args[field] ?? {})) query[`${field}.${how}`] = value;
  }
  const records = await client.all<ApiRecord>(recordPath(args.zoneId), query);
  return {
    ...args,
    direction: "asc",
    match: "all",
    order: "type",
    proxied: false,
    tagMatch: "all",
    includeShadowMetadata: false,
    results: records.slice(0, args.maxItems ?? 1000).map((r) => ({
      id: r.id,
      name: r.name,
      type: r.type,
      ttl: r.ttl,
      content: r.content,
      proxied: r.proxied ?? false,
      proxiable: r.proxiable ?? false,
      comment: r.comment ?? "",
      tags: r.tags ?? [],
      createdOn: r.created_on ?? "",
      modifiedOn: r.modified_on ?? "",
      meta: "{}",
    })),
  };
});

function token(): string {
  const value = process.env.CLOUDFLARE_API_TOKEN;
  if (!value)
    throw new UserError(
      "CLOUDFLARE_API_TOKEN is not set; expected an API token with DNS rights on the zone in the environment.",
    );
  return `Bearer ${value}`;
}

/** The sandbox's stand-in for the `cloudflare` plug-in: DNS records and zones, at `cloudflare:baseUrl` on loopback. */
export function cloudflareProvider(): ProviderSpec<CloudflareClient> {
  const ignored = Object.fromEntries(
    ["apiKey", "apiToken", "apiUserServiceKey", "email", "userAgentOperatorSuffix"].map(
      (key): [string, PropertySpec] => [key, { type: "any" }],
    ),
  );
  return {
    name: "cloudflare",
    version: "6.22.1",
    config: { baseUrl: { type: "string" }, ...ignored },
    configure({ config, clock, signal }) {
      const baseUrl = loopbackUrl("cloudflare", "cloudflare:baseUrl", config.baseUrl as string | undefined);
      // Asked for at once: a missing token is not a broken connection, and a stand-in is only started to be used.
      const authorization = token();
      return new CloudflareClient(new HttpClient({ baseUrl, clock, signal, authorize: async () => authorization }));
    },
    resources: { "cloudflare:index/dnsRecord:DnsRecord": dnsRecord },
    invokes: {
      "cloudflare:index/getZone:getZone": getZone,
      "cloudflare:index/getDnsRecords:getDnsRecords": getDnsRecords,
    },
  };
}
