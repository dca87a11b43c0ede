/** Hash of a text to 32 bits (FNV-1a with a final avalanche): equal texts give equal seeds on every machine. */
function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Seeded random numbers (xoshiro128**, Blackman and Vigna 2018). Not for secrets. Each actor takes a stream of its own by
 * name, so that one actor drawing more numbers never changes what another draws: that is what makes a seed repeatable.
 */
export class Random {
  readonly #path: string;
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number | string) {
    this.#path = String(seed);
    // splitmix32 spreads the seed: xoshiro must not start from all zeros or from four like words.
    let x = hash32(this.#path);
    const word = () => {
      x = (x + 0x9e3779b9) | 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return (z ^ (z >>> 16)) >>> 0;
    };
    this.#a = word();
    this.#b = word();
    this.#c = word();
    this.#d = word() || 1;
  }

  /** A generator that depends on this one's seed and the name only, not on how much was drawn so far. */
  stream(name: string): Random {
    return new Random(`${this.#path}/${name}`);
  }

  /** 32 random bits, 0 to 2^32-1. */
  uint32(): number {
    const s1 = Math.imul(this.#b, 5);
    const result = Math.imul((s1 << 7) | (s1 >>> 25), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Whole number from min to max, both included. Throws RangeError when max < min. */
  int(min: number, max: number): number {
    if (!(max >= min)) throw new RangeError(`int(${min}, ${max}): expected min <= max`);
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** True with probability p (0 to 1). */
  chance(p: number): boolean {
    return this.next() < p;
  }

  /** Exponential with the given mean: the gaps of calls that arrive independently. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** One element. Throws RangeError for an empty list. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("pick from an empty list");
    return list[this.int(0, list.length - 1)] as T;
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(list: readonly T[]): T[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  /** n hexadecimal digits. */
  hex(n: number): string {
    let out = "";
    while (out.length < n) out += this.uint32().toString(16).padStart(8, "0");
    return out.slice(0, n);
  }
}
