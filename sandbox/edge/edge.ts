import { runFlow } from "../genesys/architect/run";
import type { Random } from "../random";
import { type IncomingCall, type Peer, type Reply, SipEndpoint, type SipMessage, type SipTimers } from "../sip";
import { type Admitted, admitByoc, admitGcv, type Refusal, requestHost } from "./admission";
import { type EdgeCounters, newCounters } from "./counters";
import { Dialer } from "./dialer";
import { sourceAllowed, TrunkGuard } from "./guard";
import { MEDIA } from "./heard";
import { InboundCall } from "./inbound";
import { LegMedia, type PathQuality } from "./leg-media";
import { type OutboundRequest, type OutboundResult, placeOutbound } from "./phone";
import type { EdgeStore } from "./store";
import { Tracer } from "./traces";
import { TrunkMonitor } from "./trunk-monitor";

export interface EdgeOptions {
  store: EdgeStore;
  /** World time, for what is recorded. */
  now(): Date;
  random: Random;
  /** Addresses of the edge (UDP and TCP 5060, TLS 5061) with the certificate it shows. */
  byoc: { host: string; cert: string; key: string };
  /** Addresses of the Genesys Cloud Voice endpoint (UDP and TCP 5060; TLS 5061 with a certificate). */
  gcv: { host: string; cert?: string; key?: string };
  /** Authority that the edge trusts when it dials a carrier, PEM. */
  ca: string;
  resolve(host: string): Promise<string[]>;
  /** Where GCV's outbound calls leave to (UDP). */
  gcvCarrier?: { host: string; port: number };
  /** Queues whose answer counts as failover. */
  failoverQueues?: readonly string[];
  /** Quality of both paths; may be changed while the edge runs. */
  quality?: { gcv: PathQuality; byoc: PathQuality };
  /** Paths whose quality differs from the default, for calls with real audio and without. */
  paths?: Partial<Record<"gcv" | "byoc", PathQuality>>;
  /** What a source outside of the allowlist hears: 403 (default), or nothing at all. */
  unlisted?: "403" | "silence";
  /** Real media for every call, also for one that does not ask for it (default false). */
  realAudio?: boolean;
  /** Wall ms from ringing to an agent's answer, least and most (default 50 to 150). */
  pickupMs?: readonly [min: number, max: number];
  /** Wall ms between two rounds of OPTIONS to the carriers of the trunks (default 5000; 0 = only when asked). */
  optionsEveryMs?: number;
  timers?: Partial<SipTimers>;
  /** Told of a bug that hit one call (default: its stack goes to stderr); the other calls go on. */
  onFault?: (error: unknown) => void;
}

/** What the parts of the edge share. */
export interface EdgeContext {
  readonly store: EdgeStore;
  readonly random: Random;
  readonly dialer: Dialer;
  readonly failoverQueues: ReadonlySet<string>;
  readonly pickupMs: readonly [min: number, max: number];
  now(): Date;
  /** Quality of a path, with a little of the unrest that real networks have. */
  quality(path: "gcv" | "byoc"): PathQuality;
  /** Forgets the conversation of a Call-ID that has ended. */
  forget(callId: string): void;
}

const DEFAULT_QUALITY: { gcv: PathQuality; byoc: PathQuality } = {
  gcv: { lossPercent: 0.1, delayMs: 60 },
  byoc: { lossPercent: 0.1, delayMs: 50 },
};

/** The SIP edge of Genesys Cloud: the BYOC side, the Genesys Cloud Voice endpoint, and the users' outbound calls. */
export class SipEdge {
  readonly counters: EdgeCounters = newCounters();
  readonly guard = new TrunkGuard();
  /** Quality of both paths. */
  quality: { gcv: PathQuality; byoc: PathQuality };
  readonly #o: EdgeOptions;
  readonly #byoc: SipEndpoint;
  readonly #gcv: SipEndpoint;
  readonly #tracer: Tracer;
  readonly #ctx: EdgeContext;
  readonly #monitor: TrunkMonitor;
  #inbound = 0;

