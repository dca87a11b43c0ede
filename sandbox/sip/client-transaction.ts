import { Headers } from "./headers";
import { cseqOf, type SipMessage, serialize } from "./message";
import type { ClientHandlers, TransactionLayer } from "./transaction";
import type { Flow } from "./flows";

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
