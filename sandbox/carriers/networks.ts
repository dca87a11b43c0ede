import type { WorldTime } from "../porting/port-order";
import type { PortRegistry } from "../porting/registry";
import type { Random } from "../random";

export type CarrierSide = "losing" | "gaining";

export interface NetworksOptions {
  clock: WorldTime;
  random: Random;
  ports: PortRegistry;
  /** Default five. */
  names?: readonly string[];
  /** World minutes until a network has learned of a port, at least and at most; drawn per network and port. Default 2 to 480. */
  learnMinutes?: readonly [number, number];
  /** Numbers that were never anywhere else than at the gaining carrier: shadow and test numbers. */
  ownNumbers: readonly string[];
}

const DEFAULT_NAMES = ["Northern Mobile", "Harbour Telecom", "Valley Cable", "Metro Fixed", "Transit One"] as const;
const MINUTE_MS = 60_000;

/**
 * The networks that callers are on. Each keeps its own copy of who serves a ported number and learns of changes in its own
 * time (routing databases are broadcast in minutes, but networks cache them for hours).
 */
export class Networks {
  readonly names: readonly string[];
  #known = new Map<string, Set<string>>();
  #own: Set<string>;

  constructor(private readonly o: NetworksOptions) {
    this.names = o.names ?? DEFAULT_NAMES;
    this.#own = new Set(o.ownNumbers);
    for (const name of this.names) this.#known.set(name, new Set());
    o.ports.on("activated", (numbers: string[]) => this.#broadcast(numbers));
    o.ports.on("reverted", (numbers: string[]) => this.#broadcast(numbers));
  }

  /** Which carrier this network sends a call for the number to, now. Throws RangeError for a network there is not. */
  carrierOf(number: string, network: string): CarrierSide {
    const known = this.#known.get(network);
    if (!known) throw new RangeError(`there is no network "${network}": expected one of ${this.names.join(", ")}`);
    return this.#own.has(number) || known.has(number) ? "gaining" : "losing";
  }

  #broadcast(numbers: string[]): void {
    const now = this.o.clock.now().getTime();
    const [min, max] = this.o.learnMinutes ?? [2, 480];
    for (const name of this.names) {
      const drawn = this.o.random.stream(`network/${name}/${numbers[0]}`).next();
      // Squared: most networks learn within minutes, the last ones take the whole time.
      const due = new Date(now + (min + drawn * drawn * (max - min)) * MINUTE_MS);
      this.o.clock.at(due, "network-learns", `${name}: ${numbers.length} numbers from ${numbers[0]}`, () =>
        this.#learn(name, numbers),
      );
    }
  }

  /** What a network learns is how things are by then: a port that was taken back meanwhile is not learned any more. */
  #learn(name: string, numbers: string[]): void {
    const known = this.#known.get(name)!;
    for (const number of numbers) {
      if (this.o.ports.isActive(number)) known.add(number);
      else known.delete(number);
    }
  }
}
