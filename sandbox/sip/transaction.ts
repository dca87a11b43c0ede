import { randomBytes } from "node:crypto";
import { Headers } from "./headers";
import { cseqOf, makeResponse, missingHeader, type SipMessage, serialize } from "./message";
import { type Flow, redirectUdp } from "./transport";
import { parseVia, type Via } from "./uri";

/** Base timers, ms (RFC 3261 table 4). They run on the machine's monotonic clock, never on the world's. */
export interface SipTimers {
  /** Round trip estimate (500). */
  t1Ms: number;
  /** Longest gap between retransmissions (4000). */
  t2Ms: number;
  /** Longest life of a message in the network (5000). */
  t4Ms: number;
}

export const DEFAULT_TIMERS: SipTimers = { t1Ms: 500, t2Ms: 4000, t4Ms: 5000 };
const COOKIE = "z9hG4bK";

export interface ClientHandlers {
  /** Provisional and final responses; a final non-2xx comes once. */
  onResponse(msg: SipMessage): void;
  /** No final response: timer B or F ran out, or the connection went. */
  onFailure(kind: "timeout" | "transport", why: string): void;
}

export interface LayerHandlers {
  /** A new request (not a retransmission, not an ACK of a non-2xx). */
  onRequest(tx: ServerTransaction): void;
  /** An ACK that belongs to no INVITE transaction: it acknowledges a 2xx. */
  onAck(msg: SipMessage): void;
  /** A response of no transaction: a 2xx sent again. */
  onStray(msg: SipMessage): void;
  /** Each message that goes or comes, before anything is done with it. */
  onTraffic?(direction: "in" | "out", msg: SipMessage, flow: Flow): void;
}

/** A fresh branch parameter (RFC 3261 section 8.1.1.7). */
export function newBranch(): string {
  return COOKIE + token(8);
}

let pool = Buffer.alloc(0);
let poolAt = 0;

/** Random token of n bytes in hex: tags, Call-IDs, branches. Random bytes are drawn in bulk, one syscall for hundreds of tokens. */
export function token(bytes: number): string {
  if (poolAt + bytes > pool.length) {
    pool = randomBytes(4096);
    poolAt = 0;
  }
  poolAt += bytes;
  return pool.toString("hex", poolAt - bytes, poolAt);
}

/** One request of ours and its responses (section 17.1). */
export class ClientTransaction {
  readonly #layer: TransactionLayer;
  readonly #text: string;
  readonly #invite: boolean;
  #state: "calling" | "proceeding" | "completed" | "done" = "calling";
  #resend: NodeJS.Timeout | undefined;
  #expire: NodeJS.Timeout | undefined;
  #ackText = "";
  readonly #ungone: () => void;

