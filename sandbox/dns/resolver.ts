import { isIPv4 } from "node:net";
import { type Answer, RECURSION_AVAILABLE, type SoaAnswer, type StringAnswer } from "dns-packet";
import type { Random } from "../random";
import { query } from "./client";
import type { Directory, View } from "./directory";
import { isWithin, normalName } from "./names";
import { DnsListener, type Reply } from "./wire";

/**
 * How a resolver treats the TTL it was given. `clamp-low` keeps an answer at least `clampSeconds`, `clamp-high` at most; `stale` hands
 * out an expired answer for 30 s while it refreshes (RFC 8767, as unbound's `serve-expired` does by default); `pinned` keeps the first
 * answer until it is flushed; `failing` answers SERVFAIL.
 */
export type ResolverKind = "honest" | "clamp-low" | "clamp-high" | "stale" | "pinned" | "failing";

export interface ResolverOptions {
  name: string;
  kind: ResolverKind;
  view: View;
  /** Bound of the clamping kinds; default 600 s low, 60 s high. */
  clampSeconds?: number;
  directory: Directory;
  clock: { nowMs(): number };
  /** Draws the name server asked at each miss. */
  random: Random;
  /** Seconds ago that somebody else had this answer fetched, up to its TTL; default 0: nobody else uses this resolver. */
  fetchedAgo?: (name: string, ttlSeconds: number) => number;
  /** Told of every answer handed out: the name, the end of its CNAME chain (null without one) and the TTL. */
  onAnswer?: (name: string, target: string | null, ttlSeconds: number) => void;
}

/** What a name leads to. */
export interface Resolution {
  name: string;
  /** End of the CNAME chain; the name itself when it has no CNAME. */
  target: string;
  /** CNAME records on the way, TTLs as handed out now. */
  chain: { name: string; target: string; ttlSeconds: number }[];
  addresses: string[];
  /** Seconds for which all of this may be kept: the smallest TTL on the way. */
  ttlSeconds: number;
  /** Same as `ttlSeconds`. */
  ttl: number;
}

interface CacheEntry {
  rcode: "NOERROR" | "NXDOMAIN";
  records: Answer[];
  soa?: Answer;
  storedMs: number;
  ttlSeconds: number;
  refreshing?: boolean;
}

interface Found {
  rcode: "NOERROR" | "NXDOMAIN";
  answers: Answer[];
  soa?: Answer;
}

const STALE_REPLY_SECONDS = 30;
/** RFC 8767 section 5: one to three days. */
const STALE_MAX_SECONDS = 3 * 86_400;
const TTL_MAX_SECONDS = 86_400;
/** RFC 2308 section 5: one to three hours are sensible. */
const NEGATIVE_MAX_SECONDS = 3 * 3_600;
const CHAIN_MAX = 12;
const UPSTREAM_TIMEOUT_MS = 800;

const isCname = (answer: Answer): answer is StringAnswer => answer.type === "CNAME";

/** A caching resolver: in process through `resolve`, and over UDP and TCP once `listen` was called. */
export class CachingResolver {
  readonly name: string;
  readonly kind: ResolverKind;
  readonly view: View;
  readonly #o: ResolverOptions;
  readonly #cache = new Map<string, CacheEntry>();
  readonly #asking = new Map<string, Promise<CacheEntry>>();
  #listener: DnsListener | undefined;

  constructor(options: ResolverOptions) {
    this.name = options.name;
    this.kind = options.kind;
    this.view = options.view;
    this.#o = options;
  }

  /** `ip:port` when listening, else "". */
  get address(): string {
    return this.#listener?.address ?? "";
  }

