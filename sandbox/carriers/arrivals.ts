import type { Random } from "../random";

/** More arrivals than this are not made up for after a stall: the rest is skipped, as nobody dials in a burst. */
const CATCH_UP_MAX = 20;

/** Independent arrivals at a rate that can be changed while it runs (a Poisson process by the wall clock). */
export class Arrivals {
  #rate = 0;
  #dueMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly random: Random,
    private readonly onArrival: () => void,
  ) {}

  /** Arrivals a second; 0 stops them. Throws RangeError for a negative or endless rate. */
  setRate(perSecond: number): void {
    if (!(perSecond >= 0 && perSecond <= 10_000))
      throw new RangeError(`a rate of ${perSecond} calls a second: expected 0 to 10,000`);
    if (perSecond === this.#rate) return;
    this.#rate = perSecond;
    clearTimeout(this.#timer);
    if (perSecond === 0) return;
    // Memoryless: the wait for the next arrival starts anew without changing the process.
    this.#dueMs = performance.now() + this.#gapMs();
    this.#arm();
  }

  #gapMs(): number {
    return this.random.exponential(1000 / this.#rate);
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#dueMs - performance.now()));
  }

  #run(): void {
    const now = performance.now();
    for (let made = 0; this.#dueMs <= now && this.#rate > 0; ) {
      if (made < CATCH_UP_MAX) this.onArrival();
      made++;
      this.#dueMs += this.#gapMs();
    }
    if (this.#rate > 0) this.#arm();
  }
}
