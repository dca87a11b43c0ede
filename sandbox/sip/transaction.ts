import { ClientTransaction } from "./client-transaction";
import { cseqOf, makeResponse, missingHeader, type SipMessage, serialize } from "./message";
import { ServerTransaction } from "./server-transaction";
import { BRANCH_COOKIE } from "./tokens";
import type { Flow } from "./flows";
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
  if (branch.startsWith(BRANCH_COOKIE)) return `${branch}|${via?.host}:${via?.port ?? ""}|${method}`;
  const from = msg.headers.get("From") ?? "";
  return `${msg.headers.get("Call-ID")}|${from}|${cseqOf(msg)?.number}|${via?.host}:${via?.port ?? ""}|${method}`;
}
