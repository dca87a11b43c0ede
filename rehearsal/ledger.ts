import type { CallRecord, Expected } from "../sandbox/carriers";

/** The sums of the report; offered = answered + abandonedByCaller + rejectedByDesign + lost + misrouted + noAudio. */
export interface CallSums {
  offered: number;
  answered: number;
  abandonedByCaller: number;
  rejectedByDesign: number;
  lost: number;
  misrouted: number;
  noAudio: number;
  withMedia: number;
  inProgressAcrossChange: number;
  inProgressDropped: number;
  wrongCallerId: number;
  unrecorded: number;
  intrudersAccepted: number;
  byPath: { gcv: number; byoc: number; failover: number };
  outbound: { offered: number; answered: number; lost: number };
}

export interface LostCall {
  at: string;
  number: string;
  carrier: string;
  path: string;
  code: number | null;
  why: string;
}

/** Calls that went wrong without being lost, by what went wrong. */
export type Blemish = "wrongCallerId" | "unrecorded" | "dropped" | "failover" | "intruder";

/** Calls kept as examples of each blemish. */
const EXAMPLES_MAX = 5;

type Outcome = "answered" | "abandonedByCaller" | "rejectedByDesign" | "lost" | "misrouted" | "noAudio";

/** What a caller heard, in the order heard. */
export interface Heard {
  queue?: string;
  message?: string;
  ani?: string;
  recorded?: string;
  via?: string;
  failover?: string;
}

/** Reads one `X-Sandbox-Heard` line: `queue="Claims";ani="+1...";recorded=1;via=byoc;failover=0`. */
export function parseHeard(line: string): Heard {
  const out: Record<string, string> = {};
  for (const match of line.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g)) {
    out[match[1]!] = (match[2] ?? match[3] ?? "").replaceAll(/\\(.)/g, "$1");
  }
  return out;
}

export interface Verdicted {
  outcome: Outcome;
  path: "gcv" | "byoc" | "failover" | "none";
  why: string;
  wrongCallerId: boolean;
  unrecorded: boolean;
  dropped: boolean;
}

/** All that a call may hear: what was expected when it was dialled, and what came to be while it was under way. */
const expectedOf = ({ queueExpected, messageExpected, orElse = [] }: CallRecord): Expected[] => [
  messageExpected === undefined ? { queue: queueExpected } : { message: messageExpected },
  ...orElse,
];

/** Judges one inbound call by what its caller saw and nothing else. */
export function judgeCall(call: CallRecord, recordingExpected: boolean): Verdicted {
  const heard = call.heard.map(parseHeard);
  const queues = heard.filter((h) => h.queue !== undefined);
  const last = queues.at(-1);
  const failover = last?.failover === "1";
  const told = last ?? heard.findLast((h) => h.message !== undefined && h.message === call.messageExpected);
  const path = told ? (failover ? "failover" : told.via === "byoc" ? "byoc" : "gcv") : "none";
  const dropped = call.answered && last !== undefined && (call.endedBy === "far" || call.endedBy === "timeout");
  const base = {
    path,
    why: call.why,
    wrongCallerId: last?.ani !== undefined && last.ani !== call.from,
    unrecorded: recordingExpected && last !== undefined && last.recorded !== "1",
    dropped,
  } as const;
  const say = (outcome: Outcome, why = call.why): Verdicted => ({ ...base, outcome, why });
  if (call.marked) return say(call.answered ? "misrouted" : "rejectedByDesign");
  if (!call.answered) {
    return call.ringing && call.endedBy === "caller"
      ? say("abandonedByCaller")
      : say("lost", call.why || `code ${call.code ?? "none"}`);
  }
  const wanted = expectedOf(call);
  if (!last) {
    const messages = heard.flatMap((h) => h.message ?? []);
    if (wanted.some((e) => "message" in e && messages.includes(e.message))) return say("answered", "");
    if (call.messageExpected !== undefined && messages.length > 0)
      return say("misrouted", `"${messages.at(-1)}" instead of "${call.messageExpected}"`);
    return say("lost", heard.length ? "the call ended on a message" : "answered by nobody");
  }
  // The failover queue stands in for a queue, never for closed hours.
  if (!wanted.some((e) => "queue" in e && (failover || e.queue === last.queue)))
    return say("misrouted", `queue ${last.queue} instead of ${call.queueExpected || `"${call.messageExpected}"`}`);
  if (!failover && new Set(queues.map((q) => q.queue)).size > 1) return say("misrouted", "answered twice");
  if (call.media && (call.media.received === 0 || call.media.farReceived === 0)) {
    return say("noAudio", call.media.received === 0 ? "the caller heard nothing" : "the agent heard nothing");
  }
  return say("answered");
}

/** Calls per wall second and path, for the chart. */
export interface Bucket {
  second: number;
  gcv: number;
  byoc: number;
  failover: number;
  lost: number;
}

const ledgerLine = ({ at, number, carrier, code }: CallRecord, path: string, why: string): LostCall => ({
  at,
  number,
  carrier,
  path,
  code,
  why,
});

/** Keeps the ledger of one rehearsal. Calls are judged as they end; the run drains before the sums are read. */
export class Ledger {
  readonly lostCalls: LostCall[] = [];
  /** The first calls of each blemish. */
  readonly examples: Record<Blemish, LostCall[]> = {
    wrongCallerId: [],
    unrecorded: [],
    dropped: [],
    failover: [],
    intruder: [],
  };
  readonly calls: CallRecord[] = [];
  private readonly buckets = new Map<number, Bucket>();
  private onGcv: number | undefined;
  private readonly sums: CallSums = {
    offered: 0,
    answered: 0,
    abandonedByCaller: 0,
    rejectedByDesign: 0,
    lost: 0,
    misrouted: 0,
    noAudio: 0,
    withMedia: 0,
    inProgressAcrossChange: 0,
    inProgressDropped: 0,
    wrongCallerId: 0,
    unrecorded: 0,
    intrudersAccepted: 0,
    byPath: { gcv: 0, byoc: 0, failover: 0 },
    outbound: { offered: 0, answered: 0, lost: 0 },
  };

