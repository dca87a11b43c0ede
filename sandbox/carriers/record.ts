import type { CarrierSide } from "./networks";

/** What a caller is to hear: an agent of a queue, or an announcement and nobody. */
export type Expected = { queue: string } | { message: string };

/** What one caller, phone or intruder saw of one attempt (docs/internals.md section 7). */
export interface CallRecord {
  id: number;
  direction: "inbound" | "outbound" | "intruder";
  /** World time of the start, ISO. */
  at: string;
  /** Start and end by the wall clock, ms since 1970. */
  wallMs: number;
  endWallMs: number;
  /** Dialled number. */
  number: string;
  from: string;
  network: string;
  carrier: CarrierSide;
  flow: string;
  /** Queue that must answer; "" for outbound calls, and where nobody is to answer. */
  queueExpected: string;
  /** Announcement that must be heard, and nobody answer: at night, on a holiday. */
  messageExpected?: string;
  /** What may be heard instead: the hour, or the organisation's mind, changed while the call was under way. */
  orElse?: Expected[];
  /** Drawn before the call: how long the caller lets it ring, wall ms. */
  patienceMs: number;
  /** Drawn before the call: how long the caller talks, wall ms. */
  talkMs: number;
  /** A probe said to be one before it was dialled: refusing it is no loss. */
  marked: boolean;
  /** Final code; null when none came. */
  code: number | null;
  ringing: boolean;
  answered: boolean;
  /** X-Sandbox-Heard values in order, repeated ones once. */
  heard: string[];
  /** null: ended by neither party. */
  endedBy: "caller" | "far" | "timeout" | null;
  /** RTP packets, for calls with audio; `farReceived` is -1 when the far side did not say. */
  media: { sent: number; received: number; farReceived: number } | null;
  /** Why it failed, in the words of the one that refused; "" when it did not. */
  why: string;
}

/** Finished calls in the order they ended, read by a cursor. */
export class RecordBook {
  #finished: CallRecord[] = [];
  #live = new Map<number, CallRecord>();
  #waiting: (() => void)[] = [];
  #nextId = 1;

  open(
    start: Omit<
      CallRecord,
      "id" | "wallMs" | "endWallMs" | "code" | "ringing" | "answered" | "heard" | "endedBy" | "media" | "why"
    >,
  ): CallRecord {
    const record: CallRecord = {
      ...start,
      id: this.#nextId++,
      wallMs: Date.now(),
      endWallMs: 0,
      code: null,
      ringing: false,
      answered: false,
      heard: [],
      endedBy: null,
      media: null,
      why: "",
    };
    this.#live.set(record.id, record);
    return record;
  }

  close(record: CallRecord): void {
    if (!this.#live.delete(record.id)) return;
    record.endWallMs = Date.now();
    this.#finished.push(record);
    if (this.#live.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Records from a cursor (0 = all) and the cursor to go on from. */
  since(cursor: number): { next: number; records: CallRecord[] } {
    const from = Number.isInteger(cursor) && cursor > 0 ? cursor : 0;
    return { next: this.#finished.length, records: this.#finished.slice(from) };
  }

  get inProgress(): number {
    return this.#live.size;
  }

  /** Resolves when no call is in progress. */
  drained(): Promise<void> {
    return this.#live.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}
