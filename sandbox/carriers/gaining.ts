import type { Plan } from "../../model/types";
import type { WorldTime } from "../porting/port-order";
import type { RouteSource, RouteTarget } from "../porting/routes";
import type { Random } from "../random";
import {
  type CallFailure,
  digestChallenge,
  type IncomingCall,
  judgeDigest,
  type OutgoingCall,
  parseUri,
  SipEndpoint,
  type SipTimers,
  userOf,
} from "../sip";
import type { Audio } from "./audio";
import { ConnectionUse, PeerTable, type Resolve } from "./peers";
import { answerAsParty } from "./pstn";
import { type Hop, relay } from "./relay";
import { changedSources, type SourceAddress, type SourceChange, sourceAddresses } from "./sources";

export interface GainingCarrierOptions {
  clock: WorldTime;
  random: Random;
  plan: Plan;
  /** Loopback address where callers' networks hand calls over (UDP 5060). */
  pstnHost: string;
  /** Loopback address of the SBC that `plan.carrier.sipDomain` resolves to (UDP and TCP 5060, TLS 5061). */
  sbcHost: string;
  /** Certificate of the SBC, PEM, for `plan.carrier.sipDomain`. */
  tls: { cert: string; key: string };
  /** The world's authority, PEM: what the carrier trusts. */
  ca: string;
  /** The carrier's caching resolver. Rejects when the name does not exist. */
  resolve: Resolve;
  /** Asked in order: the API's account, the desk's table. The first that knows the number decides. */
  routes: readonly RouteSource[];
  /** True while the number's port to this carrier is in force. */
  isActive: (number: string) => boolean;
  /** Shadow and test numbers: served here without a port. */
  ownNumbers: readonly string[];
  /**
   * How the organisation's trunk is known: its digest credentials, or the addresses it sends from when it has none (loopback).
   * null while there is no trunk, then every outbound call is refused.
   */
  trunkCredentials: () => { username: string; password: string } | { addresses: readonly string[] } | null;
  /** Where calls to numbers of other carriers go; null for numbers whose party answers here. Default: all answer here. */
  elsewhere?: (number: string) => { host: string; port: number } | null;
  /** Addresses change while the world runs; default: all of the plan's ranges, all the time. */
  sourceChange?: SourceChange;
  /** How it signals to the organisation; default as the plan's trunk. */
  sends?: "tls" | "tcp" | "udp";
  /** World seconds after which an idle connection is closed. Default 300. */
  idleSeconds?: number;
  /** Longest wait for a final response, wall ms. Default 30,000. */
  answerTimeoutMs?: number;
  timers?: Partial<SipTimers>;
}

export interface CarrierCounters {
  /** Calls handed over by networks, and calls of the organisation's trunk. */
  inbound: number;
  outbound: number;
  /** Second and further hops tried. */
  retries: number;
  /** Calls that ended with each final code (200 = answered). */
  byCode: Record<number, number>;
}

const PORTS = { udp: 5060, tcp: 5060, tls: 5061 } as const;

/** The carrier the numbers move to: obeys its routes for calls from the PSTN, and takes the organisation's outbound calls on its SBC. */
export class GainingCarrier {
  /** Addresses it sends from, in turn. */
  sources: readonly SourceAddress[];
  readonly counters: CarrierCounters = { inbound: 0, outbound: 0, retries: 0, byCode: {} };
  #pstn: SipEndpoint;
  #sbc: SipEndpoint;
  #peers: PeerTable;
  #connections: ConnectionUse;
  #own: Set<string>;
  #nextSource = 0;
  #nonces = new Set<string>();
  #random: Random;

