import type { Random } from "../random";
import type { ZoneCopy } from "./copies";
import { isWithin, nameProblem, normalName } from "./names";
import { isRecordType, type RecordType, valueProblem } from "./rdata";
import type { RecordSet } from "./zone";

/** An error as the Cloudflare API reports it. */
export class CloudflareError extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** One record as the API shows it. `ttl` 1 means automatic, served as 300 s. */
export interface CloudflareRecord {
  id: string;
  name: string;
  type: RecordType;
  content: string;
  data?: Record<string, unknown>;
  priority?: number;
  ttl: number;
  proxied: boolean;
  proxiable: boolean;
  comment: string | null;
  tags: string[];
  settings: Record<string, unknown>;
  meta: Record<string, unknown>;
  created_on: string;
  modified_on: string;
}

/** What a caller sends; every field may be missing in a PATCH. */
export type RecordInput = Partial<
  Record<"id" | "name" | "type" | "content" | "data" | "priority" | "ttl" | "proxied" | "comment" | "tags", unknown>
>;

export interface Batch {
  deletes?: RecordInput[];
  patches?: RecordInput[];
  puts?: RecordInput[];
  posts?: RecordInput[];
}

const TTL_AUTOMATIC = 1;
const TTL_AUTOMATIC_SECONDS = 300;
const TTL_MIN = 60;
const TTL_MAX = 86_400;
/** Cloudflare's own anycast addresses: what a proxied name answers instead of its content (documented at cloudflare.com/ips). */
const PROXY_ADDRESSES = ["104.16.132.229", "104.16.133.229"];
const PROXIABLE: readonly string[] = ["A", "AAAA", "CNAME"];

/** The records of one Cloudflare zone and the rules for changing them. */
export class CloudflareRecords {
  readonly copy: ZoneCopy;
  readonly #random: Random;
  readonly #now: () => Date;
  #records = new Map<string, CloudflareRecord>();

  constructor(copy: ZoneCopy, random: Random, now: () => Date) {
    this.copy = copy;
    this.#random = random;
    this.#now = now;
    for (const set of copy.held.all()) {
      // The apex SOA and NS records are Cloudflare's and not among the records of the zone.
      if (set.name === copy.origin && (set.type === "SOA" || set.type === "NS")) continue;
      for (const content of set.values)
        this.#post(this.#records, { name: set.name, type: set.type, content, ttl: set.ttlSeconds });
    }
  }

  all(): CloudflareRecord[] {
    return [...this.#records.values()];
  }

  /** @throws CloudflareError 81044 when there is no such record. */
  get(id: string): CloudflareRecord {
    return existing(this.#records, id);
  }

  /**
   * Carries out a batch as one transaction, in the order deletes, patches, puts, posts.
   * @returns the records of each kind and the names touched. @throws CloudflareError, and nothing is changed.
   */
  apply(batch: Batch): {
    deletes: CloudflareRecord[];
    patches: CloudflareRecord[];
    puts: CloudflareRecord[];
    posts: CloudflareRecord[];
    names: string[];
  } {
    const draft = new Map(this.#records);
    const names = new Set<string>();
    const replaced = (input: RecordInput, merge: boolean) => {
      const old = existing(draft, String(input.id ?? ""));
      names.add(old.name);
      const record = this.#put(draft, old, merge ? { ...old, ...input } : input);
      names.add(record.name);
      return record;
    };
    const deletes = (batch.deletes ?? []).map((input) => {
      const old = existing(draft, String(input.id ?? ""));
      draft.delete(old.id);
      names.add(old.name);
      return old;
    });
    const patches = (batch.patches ?? []).map((input) => replaced(input, true));
    const puts = (batch.puts ?? []).map((input) => replaced(input, false));
    const posts = (batch.posts ?? []).map((input) => {
      const record = this.#post(draft, input);
      names.add(record.name);
      return record;
    });
    this.#records = draft;
    for (const name of names) this.copy.held.replace(name, [...this.#apex(name), ...this.setsOf(name)]);
    return { deletes, patches, puts, posts, names: [...names] };
  }

  /** What the name servers answer for `name`: proxied records hide behind Cloudflare's addresses. */
  servedSets(name: string): RecordSet[] {
    return [...this.#apex(name), ...this.setsOf(name)];
  }

  setsOf(name: string): RecordSet[] {
    const own = this.all().filter((record) => record.name === name);
    if (own.some((record) => record.proxied)) {
      return [{ name, type: "A", ttlSeconds: TTL_AUTOMATIC_SECONDS, values: PROXY_ADDRESSES }];
    }
    const sets = new Map<RecordType, RecordSet>();
    for (const record of own) {
      const ttlSeconds = record.ttl === TTL_AUTOMATIC ? TTL_AUTOMATIC_SECONDS : record.ttl;
      const value =
        record.priority === undefined || record.type !== "MX" ? record.content : `${record.priority} ${record.content}`;
      const set = sets.get(record.type);
      if (set) set.values.push(value);
      else sets.set(record.type, { name, type: record.type, ttlSeconds, values: [value] });
    }
    return [...sets.values()];
  }

  #apex(name: string): RecordSet[] {
    if (name !== this.copy.origin) return [];
    return this.copy.served.of(name).filter((set) => set.type === "SOA" || set.type === "NS");
  }

  #post(draft: Map<string, CloudflareRecord>, input: RecordInput): CloudflareRecord {
    const now = this.#now().toISOString();
    return this.#check(draft, {
      ...fieldsOf(input, this.copy.origin),
      id: this.#random.hex(32),
      created_on: now,
      modified_on: now,
    });
  }

  #put(draft: Map<string, CloudflareRecord>, old: CloudflareRecord, input: RecordInput): CloudflareRecord {
    const fields = fieldsOf(input, this.copy.origin);
    return this.#check(draft, {
      ...fields,
      id: old.id,
      created_on: old.created_on,
      modified_on: this.#now().toISOString(),
    });
  }

  /** Refuses what cannot stand beside the other records of its name. */
  #check(draft: Map<string, CloudflareRecord>, record: CloudflareRecord): CloudflareRecord {
    for (const other of draft.values()) {
      if (other.id === record.id || other.name !== record.name) continue;
      if (other.type === record.type && other.content === record.content) {
        throw new CloudflareError(400, 81058, "An identical record already exists.");
      }
      if (record.type === "CNAME" && PROXIABLE.includes(other.type)) {
        throw new CloudflareError(400, 81053, "An A, AAAA, or CNAME record with that host already exists.");
      }
      if (other.type === "CNAME")
        throw new CloudflareError(400, 81054, "A CNAME record with that host already exists.");
      if (record.type === "CNAME") throw new CloudflareError(400, 81053, "A record with that host already exists.");
    }
    draft.set(record.id, record);
    return record;
  }
}

