import type { Random } from "../random";
import type { WorldTime } from "./port-order";
import type { PortRegistry } from "./registry";
import type { RouteSource, RouteTarget } from "./routes";

/** A number on the customer's account at the gaining carrier. */
export interface AccountNumber {
  id: string;
  number: string;
  connectionId: string | null;
  customerReference: string | null;
  translatedNumber: string | null;
  emergencyEnabled: boolean;
  emergencyAddressId: string | null;
  createdAt: Date;
}

export interface FqdnConnection {
  id: string;
  name: string;
  active: boolean;
  transport: "UDP" | "TCP" | "TLS";
  /** Whatever else the client set (`inbound`, `outbound`, ...): kept and given back. */
  extra: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

export interface Fqdn {
  id: string;
  connectionId: string;
  fqdn: string;
  port: number;
  recordType: "a" | "srv";
  createdAt: Date;
}

export interface StreetAddress {
  id: string;
  customerReference: string;
  extra: Record<string, unknown>;
  createdAt: Date;
}

export interface AccountOptions {
  clock: WorldTime;
  random: Random;
  ports: PortRegistry;
  /** Numbers on the account from the start: shadow and test numbers. They are live here without a port. */
  ownNumbers: readonly string[];
  /** References of the street addresses the customer has on file (`ADDR-NORTH`). */
  addresses: readonly string[];
}

/** What the API configures at the gaining carrier: connections, numbers, addresses. Routes follow from it. */
export class CarrierAccount implements RouteSource {
  readonly connections = new Map<string, FqdnConnection>();
  readonly fqdns = new Map<string, Fqdn>();
  readonly addresses = new Map<string, StreetAddress>();
  readonly #numbers = new Map<string, AccountNumber>();
  readonly #byId = new Map<string, AccountNumber>();
  readonly #own: Set<string>;
  #next = 0;

  constructor(private readonly o: AccountOptions) {
    this.#own = new Set(o.ownNumbers);
    for (const number of o.ownNumbers) this.ensure(number);
    for (const reference of new Set(o.addresses)) {
      const id = this.nextId();
      this.addresses.set(id, { id, customerReference: reference, extra: {}, createdAt: o.clock.now() });
    }
    // Ported numbers come onto the account when they are live; those configured before are on it already.
    o.ports.on("activated", (numbers: string[]) => {
      for (const number of numbers) this.ensure(number);
    });
  }

  /** Ids of Telnyx' numbering: 19 decimal digits. */
  nextId(): string {
    return String(1_583_466_971_586_889_004n + BigInt(this.#next++) * 977n);
  }

  /**
   * The number's record, made when it is configured for the first time. Telnyx takes configuration for a number that is still
   * to be ported in only through its port order; here the bulk job takes it as well, as a carrier's desk would.
   */
  ensure(number: string): AccountNumber {
    const known = this.#numbers.get(number);
    if (known) return known;
    const record: AccountNumber = {
      id: this.nextId(),
      number,
      connectionId: null,
      customerReference: null,
      translatedNumber: null,
      emergencyEnabled: false,
      emergencyAddressId: null,
      createdAt: this.o.clock.now(),
    };
    this.#numbers.set(number, record);
    this.#byId.set(record.id, record);
    return record;
  }

  /** By E.164 number or id. */
  find(key: string): AccountNumber | null {
    return this.#numbers.get(key) ?? this.#byId.get(key) ?? null;
  }

  numbers(): AccountNumber[] {
    return [...this.#numbers.values()];
  }

  /** Telnyx' number states: `active` serves calls, `port_pending` waits for its port. */
  statusOf(record: AccountNumber): "active" | "port_pending" {
    return this.#own.has(record.number) || this.o.ports.isActive(record.number) ? "active" : "port_pending";
  }

  /**
   * The first FQDN of a connection is dialled first, the second after a failure; `inbound.default_primary_fqdn_id` and
   * `default_secondary_fqdn_id` say otherwise when set.
   */
  routeOf(number: string): RouteTarget | null {
    const record = this.#numbers.get(number);
    const connection = record?.connectionId ? this.connections.get(record.connectionId) : undefined;
    if (!record || !connection?.active) return null;
    const list = this.fqdnsOf(connection);
    const host = list[0];
    if (!host) return null;
    return {
      key: record.customerReference ?? connection.name,
      host: host.fqdn,
      calledNumber: record.translatedNumber,
      nextHost: list[1]?.fqdn ?? null,
    };
  }

  /** FQDNs of a connection in the order they are dialled. */
  fqdnsOf(connection: FqdnConnection): Fqdn[] {
    const inbound = (connection.extra.inbound ?? {}) as Record<string, unknown>;
    const wanted = [inbound.default_primary_fqdn_id, inbound.default_secondary_fqdn_id].map((id) =>
      id ? String(id) : null,
    );
    const rank = (fqdn: Fqdn) => {
      const at = wanted.indexOf(fqdn.id);
      return at < 0 ? wanted.length : at;
    };
    // A stable sort: without a wish, the order in which they were added.
    return [...this.fqdns.values()].filter((f) => f.connectionId === connection.id).sort((a, b) => rank(a) - rank(b));
  }
}
