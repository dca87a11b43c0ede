/** Token bucket: `burst` requests at once, `perSecond` in the long run. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #filledMs: number | undefined;

  /** @param burst tokens when full, from 1 up. @param perSecond refill, above 0. */
  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
  }

  /** Takes `count` tokens at `nowMs` (monotonic); false, and nothing taken, when there are fewer. */
  take(nowMs: number, count = 1): boolean {
    this.#fill(nowMs);
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Whether `count` tokens are there at `nowMs`; takes none. */
  has(nowMs: number, count = 1): boolean {
    this.#fill(nowMs);
    return this.#tokens >= count;
  }

  #fill(nowMs: number): void {
    const passedMs = nowMs - (this.#filledMs ?? nowMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + (passedMs / 1000) * this.#perSecond);
    this.#filledMs = nowMs;
  }
}

/** Requests that an API has answered so far. Throttled ones count as nothing else. */
export interface RequestCounts {
  reads: number;
  writes: number;
  throttled: number;
}
