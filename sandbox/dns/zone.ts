import type { Answer } from "dns-packet";
import type { Random } from "../random";
import { absolute, isWithin, parentOf } from "./names";
import { type RecordType, toAnswer } from "./rdata";

/** One resource record set: what a name server answers for a name and type. */
export interface RecordSet {
  /** Lower case, no trailing dot. */
  name: string;
  type: RecordType;
  /** 0 to 2^31-1 (RFC 2181 section 8). */
  ttlSeconds: number;
  /** Record data in presentation form (RFC 1035 section 5.1), host names without trailing dot. */
  values: string[];
  /** Route 53's weighted sets: several sets of one name and type, told apart by this. */
  setIdentifier?: string;
  /** 0 to 255; share = weight / sum of weights. */
  weight?: number;
}

/** What an authoritative server says, before it is put on the wire. */
export interface LookupResult {
  rcode: "NOERROR" | "NXDOMAIN";
  answers: Answer[];
  /** The SOA record of a negative answer (RFC 2308 section 3). */
  authorities: Answer[];
}

const CNAME_HOPS_MAX = 8;

/** Record sets by name. */
export class RecordStore {
  readonly origin: string;
  protected readonly sets = new Map<string, RecordSet[]>();

  constructor(origin: string, sets: readonly RecordSet[] = []) {
    this.origin = origin;
    for (const set of sets) this.sets.set(set.name, [...this.of(set.name), set]);
  }

  /** The sets of one name; empty when it has none. */
  of(name: string): readonly RecordSet[] {
    return this.sets.get(name) ?? [];
  }

  /** Puts `sets` in the place of all that `name` has; an empty list removes the name. */
  replace(name: string, sets: readonly RecordSet[]): void {
    if (sets.length === 0) this.sets.delete(name);
    else this.sets.set(name, [...sets]);
  }

  all(): RecordSet[] {
    return [...this.sets.values()].flat();
  }
}

/** One copy of a zone, as its name servers have it. */
export class Zone extends RecordStore {
  /** Raised by each publication (RFC 1035 section 3.3.13). */
  serial = 1;
  readonly #random: Random;
  /** Names that own no record but have one below them (RFC 4592 section 2.2.2). */
  #emptyNonTerminals: Set<string> | undefined;

  /** @throws Error when the apex has no SOA record set. */
  constructor(origin: string, sets: readonly RecordSet[], random: Random) {
    super(origin, sets);
    this.#random = random;
    if (!this.of(origin).some((set) => set.type === "SOA")) throw new Error(`zone ${origin} has no SOA record set`);
  }

  override replace(name: string, sets: readonly RecordSet[]): void {
    super.replace(name, sets);
    this.serial++;
    this.#emptyNonTerminals = undefined;
  }

  /**
   * Answers a question by RFC 1034 section 4.3.2: exact match, CNAME followed inside the zone, wildcard, else NODATA or NXDOMAIN
   * with the SOA record. `name` must lie in the zone.
   */
  lookup(name: string, type: string): LookupResult {
    const answers: Answer[] = [];
    let at = name;
    for (let hop = 0; hop <= CNAME_HOPS_MAX; hop++) {
      const sets = this.#match(at);
      if (!sets) {
        // A CNAME that leads nowhere inside the zone ends in NXDOMAIN too (RFC 2308 section 2.1).
        return { rcode: "NXDOMAIN", answers, authorities: [this.#negativeSoa()] };
      }
      const wanted = sets.filter((set) => type === "ANY" || set.type === type);
      if (wanted.length > 0) {
        for (const set of this.#choose(wanted)) answers.push(...this.#records(set, at));
        return { rcode: "NOERROR", answers, authorities: [] };
      }
      const alias = this.#choose(sets.filter((set) => set.type === "CNAME"))[0];
      const target = alias?.values[0];
      if (!alias || !target) return { rcode: "NOERROR", answers, authorities: [this.#negativeSoa()] };
      answers.push(...this.#records(alias, at));
      at = target.toLowerCase();
      if (!isWithin(at, this.origin)) return { rcode: "NOERROR", answers, authorities: [] };
    }
    return { rcode: "NOERROR", answers, authorities: [] };
  }

  /** The record sets that answer for `name`; [] = the name exists without any; null = no such name. */
  #match(name: string): readonly RecordSet[] | null {
    const own = this.sets.get(name);
    if (own) return own;
    if (this.#nonTerminals().has(name)) return [];
    // Closest encloser: the longest existing ancestor; only its own wildcard may answer (RFC 4592 section 3.3.1).
    for (let up = parentOf(name); isWithin(up, this.origin); up = parentOf(up)) {
      const wild = this.sets.get(`*.${up}`);
      if (wild) return wild;
      if (up === this.origin || this.sets.has(up) || this.#nonTerminals().has(up)) return null;
    }
    return null;
  }

  #nonTerminals(): Set<string> {
    if (this.#emptyNonTerminals) return this.#emptyNonTerminals;
    const found = new Set<string>();
    for (const name of this.sets.keys()) {
      for (let up = parentOf(name); up !== this.origin && isWithin(up, this.origin); up = parentOf(up)) {
        if (!this.sets.has(up)) found.add(up);
      }
    }
    this.#emptyNonTerminals = found;
    return found;
  }

  /** Of weighted sets of one type only one answers, drawn by weight; plain sets all do. */
  #choose(sets: readonly RecordSet[]): readonly RecordSet[] {
    const weighted = sets.filter((set) => set.setIdentifier !== undefined);
    if (weighted.length < 2) return sets;
    const total = weighted.reduce((sum, set) => sum + (set.weight ?? 0), 0);
    // All weights 0: each is as likely as any other (Route 53, weighted routing).
    if (total === 0) return [this.#random.pick(weighted)];
    let left = this.#random.next() * total;
    for (const set of weighted) {
      left -= set.weight ?? 0;
      if (left < 0) return [set];
    }
    return [weighted[weighted.length - 1] as RecordSet];
  }

  #records(set: RecordSet, owner: string): Answer[] {
    return set.values.map((value) => {
      const answer = toAnswer(owner, set.type, set.ttlSeconds, value);
      if (answer.type === "SOA") answer.data.serial = this.serial;
      return answer;
    });
  }

  #negativeSoa(): Answer {
    const set = this.of(this.origin).find((each) => each.type === "SOA") as RecordSet;
    const soa = this.#records(set, this.origin)[0] as Answer & { type: "SOA" };
    soa.ttl = Math.min(set.ttlSeconds, soa.data.minimum ?? set.ttlSeconds);
    return soa;
  }
}

/** SOA and NS sets of a zone apex. `negativeSeconds` bounds how long a resolver may remember that a name does not exist. */
export function apexSets(
  origin: string,
  nameServers: readonly string[],
  mailbox: string,
  negativeSeconds: number,
): RecordSet[] {
  const soa = `${absolute(nameServers[0] ?? origin)} ${absolute(mailbox)} 1 7200 900 1209600 ${negativeSeconds}`;
  return [
    { name: origin, type: "NS", ttlSeconds: 172_800, values: [...nameServers] },
    { name: origin, type: "SOA", ttlSeconds: 900, values: [soa] },
  ];
}
