import { type Flow, redirectUdp } from "./flows";
import { type SipMessage, serialize } from "./message";
import type { TransactionLayer } from "./transaction";
import type { Via } from "./uri";

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
