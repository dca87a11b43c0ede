/** The world's clock. Between jumps it runs at the rate of the wall clock; a jump runs every dated event on the way, in order. */

import { type Entry, Queue } from "./clock-queue";

/** `real`: `sleep` waits. `auto`: `sleep` moves world time forward instead, while calls keep flowing. */
export type ClockMode = "real" | "auto";

export interface ClockOptions {
  /** First instant of the world; default `defaultStart("UTC")`. */
  start?: Date;
  mode?: ClockMode;
  /** Wall milliseconds without a new sleeper or a wake-up before `auto` moves on; default 15. */
  settleMs?: number;
  /** Wall milliseconds that a jump waits for one asynchronous event before it goes on without it; default 20,000. */
  patienceMs?: number;
  /** Told of every event that failed; default: stderr. */
  onError?: (event: ClockEvent, error: unknown) => void;
}

/** One dated event, past or to come. */
export interface ClockEvent {
  at: Date;
  kind: string;
  detail: string;
  state: "to-come" | "running" | "past";
  /** Message of the error it ended with. */
  error?: string;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A jump lets the event loop turn at least this often, so that calls in progress keep their packets. */
const YIELD_EVERY_MS = 4;
/** `jump` forgives a target this far in the past: callers compute it from a `now()` that has moved on since. */
const PAST_FORGIVEN_MS = 60_000;

/** The world's time and its dated events: it runs by the wall clock, or jumps, and runs every event it comes by in order. */
export class WorldClock {
  readonly mode: ClockMode;
  #anchorWorldMs: number;
  #anchorWallMs = performance.now();
  /** While a jump runs, time stands at the instant of the event being run. */
  #frozen = false;
  #queue = new Queue();
  #order = 0;
  #events = new Set<ClockEvent>();
  #sleepers = 0;
  #turn: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #settle: NodeJS.Timeout | undefined;
  #lastStirMs = 0;
  #closed = false;
  #settleMs: number;
  #patienceMs: number;
  #onError: (event: ClockEvent, error: unknown) => void;
  #aroundMove: (() => Promise<void>)[] = [];

  constructor(options: ClockOptions = {}) {
    this.mode = options.mode ?? "real";
    this.#anchorWorldMs = (options.start ?? defaultStart("UTC")).getTime();
    if (Number.isNaN(this.#anchorWorldMs)) throw new RangeError("start is not a date");
    this.#settleMs = options.settleMs ?? 15;
    this.#patienceMs = options.patienceMs ?? 20_000;
    this.#onError =
      options.onError ??
      ((event, error) => {
        process.stderr.write(`sandbox: event "${event.kind}" (${event.detail}) failed: ${describe(error)}\n`);
      });
  }

  /** World time, never going backwards, to the millisecond. */
  now(): Date {
    return new Date(this.nowMs());
  }

  /** World time in milliseconds since 1970: `now()` without an object, for hot paths. */
  nowMs(): number {
    if (this.#frozen) return this.#anchorWorldMs;
    return this.#anchorWorldMs + Math.floor(performance.now() - this.#anchorWallMs);
  }

  /**
   * Runs `fn` when the world reaches `date` (at once, still asynchronously, when that has passed). Events of one instant run in the order
   * they were dated. A jump awaits an asynchronous `fn`; it must therefore date a follow-up event rather than sleep.
   */
  at(date: Date, kind: string, detail: string, fn: () => void | Promise<void>): { cancel(): void } {
    const atMs = date.getTime();
    if (Number.isNaN(atMs)) throw new RangeError(`event "${kind}" has no valid date`);
    const event: ClockEvent = { at: new Date(atMs), kind, detail, state: "to-come" };
    this.#events.add(event);
    const entry = this.#push(atMs, fn, event);
    return {
      cancel: () => {
        if (event.state !== "to-come") return;
        entry.live = false;
        this.#events.delete(event);
      },
    };
  }

  /** Events past and to come, by date. */
  events(): ClockEvent[] {
    return [...this.#events].sort((a, b) => a.at.getTime() - b.at.getTime()).map((event) => ({ ...event }));
  }

  /**
   * Has `fn` run, and awaited, before and after every jump, every move of `auto` and before a sleeper wakes: an actor that works with files
   * takes note of what was asked of it before time passes, and has written its answers when somebody looks. `fn` must not throw.
   */
  aroundMove(fn: () => Promise<void>): void {
    this.#aroundMove.push(fn);
  }

  /** Forgets past events dated before `date`: a world that runs for days would otherwise keep them all. */
  forget(date: Date): void {
    for (const event of this.#events) if (event.state === "past" && event.at < date) this.#events.delete(event);
  }

  /**
   * Moves the world to `to`, running all dated events and waking all sleepers on the way, each at its own time. Jumps asked for together
   * follow one another; one whose target has been passed meanwhile does nothing.
   * @throws RangeError when `to` is not a date or lies more than a minute in the past.
   */
  jump(to: Date): Promise<void> {
    const toMs = to.getTime();
    if (Number.isNaN(toMs)) return Promise.reject(new RangeError("the target of a jump must be a date"));
    if (toMs < this.nowMs() - PAST_FORGIVEN_MS) {
      const message = `world time cannot go back: asked for ${to.toISOString()}, it is ${this.now().toISOString()}`;
      return Promise.reject(new RangeError(message));
    }
    return this.#exclusive(async () => {
      await this.#announce();
      await this.#advance(toMs);
      await this.#announce();
    });
  }

  /**
   * Resolves when world time has moved on by `seconds`. Sleepers wake in the order of their instants; in `auto` mode the clock moves
   * from one to the next, giving each a moment of wall time to act before it moves on.
   * @param signal ends the sleep early: it then rejects with the signal's reason and time no longer moves on its account.
   * @throws RangeError when `seconds` is negative or not finite.
   */
  sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    if (!Number.isFinite(seconds) || seconds < 0) {
      return Promise.reject(new RangeError(`seconds must be a number from 0 up, got ${seconds}`));
    }
    if (seconds === 0) return Promise.resolve();
    if (this.#closed) return Promise.reject(new Error("the world has ended"));
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      this.#sleepers++;
      const entry = this.#push(this.nowMs() + Math.ceil(seconds * 1000), async () => {
        // What was done on the way has been written down by the time the sleeper looks.
        await this.#announce();
        if (!entry.live) return;
        this.#sleepers--;
        signal?.removeEventListener("abort", leave);
        this.#stir();
        resolve();
      });
      const leave = () => {
        entry.live = false;
        this.#sleepers--;
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      // Armed once more: the timer of an entry with a sleeper keeps the process alive.
      this.#arm();
      this.#stir();
    });
  }

