import type { CallFacts, FlowHost, TransferResult } from "../genesys/architect/run";
import { type IncomingCall, type OutgoingCall, userOf } from "../sip";
import type { DialResult } from "./dialer";
import { AGENT_PACKETS, HEARD, messageLine, queueLine, sandboxHeaders } from "./heard";
import type { LegMedia, PathQuality } from "./leg-media";
import { callerOf, diversionOf, headersOf, maxForwards } from "./request";
import type { EdgeContext } from "./edge";
import type { Conversation, TrunkSettings } from "./store";

/** Wall ms a prompt takes: long enough to be heard before what follows, short enough not to hold up a rehearsal. */
const PROMPT_MS = 40;

/** One admitted inbound call: what its flow does to it, and what the organisation records of it. */
export class InboundCall implements FlowHost {
  readonly conversation: Conversation;
  readonly #ctx: EdgeContext;
  readonly #call: IncomingCall;
  readonly #trunk: TrunkSettings;
  readonly #path: "gcv" | "byoc";
  readonly #media: LegMedia;
  readonly #sdp: string;
  #far: (DialResult & { ok: true }) | null = null;
  #farQuality: PathQuality | null = null;

  constructor(
    ctx: EdgeContext,
    call: IncomingCall,
    o: {
      id: string;
      path: "gcv" | "byoc";
      trunk: TrunkSettings;
      dnis: string;
      flowName: string;
      media: LegMedia;
      sdp: string;
    },
  ) {
    this.#ctx = ctx;
    this.#call = call;
    this.#trunk = o.trunk;
    this.#path = o.path;
    this.#media = o.media;
    this.#sdp = o.sdp;
    const dialled = userOf(call.request.headers.get("To"));
    this.conversation = {
      id: o.id,
      direction: "inbound",
      path: o.path,
      trunkId: o.trunk.id,
      ani: callerOf(call),
      dnis: o.dnis,
      ...(dialled && dialled !== o.dnis ? { dialled } : {}),
      start: ctx.now(),
      flowName: o.flowName,
      recorded: false,
      sipResponseCodes: [],
      protocolCallId: call.id,
      ...(o.path === "byoc" ? { sipHeaders: headersOf(call) } : {}),
    };
    call.endHeaders = () => this.#endHeaders();
    call.once("ended", (end) => this.#over(end.by));
    ctx.store.record(this.conversation);
  }

  /** What the flow may read of the call. */
  get facts(): CallFacts {
    const { ani, dnis, id } = this.conversation;
    return { ani, calledAddress: dnis, calledAddressOriginal: dnis, conversationId: id };
  }

  ended(): boolean {
    return this.#call.state === "ended";
  }

  async play(text: string): Promise<void> {
    if (this.ended()) return;
    await this.#tell(messageLine(text, this.#path));
    await new Promise((resolve) => setTimeout(resolve, PROMPT_MS));
  }

  async disconnect(): Promise<void> {
    if (this.ended()) return;
    this.conversation.disconnectType = "system";
    if (this.#call.state === "answered") await this.#call.hangup(this.#agentPackets());
    else this.#reject(480, "The flow ended the call");
  }

  async toQueue(name: string): Promise<boolean> {
    const queue = this.#ctx.store.queue(name);
    if (!queue) return false;
    this.conversation.queue = queue.name;
    this.#call.ring();
    const [min, max] = this.#ctx.pickupMs;
    // An unstaffed queue rings until the caller gives up.
    const waitMs = queue.agents > 0 ? this.#ctx.random.int(min, max) : null;
    if (!(await this.#stays(waitMs))) return true;
    this.conversation.recorded = this.#trunk.recording;
    const failover = this.#ctx.failoverQueues.has(queue.name);
    const ani = this.conversation.ani ?? "anonymous";
    await this.#tell(queueLine({ queue: queue.name, ani, recorded: this.#trunk.recording, via: this.#path, failover }));
    return true;
  }

  async toNumber(number: string, timeoutSeconds: number): Promise<TransferResult> {
    const decision = this.#ctx.store.outbound(null, number);
    if (!decision) return { error: "404 No outbound route" };
    if (this.ended()) return { error: "487 The caller is gone" };
    this.#call.ring();
    let leg: OutgoingCall | undefined;
    const cancel = () => void leg?.hangup();
    this.#call.once("ended", cancel);
    const result = await this.#ctx.dialer.dial({
      decision,
      ani: this.conversation.ani,
      headers: { ...sandboxHeaders(this.#call.request), ...diversionOf(this.conversation.dnis) },
      real: this.#media.real,
      timeoutMs: timeoutSeconds * 1000,
      maxForwards: maxForwards(this.#call) - 1,
      conversationId: this.conversation.id,
      abandoned: () => this.ended(),
      onLeg: (placed) => {
        leg = placed;
      },
    });
    this.#call.off("ended", cancel);
    this.#noteAttempts(result, decision.number);
    if (!result.ok) return { error: `${result.code} ${result.reason}` };
    if (this.ended()) {
      void result.leg.hangup();
      result.release();
      return { error: "487 The caller is gone" };
    }
    await this.#bridge(result);
    return { ok: true };
  }

  sipHeaders(names: string[]): Record<string, string> | null {
    const all = this.conversation.sipHeaders;
    if (!all || names.length === 0) return all ?? null;
    const found = names.flatMap((name) => {
      const value = this.#call.request.headers.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return found.length > 0 ? Object.fromEntries(found) : null;
  }

  lookup(table: string, key: string): Record<string, unknown> | null {
    return this.#ctx.store.lookup(table, key);
  }

  participantData(name: string, value: string): void {
    this.conversation.attributes = { ...this.conversation.attributes, [name]: value };
  }

  /** The flow failed by a fault of ours: the caller is not left ringing. */
  fail(): void {
    if (this.#call.state === "answered") void this.#call.hangup();
    else this.#reject(500);
  }

  #reject(code: number, reason?: string): void {
    this.conversation.sipResponseCodes.push(code);
    this.#call.reject(code, reason);
  }

  /** Waits; false when the caller left meanwhile. `null` waits for just that. */
  #stays(ms: number | null): Promise<boolean> {
    if (this.ended()) return Promise.resolve(false);
    return new Promise((resolve) => {
      const gone = () => {
        clearTimeout(timer);
        resolve(false);
      };
      const timer =
        ms === null
          ? undefined
          : setTimeout(() => {
              this.#call.off("ended", gone);
              resolve(true);
            }, ms);
      this.#call.once("ended", gone);
    });
  }

  /** Lets the caller hear a line: in the 200 when the call is not answered yet, else in an INFO. */
  async #tell(line: string): Promise<void> {
    if (this.#call.state === "answered") {
      this.#ctx.store.record(this.conversation);
      await this.#call.info({ [HEARD]: line });
      return;
    }
    this.#answer({ [HEARD]: line });
    this.#media.start();
  }

  #answer(headers: Record<string, string>): void {
    this.conversation.answeredAt = this.#ctx.now();
    this.conversation.sipResponseCodes.push(200);
    if (this.#media.codec) this.conversation.codec = this.#media.codec;
    this.#ctx.store.record(this.conversation);
    this.#call.answer(this.#sdp, headers);
  }

  /** Joins the caller with a leg that was answered: sound, what is heard, and the end pass both ways. */
  async #bridge(far: DialResult & { ok: true }): Promise<void> {
    this.#far = far;
    this.#farQuality = this.#ctx.quality(far.trunk.kind === "gcv" ? "gcv" : "byoc");
    const { leg } = far;
    leg.on("info", (msg) => void this.#call.info(sandboxHeaders(msg), msg.body));
    this.#call.on("info", (msg) => void leg.info(sandboxHeaders(msg), msg.body));
    leg.once("ended", (end) => {
      this.#endFar();
      if (end.by !== "local") void this.#call.hangup(sandboxHeaders(end.msg));
    });
    this.conversation.recorded = this.#trunk.recording || far.trunk.recording;
    this.conversation.disconnectType = "transfer";
    this.#media.relayWith(far.media);
    const headers = sandboxHeaders(far.answer);
    if (this.#call.state === "answered") await this.#call.info(headers);
    else this.#answer(headers);
  }

  /** Packets the agent received: ours, or what the far end says of its agent. The caller's BYE waits for that. */
  #endHeaders(): Record<string, string> | Promise<Record<string, string>> {
    return this.#far ? this.#far.leg.hangup().then((msg) => sandboxHeaders(msg)) : this.#agentPackets();
  }

  #agentPackets(): Record<string, string> {
    return this.#media.real ? { [AGENT_PACKETS]: String(this.#media.received) } : {};
  }

  #noteAttempts(result: DialResult, dnis: string): void {
    const c = this.conversation;
    const note = (trunk: TrunkSettings, sipResponseCode: number, protocolCallId: string, start: Date, end?: Date) => {
      const leg = {
        direction: "outbound" as const,
        trunkId: trunk.id,
        sipResponseCode,
        dnis,
        ani: c.ani,
        protocolCallId,
        start,
      };
      c.legs = [...(c.legs ?? []), end ? { ...leg, end } : leg];
    };
    for (const { trunk, failure, callId, startedAt } of result.attempts) {
      note(trunk, failure.code, callId, startedAt, this.#ctx.now());
      this.#ctx.forget(callId);
    }
    if (result.ok) note(result.trunk, 200, result.leg.id, result.startedAt);
    this.#ctx.store.record(c);
  }

  #endFar(): void {
    const far = this.#far;
    const leg = this.conversation.legs?.at(-1);
    if (!far || !leg || leg.end) return;
    const mos = far.media.mos(this.#farQuality ?? this.#ctx.quality("byoc"));
    const ended = {
      ...leg,
      end: this.#ctx.now(),
      ...(mos === undefined ? {} : { mos }),
      ...(far.media.codec ? { codec: far.media.codec } : {}),
    };
    this.conversation.legs = [...(this.conversation.legs ?? []).slice(0, -1), ended];
    this.#ctx.forget(far.leg.id);
    far.release();
  }

  #over(by: "local" | "remote" | "error"): void {
    const c = this.conversation;
    if (this.#far && this.#far.leg.state !== "ended") void this.#far.leg.hangup();
    this.#endFar();
    if (c.answeredAt) {
      const scores = [this.#media.mos(this.#ctx.quality(this.#path)), ...(c.legs ?? []).map((leg) => leg.mos)];
      const known = scores.filter((s): s is number => s !== undefined);
      if (known.length > 0) c.mos = Math.min(...known);
      if (this.#media.real)
        Object.assign(c, {
          packetsReceived: this.#media.received,
          packetsSent: this.#media.sent,
          jitterMs: this.#media.jitterMs,
        });
    } else if (by === "remote") c.sipResponseCodes.push(487);
    c.end = this.#ctx.now();
    c.disconnectType ??= by === "remote" ? "client" : by === "error" ? "error" : "system";
    this.#media.close();
    this.#ctx.store.record(c);
  }
}
