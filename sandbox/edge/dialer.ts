import type { Codec } from "../../model/types";
import { type CallFailure, type OutgoingCall, reasonOf, type SipEndpoint, type SipMessage } from "../sip";
import type { EdgeCounters } from "./counters";
import type { TrunkGuard } from "./guard";
import { LegMedia } from "./leg-media";
import type { OutboundDecision, TrunkSettings } from "./store";

/** Codecs towards the carrier behind GCV, plain RTP. */
export const GCV_CODECS: readonly Codec[] = ["PCMU", "PCMA", "OPUS", "G729"];

export interface DialerOptions {
  byoc: SipEndpoint;
  gcv: SipEndpoint;
  byocHost: string;
  gcvHost: string;
  /** Where calls over the managed GCV trunk leave to; null = that trunk has no way out. */
  gcvCarrier: { host: string; port: number } | null;
  /** The names of `trunk_transport_serverProxyList`, resolved as Genesys would. */
  resolve(host: string): Promise<string[]>;
  /** World time, for what is recorded. */
  now(): Date;
  guard: TrunkGuard;
  counters: EdgeCounters;
  /** Told of each leg's audio before it is offered. */
  onMedia?(media: LegMedia, path: "gcv" | "byoc"): void;
}

export interface DialRequest {
  decision: Pick<OutboundDecision, "number" | "trunks" | "site">;
  /** Caller id of the source, E.164; null when withheld. */
  ani: string | null;
  headers: Record<string, string>;
  /** Whether the leg carries real audio. */
  real: boolean;
  /** Bounds the wait for an answer; each trunk's own `trunk_maxDialTimeout` does too. */
  timeoutMs?: number;
  maxForwards?: number;
  conversationId: string;
  onRinging?(msg: SipMessage): void;
  /** Asked before each try: true = nobody waits for it any more. */
  abandoned?(): boolean;
  /** Told of each leg placed, so that the caller's hang-up can cancel it. */
  onLeg?(leg: OutgoingCall, trunk: TrunkSettings): void;
}

/** One try that failed. */
export interface Attempt {
  trunk: TrunkSettings;
  failure: CallFailure;
  callId: string;
  startedAt: Date;
}

export type DialResult =
  | {
      ok: true;
      leg: OutgoingCall;
      media: LegMedia;
      trunk: TrunkSettings;
      answer: SipMessage;
      attempts: Attempt[];
      startedAt: Date;
      release(): void;
    }
  | { ok: false; code: number; reason: string; attempts: Attempt[] };

/** `trunk_transport_tcp_connectTimeout` of Genesys by default, ms. */
const CONNECT_TIMEOUT_MS = 2000;
/** Longest wait of a call with no other bound, ms (`trunk_maxDialTimeout` default). */
const DIAL_TIMEOUT_MS = 120_000;

/** Places outbound legs: trunk after trunk, server after server, address after address, on failures a trunk's settings call retryable. */
export class Dialer {
  readonly #o: DialerOptions;
  /** Conversation of a Call-ID that is about to be sent: the SIP trace of its INVITE must find it. */
  onCallId: ((callId: string, conversationId: string) => void) | undefined;

  constructor(options: DialerOptions) {
    this.#o = options;
  }

  /** Dials. Never throws; `attempts` holds every try that failed before. */
  async dial(request: DialRequest): Promise<DialResult> {
    const attempts: Attempt[] = [];
    const deadlineMs = performance.now() + (request.timeoutMs ?? DIAL_TIMEOUT_MS);
    let last: CallFailure = { code: 404, reason: "No trunk has a way to this number" };
    for (const trunk of request.decision.trunks) {
      for await (const hop of this.#hops(trunk)) {
        const leftMs = deadlineMs - performance.now();
        if (request.abandoned?.()) return { ok: false, code: 487, reason: reasonOf(487), attempts };
        if (leftMs <= 0) return { ok: false, code: 408, reason: reasonOf(408), attempts };
        const startedAt = this.#o.now();
        const outcome = "code" in hop ? { failure: hop, callId: "" } : await this.#place(request, trunk, hop, leftMs);
        if ("leg" in outcome) return { ok: true, ...outcome, trunk, attempts, startedAt };
        last = outcome.failure;
        attempts.push({ trunk, ...outcome, startedAt });
        if (!retryable(trunk, last.code)) return { ok: false, code: last.code, reason: last.reason, attempts };
      }
    }
    return { ok: false, code: last.code, reason: last.reason, attempts };
  }

