/** Bounded parallelism: at most `n` holders at a time, served in order. */
export class Slots {
  private readonly waiting: (() => void)[] = [];
  private free: number;

  constructor(n: number) {
    this.free = n;
  }

  /** Runs `work` when a slot is free. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((go) => this.waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}

/** For an operation that nothing can abort. */
export const DEFAULT_ABORT = (): void => undefined;
