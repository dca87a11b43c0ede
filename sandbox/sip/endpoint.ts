import { ALLOW, type CallLeg } from "./call";
import type { DialogHost } from "./dialog";
import type { Flow, Peer } from "./flows";
import { Headers } from "./headers";
import { IncomingCall } from "./incoming";
import { makeResponse, type SipMessage } from "./message";
import { type InviteOptions, OutgoingCall } from "./outgoing";
import type { ServerTransaction } from "./server-transaction";
import { newBranch, token } from "./tokens";
import { DEFAULT_TIMERS, type SipTimers, TransactionLayer } from "./transaction";
import { type ListenOptions, type Target, Transports } from "./transport";
import { tagOf } from "./uri";

export interface EndpointOptions extends ListenOptions {
  /** Goes into User-Agent and Server. */
  name: string;
  /** Host of our Contact; default: the listener's address, else the local address of the connection. */
  contactHost?: string;
  timers?: Partial<SipTimers>;
}

export type Reply = (status: number, reason?: string, headers?: Record<string, string>) => void;

/** A SIP user agent, client and server, over UDP, TCP and TLS 1.2 (RFC 3261). Sends and takes calls; loses no state on close. */
export class SipEndpoint implements DialogHost {
  readonly layer: TransactionLayer;
  readonly transports: Transports;
  readonly agent: string;
  /** A new call; without a handler it is refused with 480. Listeners must be set before the handler returns. */
  onInvite: (call: IncomingCall) => void = (call) => call.reject(480);
  /** OPTIONS and other requests outside of a dialog; default: 200 to OPTIONS, 405 to the rest. */
  onRequest: (req: SipMessage, reply: Reply, from: Peer) => void = (req, reply) =>
    req.method === "OPTIONS" ? reply(200, undefined, { Allow: ALLOW }) : reply(405, undefined, { Allow: ALLOW });
  /** Requests that get no answer at all, not even 100: a firewall in front of this endpoint. Default: none. */
  ignores: ((req: SipMessage, from: Peer) => boolean) | undefined;
  /** Sees every message sent and received (retransmissions of ours excepted): SIP traces. */
  onTraffic: ((direction: "in" | "out", msg: SipMessage, flow: Flow) => void) | undefined;
  readonly #options: EndpointOptions;
  readonly #calls = new Map<string, IncomingCall | OutgoingCall>();

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.agent = options.name;
    this.layer = new TransactionLayer(
      {
        onRequest: (tx) => this.#receive(tx),
        onAck: (msg) => {
          const call = this.#calls.get(`${msg.headers.get("Call-ID")}|${tagOf(msg.headers.get("To"))}`);
          if (call instanceof IncomingCall) call.receiveAck(msg);
        },
        onStray: (msg) => {
          const call = this.#calls.get(`${msg.headers.get("Call-ID")}|${tagOf(msg.headers.get("From"))}`);
          if (call instanceof OutgoingCall) call.receiveStray(msg);
        },
        onTraffic: (direction, msg, flow) => this.onTraffic?.(direction, msg, flow),
      },
      { ...DEFAULT_TIMERS, ...options.timers },
    );
    this.transports = new Transports(options, (msg, flow) => this.layer.receive(msg, flow));
  }

  /** Opens the listeners. Rejects with the socket's error when an address is taken. */
  listen(): Promise<void> {
    return this.transports.listen();
  }

  /** Ends every call without a word and closes all sockets. */
  async close(): Promise<void> {
    for (const call of [...this.#calls.values()]) call.abandon();
    this.layer.close();
    await this.transports.close();
  }

  /** Calls alive: answered or on the way. */
  get calls(): number {
    return this.#calls.size;
  }

  /** Places a call. Never throws: what goes wrong comes as `failed`, after the caller had time to listen. */
  invite(options: InviteOptions): OutgoingCall {
    const call: OutgoingCall = new OutgoingCall(this, options, this.#host(), (ended) =>
      this.#calls.delete(callKey(ended)),
    );
    this.#calls.set(callKey(call), call);
    return call;
  }

  /** Sends OPTIONS (RFC 3261 section 11). Resolves with the status code, null when nothing came within timeoutMs. */
  async options(target: Target, uri: string, timeoutMs: number): Promise<number | null> {
    return (await this.send("OPTIONS", target, uri, timeoutMs))?.status ?? null;
  }

  /** Sends one request outside of a dialog. Resolves with its final response, null for none within timeoutMs. */
  async send(
    method: string,
    target: Target,
    uri: string,
    timeoutMs: number,
    headers?: Record<string, string>,
  ): Promise<SipMessage | null> {
    const flow = await withTimeout(this.transports.flowTo(target), timeoutMs).catch(() => null);
    if (!flow) return null;
    const h = new Headers();
    h.append("Via", this.viaOf(flow, newBranch()));
    h.append("Max-Forwards", "70");
    h.append("From", `<sip:${this.#options.name.replace(/[^\w.-]/g, "-")}@${flow.local.address}>;tag=${token(6)}`);
    h.append("To", `<${uri}>`);
    h.append("Call-ID", `${token(10)}@${flow.local.address}`);
    h.append("CSeq", `1 ${method}`);
    h.append("Contact", this.contactOf(flow, ""));
    h.append("User-Agent", this.agent);
    if (headers) for (const [name, value] of Object.entries(headers)) h.set(name, value);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        tx.abandon();
        resolve(null);
      }, timeoutMs);
      const done = (msg: SipMessage | null) => {
        clearTimeout(timer);
        resolve(msg);
      };
      const tx = this.layer.request({ kind: "request", method, uri, headers: h, body: "" }, flow, {
        onResponse: (msg) => (msg.status as number) >= 200 && done(msg),
        onFailure: () => done(null),
      });
    });
  }

  viaOf(flow: Flow, branch: string): string {
    const { host, port } = this.#sentBy(flow);
    return `SIP/2.0/${flow.remote.transport.toUpperCase()} ${host}:${port};branch=${branch};rport`;
  }

  contactOf(flow: Flow, user: string): string {
    const { host, port } = this.#sentBy(flow);
    const at = user ? `${encodeURIComponent(user).replace(/%2B/g, "+")}@` : "";
    return `<sip:${at}${this.#options.contactHost ?? host}:${port};transport=${flow.remote.transport}>`;
  }

  /** Where the peer can reach us on its own: the listener of that transport, else the socket in use. */
  #sentBy(flow: Flow): { host: string; port: number } {
    const listener = this.#options[flow.remote.transport];
    const usable = listener && (flow.reliable || listener.host === flow.local.address);
    return usable && listener.port !== 0 ? listener : { host: flow.local.address, port: flow.local.port };
  }

  #host(): string {
    const o = this.#options;
    return o.tls?.host ?? o.tcp?.host ?? o.udp?.host ?? "127.0.0.1";
  }

  #receive(tx: ServerTransaction): void {
    const msg = tx.request;
    if (this.ignores?.(msg, tx.flow.remote)) {
      tx.abandon();
      return;
    }
    if (msg.method === "CANCEL") {
      this.#receiveCancel(tx);
      return;
    }
    const toTag = tagOf(msg.headers.get("To"));
    if (toTag) {
      const call: CallLeg | undefined = this.#calls.get(`${msg.headers.get("Call-ID")}|${toTag}`);
      if (call) call.receive(tx);
      else tx.respond(makeResponse(msg, 481));
      return;
    }
    if (msg.method !== "INVITE") {
      const reply: Reply = (status, reason, headers) => {
        const response = makeResponse(msg, status, reason, token(6));
        if (headers) for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
        tx.respond(response);
      };
      this.onRequest(msg, reply, tx.flow.remote);
      return;
    }
    tx.respond(makeResponse(msg, 100));
    const call = new IncomingCall(this, tx, (ended) => this.#calls.delete(callKey(ended)));
    invites.set(tx, call);
    this.#calls.set(callKey(call), call);
    this.onInvite(call);
  }

  #receiveCancel(tx: ServerTransaction): void {
    const invite = this.layer.inviteOf(tx.request);
    tx.respond(makeResponse(tx.request, invite ? 200 : 481));
    const call = invite && invites.get(invite);
    call?.receiveCancel(tx.request);
  }
}

/** The call of an INVITE transaction, for its CANCEL. */
const invites = new WeakMap<ServerTransaction, IncomingCall>();

function callKey(call: IncomingCall | OutgoingCall): string {
  return `${call.id}|${call instanceof IncomingCall ? call.dialog.localTag : call.localTag}`;
}

function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing within ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
