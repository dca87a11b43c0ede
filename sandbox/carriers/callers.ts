import type { Plan } from "../../model/types";
import type { WorldTime } from "../porting/port-order";
import type { Random } from "../random";
import { Arrivals } from "./arrivals";
import type { Dialler } from "./dialler";
import type { Intruder } from "./intruder";
import { observe, PATIENT_MS } from "./observe";
import type { Phones } from "./phones";
import { NumberDeck, type Population } from "./population";
import { type CallRecord, type Expected, RecordBook } from "./record";

/** Load that can be changed at run time: rates per second of the wall clock. */
export interface Load {
  perSecond: number;
  /** Mean talk time, wall ms. */
  talkMs: number;
  /** Share of calls with real audio, 0 to 1. */
  mediaShare: number;
  outboundPerSecond: number;
  intruderPerSecond: number;
}

export interface CallersOptions {
  clock: WorldTime;
  random: Random;
  plan: Pick<Plan, "numbers">;
  dialler: Dialler;
  population: Population;
  /** Without phones or an intruder those rates place nothing. */
  phones?: Phones;
  intruder?: Intruder;
  /** What a caller of a number is to hear who is put through at a moment; left out, the number's own queue. */
  expects?(number: string, at: Date): Expected;
  /** Share of callers who hang up while it rings. Default 0.03. */
  impatientShare?: number;
  /** Most calls with real audio at once: SRTP of more would spoil the timing that MOS is made of. Default 50. */
  mediaCallsMax?: number;
}

const NO_LOAD: Load = { perSecond: 0, talkMs: 2000, mediaShare: 0, outboundPerSecond: 0, intruderPerSecond: 0 };
/**
 * A call with real audio lasts at least this long, wall ms. A canary call crosses the BYOC path twice each way: of a shorter talk nothing may
 * have arrived yet at the other end of a slow path when it is over, and that would say nothing about the path.
 */
const AUDIBLE_MS = 1000;
/** How long an impatient caller lets it ring, at least and at most, wall ms. */
const IMPATIENT_MS: readonly [number, number] = [20, 140];
/** After this an attempt without any final answer is given up, wall ms. */
const NO_ANSWER_MS = 45_000;

/** Everybody who calls the organisation, its phones, and an intruder; and the one observer who notes what each of them saw. */
export class Callers {
  readonly book = new RecordBook();
  #load: Load = { ...NO_LOAD };
  #deck: NumberDeck;
  #inbound: Arrivals;
  #outbound: Arrivals;
  #intruder: Arrivals;
  #draw: Random;
  #mediaCalls = 0;
  #skipped = 0;

  constructor(private readonly o: CallersOptions) {
    const random = o.random.stream("callers");
    this.#draw = random.stream("calls");
    this.#deck = new NumberDeck(o.plan.numbers, random.stream("numbers"));
    this.#inbound = new Arrivals(random.stream("inbound"), () => void this.#call());
    this.#outbound = new Arrivals(random.stream("outbound"), () => void this.#phone());
    this.#intruder = new Arrivals(random.stream("intruder"), () => void this.#intrude());
  }