  constructor(options: EdgeOptions) {
    this.#o = options;
    const { quality = DEFAULT_QUALITY } = options;
    this.quality = { ...quality, ...options.paths };
    const { byoc, gcv, ca, timers } = options;
    const at = (host: string, port: number) => ({ host, port });
    const certificate = gcv.cert && gcv.key ? { cert: gcv.cert, key: gcv.key } : null;
    this.#byoc = new SipEndpoint({
      name: "Genesys-Cloud-BYOC",
      udp: at(byoc.host, 5060),
      tcp: at(byoc.host, 5060),
      tls: { ...at(byoc.host, 5061), cert: byoc.cert, key: byoc.key },
      ca,
      timers,
    });
    this.#gcv = new SipEndpoint({
      name: "Genesys-Cloud-Voice",
      udp: at(gcv.host, 5060),
      tcp: at(gcv.host, 5060),
      ...(certificate ? { tls: { ...at(gcv.host, 5061), ...certificate } } : {}),
      ca,
      timers,
    });
    this.#tracer = new Tracer(options.store, () => options.now());
    this.#ctx = this.#context();
    this.#monitor = new TrunkMonitor(this.#byoc, options);
    this.#wire();
  }

  /** Opens the listeners. Rejects when an address is taken. */
  async start(): Promise<void> {
    await Promise.all([this.#byoc.listen(), this.#gcv.listen()]);
    this.#monitor.start(this.#o.optionsEveryMs ?? 5000);
  }

  /** Asks every carrier of every BYOC trunk by OPTIONS now; the answers show as the trunks' `optionsStatus`. */
  pingTrunks(): Promise<void> {
    return this.#monitor.ping();
  }

  /** Ends every call and closes the sockets. */
  async close(): Promise<void> {
    this.#monitor.stop();
    await Promise.all([this.#byoc.close(), this.#gcv.close()]);
  }

  /** Listening addresses as `ip:port`. */
  get addresses(): { tls: string; tcp: string; udp: string; gcv: string } {
    const { byoc, gcv } = this.#o;
    return { tls: `${byoc.host}:5061`, tcp: `${byoc.host}:5060`, udp: `${byoc.host}:5060`, gcv: `${gcv.host}:5060` };
  }

  /** Inbound calls in progress, admitted ones only. */
  get inProgress(): number {
    return this.#inbound;
  }

  /** Places a user's outbound call through the outbound route of the site. Never throws; resolves when answered or failed. */
  placeOutbound(request: OutboundRequest): Promise<OutboundResult> {
    return placeOutbound(this.#ctx, request);
  }

  #context(): EdgeContext {
    const o = this.#o;
    const random = o.random.stream("edge");
    const dialer = new Dialer({
      byoc: this.#byoc,
      gcv: this.#gcv,
      byocHost: o.byoc.host,
      gcvHost: o.gcv.host,
      gcvCarrier: o.gcvCarrier ?? null,
      resolve: (host) => o.resolve(host),
      now: () => o.now(),
      guard: this.guard,
      counters: this.counters,
      onMedia: (media, path) => this.#impair(media, path),
    });
    dialer.onCallId = (callId, conversationId) => this.#tracer.tie(callId, conversationId);
    return {
      store: o.store,
      random,
      dialer,
      failoverQueues: new Set(o.failoverQueues ?? []),
      pickupMs: o.pickupMs ?? [50, 150],
      now: () => o.now(),
      quality: (path) => {
        const base = this.quality[path];
        return { ...base, lossPercent: Math.min(100, base.lossPercent * (0.5 + random.next())) };
      },
      forget: (callId) => this.#tracer.forget(callId),
    };
  }

  #wire(): void {
    const { store } = this.#o;
    this.#byoc.onTraffic = this.#tracer.see;
    this.#gcv.onTraffic = this.#tracer.see;
    this.#byoc.onInvite = (call) => void this.#take(call, "byoc", admitByoc(call, store, this.guard));
    this.#gcv.onInvite = (call) => void this.#take(call, "gcv", admitGcv(call, store, this.guard));
    this.#byoc.onRequest = (req, reply, from) => this.#options(req, reply, from);
    if (this.#o.unlisted === "silence") this.#byoc.ignores = (req, from) => this.#ignores(req, from);
  }

  async #take(call: IncomingCall, path: "gcv" | "byoc", admitted: Admitted | Refusal): Promise<void> {
    if ("code" in admitted) return this.#refuse(call, admitted);
    this.counters.inbound[path]++;
    this.#inbound++;
    call.once("ended", () => {
      this.#inbound--;
      admitted.release();
      this.#tracer.forget(call.id);
    });
    try {
      await this.#run(call, path, admitted);
    } catch (error) {
      call.reject(500);
      this.#fault(error);
    }
  }

  async #run(call: IncomingCall, path: "gcv" | "byoc", admitted: Admitted): Promise<void> {
    const host = path === "byoc" ? this.#o.byoc.host : this.#o.gcv.host;
    const media = await LegMedia.open(host, this.#o.realAudio === true || call.request.headers.get(MEDIA) === "1");
    this.#impair(media, path);
    const sdp = media.answer(admitted.offer, admitted.codecs, admitted.suites);
    if (sdp === null || call.state === "ended") {
      media.close();
      call.reject(488);
      return;
    }
    const { trunk, dnis, match } = admitted;
    const id = this.#tracer.conversationOf(call.id);
    const inbound = new InboundCall(this.#ctx, call, { id, path, trunk, dnis, flowName: match.flowName, media, sdp });
    try {
      await runFlow(match.flow, inbound, inbound.facts);
    } catch (error) {
      inbound.fail();
      throw error;
    }
  }

  /** Only a path whose quality was set is disturbed: the default's trace of loss is reckoned with, never done. */
  #impair(media: LegMedia, path: "gcv" | "byoc"): void {
    const quality = this.#o.paths?.[path];
    if (quality) media.impair(quality, () => this.#ctx.random.next());
  }

  #fault(error: unknown): void {
    this.counters.faults++;
    if (this.#o.onFault) this.#o.onFault(error);
    else process.stderr.write(`sandbox edge: ${error instanceof Error ? error.stack : String(error)}\n`);
  }

  /** Whether a request of nobody's is dropped without a word; one inside a call, or for an unknown host, is not looked at here. */
  #ignores(req: SipMessage, from: Peer): boolean {
    const trunk = this.#o.store.byocTrunkFor(requestHost(req.uri ?? ""));
    if (!trunk || sourceAllowed(trunk, from.address)) return false;
    if (req.method === "INVITE") this.counters.intrudersRefused++;
    return true;
  }

  #refuse(call: IncomingCall, refusal: Refusal): void {
    this.counters.refused[refusal.code] = (this.counters.refused[refusal.code] ?? 0) + 1;
    if (refusal.intruder) this.counters.intrudersRefused++;
    call.reject(refusal.code, refusal.reason, refusal.headers);
    this.#tracer.forget(call.id);
  }

  /** OPTIONS prove transport and life only: any source on the allowlist of the trunk asked gets 200, others 403, unknown hosts 404. */
  #options(req: SipMessage, reply: Reply, from: Peer): void {
    const host = /^sips?:(?:[^@]*@)?([^:;?]+)/i.exec(req.uri ?? "")?.[1] ?? "";
    const trunk = this.#o.store.byocTrunkFor(host);
    if (req.method !== "OPTIONS") reply(405);
    else if (!trunk) reply(404);
    else reply(sourceAllowed(trunk, from.address) ? 200 : 403);
  }
}
