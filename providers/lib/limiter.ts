import type { Clock } from "./clock";

/**
 * A budget of `count` requests per `seconds`, filled up again `seconds` after it was first drawn from, as Genesys counts its
 * 300 requests a minute. The clock is asked only when the budget runs out, so that a far clock does not double the requests.
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

  /** Resolves when one request may go. Order of callers is kept as far as the refill allows. */
  async take(signal?: AbortSignal): Promise<void> {
    for (;;) {
      this.since ??= this.clock.now();
      if (this.left > 0) {
        this.left--;
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
    const since = await (this.since ?? this.clock.now());
    const passed = ((await this.clock.now()).getTime() - since.getTime()) / 1000;
    const rest = this.seconds - passed;
    if (rest > 0) {
      this.onWait?.(rest);
      await this.clock.sleep(rest, signal);
    }
    this.left = this.count;
    this.since = undefined;
  }
}