  constructor(readonly o: GainingCarrierOptions) {
    this.sources = this.#changing(sourceAddresses(o.plan.carrier.sourceRanges), o.sourceChange);
    this.#own = new Set(o.ownNumbers);
    this.#random = o.random.stream("gaining-carrier");
    const { pstnHost: host, sbcHost } = o;
    this.#pstn = new SipEndpoint({ name: `${o.plan.carrier.name} PSTN`, udp: { host, port: 5060 }, timers: o.timers });
    this.#sbc = new SipEndpoint({
      name: `${o.plan.carrier.name} SBC`,
      udp: { host: sbcHost, port: 5060 },
      tcp: { host: sbcHost, port: 5060 },
      tls: { host: sbcHost, port: 5061, ...o.tls },
      ca: o.ca,
      timers: o.timers,
    });
    this.#connections = new ConnectionUse((key) => this.#sbc.transports.dropConnections(key));
    this.#peers = new PeerTable(o.clock, o.resolve, o.idleSeconds ?? 300, (key) => this.#connections.retire(key));
    this.#pstn.onInvite = (call) => void this.#fromNetwork(call);
    this.#sbc.onInvite = (call) => void this.#fromTrunk(call);
  }

  /** The addresses before the change, which is put into the world's calendar. */
  #changing(all: readonly SourceAddress[], change: SourceChange | undefined): readonly SourceAddress[] {
    if (!change) return all;
    const { before, after } = changedSources(all, change.kind);
    const at = new Date(this.o.clock.now().getTime() + change.hours * 3_600_000);
    this.o.clock.at(at, "carrier-source-change", after.map(({ address }) => address).join(", "), () => {
      this.sources = after;
    });
    return before;
  }

  async start(): Promise<void> {
    await Promise.all([this.#pstn.listen(), this.#sbc.listen()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pstn.close(), this.#sbc.close()]);
  }

  /** Address networks send to. */
  get pstn(): { host: string; port: number } {
    return { host: this.o.pstnHost, port: 5060 };
  }

  /** The route a number has now. */
  routeOf(number: string): RouteTarget | null {
    for (const source of this.o.routes) {
      const route = source.routeOf(number);
      if (route) return route;
    }
    return null;
  }

  /** Whether the carrier tries its next route after this failure (`carrier.retryOn`; a timeout counts as 408, no transport always). */
  retries(failure: CallFailure): boolean {
    const again = failure.cause !== undefined || this.o.plan.carrier.retryOn.includes(failure.code);
    if (again) this.counters.retries++;
    return again;
  }

  /**
   * The tries for one call to a number by its route, host after host, address after address. `source` fixes the source address (as
   * the plan names it or its stand-in), else they take turns; `host` stands in for the route.
   */
  async *hops(number: string, from: string, fixed: { source?: string; host?: string } = {}): AsyncGenerator<Hop> {
    const route: Pick<RouteTarget, "host" | "calledNumber" | "nextHost"> | null = fixed.host
      ? { host: fixed.host, calledNumber: null, nextHost: null }
      : this.routeOf(number);
    const source = fixed.source ? this.sourceOf(fixed.source)?.local : this.nextSource()?.local;
    if (!route || !source) return;
    for (const host of [route.host, route.nextHost]) {
      if (host) yield* this.#hopsTo(host, route.calledNumber ?? number, { number, from, source });
    }
  }

  /** Must be told of every leg placed by one of `hops`: a connection is kept while it carries calls. */
  placed(leg: OutgoingCall, hop: Hop): void {
    if (hop.invite.target.reuseKey) this.#connections.placed(leg, hop.invite.target.reuseKey);
  }

  /** Connections to the organisation that are kept open. */
  openConnections(): number {
    return this.#connections.kept;
  }

  /** The next source address in turn. */
  nextSource(): SourceAddress | undefined {
    return this.sources[this.#nextSource++ % this.sources.length];
  }

  /** One of the carrier's own addresses, by either of its names; undefined for any other. */
  sourceOf(address: string): SourceAddress | undefined {
    return this.sources.find((s) => s.address === address || s.local === address);
  }

  async *#hopsTo(
    host: string,
    called: string,
    call: { number: string; from: string; source: string },
  ): AsyncGenerator<Hop> {
    const reached = await this.#peers.reach(call.source, host).catch(() => null);
    if (!reached) return;
    const transport = this.#transport;
    const { tlsNameCheck, requestHost } = this.o.plan.carrier;
    const domain = requestHost === "target" ? reached.target : host;
    const checkName = tlsNameCheck === "none" ? (false as const) : tlsNameCheck === "strict" ? host : reached.target;
    for (const [i, address] of reached.addresses.entries()) {
      yield {
        endpoint: this.#sbc,
        invite: {
          uri: `sip:${called}@${domain}`,
          from: `<sip:${call.from}@${this.o.plan.carrier.sipDomain}>`,
          // The dialled number stays here when the route rewrites the called one: the organisation reads it from To.
          to: `<sip:${call.number}@${domain}>`,
          timeoutMs: this.o.answerTimeoutMs ?? 30_000,
          target: {
            transport,
            host: address,
            port: PORTS[transport],
            localAddress: call.source,
            servername: tlsNameCheck === "strict" ? host : reached.target,
            checkName,
            // RFC 5922 section 7.2: a strict client takes no wildcard for a SIP domain.
            wildcards: tlsNameCheck !== "strict",
            reuseKey: `${reached.connectionKey}/${i}`,
          },
        },
        audio: this.#audio(call.source),
      };
      // Reached only when the call failed there: the next one asks DNS again instead of meeting the same dead address.
      this.#peers.drop(call.source, host);
    }
  }

  get #transport(): "tls" | "tcp" | "udp" {
    return this.o.sends ?? this.o.plan.trunk.transport;
  }

  /** SRTP is offered on TLS and only there. */
  #audio(host: string): Audio {
    const { srtpCipherSuites } = this.o.plan.trunk;
    return { host, codecs: this.o.plan.carrier.codecs, secure: this.#transport === "tls", suites: srtpCipherSuites };
  }

  async #fromNetwork(call: IncomingCall): Promise<void> {
    this.counters.inbound++;
    const number = numberOf(call);
    await this.#deliver(call, number, callerOf(call), this.o.pstnHost);
  }

  /** By route: to the organisation. Without a route 404, as a carrier answers for a number it has not configured. */
  async #deliver(call: IncomingCall, number: string, from: string, audioHost: string): Promise<void> {
    const code = await relay(call, {
      hops: this.hops(number, from),
      retry: (failure) => this.retries(failure),
      onPlaced: (leg, hop) => this.placed(leg, hop),
      audio: { host: audioHost, codecs: this.o.plan.carrier.codecs, secure: call.remote.transport === "tls" },
      // With a route but nothing to try, the names could not be resolved: the carrier's fault, not an unknown number.
      noHop: this.routeOf(number) ? { code: 503, reason: "The route's host cannot be resolved" } : undefined,
      headers: { "P-Asserted-Identity": `<sip:${from}@${this.o.plan.carrier.sipDomain}>` },
    });
    this.#count(code);
  }

  /** A call of the organisation's trunk: digest, then the caller id, then where it goes. */
  async #fromTrunk(call: IncomingCall): Promise<void> {
    if (!this.#authenticated(call)) return;
    this.counters.outbound++;
    const number = numberOf(call);
    const from = callerOf(call);
    const onNet = this.#own.has(number);
    if (!onNet && !this.#own.has(from) && !this.o.isActive(from)) {
      this.#count(403);
      return call.reject(403, `Caller id ${from} is not served here`);
    }
    if (onNet || this.o.isActive(number)) return this.#deliver(call, number, from, this.o.sbcHost);
    const audio: Audio = {
      host: this.o.sbcHost,
      codecs: this.o.plan.carrier.codecs,
      secure: call.remote.transport === "tls",
    };
    const other = this.o.elsewhere?.(number);
    if (!other) return void this.#count(await answerAsParty(call, { number, from, audio, random: this.#random }));
    this.#count(await relay(call, { hops: this.#toCarrier(number, from, other), retry: () => false, audio }));
  }

  async *#toCarrier(number: string, from: string, at: { host: string; port: number }): AsyncGenerator<Hop> {
    const host = this.o.pstnHost;
    yield {
      endpoint: this.#pstn,
      invite: {
        uri: `sip:${number}@${at.host}`,
        from: `<sip:${from}@${host}>`,
        to: `<sip:${number}@${at.host}>`,
        target: { transport: "udp", ...at },
      },
      audio: { host, codecs: this.o.plan.carrier.codecs, secure: false },
    };
  }

  /**
   * 407 until the trunk's user name and password are right (RFC 3261 section 22.3); 403 when they are wrong. A trunk without digest is
   * known by its source address alone, as carriers do who take no credentials.
   */
  #authenticated(call: IncomingCall): boolean {
    const trunk = this.o.trunkCredentials();
    if (trunk && "addresses" in trunk) {
      if (trunk.addresses.includes(call.remote.address)) return true;
      this.#count(403);
      call.reject(403, `No trunk at ${call.remote.address}`);
      return false;
    }
    const realm = this.o.plan.carrier.sipDomain;
    const verdict = judgeDigest(call.request, {
      realm,
      passwordOf: (username) => (trunk && username === trunk.username ? trunk.password : undefined),
      nonceKnown: (nonce) => this.#nonces.delete(nonce),
    });
    if (verdict === "ok") return true;
    if (verdict === "wrong") {
      this.#count(403);
      call.reject(403, "Wrong credentials");
      return false;
    }
    const nonce = this.#random.hex(32);
    this.#nonces.add(nonce);
    // Challenges that nobody answers must not pile up.
    if (this.#nonces.size > 5000) this.#nonces.delete(this.#nonces.values().next().value as string);
    call.reject(407, undefined, { "Proxy-Authenticate": digestChallenge(realm, nonce) });
    return false;
  }

  #count(code: number): void {
    this.counters.byCode[code] = (this.counters.byCode[code] ?? 0) + 1;
  }
}

/** Number a call is for: the user part of its Request-URI. */
export function numberOf(call: IncomingCall): string {
  return parseUri(call.request.uri ?? "")?.user ?? "";
}

/** Caller id: the asserted identity when there is one (RFC 3325), else From. */
export function callerOf(call: IncomingCall): string {
  return userOf(call.request.headers.get("P-Asserted-Identity")) || userOf(call.request.headers.get("From"));
}