  listen(host: string): Promise<string> {
    this.#listener = new DnsListener(host, (question) => this.#reply(normalName(question.name), question.type));
    return this.#listener.listen();
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  /** Holds a CNAME as if somebody had asked for it `ageSeconds` ago; what it holds freshly, and what a failing one holds, stays. */
  remember(name: string, target: string, ttlSeconds: number, ageSeconds: number): void {
    const held = this.#cache.get(`${name}|CNAME`);
    const nowMs = this.#o.clock.nowMs();
    const fresh = held && (this.kind === "pinned" || nowMs < held.storedMs + held.ttlSeconds * 1000);
    if (fresh || this.kind === "failing") return;
    const ttl = this.#clamp(ttlSeconds);
    const records: Answer[] = [{ name, type: "CNAME", class: "IN", ttl, data: target }];
    const age = Math.min(ageSeconds, ttl) * 1000;
    this.#keep(name, "CNAME", { rcode: "NOERROR", records, storedMs: nowMs - age, ttlSeconds: ttl });
  }

  /** Forgets all answers, as a restart does. */
  flush(): void {
    this.#cache.clear();
  }

  /**
   * Resolves a host name to its IPv4 addresses through the cache; an address stands for itself.
   * @throws Error with the response code when the name does not exist, has no address, or no name server answers.
   */
  async resolve(host: string): Promise<Resolution> {
    if (isIPv4(host))
      return {
        name: host,
        target: host,
        chain: [],
        addresses: [host],
        ttlSeconds: TTL_MAX_SECONDS,
        ttl: TTL_MAX_SECONDS,
      };
    const name = normalName(host);
    const { rcode, answers } = await this.#chase(name, "A");
    const chain: Resolution["chain"] = [];
    const addresses: string[] = [];
    let ttlSeconds = TTL_MAX_SECONDS;
    for (const answer of answers) {
      if (answer.type === "CNAME")
        chain.push({ name: normalName(answer.name), target: normalName(answer.data), ttlSeconds: answer.ttl ?? 0 });
      else if (answer.type === "A") addresses.push(answer.data);
      else continue;
      ttlSeconds = Math.min(ttlSeconds, answer.ttl ?? 0);
    }
    const target = chain.at(-1)?.target ?? name;
    if (addresses.length === 0)
      throw new Error(`resolver ${this.name}: ${rcode === "NOERROR" ? "no address" : rcode} for ${host}`);
    return { name, target, chain, addresses, ttlSeconds, ttl: ttlSeconds };
  }

  async #reply(name: string, type: string): Promise<Reply> {
    try {
      const { rcode, answers, soa } = await this.#chase(name, type);
      return { rcode, flags: RECURSION_AVAILABLE, answers, authorities: soa ? [soa] : [] };
    } catch {
      return { rcode: "SERVFAIL", flags: RECURSION_AVAILABLE };
    }
  }