  /** Starts the load or changes parts of it. Throws RangeError for rates or shares out of range. */
  start(change: Partial<Load>): void {
    const load = { ...this.#load, ...change };
    if (!(load.mediaShare >= 0 && load.mediaShare <= 1))
      throw new RangeError(`mediaShare is ${load.mediaShare}: expected 0 to 1`);
    if (!(load.talkMs >= 0 && load.talkMs <= 3_600_000))
      throw new RangeError(`talkMs is ${load.talkMs}: expected 0 to 3,600,000`);
    // A new window covers every wave, flow and site again.
    if (this.#load.perSecond === 0) this.#deck.shuffle();
    this.#load = load;
    this.#inbound.setRate(load.perSecond);
    this.#outbound.setRate(this.o.phones ? load.outboundPerSecond : 0);
    this.#intruder.setRate(this.o.intruder ? load.intruderPerSecond : 0);
  }

  /** No new calls; those in progress go on. */
  stop(): void {
    this.start({ perSecond: 0, outboundPerSecond: 0, intruderPerSecond: 0 });
  }

  get load(): Load {
    return { ...this.#load };
  }

  /** Resolves when no call is in progress (new ones must have been stopped). */
  drain(): Promise<void> {
    return this.book.drained();
  }

  /** Finished calls from a cursor on. */
  records(since: number): { next: number; records: CallRecord[] } {
    return this.book.since(since);
  }

  get inProgress(): number {
    return this.book.inProgress;
  }

  /** Arrivals dropped because every caller of the population was in a call. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Which queue must answer each number. */
  expected(): Record<string, { flow: string; queue: string; site: string; wave: string; part: string }> {
    const entries = this.o.plan.numbers.map(
      (n) => [n.number, { flow: n.flow, queue: n.flow, site: n.site, wave: n.wave, part: n.part }] as const,
    );
    return Object.fromEntries(entries);
  }

  async #call(): Promise<void> {
    const caller = this.o.population.take(this.#draw);
    if (!caller) {
      this.#skipped++;
      return;
    }
    const wanted = this.#deck.next();
    const impatient = this.#draw.chance(this.o.impatientShare ?? 0.03);
    const patienceMs = impatient ? this.#draw.int(...IMPATIENT_MS) : PATIENT_MS;
    const media = this.#wantsMedia();
    const expects = (at: Date) => this.o.expects?.(wanted.number, at) ?? { queue: wanted.flow };
    const started = this.o.clock.now();
    const own = expects(started);
    const record = this.book.open({
      direction: "inbound",
      at: started.toISOString(),
      number: wanted.number,
      from: caller.number,
      network: caller.network,
      carrier: "losing",
      flow: wanted.flow,
      queueExpected: "queue" in own ? own.queue : "",
      ...("message" in own ? { messageExpected: own.message } : {}),
      patienceMs,
      talkMs: this.#talkMs(media),
      marked: false,
    });
    try {
      const call = {
        number: wanted.number,
        from: caller.number,
        network: caller.network,
        media,
        timeoutMs: NO_ANSWER_MS,
      };
      const dialled = await this.o.dialler.dial(call);
      record.carrier = dialled.carrier;
      await observe(dialled, record);
      const others = othersBetween(expects, own, started, this.o.clock.now());
      if (others.length > 0) record.orElse = others;
    } catch (error) {
      record.why = `the caller's own network failed: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      if (media) this.#mediaCalls--;
      this.o.population.release(caller);
      this.book.close(record);
    }
  }

  async #phone(): Promise<void> {
    const phone = this.#draw.pick(this.o.plan.numbers);
    const media = this.#wantsMedia();
    const record = this.book.open({
      direction: "outbound",
      at: this.o.clock.now().toISOString(),
      number: this.#draw.pick(this.o.population.parties),
      from: phone.number,
      network: phone.site,
      carrier: "losing",
      flow: phone.flow,
      queueExpected: "",
      patienceMs: PATIENT_MS,
      talkMs: this.#talkMs(media),
      marked: false,
    });
    try {
      await this.o.phones!.place({ record, site: phone.site, media });
    } catch (error) {
      record.why ||= error instanceof Error ? error.message : String(error);
    } finally {
      if (media) this.#mediaCalls--;
      this.book.close(record);
    }
  }

  async #intrude(): Promise<void> {
    const victim = this.#draw.pick(this.o.plan.numbers);
    const record = this.book.open({
      direction: "intruder",
      at: this.o.clock.now().toISOString(),
      number: victim.number,
      from: this.#draw.pick(this.o.population.parties),
      network: "nobody's",
      carrier: "gaining",
      flow: victim.flow,
      queueExpected: "",
      patienceMs: PATIENT_MS,
      talkMs: 100,
      marked: true,
    });
    try {
      await this.o.intruder!.attempt(record);
    } catch (error) {
      record.why ||= error instanceof Error ? error.message : String(error);
    } finally {
      this.book.close(record);
    }
  }

  /** Around the mean, never under a third nor over three times of it: a window has to end some time. */
  #talkMs(media: boolean): number {
    const mean = this.#load.talkMs;
    const drawn = Math.round(Math.min(Math.max(this.#draw.exponential(mean), mean / 3), mean * 3));
    return media ? Math.max(drawn, AUDIBLE_MS) : drawn;
  }

  #wantsMedia(): boolean {
    if (!this.#draw.chance(this.#load.mediaShare) || this.#mediaCalls >= (this.o.mediaCallsMax ?? 50)) return false;
    this.#mediaCalls++;
    return true;
  }
}

const HOUR_MS = 3_600_000;

/**
 * What may be heard beside `own` by a call that was under way from one moment to another: a clock that jumps meanwhile may have put it
 * through at any hour between. Hours begin and end on the full hour.
 */
function othersBetween(expects: (at: Date) => Expected, own: Expected, from: Date, to: Date): Expected[] {
  const found = new Map<string, Expected>();
  const note = (at: number) => {
    const expected = expects(new Date(at));
    found.set(JSON.stringify(expected), expected);
  };
  note(to.getTime());
  for (let at = Math.ceil(from.getTime() / HOUR_MS) * HOUR_MS; at < to.getTime(); at += HOUR_MS) note(at);
  found.delete(JSON.stringify(own));
  return [...found.values()];
}
