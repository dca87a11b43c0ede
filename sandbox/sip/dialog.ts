import { type Flow, redirectUdp } from "./flows";
import { Headers } from "./headers";
import { cseqOf, type SipMessage } from "./message";
import { newBranch } from "./tokens";
import type { TransactionLayer } from "./transaction";
import type { Target, Transports } from "./transport";
import { parseNameAddr, parseUri, tagOf } from "./uri";

/** What a dialog needs of the endpoint it lives in. */
export interface DialogHost {
  readonly layer: TransactionLayer;
  readonly transports: Transports;
  readonly agent: string;
  viaOf(flow: Flow, branch: string): string;
  contactOf(flow: Flow, user: string): string;
}

/** Port of a transport when a URI names none (RFC 3261 section 19.1.2). */
function defaultPort(transport: string): number {
  return transport === "tls" ? 5061 : 5060;
}

/** State of one dialog (RFC 3261 section 12): who, where to, in what order. */
export class Dialog {
  readonly host: DialogHost;
  readonly callId: string;
  /** From value of our requests. */
  readonly localUri: string;
  readonly localTag: string;
  /** To value of our requests; its tag comes with the first answer. */
  remoteUri: string;
  remoteTarget: string;
  routeSet: string[] = [];
  cseq: number;
  remoteCseq = -1;
  flow: Flow;
  /** How this side reached the peer; undefined when the peer came to us. */
  readonly target: Target | undefined;

  constructor(o: {
    host: DialogHost;
    callId: string;
    localUri: string;
    remoteUri: string;
    remoteTarget: string;
    cseq: number;
    flow: Flow;
    target?: Target;
  }) {
    this.host = o.host;
    this.callId = o.callId;
    this.localUri = o.localUri;
    this.localTag = tagOf(o.localUri);
    this.remoteUri = o.remoteUri;
    this.remoteTarget = o.remoteTarget;
    this.cseq = o.cseq;
    this.flow = o.flow;
    this.target = o.target;
  }

  /** Takes what a response (as caller) or the INVITE (as callee) says about the peer: target, and routes once. */
  learn(msg: SipMessage, routes: "reversed" | "as-is" | "keep"): void {
    const contact = parseNameAddr(msg.headers.get("Contact") ?? "");
    if (contact) this.remoteTarget = contact.uri;
    if (routes === "keep") return;
    const recorded = msg.headers.getAll("Record-Route");
    this.routeSet = routes === "reversed" ? recorded.reverse() : recorded;
  }

  /** A request inside the dialog (12.2.1.1). ACK takes the CSeq number of the INVITE it acknowledges. */
  build(method: string, flow: Flow, headers?: Readonly<Record<string, string>>, body = "", cseq?: number): SipMessage {
    const first = this.routeSet[0];
    const firstUri = first ? (parseNameAddr(first)?.uri ?? "") : "";
    const strict = first !== undefined && !(parseUri(firstUri)?.params && "lr" in (parseUri(firstUri)?.params ?? {}));
    const h = new Headers();
    h.append("Via", this.host.viaOf(flow, newBranch()));
    // A strict router (no lr) wants itself in the Request-URI and the target at the end of the route.
    const routes = strict ? [...this.routeSet.slice(1), `<${this.remoteTarget}>`] : this.routeSet;
    for (const route of routes) h.append("Route", route);
    h.append("Max-Forwards", "70");
    h.append("From", this.localUri);
    h.append("To", this.remoteUri);
    h.append("Call-ID", this.callId);
    if (cseq === undefined) this.cseq += 1;
    h.append("CSeq", `${cseq ?? this.cseq} ${method}`);
    if (method === "INVITE")
      h.append("Contact", this.host.contactOf(flow, parseUri(parseNameAddr(this.localUri)?.uri ?? "")?.user ?? ""));
    h.append("User-Agent", this.host.agent);
    if (headers) for (const [name, value] of Object.entries(headers)) h.set(name, value);
    if (body && !h.has("Content-Type"))
      h.append("Content-Type", method === "INVITE" || method === "ACK" ? "application/sdp" : "text/plain");
    return { kind: "request", method, uri: strict ? firstUri : this.remoteTarget, headers: h, body };
  }

  /**
   * The way to the next hop: the connection the dialog was made over while it is open, else a new one; on UDP the address of
   * the first route or of the peer's Contact. Throws TransportError.
   */
  async reach(): Promise<Flow> {
    const hop = parseUri((this.routeSet[0] && parseNameAddr(this.routeSet[0])?.uri) || this.remoteTarget);
    const literal = hop && /^\d+\.\d+\.\d+\.\d+$/.test(hop.host) ? hop.host : undefined;
    if (!this.flow.reliable) {
      if (literal) return redirectUdp(this.flow, literal, hop?.port ?? 5060);
      return this.flow;
    }
    if (this.flow.open) return this.flow;
    const { transport, address } = this.flow.remote;
    const again: Target = this.target ?? {
      transport,
      host: literal ?? address,
      port: hop?.port ?? defaultPort(transport),
      localAddress: this.flow.local.address,
      checkName: hop?.host ?? address,
    };
    this.flow = await this.host.transports.flowTo(again);
    return this.flow;
  }

  /** Sends a request in the dialog. Resolves with the final response, null when none came. */
  async request(method: string, headers?: Readonly<Record<string, string>>, body = ""): Promise<SipMessage | null> {
    let flow: Flow;
    try {
      flow = await this.reach();
    } catch {
      return null;
    }
    const msg = this.build(method, flow, headers, body);
    return new Promise((resolve) => {
      this.host.layer.request(msg, flow, {
        onResponse: (response) => {
          if ((response.status as number) >= 200) resolve(response);
        },
        onFailure: () => resolve(null),
      });
    });
  }

  /** Sends the ACK of a 2xx and returns it, to be sent again when the 2xx comes again. */
  async acknowledge(response: SipMessage): Promise<{ ack: SipMessage; flow: Flow } | null> {
    try {
      const flow = this.flow.reliable && this.flow.open ? this.flow : await this.reach();
      const ack = this.build("ACK", flow, undefined, "", cseqOf(response)?.number ?? 1);
      this.host.layer.transmit(ack, flow);
      return { ack, flow };
    } catch {
      return null;
    }
  }

  /** True when a request of the peer is in order; false for one that is older than what was seen (12.2.2). */
  accepts(request: SipMessage): boolean {
    const number = cseqOf(request)?.number ?? -1;
    if (number < this.remoteCseq) return false;
    this.remoteCseq = number;
    return true;
  }
}
