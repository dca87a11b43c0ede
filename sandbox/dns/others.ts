import type { Random } from "../random";
import type { ZoneCopy } from "./copies";
import type { View } from "./directory";
import { normalName } from "./names";
import type { CachingResolver } from "./resolver";

/**
 * The other people who use the same resolvers. Because of them a resolver has a customer's name in its cache whenever somebody looks, fetched at
 * some time within the TTL: after a change each turns at a time of its own. Without them all would know a change at once, or would turn together
 * with whoever asked last.
 */
export class OtherUsers {
  readonly #random: Random;
  readonly #clock: { nowMs(): number };
  /** When a name's record last changed in a view, world ms: nobody can have fetched the new one before. */
  readonly #changedMs = new Map<string, number>();

  constructor(random: Random, clock: { nowMs(): number }) {
    this.#random = random;
    this.#clock = clock;
  }

  /** How long ago somebody had this answer fetched, seconds, less than its TTL. Names that never change here are let alone. */
  fetchedAgo(view: View, names: ReadonlySet<string>): (name: string, ttlSeconds: number) => number {
    return (name, ttlSeconds) => {
      if (!names.has(name)) return 0;
      const sinceChange = (this.#clock.nowMs() - (this.#changedMs.get(`${view}|${name}`) ?? 0)) / 1000;
      return this.#random.next() * Math.min(ttlSeconds, sinceChange);
    };
  }

  /** From now on every resolver of a record's view still holds the old record at the moment it changes. */
  watch(copies: readonly ZoneCopy[], resolvers: readonly CachingResolver[]): void {
    for (const copy of copies) {
      copy.onChange = (name, old) => {
        const alias = old.find((set) => set.type === "CNAME");
        if (!alias) return;
        const target = normalName(alias.values[0] ?? "");
        for (const resolver of resolvers.filter((each) => each.view === copy.view))
          resolver.remember(name, target, alias.ttlSeconds, this.#random.next() * alias.ttlSeconds);
        this.#changedMs.set(`${copy.view}|${name}`, this.#clock.nowMs());
      };
    }
  }
}