  /** Addresses of a trunk in order; a name that does not resolve counts as a failed hop. */
  async *#hops(trunk: TrunkSettings): AsyncGenerator<{ name: string; host: string; port: number } | CallFailure> {
    if (trunk.kind === "gcv") {
      const to = this.#o.gcvCarrier;
      yield to ? { name: to.host, ...to } : { code: 503, reason: "The GCV trunk has no carrier", cause: "transport" };
      return;
    }
    for (const proxy of trunk.proxies) {
      const addresses = await this.#o.resolve(proxy.host).catch(() => []);
      if (addresses.length === 0) yield { code: 503, reason: `${proxy.host} does not resolve`, cause: "transport" };
      for (const host of addresses) yield { name: proxy.host, host, port: proxy.port };
    }
  }

  async #place(
    request: DialRequest,
    trunk: TrunkSettings,
    hop: { name: string; host: string; port: number },
    leftMs: number,
  ): Promise<
    | { failure: CallFailure; callId: string }
    | { leg: OutgoingCall; media: LegMedia; answer: SipMessage; release(): void }
  > {
    const slot = this.#o.guard.take(trunk, "outbound");
    if (typeof slot !== "function") return { failure: { code: 503, reason: slot.reason }, callId: "" };
    const gcv = trunk.kind === "gcv";
    const media = await LegMedia.open(gcv ? this.#o.gcvHost : this.#o.byocHost, request.real);
    this.#o.onMedia?.(media, gcv ? "gcv" : "byoc");
    const release = () => {
      slot();
      media.close();
    };
    const leg = this.#invite(request, trunk, hop, media, leftMs);
    request.onLeg?.(leg, trunk);
    leg.on("ringing", (msg) => request.onRinging?.(msg));
    const outcome = await new Promise<SipMessage | CallFailure>((resolve) => {
      leg.once("answered", resolve);
      leg.once("failed", resolve);
    });
    if ("code" in outcome) {
      release();
      return { failure: outcome, callId: leg.id };
    }
    if (!media.accept(leg.remoteSdp)) {
      void leg.hangup();
      release();
      return { failure: { code: 488, reason: "The answer does not fit the offer", msg: outcome }, callId: leg.id };
    }
    this.#o.counters.outbound[gcv ? "gcv" : "byoc"]++;
    return { leg, media, answer: outcome, release };
  }

  #invite(
    request: DialRequest,
    trunk: TrunkSettings,
    hop: { name: string; host: string; port: number },
    media: LegMedia,
    leftMs: number,
  ): OutgoingCall {
    const gcv = trunk.kind === "gcv";
    const transport = gcv ? ("udp" as const) : trunk.transport;
    const secure = transport === "tls";
    const callerId = callerIdOf(trunk, request.ani, request.decision.site.callerId);
    const from = callerId === null ? '"Anonymous" <sip:anonymous@anonymous.invalid>' : `<sip:${callerId}@${hop.name}>`;
    const identity: Record<string, string> =
      callerId === null ? {} : { "P-Asserted-Identity": `<sip:${callerId}@${hop.name}>` };
    const forwards: Record<string, string> =
      request.maxForwards === undefined ? {} : { "Max-Forwards": String(request.maxForwards) };
    const callId = `${crypto.randomUUID()}@${gcv ? this.#o.gcvHost : this.#o.byocHost}`;
    this.onCallId?.(callId, request.conversationId);
    return this.#o[gcv ? "gcv" : "byoc"].invite({
      uri: `sip:${request.decision.number}@${hop.name}`,
      from,
      to: `<sip:${request.decision.number}@${hop.name}>`,
      callId,
      headers: { ...identity, ...forwards, ...request.headers },
      sdp: media.offer(gcv ? GCV_CODECS : trunk.codecs, secure ? trunk.srtpCipherSuites : []),
      target: { transport, host: hop.host, port: hop.port, checkName: hop.name, connectTimeoutMs: CONNECT_TIMEOUT_MS },
      timeoutMs: Math.min(leftMs, trunk.maxDialTimeoutSeconds * 1000),
      ...(trunk.digest ? { auth: { ...trunk.digest, realm: trunk.digest.realm || undefined } } : {}),
    });
  }
}

/** A trunk's own list decides (`trunk_transport_retryableReasonCodes`, default 500-599). */
function retryable(trunk: TrunkSettings, code: number): boolean {
  const ranges = trunk.retryableReasonCodes.length > 0 ? trunk.retryableReasonCodes : [{ from: 500, to: 599 }];
  return ranges.some(({ from, to }) => code >= from && code <= to);
}

/** Caller id by the trunk's order (`trunk_calling_id_priority`); null = withheld, because the source withheld it. */
export function callerIdOf(trunk: TrunkSettings, source: string | null, site: string | null): string | null {
  for (const from of trunk.callingIdPriority) {
    const value = from === "Source" ? source : from === "Trunk" ? trunk.callingAddress : from === "Site" ? site : null;
    if (value) return value;
  }
  return source;
}
