import type { Plan } from "../../model/types";
import type { Random } from "../random";

/** Somebody who calls: always from the same number and network. */
export interface Caller {
  number: string;
  network: string;
}

/**
 * Callers and outside parties of one world. Their numbers look like the plan's own (same country, same length) and are none of
 * them, nor any spare.
 */
export class Population {
  readonly callers: readonly Caller[];
  /** Numbers that phones dial. */
  readonly parties: readonly string[];
  /** Numbers of the carrier's test desk: never a caller, so that a test call is found in the organisation's records. */
  readonly desk: readonly string[];
  #busy = new Set<string>();

  constructor(plan: Pick<Plan, "numbers" | "carrier">, random: Random, networks: readonly string[], size = 4000) {
    const taken = new Set([
      ...plan.numbers.map((n) => n.number),
      ...plan.carrier.shadowNumbers,
      ...plan.carrier.testNumbers,
    ]);
    const draw = random.stream("population");
    const patterns = plan.numbers.length > 0 ? plan.numbers.map((n) => n.number) : ["+12025550100"];
    const fresh = () => {
      for (;;) {
        const pattern = draw.pick(patterns);
        // The last six digits are drawn, the country and most of the area stay: shorter numbers give up fewer digits.
        const kept = Math.max(3, pattern.length - 6);
        let number = pattern.slice(0, kept);
        while (number.length < pattern.length) number += draw.int(0, 9);
        if (taken.has(number)) continue;
        taken.add(number);
        return number;
      }
    };
    this.callers = Array.from({ length: size }, (_, i) => ({
      number: fresh(),
      network: networks[i % networks.length]!,
    }));
    this.parties = Array.from({ length: 200 }, fresh);
    this.desk = Array.from({ length: 200 }, fresh);
  }

  /** A caller who is not in a call now; call `release` when the call is over. Null when everybody is. */
  take(random: Random): Caller | null {
    for (let tries = 0; tries < 200; tries++) {
      const caller = random.pick(this.callers);
      if (this.#busy.has(caller.number)) continue;
      this.#busy.add(caller.number);
      return caller;
    }
    return null;
  }

  release(caller: Caller): void {
    this.#busy.delete(caller.number);
  }
}

/** Deals the plan's numbers: each exactly once before any comes again, and one of each wave, flow and site before the others. */
export class NumberDeck {
  #deck: Plan["numbers"] = [];

  constructor(
    private readonly numbers: Plan["numbers"],
    private readonly random: Random,
  ) {}

  /** Begins anew: the next numbers cover every wave, flow and site again. */
  shuffle(): void {
    const shuffled = this.random.shuffle(this.numbers);
    const seen = new Set<string>();
    const first: Plan["numbers"] = [];
    const rest: Plan["numbers"] = [];
    for (const number of shuffled) {
      const group = `${number.part || number.wave}|${number.flow}|${number.site}`;
      (seen.has(group) ? rest : first).push(number);
      seen.add(group);
    }
    this.#deck = [...first, ...rest].reverse();
  }

  /** The next number. Throws RangeError for a plan without numbers. */
  next(): Plan["numbers"][number] {
    if (this.#deck.length === 0) this.shuffle();
    const number = this.#deck.pop();
    if (!number) throw new RangeError("the plan has no numbers to call");
    return number;
  }
}
