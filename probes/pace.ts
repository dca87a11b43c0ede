/**
 * Spreads work evenly: so many units a second at most, whoever asks. Wall time, not the world's: a trunk counts calls as they arrive.
 * @param perSecond above 0.
 */
export class Pace {
  private freeAtMs = 0;
  private before: Promise<unknown> = Promise.resolve();

  constructor(private readonly perSecond: number) {}

  /** Waits for its turn and takes one unit. */
  turn(): Promise<void> {
    const mine = this.before.then(() => this.wait()).then(() => this.took(1));
    this.before = mine;
    return mine;
  }

  /** Work of which only its end tells how many units it was: nobody else has a turn meanwhile. */
  async alone<T>(work: () => Promise<T>, units: (done: T) => number): Promise<T> {
    const mine = this.before
      .then(() => this.wait())
      .then(async () => {
        const from = performance.now();
        const done = await work();
        this.freeAtMs = from + (units(done) * 1000) / this.perSecond;
        return done;
      });
    this.before = mine.catch(() => undefined);
    return mine;
  }

  /** Until all that was taken has been spread: who comes next, in another process too, starts with nothing owed. */
  async settle(): Promise<void> {
    await this.before;
    await this.wait();
  }

  private async wait(): Promise<void> {
    const left = this.freeAtMs - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  }

  private took(units: number): void {
    this.freeAtMs = Math.max(this.freeAtMs, performance.now()) + (units * 1000) / this.perSecond;
  }
}