  /** Ends the clock: nothing dated runs any more and sleepers never wake. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#settle);
    this.#queue = new Queue();
  }

  #push(atMs: number, run: () => void | Promise<void>, event?: ClockEvent): Entry {
    const entry: Entry = { atMs, order: this.#order++, live: true, run, event };
    if (this.#closed) return entry;
    this.#queue.push(entry);
    if (this.#queue.peek() === entry) this.#arm();
    return entry;
  }

  /** One at a time: a jump, the wall-clock timer and `auto` never advance the clock together. */
  #exclusive(work: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Sets the wall-clock timer for the next entry. */
  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#queue.peek();
    if (!next || this.#closed || this.#frozen) return;
    const waitMs = Math.min(Math.max(next.atMs - this.nowMs(), 0), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => void this.#exclusive(() => this.#advance(this.nowMs())), waitMs);
    // Only a sleeper has somebody waiting for it: an event of next week must not keep a process alive.
    if (this.#sleepers === 0) this.#timer.unref();
  }

  /** Notes that a sleeper came or woke; in `auto` mode the clock moves on once that has settled. */
  #stir(): void {
    this.#lastStirMs = performance.now();
    if (this.mode === "auto" && this.#sleepers > 0 && !this.#settle) this.#settleIn(this.#settleMs);
  }

  #settleIn(ms: number): void {
    this.#settle = setTimeout(() => {
      this.#settle = undefined;
      if (this.#sleepers === 0 || this.#closed) return;
      const quietMs = performance.now() - this.#lastStirMs;
      if (quietMs < this.#settleMs) this.#settleIn(Math.ceil(this.#settleMs - quietMs));
      else void this.#exclusive(() => this.#advanceToSleeper());
    }, ms);
  }

  async #announce(): Promise<void> {
    for (const fn of this.#aroundMove) await fn();
  }

  async #advanceToSleeper(): Promise<void> {
    await this.#announce();
    const sleeper = this.#queue.first((entry) => !entry.event);
    if (sleeper) await this.#advance(sleeper.atMs);
    if (this.#sleepers > 0 && !this.#settle && !this.#closed) this.#settleIn(this.#settleMs);
  }

  /** Runs everything due up to `toMs`, then lets time flow from there. */
  async #advance(toMs: number): Promise<void> {
    clearTimeout(this.#timer);
    this.#anchor(this.nowMs());
    this.#frozen = true;
    let yieldedMs = performance.now();
    try {
      for (;;) {
        const entry = this.#queue.peek();
        if (!entry || entry.atMs > toMs || this.#closed) break;
        this.#queue.pop();
        if (!entry.live) continue;
        this.#anchor(Math.max(this.#anchorWorldMs, entry.atMs));
        await this.#run(entry);
        if (performance.now() - yieldedMs > YIELD_EVERY_MS) {
          await new Promise((resolve) => setImmediate(resolve));
          yieldedMs = performance.now();
        }
      }
    } finally {
      this.#anchor(Math.max(this.#anchorWorldMs, toMs));
      this.#frozen = false;
      this.#arm();
    }
  }

  async #run(entry: Entry): Promise<void> {
    const event = entry.event;
    if (!event) return entry.run();
    event.state = "running";
    try {
      const result = entry.run();
      if (result) await this.#patiently(result, event);
    } catch (error) {
      event.error = describe(error);
      this.#onError(event, error);
    }
    event.state = "past";
  }

  /** A hung event must not hang the world: after `patienceMs` the clock goes on and says so. */
  async #patiently(work: Promise<void>, event: ClockEvent): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`not finished after ${this.#patienceMs} ms of wall time`)),
        this.#patienceMs,
      );
    });
    // Should it fail after it was given up, that failure is still told.
    let given = false;
    const watched = work.catch((error) => {
      if (given) this.#onError(event, error);
      else throw error;
    });
    try {
      await Promise.race([watched, late]);
    } finally {
      given = true;
      clearTimeout(timer);
    }
  }

  #anchor(worldMs: number): void {
    this.#anchorWorldMs = worldMs;
    this.#anchorWallMs = performance.now();
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Monday 1 June 2026, 08:00 in `timezone` (IANA name): the first instant of a rehearsal, the same for every run. */
export function defaultStart(timezone: string): Date {
  const wanted = Date.UTC(2026, 5, 1, 8);
  return new Date(wanted - zoneOffsetMs(timezone, new Date(wanted)));
}

/** How far `timezone` is ahead of UTC at `date`, in milliseconds. @throws RangeError for an unknown zone. */
function zoneOffsetMs(timezone: string, date: Date): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const part = Object.fromEntries(format.formatToParts(date).map((p) => [p.type, Number(p.value)]));
  const local = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  return local - Math.floor(date.getTime() / 1000) * 1000;
}
