import type { DnsProvider } from "../../model/types";
import type { Random } from "../random";
import type { View } from "./directory";
import { apexSets, type RecordSet, RecordStore, Zone } from "./zone";

/** One provider's copy of a zone in one view: what its API holds and what its name servers answer, which is a moment behind. */
export class ZoneCopy {
  readonly provider: DnsProvider;
  readonly view: View;
  readonly origin: string;
  /** Route 53: `Z` and 19 letters or digits. Cloudflare: 32 hexadecimal digits. */
  readonly id: string;
  readonly nameServers: readonly string[];
  /** The provider's data base: what its API reads and changes. */
  readonly held: RecordStore;
  /** What the name servers answer. */
  readonly served: Zone;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Told of each name, with what was served until now, at the moment before its new record sets are served. */
  onChange?: (name: string, old: readonly RecordSet[]) => void;

  constructor(options: {
    provider: DnsProvider;
    view: View;
    origin: string;
    records: readonly RecordSet[];
    random: Random;
  }) {
    const { provider, view, origin, random } = options;
    this.provider = provider;
    this.view = view;
    this.origin = origin;
    const ids = random.stream(`${provider}/${view}/${origin}`);
    this.id = provider === "route53" ? `Z${ids.hex(19).toUpperCase()}` : ids.hex(32);
    this.nameServers = nameServersOf(provider, ids);
    const mailbox = provider === "route53" ? "awsdns-hostmaster.amazon.com" : "dns.cloudflare.com";
    const sets = [
      ...apexSets(origin, this.nameServers, mailbox, provider === "route53" ? 86_400 : 1_800),
      ...options.records,
    ];
    this.held = new RecordStore(origin, sets);
    this.served = new Zone(origin, sets, random.stream(`answers/${provider}/${view}/${origin}`));
  }

  /**
   * Brings names from the data base to the name servers after `delayMs` of wall time. What is then in `held` is served, so that of two
   * changes soon after one another the later stands. @returns resolves once they are served.
   */
  publish(
    names: readonly string[],
    delayMs: number,
    as: (name: string) => readonly RecordSet[] = (name) => this.held.of(name),
  ): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        for (const name of new Set(names)) {
          this.onChange?.(name, this.served.of(name));
          this.served.replace(name, as(name));
        }
        resolve();
      }, delayMs);
      this.#timers.add(timer);
    });
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

function nameServersOf(provider: DnsProvider, ids: Random): string[] {
  if (provider === "cloudflare") return ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"];
  return ["com", "net", "org", "co.uk"].map(
    (top) => `ns-${ids.int(1, 2047)}.awsdns-${String(ids.int(0, 63)).padStart(2, "0")}.${top}`,
  );
}
