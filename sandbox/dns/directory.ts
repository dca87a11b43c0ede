import type { DnsView } from "../../model/types";
import { isWithin } from "./names";

export type View = DnsView;

interface Delegation {
  origin: string;
  view: View;
  address: string;
}

/** Which name servers serve which zone: what resolvers would learn from the root downwards. */
export class Directory {
  readonly #delegations: Delegation[] = [];

  /** Adds one name server (`ip:port`) of a zone. Two providers of one zone are two such entries. */
  delegate(origin: string, view: View, address: string): void {
    this.#delegations.push({ origin, view, address });
  }

  /**
   * The name servers of the closest zone above `name`. Inside the private view a private zone hides the public one of the same or a
   * higher name (Route 53, split-view DNS).
   * @returns no servers when no zone holds the name.
   */
  serversFor(name: string, view: View): { origin: string; servers: string[] } {
    const holding = this.#delegations.filter(
      (each) => isWithin(name, each.origin) && (each.view === "public" || view === "private"),
    );
    const origin = holding.reduce((best, each) => (each.origin.length > best.length ? each.origin : best), "");
    const closest = holding.filter((each) => each.origin === origin);
    const own = closest.filter((each) => each.view === "private");
    return { origin, servers: (own.length > 0 ? own : closest).map((each) => each.address) };
  }
}
