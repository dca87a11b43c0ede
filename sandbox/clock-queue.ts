import type { ClockEvent } from "./clock";

/** Something dated: an event, or a sleeper. */
export interface Entry {
  atMs: number;
  order: number;
  live: boolean;
  /** Absent for a sleeper. */
  event?: ClockEvent;
  run: () => void | Promise<void>;
}

/** Binary min-heap by instant, then by order of entry. */
export class Queue {
  #items: Entry[] = [];

  peek(): Entry | undefined {
    return this.#items[0];
  }

  push(entry: Entry): void {
    const items = this.#items;
    let i = items.push(entry) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!before(entry, items[up]!)) break;
      items[i] = items[up]!;
      i = up;
    }
    items[i] = entry;
  }

  pop(): Entry | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (!last || items.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
      if (!before(items[child]!, last)) break;
      items[i] = items[child]!;
      i = child;
    }
    items[i] = last;
    return top;
  }

  /** The earliest entry that satisfies `test`. */
  first(test: (entry: Entry) => boolean): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.#items) if (entry.live && test(entry) && (!best || before(entry, best))) best = entry;
    return best;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
