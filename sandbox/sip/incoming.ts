import { type CallEnd, CallLeg } from "./call";
import { Dialog, type DialogHost } from "./dialog";
import type { Peer } from "./flows";
import { makeResponse, type SipMessage } from "./message";
import type { ServerTransaction } from "./server-transaction";
import { token } from "./tokens";
import { parseNameAddr, parseUri } from "./uri";

/** A call that came in: ring, answer or reject it. */
export class IncomingCall extends CallLeg {
  readonly request: SipMessage;
  readonly remote: Peer;
  override dialog: Dialog;
  readonly #tx: ServerTransaction;
  readonly #host: DialogHost;
  #repeat: NodeJS.Timeout | undefined;
  #giveUp: NodeJS.Timeout | undefined;
  /** Set from our 200 until its ACK; told whether the ACK came. */
  #acknowledged: ((came: boolean) => void)[] | null = null;

  constructor(host: DialogHost, tx: ServerTransaction, forget: (call: IncomingCall) => void) {
    const req = tx.request;
    super(req.headers.get("Call-ID") ?? "", () => forget(this));
    this.#host = host;
    this.#tx = tx;
    this.request = req;
    this.remote = tx.flow.remote;
    this.remoteSdp = req.body || undefined;
    this.dialog = new Dialog({
      host,
      callId: this.id,
      localUri: `${req.headers.get("To")};tag=${token(6)}`,
      remoteUri: req.headers.get("From") ?? "",
      remoteTarget: parseNameAddr(req.headers.get("From") ?? "")?.uri ?? "",
      cseq: 0,
      flow: tx.flow,
    });
    this.dialog.learn(req, "as-is");
    this.dialog.accepts(req);
  }

  /** Sends 180 (RFC 3261 section 13.3.1.1). Does nothing once answered or ended. */
  ring(headers?: Record<string, string>): void {
    if (this.state !== "trying" && this.state !== "ringing") return;
    const first = this.state === "trying";
    this.state = "ringing";
    const msg = this.#response(180, undefined, headers);
    this.#tx.respond(msg);
    if (first) this.emit("ringing", msg);
  }

  /** Answers with 200 and this session description. Does nothing once answered or ended. */
  answer(sdp: string, headers?: Record<string, string>): void {
    if (this.state !== "trying" && this.state !== "ringing") return;
    this.state = "answered";
    this.localSdp = sdp;
    const msg = this.#response(200, undefined, headers);
    if (sdp) msg.headers.set("Content-Type", "application/sdp");
    msg.body = sdp;
    this.#acknowledged = [];
    this.#tx.respond(msg);
    const { t1Ms, t2Ms } = this.#host.layer.timers;
    const again = (gapMs: number) => {
      this.#tx.repeat();
      const next = Math.min(gapMs * 2, t2Ms);
      this.#repeat = setTimeout(() => again(next), next);
    };
    this.#repeat = setTimeout(() => again(t1Ms), t1Ms);
    this.#giveUp = setTimeout(() => this.#noAck(), 64 * t1Ms);
  }

  /** Refuses with a final response (300 to 699). Does nothing once answered or ended. */
  reject(code: number, reason?: string, headers?: Record<string, string>): void {
    if (this.state !== "trying" && this.state !== "ringing") return;
    this.#tx.respond(this.#response(code, reason, headers));
    this.finish({ by: "local" });
  }

  override async hangup(headers?: Record<string, string>): Promise<SipMessage | null> {
    if (this.state === "ended") return null;
    if (this.state !== "answered") {
      this.reject(480, undefined, headers);
      return null;
    }
    // A callee must not send BYE before the ACK (15): the peer would not know the dialog yet.
    if (this.#acknowledged) await new Promise<boolean>((resolve) => this.#acknowledged?.push(resolve));
    return this.bye(headers);
  }

  /** The ACK of our 200. */
  receiveAck(msg: SipMessage): void {
    if (!this.#acknowledged) return;
    if (msg.body) this.remoteSdp = msg.body;
    this.#settleAck(true);
    if (this.state === "answered") this.emit("answered", msg);
  }

  /** The peer's CANCEL: 487 for the INVITE (9.2). */
  receiveCancel(cancel: SipMessage): void {
    if (this.state !== "trying" && this.state !== "ringing") return;
    this.#tx.respond(this.#response(487));
    this.finish({ by: "remote", msg: cancel });
  }

  protected override finish(end: CallEnd): void {
    this.#settleAck(false);
    super.finish(end);
  }

  /** Ends without a word: the endpoint closes. */
  abandon(): void {
    if (this.state !== "ended") this.finish({ by: "error" });
  }

  #settleAck(came: boolean): void {
    clearTimeout(this.#repeat);
    clearTimeout(this.#giveUp);
    const waiting = this.#acknowledged;
    this.#acknowledged = null;
    for (const tell of waiting ?? []) tell(came);
  }

  #noAck(): void {
    this.#settleAck(false);
    if (this.state === "ended") return;
    // The caller never confirmed: the dialog is ended by BYE (13.3.1.4).
    void this.dialog.request("BYE");
    this.finish({ by: "error" });
  }

  #response(status: number, reason?: string, headers?: Record<string, string>): SipMessage {
    const msg = makeResponse(this.request, status, reason, this.dialog.localTag);
    if (status < 300) {
      for (const route of this.request.headers.getAll("Record-Route")) msg.headers.append("Record-Route", route);
      msg.headers.append("Contact", this.#host.contactOf(this.#tx.flow, parseUri(this.request.uri ?? "")?.user ?? ""));
    }
    msg.headers.append("Server", this.#host.agent);
    if (headers) for (const [name, value] of Object.entries(headers)) msg.headers.set(name, value);
    return msg;
  }
}
