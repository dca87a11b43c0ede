import { answerChallenge, type Credentials } from "./auth";
import { type CallFailure, CallLeg } from "./call";
import { Dialog, type DialogHost } from "./dialog";
import type { Flow, Peer } from "./flows";
import { Headers } from "./headers";
import { cseqOf, reasonOf, type SipMessage } from "./message";
import type { ClientTransaction } from "./client-transaction";
import { newBranch, token } from "./tokens";
import { type Target, TransportError } from "./transport";
import { tagOf } from "./uri";

export interface InviteOptions {
  /** Request-URI. */
  uri: string;
  /** URI or whole From value; the tag is added. */
  from: string;
  to: string;
  headers?: Record<string, string>;
  sdp?: string;
  target: Target;
  /** Longest wait for a final response, ms; then the call is cancelled and fails with 408. Default: no limit once it rings. */
  timeoutMs?: number;
  /** Answers one 401 or 407 (RFC 3261 section 22). */
  auth?: Credentials;
  callId?: string;
}

const wrap = (value: string) => (value.includes("<") ? value : `<${value}>`);

/** A call this endpoint places. */
export class OutgoingCall extends CallLeg {
  request: SipMessage;
  remote: Peer;
  readonly #host: DialogHost;
  readonly #options: InviteOptions;
  #tx: ClientTransaction | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stuck: NodeJS.Timeout | undefined;
  #cancel: "no" | "wanted" | "sent" = "no";
  #challenged = false;
  #cancelled: ((final: SipMessage | null) => void)[] = [];
  #lastAck: { ack: SipMessage; flow: Flow } | null = null;
  readonly #from: string;

  constructor(host: DialogHost, options: InviteOptions, agentHost: string, forget: (call: OutgoingCall) => void) {
    super(options.callId ?? `${token(10)}@${agentHost}`, () => forget(this));
    this.#host = host;
    this.#options = options;
    this.localSdp = options.sdp;
    this.remote = { address: options.target.host, port: options.target.port, transport: options.target.transport };
    this.#from = `${wrap(options.from)};tag=${token(6)}`;
    this.request = this.#build(undefined, 1);
    if (options.timeoutMs !== undefined) this.#timer = setTimeout(() => this.#timeout(), options.timeoutMs);
    void this.#start();
  }