  constructor(
    layer: TransactionLayer,
    readonly key: string,
    readonly request: SipMessage,
    readonly flow: Flow,
    readonly handlers: ClientHandlers,
  ) {
    this.#layer = layer;
    this.#invite = request.method === "INVITE";
    this.#text = serialize(request);
    const { t1Ms } = layer.timers;
    layer.transmit(request, flow, this.#text);
    if (!flow.reliable) this.#resend = setTimeout(() => this.#retransmit(t1Ms), t1Ms);
    this.#expire = setTimeout(() => this.#fail("timeout", "no final response in time"), 64 * t1Ms);
    this.#ungone = flow.onGone((why) => this.#fail("transport", why));
  }

  get finished(): boolean {
    return this.#state === "completed" || this.#state === "done";
  }

  /** A provisional response came and no final one yet. */
  get proceeding(): boolean {
    return this.#state === "proceeding";
  }

  /** Ends without a word to anyone: the endpoint closes. */
  abandon(): void {
    this.#state = "done";
    clearTimeout(this.#resend);
    clearTimeout(this.#expire);
    this.#ungone();
    this.#layer.forgetClient(this.key);
  }

  receive(msg: SipMessage): void {
    const status = msg.status as number;
    if (this.#state === "completed") {
      // The final response came again: our ACK was lost.
      if (this.#invite && status >= 300) this.flow.send(this.#ackText);
      return;
    }
    if (status < 200) this.#provisional();
    else if (this.#invite && status >= 300) this.#acknowledge(msg);
    else this.abandon();
    this.handlers.onResponse(msg);
  }

  #provisional(): void {
    if (this.#state === "proceeding") return;
    this.#state = "proceeding";
    if (!this.#invite) return;
    // An INVITE may ring as long as the user likes: timers A and B stop at the first provisional response.
    clearTimeout(this.#resend);
    clearTimeout(this.#expire);
  }

  /** ACK of a non-2xx: same branch, same place, part of this transaction (17.1.1.3). */
  #acknowledge(final: SipMessage): void {
    const headers = new Headers();
    headers.append("Via", this.request.headers.get("Via") ?? "");
    for (const route of this.request.headers.getAll("Route")) headers.append("Route", route);
    headers.append("Max-Forwards", "70");
    headers.append("From", this.request.headers.get("From") ?? "");
    headers.append("To", final.headers.get("To") ?? "");
    headers.append("Call-ID", this.request.headers.get("Call-ID") ?? "");
    headers.append("CSeq", `${cseqOf(this.request)?.number ?? 1} ACK`);
    const ack: SipMessage = { kind: "request", method: "ACK", uri: this.request.uri as string, headers, body: "" };
    this.#ackText = serialize(ack);
    this.#layer.transmit(ack, this.flow, this.#ackText);
    clearTimeout(this.#resend);
    clearTimeout(this.#expire);
    this.#ungone();
    if (this.flow.reliable) {
      this.#state = "done";
      this.#layer.forgetClient(this.key);
      return;
    }
    this.#state = "completed";
    // Timer D: at least 32 s on UDP, to answer every repetition of the final response.
    this.#expire = setTimeout(() => this.abandon(), 64 * this.#layer.timers.t1Ms);
  }

  #retransmit(gapMs: number): void {
    this.flow.send(this.#text);
    // Timer A doubles without end, timer E up to T2; a non-INVITE that has a provisional response repeats every T2.
    const t2 = this.#layer.timers.t2Ms;
    const next = this.#invite ? gapMs * 2 : this.#state === "proceeding" ? t2 : Math.min(gapMs * 2, t2);
    this.#resend = setTimeout(() => this.#retransmit(next), next);
  }

  #fail(kind: "timeout" | "transport", why: string): void {
    if (this.finished) return;
    this.abandon();
    this.handlers.onFailure(kind, why);
  }
}

/** One request of the peer's and our responses (section 17.2). */
export class ServerTransaction {
  readonly #layer: TransactionLayer;
  readonly #replyFlow: Flow;
  readonly #invite: boolean;
  #last = "";
  #state: "proceeding" | "accepted" | "completed" | "confirmed" | "done" = "proceeding";
  #resend: NodeJS.Timeout | undefined;
  #expire: NodeJS.Timeout | undefined;

  constructor(
    layer: TransactionLayer,
    readonly key: string,
    readonly request: SipMessage,
    readonly flow: Flow,
    via: Via,
  ) {
    this.#layer = layer;
    this.#invite = request.method === "INVITE";
    // Without rport, answers go to the port named in Via (18.2.2); over a connection they go back through it.
    const port = "rport" in via.params ? flow.remote.port : (via.port ?? 5060);
    this.#replyFlow = flow.reliable ? flow : redirectUdp(flow, flow.remote.address, port);
  }

  get finished(): boolean {
    return this.#state !== "proceeding";
  }

  /** Sends a response. After a final one this does nothing. */
  respond(msg: SipMessage): void {
    if (this.finished) return;
    const status = msg.status as number;
    this.#last = serialize(msg);
    this.#layer.transmit(msg, this.#replyFlow, this.#last);
    if (status < 200) return;
    const { t1Ms } = this.#layer.timers;
    if (this.#invite && status < 300) this.#linger("accepted", 64 * t1Ms);
    else if (this.#invite) this.#awaitAck();
    else this.#linger("completed", 64 * t1Ms);
  }

  /** Repeats a 2xx: its sender, not this transaction, repeats it until the ACK (13.3.1.4). */
  repeat(): void {
    this.#replyFlow.send(this.#last);
  }

  /** The same request again, or the ACK of our non-2xx. */
  receiveAgain(msg: SipMessage): void {
    if (msg.method !== "ACK") {
      if (this.#last && this.#state !== "confirmed" && this.#state !== "accepted") this.#replyFlow.send(this.#last);
      return;
    }
    if (this.#state !== "completed") return;
    clearTimeout(this.#resend);
    clearTimeout(this.#expire);
    // Timer I: ACKs sent again are swallowed.
    this.#linger("confirmed", this.#layer.timers.t4Ms);
  }

  abandon(): void {
    this.#state = "done";
    clearTimeout(this.#resend);
    clearTimeout(this.#expire);
    this.#layer.forgetServer(this.key);
  }

  /** Keeps the transaction to swallow repetitions: only UDP makes any (timers I, J, L). */
  #linger(state: "accepted" | "completed" | "confirmed", ms: number): void {
    if (this.flow.reliable) {
      this.abandon();
      return;
    }
    this.#state = state;
    this.#expire = setTimeout(() => this.abandon(), ms);
  }

  #awaitAck(): void {
    const { t1Ms, t2Ms } = this.#layer.timers;
    this.#state = "completed";
    const again = (gapMs: number) => {
      this.#replyFlow.send(this.#last);
      const next = Math.min(gapMs * 2, t2Ms);
      this.#resend = setTimeout(() => again(next), next);
    };
    if (!this.flow.reliable) this.#resend = setTimeout(() => again(t1Ms), t1Ms);
    this.#expire = setTimeout(() => this.abandon(), 64 * t1Ms);
  }
}

/** All transactions of one endpoint. */
export class TransactionLayer {
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();

  constructor(
    readonly handlers: LayerHandlers,
    readonly timers: SipTimers = DEFAULT_TIMERS,
  ) {}

  /** Sends a request that already carries its Via; the branch in it names the transaction. */
  request(msg: SipMessage, flow: Flow, handlers: ClientHandlers): ClientTransaction {
    const branch = parseVia(msg.headers.get("Via"))?.params.branch ?? "";
    const key = `${branch}|${msg.method}`;
    const tx = new ClientTransaction(this, key, msg, flow, handlers);
    this.#clients.set(key, tx);
    return tx;
  }

  /** Sends a message outside of any transaction (the ACK of a 2xx) or on behalf of one. */
  transmit(msg: SipMessage, flow: Flow, text = serialize(msg)): void {
    this.handlers.onTraffic?.("out", msg, flow);
    flow.send(text);
  }

  /** The INVITE transaction that a CANCEL is about: same branch and sent-by (9.2). */
  inviteOf(cancel: SipMessage): ServerTransaction | undefined {
    return this.#servers.get(serverKey(cancel, "INVITE"));
  }

  receive(msg: SipMessage, flow: Flow): void {
    this.handlers.onTraffic?.("in", msg, flow);
    const missing = missingHeader(msg);
    if (msg.kind === "response") {
      if (!missing) this.#receiveResponse(msg);
      return;
    }
    const via = parseVia(msg.headers.get("Via"));
    if (!via) return;
    this.#markReceived(msg, via, flow);
    if (missing) {
      if (msg.method !== "ACK") flow.send(serialize(makeResponse(msg, 400, `Missing or malformed ${missing}`)));
      return;
    }
    const known = this.#servers.get(serverKey(msg, msg.method === "ACK" ? "INVITE" : msg.method));
    if (known && !(msg.method === "ACK" && !known.finished)) {
      known.receiveAgain(msg);
      // The ACK of a 2xx has a branch of its own, but a sloppy peer may reuse the INVITE's: the dialog must see it.
      if (msg.method === "ACK") this.handlers.onAck(msg);
      return;
    }
    if (msg.method === "ACK") {
      this.handlers.onAck(msg);
      return;
    }
    const key = serverKey(msg, msg.method);
    const tx = new ServerTransaction(this, key, msg, flow, via);
    this.#servers.set(key, tx);
    this.handlers.onRequest(tx);
  }

  forgetClient(key: string): void {
    this.#clients.delete(key);
  }

  forgetServer(key: string): void {
    this.#servers.delete(key);
  }

  /** Ends every transaction without a word. */
  close(): void {
    for (const tx of [...this.#clients.values()]) tx.abandon();
    for (const tx of [...this.#servers.values()]) tx.abandon();
  }

  /** Transactions alive, for tests of leaks. */
  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  #receiveResponse(msg: SipMessage): void {
    const branch = parseVia(msg.headers.get("Via"))?.params.branch ?? "";
    const tx = this.#clients.get(`${branch}|${msg.method}`);
    if (tx) tx.receive(msg);
    else this.handlers.onStray(msg);
  }

  /** Adds where the request really came from to its top Via (18.2.1, RFC 3581). */
  #markReceived(msg: SipMessage, via: Via, flow: Flow): void {
    const wantsPort = "rport" in via.params && via.params.rport === "";
    if (via.host === flow.remote.address && !wantsPort) return;
    let value = msg.headers.get("Via") as string;
    if (wantsPort) value = value.replace(/;\s*rport(?=\s*(;|$))/i, `;rport=${flow.remote.port}`);
    if (!("received" in via.params)) value += `;received=${flow.remote.address}`;
    msg.headers.setFirst("Via", value);
  }
}

/** Key of a server transaction (17.2.3): branch and sent-by, or for a peer of RFC 2543 what identifies the request. */
function serverKey(msg: SipMessage, method: string): string {
  const via = parseVia(msg.headers.get("Via"));
  const branch = via?.params.branch ?? "";
  if (branch.startsWith(COOKIE)) return `${branch}|${via?.host}:${via?.port ?? ""}|${method}`;
  const from = msg.headers.get("From") ?? "";
  return `${msg.headers.get("Call-ID")}|${from}|${cseqOf(msg)?.number}|${via?.host}:${via?.port ?? ""}|${method}`;
}