function existing(draft: Map<string, CloudflareRecord>, id: string): CloudflareRecord {
  const record = draft.get(id);
  if (!record) throw new CloudflareError(404, 81044, "Record does not exist.");
  return record;
}

/** Checks the fields of a whole record. @throws CloudflareError */
function fieldsOf(input: RecordInput, origin: string): Omit<CloudflareRecord, "id" | "created_on" | "modified_on"> {
  const type = String(input.type ?? "");
  if (!isRecordType(type) || type === "SOA")
    throw new CloudflareError(400, 9004, "This record type is invalid or not served by this sandbox.");
  const name = nameOf(String(input.name ?? ""), origin);
  const ttl = input.ttl === undefined ? TTL_AUTOMATIC : Number(input.ttl);
  if (!Number.isInteger(ttl) || (ttl !== TTL_AUTOMATIC && (ttl < TTL_MIN || ttl > TTL_MAX))) {
    throw new CloudflareError(
      400,
      9021,
      `Invalid TTL. Must be between ${TTL_MIN} and ${TTL_MAX} seconds, or 1 for Automatic.`,
    );
  }
  const proxiable = PROXIABLE.includes(type);
  const proxied = input.proxied === true;
  if (proxied && !proxiable) throw new CloudflareError(400, 9004, "This record type cannot be proxied.");
  const content = contentOf(type, input);
  const comment = typeof input.comment === "string" ? input.comment : null;
  const tags = Array.isArray(input.tags) ? input.tags.map(String) : [];
  const extras = {
    ...(type === "SRV" || type === "CAA" || type === "NAPTR" ? { data: input.data as Record<string, unknown> } : {}),
    ...(type === "MX" || type === "SRV"
      ? { priority: Number(input.priority ?? (input.data as { priority?: number })?.priority ?? 0) }
      : {}),
  };
  // A proxied record always has the automatic TTL, whatever was asked.
  return {
    name,
    type,
    content,
    ...extras,
    ttl: proxied ? TTL_AUTOMATIC : ttl,
    proxied,
    proxiable,
    comment,
    tags,
    settings: {},
    meta: {},
  };
}

/** A name may be given whole, relative to the zone, or as `@`. */
function nameOf(given: string, origin: string): string {
  const normal = normalName(given);
  const name = normal === "@" ? origin : isWithin(normal, origin) ? normal : `${normal}.${origin}`;
  const problem = nameProblem(name);
  if (given === "" || problem)
    throw new CloudflareError(400, 9000, `DNS name is invalid: ${problem ?? "it is empty"}.`);
  return name;
}

/** Record data in presentation form; a host name is stored without its trailing dot, as Cloudflare does. */
function contentOf(type: RecordType, input: RecordInput): string {
  const data = (input.data ?? {}) as Record<string, unknown>;
  let content = String(input.content ?? "");
  if (type === "SRV" && input.data) content = [data.priority, data.weight, data.port, data.target].join(" ");
  if (type === "CAA" && input.data) content = `${data.flags} ${data.tag} "${data.value}"`;
  if (type === "NAPTR" && input.data) {
    content = `${data.order} ${data.preference} "${data.flags}" "${data.service}" "${data.regex}" ${data.replacement}`;
  }
  if (["CNAME", "NS", "PTR", "MX"].includes(type)) content = normalName(content);
  if (type === "TXT" && !content.startsWith('"')) content = `"${content}"`;
  const expected = valueProblem(type, type === "MX" ? `${Number(input.priority ?? 0)} ${content}` : content);
  if (!expected) return content;
  const code = { A: 9005, AAAA: 9006, CNAME: 9007 }[type as string] ?? 9101;
  throw new CloudflareError(400, code, `Content for ${type} record must be ${expected}.`);
}