  /** Our tag: with the Call-ID it names the dialog. */
  get localTag(): string {
    return tagOf(this.#from);
  }

  override async hangup(headers?: Record<string, string>): Promise<SipMessage | null> {
    if (this.state === "ended") return null;
    if (this.state === "answered") return this.bye(headers);
    const final = new Promise<SipMessage | null>((resolve) => this.#cancelled.push(resolve));
    this.#wantCancel();
    return final;
  }

  /** A 2xx that came again, or from another branch of a fork. */
  receiveStray(msg: SipMessage): void {
    if (msg.method !== "INVITE" || (msg.status as number) >= 300 || (msg.status as number) < 200) return;
    const tag = tagOf(msg.headers.get("To"));
    if (this.dialog && tag === tagOf(this.dialog.remoteUri)) {
      if (this.#lastAck) this.#host.layer.transmit(this.#lastAck.ack, this.#lastAck.flow);
      return;
    }
    // A second callee picked up: it is acknowledged and ended at once (13.2.2.4).
    void this.#hangupFork(msg);
  }

  /** Ends without a word: the endpoint closes. */
  abandon(): void {
    clearTimeout(this.#stuck);
    if (this.state === "answered") this.finish({ by: "error" });
    else if (this.state !== "ended") this.#fail({ code: 503, reason: "The endpoint was closed", cause: "transport" });
  }

  async #start(): Promise<void> {
    try {
      const flow = await this.#host.transports.flowTo(this.#options.target);
      if (this.state === "ended") return;
      if (this.#cancel === "wanted") return this.#fail({ code: 487, reason: reasonOf(487) });
      this.remote = flow.remote;
      this.#send(flow, undefined, 1);
    } catch (error) {
      const cause = error instanceof TransportError && error.kind === "tls" ? "tls" : "transport";
      this.#fail({ code: 503, reason: error instanceof Error ? error.message : String(error), cause });
    }
  }

  #build(flow: Flow | undefined, cseq: number, extra?: { name: string; value: string }): SipMessage {
    const o = this.#options;
    const headers = new Headers();
    if (flow) headers.append("Via", this.#host.viaOf(flow, newBranch()));
    headers.append("Max-Forwards", "70");
    headers.append("From", this.#from);
    headers.append("To", wrap(o.to));
    headers.append("Call-ID", this.id);
    headers.append("CSeq", `${cseq} INVITE`);
    const user = /sips?:([^@>;]+)@/.exec(this.#from)?.[1] ?? "";
    if (flow) headers.append("Contact", this.#host.contactOf(flow, user));
    headers.append("User-Agent", this.#host.agent);
    if (o.headers) for (const [name, value] of Object.entries(o.headers)) headers.set(name, value);
    if (extra) headers.set(extra.name, extra.value);
    if (o.sdp) headers.set("Content-Type", "application/sdp");
    return { kind: "request", method: "INVITE", uri: o.uri, headers, body: o.sdp ?? "" };
  }

  #send(flow: Flow, extra: { name: string; value: string } | undefined, cseq: number): void {
    this.request = this.#build(flow, cseq, extra);
    this.#tx = this.#host.layer.request(this.request, flow, {
      onResponse: (msg) => this.#receive(msg, flow),
      onFailure: (kind, why) => {
        if (kind === "timeout") this.#fail({ code: 408, reason: `No answer: ${why}`, cause: "timeout" });
        else this.#fail({ code: 503, reason: `Connection lost: ${why}`, cause: "transport" });
      },
    });
  }

  #receive(msg: SipMessage, flow: Flow): void {
    const status = msg.status as number;
    if (status >= 200) clearTimeout(this.#stuck);
    if (status < 200 && this.#cancel === "wanted") this.#sendCancel();
    if (this.state === "ended") {
      // Answered after we gave up: acknowledged and ended, never left hanging.
      if (status >= 200 && status < 300) void this.#hangupFork(msg);
    } else if (status < 200) {
      if (status > 100) this.#ringing(msg);
    } else if (status < 300) void this.#answered(msg, flow);
    else if (!this.#authenticate(msg, flow)) this.#refused(msg);
  }

  #ringing(msg: SipMessage): void {
    this.state = "ringing";
    if (msg.body && msg.headers.get("Content-Type")?.toLowerCase().startsWith("application/sdp"))
      this.remoteSdp = msg.body;
    this.emit("ringing", msg);
  }

  async #answered(msg: SipMessage, flow: Flow): Promise<void> {
    clearTimeout(this.#timer);
    const dialog = this.#dialogOf(msg, flow);
    this.dialog = dialog;
    if (msg.body) this.remoteSdp = msg.body;
    const cancelled = this.#cancel !== "no";
    this.state = "answered";
    this.#lastAck = await dialog.acknowledge(msg);
    if ((this.state as string) === "ended") return;
    if (!cancelled) {
      this.emit("answered", msg);
      return;
    }
    // CANCEL and 200 crossed: the call exists and is ended by BYE (9.1).
    const waiting = this.#cancelled;
    this.#cancelled = [];
    this.state = "ended";
    const response = await dialog.request("BYE");
    this.#fail({ code: 487, reason: reasonOf(487) }, waiting, response);
  }

  #authenticate(msg: SipMessage, flow: Flow): boolean {
    const { auth, uri } = this.#options;
    if ((msg.status !== 401 && msg.status !== 407) || !auth || this.#challenged || this.#cancel !== "no") return false;
    const answer = answerChallenge(msg, { method: "INVITE", uri }, auth);
    if (!answer || !flow.open) return false;
    this.#challenged = true;
    this.#send(flow, answer, (cseqOf(this.request)?.number ?? 1) + 1);
    return true;
  }

  #refused(msg: SipMessage): void {
    const code = msg.status as number;
    this.#fail({ code, reason: msg.reason || reasonOf(code), msg });
  }

  /** The wait is over for whoever placed the call; the CANCEL and what is answered to it are between us and the peer. */
  #timeout(): void {
    if (this.#tx) this.#wantCancel();
    this.#fail(TIMED_OUT);
  }

  /** CANCEL may only follow a provisional response (9.1): until one comes the wish is kept. */
  #wantCancel(): void {
    if (this.#cancel !== "no") return;
    this.#cancel = "wanted";
    if (this.#tx && (this.state === "ringing" || this.#tx.proceeding)) this.#sendCancel();
    // A peer that never says anything: the INVITE times out by itself (timer B).
  }

  #sendCancel(): void {
    const tx = this.#tx;
    if (!tx || this.#cancel === "sent") return;
    this.#cancel = "sent";
    const headers = new Headers();
    for (const name of ["Via", "Max-Forwards", "From", "To", "Call-ID"])
      headers.append(name, this.request.headers.get(name) ?? "");
    headers.append("CSeq", `${cseqOf(this.request)?.number ?? 1} CANCEL`);
    const cancel: SipMessage = {
      kind: "request",
      method: "CANCEL",
      uri: this.request.uri as string,
      headers,
      body: "",
    };
    const stuck = () => {
      // 64*T1 after the CANCEL without a final response the transaction counts as ended (9.1).
      clearTimeout(this.#stuck);
      tx.abandon();
      if (this.state !== "ended" && this.state !== "answered") this.#fail({ code: 487, reason: reasonOf(487) });
    };
    this.#stuck = setTimeout(stuck, 64 * this.#host.layer.timers.t1Ms);
    this.#host.layer.request(cancel, tx.flow, { onResponse: () => {}, onFailure: stuck });
  }

  #dialogOf(msg: SipMessage, flow: Flow): Dialog {
    const dialog = new Dialog({
      host: this.#host,
      callId: this.id,
      localUri: this.#from,
      remoteUri: msg.headers.get("To") ?? "",
      remoteTarget: this.#options.uri,
      cseq: cseqOf(this.request)?.number ?? 1,
      flow,
      target: this.#options.target,
    });
    dialog.learn(msg, "reversed");
    return dialog;
  }

  async #hangupFork(msg: SipMessage): Promise<void> {
    const flow = this.dialog?.flow ?? this.#tx?.flow;
    if (!flow) return;
    const dialog = this.#dialogOf(msg, flow);
    await dialog.acknowledge(msg);
    await dialog.request("BYE");
  }

  #fail(failure: CallFailure, waiting = this.#cancelled, answer: SipMessage | null = failure.msg ?? null): void {
    clearTimeout(this.#timer);
    this.state = "ended";
    this.#cancelled = [];
    this.forget();
    for (const resolve of waiting) resolve(answer);
    this.emit("failed", failure);
  }
}

const TIMED_OUT: CallFailure = { code: 408, reason: "No final response in time", cause: "timeout" };