  constructor(private readonly recordingExpected: boolean) {}

  /** Takes calls that have ended. */
  add(records: CallRecord[]): void {
    for (const call of records) {
      if (call.direction === "intruder") this.addIntruder(call);
      else if (call.direction === "outbound") this.addOutbound(call);
      else this.addInbound(call);
    }
  }

  private addIntruder(call: CallRecord): void {
    if (!call.answered) return;
    this.sums.intrudersAccepted++;
    this.blemish("intruder", call, "none", `answered a call from ${call.from} (${call.network})`);
  }

  private addOutbound(call: CallRecord): void {
    this.sums.outbound.offered++;
    if (call.answered && call.endedBy !== "far") this.sums.outbound.answered++;
    else {
      this.sums.outbound.lost++;
      this.lose(call, "outbound", call.why || `code ${call.code ?? "none"}`);
    }
  }

  private addInbound(call: CallRecord): void {
    const { sums } = this;
    this.calls.push(call);
    const verdict = judgeCall(call, this.recordingExpected);
    sums.offered++;
    sums[verdict.outcome]++;
    if (verdict.path !== "none" && verdict.outcome === "answered") sums.byPath[verdict.path]++;
    if (verdict.path === "gcv") this.onGcv = Math.max(this.onGcv ?? 0, Date.parse(call.at));
    if (call.media && call.media.received > 0 && call.media.farReceived > 0) sums.withMedia++;
    if (verdict.wrongCallerId) sums.wrongCallerId++;
    if (verdict.unrecorded) sums.unrecorded++;
    if (verdict.dropped) sums.inProgressDropped++;
    this.keepExamples(call, verdict);
    const bad = verdict.outcome === "lost" || verdict.outcome === "misrouted" || verdict.outcome === "noAudio";
    const bucket = this.bucket(call.wallMs);
    if (bad) {
      bucket.lost++;
      this.lose(call, verdict.path, verdict.outcome === "lost" ? verdict.why : `${verdict.outcome}: ${verdict.why}`);
    } else if (verdict.path !== "none") bucket[verdict.path]++;
  }

  private keepExamples(call: CallRecord, { path, wrongCallerId, unrecorded, dropped }: Verdicted): void {
    const heard = call.heard.map(parseHeard).findLast((h) => h.queue !== undefined);
    if (wrongCallerId) this.blemish("wrongCallerId", call, path, `${call.from} was told as ${heard?.ani}`);
    if (unrecorded) this.blemish("unrecorded", call, path, "not recorded");
    if (dropped) this.blemish("dropped", call, path, `ended by ${call.endedBy}`);
    if (path === "failover")
      this.blemish("failover", call, path, `queue ${heard?.queue} instead of ${call.queueExpected}`);
  }

  private blemish(blemish: Blemish, call: CallRecord, path: string, why: string): void {
    if (this.examples[blemish].length < EXAMPLES_MAX) this.examples[blemish].push(ledgerLine(call, path, why));
  }

  private lose(call: CallRecord, path: string, why: string): void {
    this.lostCalls.push(ledgerLine(call, path, why));
  }

  private bucket(wallMs: number): Bucket {
    const second = Math.floor(wallMs / 1000);
    const found = this.buckets.get(second) ?? { second, gcv: 0, byoc: 0, failover: 0, lost: 0 };
    this.buckets.set(second, found);
    return found;
  }

  /** The sums; `changes` are the wall times of everything that changed while calls were in progress. */
  total(changes: number[]): CallSums {
    const crossing = this.calls.filter(
      (c) => c.answered && changes.some((t) => c.wallMs < t && t < c.endWallMs),
    ).length;
    return { ...this.sums, inProgressAcrossChange: crossing };
  }

  /** World time of the last call that people answered over GCV; undefined where there was none. */
  get lastOnGcv(): Date | undefined {
    return this.onGcv === undefined ? undefined : new Date(this.onGcv);
  }

  /** Calls per wall second, in order. */
  series(): Bucket[] {
    return [...this.buckets.values()].sort((a, b) => a.second - b.second);
  }
}

/** Why a run did not pass: empty when it did. */
export function failures(calls: CallSums, secondUps: (number | null)[]): string[] {
  const zero = {
    lost: calls.lost,
    "lost outbound": calls.outbound.lost,
    misrouted: calls.misrouted,
    "without audio": calls.noAudio,
    "dropped in progress": calls.inProgressDropped,
    "with a wrong caller id": calls.wrongCallerId,
    unrecorded: calls.unrecorded,
    "intruders accepted": calls.intrudersAccepted,
  };
  const out = Object.entries(zero).flatMap(([what, n]) => (n > 0 ? [`${n} calls ${what}`] : []));
  const sum =
    calls.answered + calls.abandonedByCaller + calls.rejectedByDesign + calls.lost + calls.misrouted + calls.noAudio;
  if (sum !== calls.offered) out.push(`the ledger does not add up: ${calls.offered} offered, ${sum} accounted for`);
  const dirty = secondUps.filter((n) => n !== null && n > 0).length;
  if (dirty > 0) out.push(`${dirty} second ups that were not empty`);
  if (calls.offered === 0) out.push("no call was offered");
  return out;
}
