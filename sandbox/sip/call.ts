import { EventEmitter } from "node:events";
import type { Dialog } from "./dialog";
import type { Peer } from "./flows";
import { makeResponse, type SipMessage } from "./message";
import type { ServerTransaction } from "./server-transaction";

export type CallState = "trying" | "ringing" | "answered" | "ended";

/** Why a call that was never answered failed; `msg` is absent when no SIP response said so. */
export interface CallFailure {
  code: number;
  reason: string;
  msg?: SipMessage;
  /** Set when this side made the code up: 408 after a timeout, 503 when the target could not be reached (RFC 3261 8.1.3.1). */
  cause?: "timeout" | "transport" | "tls";
}

export interface CallEnd {
  by: "local" | "remote" | "error";
  /** The BYE or CANCEL of the peer, or the answer to ours. */
  msg?: SipMessage;
}

export type ReplyFn = (status: number, reason?: string, headers?: Record<string, string>, sdp?: string) => void;

interface CallEvents {
  /** 180 or 183 came (caller), or the first was sent (callee). */
  ringing: [msg: SipMessage];
  /** 200 came (caller), or the ACK of ours (callee). */
  answered: [msg: SipMessage];
  /** Outgoing calls only, instead of `ended`. */
  failed: [failure: CallFailure];
  /** Last event of every call that did not fail. */
  ended: [end: CallEnd];
  info: [msg: SipMessage];
  /** Without a listener a re-INVITE is answered with the session as it is. */
  reinvite: [msg: SipMessage, reply: ReplyFn];
}

/** One call leg: an INVITE dialog. Exactly one of `failed` and `ended` comes, as the last event. */
export abstract class CallLeg extends EventEmitter<CallEvents> {
  readonly id: string;
  abstract readonly request: SipMessage;
  abstract readonly remote: Peer;
  state: CallState = "trying";
  localSdp: string | undefined;
  remoteSdp: string | undefined;
  dialog: Dialog | undefined;
  /**
   * Headers put into the 200 that answers the peer's BYE. A promise delays that 200 (a B2BUA that asks its far leg first), at most
   * two seconds.
   */
  endHeaders: (() => Record<string, string> | Promise<Record<string, string>>) | undefined;
  protected readonly forget: () => void;

  constructor(id: string, forget: () => void) {
    super();
    this.id = id;
    this.forget = forget;
  }

  /** Ends the leg by what its state asks for: CANCEL, a refusal, or BYE. Resolves with the answer, null when none came. */
  abstract hangup(headers?: Record<string, string>): Promise<SipMessage | null>;

  /** Sends an INFO inside the dialog (RFC 6086). Does nothing before the answer and after the end. */
  async info(headers: Record<string, string>, body = ""): Promise<void> {
    if (this.state === "answered") await this.dialog?.request("INFO", headers, body);
  }

  /** Changes the session by a re-INVITE (RFC 3261 section 14). Resolves with the final response, null when none came. */
  async reinvite(sdp: string, headers?: Record<string, string>): Promise<SipMessage | null> {
    if (this.state !== "answered" || !this.dialog) return null;
    const response = await this.dialog.request("INVITE", headers, sdp);
    if (!response || (response.status as number) >= 300) return response;
    this.dialog.learn(response, "keep");
    await this.dialog.acknowledge(response);
    this.localSdp = sdp;
    if (response.body) this.remoteSdp = response.body;
    return response;
  }

  /** Asks inside the dialog whether the peer still has it. Resolves with the status code, null for silence. */
  async ping(): Promise<number | null> {
    return (await this.dialog?.request("OPTIONS"))?.status ?? null;
  }

  protected async bye(headers?: Record<string, string>): Promise<SipMessage | null> {
    if (this.state === "ended" || !this.dialog) return null;
    this.state = "ended";
    const response = await this.dialog.request("BYE", headers);
    this.finish({ by: "local", ...(response ? { msg: response } : {}) });
    return response;
  }

  protected finish(end: CallEnd): void {
    this.state = "ended";
    this.forget();
    this.emit("ended", end);
  }

  /** A request of the peer inside the dialog. */
  receive(tx: ServerTransaction): void {
    const msg = tx.request;
    const reply: ReplyFn = (status, reason, headers, sdp) => {
      const response = makeResponse(msg, status, reason);
      if (headers) for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
      if (sdp) {
        response.headers.set("Content-Type", "application/sdp");
        response.body = sdp;
      }
      tx.respond(response);
    };
    if (this.dialog?.flow.reliable && !this.dialog.flow.open) this.dialog.flow = tx.flow;
    // Requests of the peer may overtake each other on UDP; an old one is refused (12.2.2).
    if (this.dialog && !this.dialog.accepts(msg)) reply(500, "CSeq out of order");
    else if (msg.method === "BYE") this.#receiveBye(msg, reply);
    else if (msg.method === "INFO") this.#receiveInfo(msg, reply);
    else if (msg.method === "INVITE") this.#receiveReinvite(tx, reply);
    else if (msg.method === "OPTIONS") reply(200, undefined, { Allow: ALLOW, Accept: "application/sdp" });
    else reply(405, undefined, { Allow: ALLOW });
  }

  #receiveInfo(msg: SipMessage, reply: ReplyFn): void {
    const open = this.state === "answered";
    reply(open ? 200 : 481);
    if (open) this.emit("info", msg);
  }

  #receiveBye(msg: SipMessage, reply: ReplyFn): void {
    if (this.state === "ended") {
      reply(481);
      return;
    }
    const headers = this.endHeaders?.();
    if (!(headers instanceof Promise)) {
      reply(200, undefined, headers);
      this.finish({ by: "remote", msg });
      return;
    }
    // Over at once for every other request; the end is told when the answer is out.
    this.state = "ended";
    let done = false;
    const finish = (late?: Record<string, string>) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      reply(200, undefined, late);
      this.finish({ by: "remote", msg });
    };
    const timer = setTimeout(finish, END_HEADERS_MS_MAX);
    headers.then(finish, () => finish());
  }

  #receiveReinvite(tx: ServerTransaction, reply: ReplyFn): void {
    if (this.state !== "answered") {
      reply(491);
      return;
    }
    this.dialog?.learn(tx.request, "keep");
    const contact = this.dialog?.host.contactOf(tx.flow, "") ?? "";
    const answer: ReplyFn = (status, reason, headers, sdp) => {
      if (status < 300 && tx.request.body) this.remoteSdp = tx.request.body;
      if (status < 300 && sdp) this.localSdp = sdp;
      reply(status, reason, { Contact: contact, ...headers }, sdp ?? (status < 300 ? this.localSdp : undefined));
    };
    if (this.listenerCount("reinvite") > 0) this.emit("reinvite", tx.request, answer);
    else answer(200);
  }
}

/** Longest wait for `endHeaders`, ms: below the peer's patience for the answer to its BYE. */
const END_HEADERS_MS_MAX = 2000;

/** Methods this core understands. */
export const ALLOW = "INVITE, ACK, CANCEL, BYE, INFO, OPTIONS";
