/** What the organisation knows of its calls: conversations, SIP traces, trunk status. Written by the edge, read by the API. */

/** One leg of a conversation on a trunk. */
export interface Leg {
  direction: "inbound" | "outbound";
  trunkId: string | null;
  /** Final SIP code of the INVITE; 200 for an answered leg. */
  sipResponseCode: number;
  /** Called number, E.164. */
  dnis: string;
  ani: string | null;
  protocolCallId?: string;
  start: Date;
  end?: Date;
  mos?: number;
  codec?: string;
}

/** One conversation; the edge hands it in again (same id) as it goes on. */
export interface Conversation {
  id: string;
  direction: "inbound" | "outbound";
  /** How the call came in or left. */
  path: "gcv" | "byoc";
  trunkId: string | null;
  /** E.164; null for a withheld caller. */
  ani: string | null;
  /** Number in the INVITE, E.164. */
  dnis: string;
  start: Date;
  /** Absent while in progress. */
  end?: Date;
  answeredAt?: Date;
  flowName?: string;
  /** Queue that took the call. */
  queue?: string;
  /** Lowest MOS of all legs, 1 to 4.88 (E-model); absent without media or answer. */
  mos?: number;
  rFactor?: number;
  codec?: string;
  recorded: boolean;
  /** Final codes seen, in order, failed legs included. */
  sipResponseCodes: number[];
  disconnectType?: "client" | "endpoint" | "system" | "error" | "transfer" | "peer";
  /** Call-ID of the first leg. */
  protocolCallId?: string;
  /** Headers of the first INVITE, BYOC only. */
  sipHeaders?: Record<string, string>;
  /** Further legs, such as a canary's way out; failed ones too. */
  legs?: Leg[];
  packetsReceived?: number;
  packetsSent?: number;
  jitterMs?: number;
  attributes?: Record<string, string>;
}

/** One SIP message as a trace shows it. */
export interface SipTrace {
  at: Date;
  conversationId?: string;
  callId: string;
  /** `INVITE`, or the method that a response answers. */
  method: string;
  /** Absent for a request. */
  status?: number;
  reason?: string;
  requestUri?: string;
  fromUser: string | null;
  toUser: string | null;
  sourceIp: string;
  sourcePort: number;
  destinationIp: string;
  destinationPort: number;
  transport: "udp" | "tcp" | "tls";
  /** Raw message, when kept. */
  message?: string;
}

/** Answer of one proxy to OPTIONS. */
export interface OptionsStatus {
  proxyAddress: string;
  optionState: boolean;
  optionStateTime: Date;
  errorCode?: string;
}

/** Oldest traces go first beyond this, about 40 MB. */
const TRACES_MAX = 100_000;

/** Conversations and SIP traces, as analytics shows them: late. */
export class Records {
  /** In order of first arrival, so nearly in order of start. */
  private readonly byId = new Map<string, Conversation>();
  private traces: SipTrace[] = [];
  private readonly active = new Map<string, { inbound: number; outbound: number }>();
  private readonly options = new Map<string, OptionsStatus[]>();
  /** Told of each conversation as it ends. */
  onEnded?: (conversation: Conversation) => void;

  constructor(
    private readonly now: () => Date,
    /** Seconds until an ended conversation shows in analytics. */
    public analyticsLagSeconds = 0,
  ) {}

  /** Adds or replaces a conversation; without `end` it counts as in progress on its trunk. */
  record(conversation: Conversation): void {
    const old = this.byId.get(conversation.id);
    if (old) this.count(old, -1);
    const copy = { ...conversation };
    this.byId.set(copy.id, copy);
    this.count(copy, 1);
    if (copy.end && !old?.end) this.onEnded?.(copy);
  }

  conversation(id: string): Conversation | undefined {
    return this.byId.get(id);
  }

  /** Conversations that analytics knows, optionally only those that touch the interval. Start order; the list is the caller's. */
  visible(from?: Date, to?: Date): Conversation[] {
    const knownMs = this.now().getTime() - this.analyticsLagSeconds * 1000;
    const found: Conversation[] = [];
    let lastMs = Number.NEGATIVE_INFINITY;
    let sorted = true;
    for (const one of this.byId.values()) {
      const startMs = one.start.getTime();
      if ((one.end?.getTime() ?? startMs) > knownMs) continue;
      if (to && one.start >= to) continue;
      if (from && one.end && one.end < from) continue;
      found.push(one);
      sorted &&= startMs >= lastMs;
      lastMs = startMs;
    }
    // Calls are handed in nearly in order: mostly there is nothing to sort.
    return sorted ? found : found.sort((a, b) => a.start.getTime() - b.start.getTime());
  }

  trace(trace: SipTrace): void {
    this.traces.push(trace);
    if (this.traces.length > TRACES_MAX) this.traces = this.traces.slice(TRACES_MAX / 10);
  }

  /** Traces of an interval (both ends included) that match every filter given. */
  findTraces(
    from: Date,
    to: Date,
    filter: { callId?: string; toUser?: string; fromUser?: string; conversationId?: string },
  ): SipTrace[] {
    return this.traces.filter(
      (t) =>
        t.at >= from &&
        t.at <= to &&
        (filter.callId === undefined || t.callId === filter.callId) &&
        (filter.toUser === undefined || t.toUser === filter.toUser) &&
        (filter.fromUser === undefined || t.fromUser === filter.fromUser) &&
        (filter.conversationId === undefined || t.conversationId === filter.conversationId),
    );
  }

  /** Legs in progress on a trunk base now. */
  activeOn(trunkId: string): { inbound: number; outbound: number } {
    return this.active.get(trunkId) ?? { inbound: 0, outbound: 0 };
  }

  get inProgress(): number {
    let sum = 0;
    for (const { inbound, outbound } of this.active.values()) sum += inbound + outbound;
    return sum;
  }

  /** The edge tells what a proxy of a trunk answered to OPTIONS. */
  setOptions(trunkId: string, status: OptionsStatus): void {
    const others = this.optionsOf(trunkId).filter((s) => s.proxyAddress !== status.proxyAddress);
    this.options.set(trunkId, [...others, status]);
  }

  optionsOf(trunkId: string): OptionsStatus[] {
    return this.options.get(trunkId) ?? [];
  }

  private count(one: Conversation, by: 1 | -1): void {
    if (!one.end && one.trunkId !== null) this.bump(one.trunkId, one.direction, by);
    for (const leg of one.legs ?? []) if (!leg.end && leg.trunkId !== null) this.bump(leg.trunkId, leg.direction, by);
  }

  private bump(trunkId: string, direction: "inbound" | "outbound", by: 1 | -1): void {
    const counts = this.active.get(trunkId) ?? { inbound: 0, outbound: 0 };
    counts[direction] += by;
    this.active.set(trunkId, counts);
  }
}
