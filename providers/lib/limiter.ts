import type { Clock } from "./clock";

/** Least wait for an empty bucket, seconds: many callers wait together instead of each asking the clock for a fraction. */
const WAIT_SECONDS_MIN = 1;

/**
 * A token bucket: `count` requests at once, refilled evenly over `seconds`. The clock is asked only when the bucket is empty,
 * so that a clock behind HTTP does not double the requests.
 */
export class Budget {
  private left: number;
  private since: Promise<Date> | undefined;
  private refill: Promise<void> | undefined;

  constructor(
    private readonly count: number,
    private readonly seconds: number,
    private readonly clock: Clock,
    private readonly onWait?: (seconds: number) => void,
  ) {
    this.left = count;
  }

  /** Resolves when one request may go; rejects when `signal` is aborted while it waits. */
  async take(signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (this.left >= 1) {
        this.left--;
        // Refill counts from the first draw: what is left over before that is no credit.
        this.since ??= this.clock.now();
        await this.since;
        return;
      }
      this.refill ??= this.wait(signal).finally(() => {
        this.refill = undefined;
      });
      await this.refill;
    }
  }

  private async wait(signal?: AbortSignal): Promise<void> {
    await this.credit();
    if (this.left >= 1) return;
    const rest = Math.max(WAIT_SECONDS_MIN, ((1 - this.left) * this.seconds) / this.count);
    this.onWait?.(rest);
    await this.clock.sleep(rest, signal);
    await this.credit();
  }

  /** Adds what the time since the last look has earned. */
  private async credit(): Promise<void> {
    const [since, now] = [await this.since, await this.clock.now()];
    const passed = since ? Math.max(0, now.getTime() - since.getTime()) / 1000 : 0;
    this.left = Math.min(this.count, this.left + (passed * this.count) / this.seconds);
    this.since = Promise.resolve(now);
  }
}