  /** Follows CNAMEs from `name`, over zones, to records of `type`. @throws Error when a server fails or the chain does not end. */
  async #chase(name: string, type: string): Promise<Found> {
    if (this.kind === "failing") throw new Error(`resolver ${this.name}: SERVFAIL`);
    const answers: Answer[] = [];
    let at = name;
    for (let hop = 0; hop < CHAIN_MAX; hop++) {
      const { entry, ttlSeconds } = await this.#entry(at, type);
      const aged = entry.records.map((record) => ({ ...record, ttl: ttlSeconds }) as Answer);
      answers.push(...aged);
      const alias = type === "CNAME" ? undefined : aged.find(isCname);
      if (!alias) {
        const soa = entry.soa && ({ ...entry.soa, ttl: ttlSeconds } as Answer);
        const target = answers.findLast(isCname);
        this.#o.onAnswer?.(name, target ? normalName(target.data) : null, target?.ttl ?? ttlSeconds);
        return { rcode: entry.rcode, answers, soa };
      }
      at = normalName(alias.data);
    }
    throw new Error(`resolver ${this.name}: the CNAME chain from ${name} has more than ${CHAIN_MAX} links`);
  }

  /** What is known of one name (its CNAME, else its records of `type`), from the cache when the kind allows, with the TTL to hand out. */
  async #entry(name: string, type: string): Promise<{ entry: CacheEntry; ttlSeconds: number }> {
    const alias = this.#cache.get(`${name}|CNAME`);
    const cached = alias && alias.records.length > 0 ? alias : this.#cache.get(`${name}|${type}`);
    const ageSeconds = cached ? Math.floor((this.#o.clock.nowMs() - cached.storedMs) / 1000) : 0;
    if (cached) {
      if (this.kind === "pinned") return { entry: cached, ttlSeconds: cached.ttlSeconds };
      if (ageSeconds < cached.ttlSeconds) return { entry: cached, ttlSeconds: cached.ttlSeconds - ageSeconds };
      if (this.kind === "stale" && ageSeconds < cached.ttlSeconds + STALE_MAX_SECONDS) {
        this.#refresh(cached, name, type);
        return { entry: cached, ttlSeconds: STALE_REPLY_SECONDS };
      }
    }
    const entry = await this.#ask(name, type);
    const agoSeconds = Math.floor((this.#o.clock.nowMs() - entry.storedMs) / 1000);
    return { entry, ttlSeconds: Math.max(0, entry.ttlSeconds - agoSeconds) };
  }

  /** Asks in the background; the stale answer was given already. */
  #refresh(cached: CacheEntry, name: string, type: string): void {
    if (cached.refreshing) return;
    cached.refreshing = true;
    this.#ask(name, type)
      .catch(() => {})
      .finally(() => {
        cached.refreshing = false;
      });
  }

  /** Asks a name server, once for all who ask the same at the same time. */
  #ask(name: string, type: string): Promise<CacheEntry> {
    const key = `${name}|${type}`;
    const running = this.#asking.get(key);
    if (running) return running;
    const asked = this.#askServers(name, type).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    return asked;
  }

  async #askServers(name: string, type: string): Promise<CacheEntry> {
    const { origin, servers } = this.#o.directory.serversFor(name, this.view);
    let failure: unknown = new Error(`resolver ${this.name}: no name server known for ${name}`);
    // A server that does not answer is left for the next one; which one is asked first is drawn anew at every miss.
    for (const server of this.#o.random.shuffle(servers)) {
      try {
        const reply = await query(server, name, type, { timeoutMs: UPSTREAM_TIMEOUT_MS });
        if (reply.rcode === "NOERROR" || reply.rcode === "NXDOMAIN")
          return this.#store(name, type, origin, reply.rcode, reply);
        failure = new Error(`resolver ${this.name}: ${server} answered ${reply.rcode} for ${name}`);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Keeps each record set of a reply under its own name; what is not of the server's zone is not believed (RFC 5452 section 6). */
  #store(
    name: string,
    type: string,
    origin: string,
    rcode: "NOERROR" | "NXDOMAIN",
    reply: { answers?: Answer[]; authorities?: Answer[] },
  ) {
    const storedMs = this.#o.clock.nowMs();
    const believed = (reply.answers ?? []).filter((answer) => isWithin(normalName(answer.name), origin));
    const soa = reply.authorities?.find((answer): answer is SoaAnswer => answer.type === "SOA");
    let first: CacheEntry | undefined;
    let at = name;
    for (let hop = 0; hop < CHAIN_MAX; hop++) {
      const own = believed.filter((answer) => normalName(answer.name) === at);
      const alias = type === "CNAME" ? undefined : own.find(isCname);
      const records = alias ? [alias] : own.filter((answer) => answer.type === type);
      // Past a CNAME that leaves the zone nothing was said about the target: it is asked for by itself.
      if (records.length === 0 && at !== name && !isWithin(at, origin)) break;
      const negative = records.length === 0;
      const entry: CacheEntry = negative
        ? { rcode, records, soa, storedMs, ttlSeconds: this.#negativeTtl(soa) }
        : {
            rcode: "NOERROR",
            records,
            storedMs,
            ttlSeconds: this.#clamp(Math.min(...records.map((each) => (each.type === "OPT" ? 0 : (each.ttl ?? 0))))),
          };
      const ago = negative ? 0 : (this.#o.fetchedAgo?.(at, entry.ttlSeconds) ?? 0);
      entry.storedMs -= Math.floor(Math.min(ago, Math.max(0, entry.ttlSeconds - 1))) * 1000;
      this.#keep(at, alias ? "CNAME" : type, entry);
      first ??= entry;
      if (!alias) break;
      at = normalName(alias.data);
    }
    return first as CacheEntry;
  }

  #keep(name: string, type: string, entry: CacheEntry): void {
    // A name has a CNAME or other records, never both: what it had before the change must not linger beside the new.
    if (type !== "CNAME") this.#cache.delete(`${name}|CNAME`);
    this.#cache.set(`${name}|${type}`, entry);
  }

  #clamp(ttlSeconds: number): number {
    const { clampSeconds } = this.#o;
    if (this.kind === "clamp-low") return Math.max(ttlSeconds, clampSeconds ?? 600);
    if (this.kind === "clamp-high") return Math.min(ttlSeconds, clampSeconds ?? 60);
    return Math.min(ttlSeconds, TTL_MAX_SECONDS);
  }

  /** RFC 2308 section 5: the smaller of the SOA record's TTL and its minimum field. */
  #negativeTtl(soa: SoaAnswer | undefined): number {
    if (!soa) return 0;
    return this.#clamp(Math.min(soa.ttl ?? 0, soa.data.minimum ?? 0, NEGATIVE_MAX_SECONDS));
  }
}
