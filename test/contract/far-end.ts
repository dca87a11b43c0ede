import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** A message of the package `sip`. */
interface Message {
  method: string;
  uri: string;
  status?: number;
  headers: Record<string, unknown> & { to: { params: Record<string, string> } };
  content: string;
}
interface Stack {
  send(message: Message, onResponse?: (response: Message) => void): void;
  destroy(): void;
}
const sip = require("sip") as {
  create(
    options: Record<string, unknown>,
    onRequest: (request: Message, from: { address: string; port: number }) => void,
  ): Stack;
  makeResponse(request: Message, status: number, reason: string): Message;
};
const digest = require("sip/digest") as {
  signRequest(
    context: object,
    request: Message,
    response: Message,
    credentials: { user: string; password: string },
  ): void;
  challenge(context: object, response: Message): Message;
  authenticateRequest(context: object, request: Message, credentials: { user: string; password: string }): boolean;
};

/** One INVITE as the far end saw it. */
export interface Seen {
  from: string;
  /** Source port: one for each connection. */
  port: number;
  uri: string;
}

/** Answers to an INVITE: a final code, or `silence`. */
export type Manner = number | "silence";

/** A far end that speaks SIP by the package `sip`: it takes the carrier's calls where Genesys would, and answers as it is told. */
export class FarEnd {
  readonly seen: Seen[] = [];
  /** Digest that an INVITE must carry (RFC 3261 section 22.3): 407 until it does, 403 when it is wrong. Default none. */
  demands: { realm: string; user: string; password: string } | undefined;
  readonly #stack: Stack;
  /** Challenges that wait for their answer, by Call-ID. */
  readonly #challenges = new Map<string, object>();

  /** Listens on TCP 5060, or with a certificate on TLS 5061 alone, of a loopback address. */
  constructor(
    readonly address: string,
    public manner: Manner = 200,
    tls?: { key: string; cert: string },
  ) {
    const transports = tls ? { tcp: false, udp: false, tls, tls_port: 5061 } : { udp: false };
    this.#stack = sip.create({ address, port: 5060, ...transports }, (request, from) => this.#take(request, from));
  }

  close(): void {
    this.#stack.destroy();
  }

  #take(request: Message, from: { address: string; port: number }): void {
    if (request.method === "ACK") return;
    if (request.method !== "INVITE") {
      this.#stack.send(sip.makeResponse(request, 200, "OK"));
      return;
    }
    if (this.demands && !this.#authorised(request, this.demands)) return;
    this.seen.push({ from: from.address, port: from.port, uri: request.uri });
    if (this.manner === "silence") return;
    const response = sip.makeResponse(request, this.manner, this.manner === 200 ? "OK" : "No");
    response.headers.to.params.tag = `far${this.seen.length}`;
    if (this.manner === 503) response.headers["retry-after"] = "5";
    if (this.manner === 200) {
      response.headers.contact = [{ uri: `sip:far@${this.address}:${from.port};transport=tcp` }];
      response.headers["content-type"] = "application/sdp";
      response.content = answer(request.content, this.address);
    }
    this.#stack.send(response);
  }

  #authorised(request: Message, { realm, ...credentials }: { realm: string; user: string; password: string }): boolean {
    const callId = String(request.headers["call-id"]);
    const asked = this.#challenges.get(callId);
    if (asked && request.headers["proxy-authorization"]) {
      if (digest.authenticateRequest(asked, request, credentials)) return true;
      this.#stack.send(sip.makeResponse(request, 403, "Wrong credentials"));
      return false;
    }
    const context = { realm };
    this.#challenges.set(callId, context);
    this.#stack.send(digest.challenge(context, sip.makeResponse(request, 407, "Proxy Authentication Required")));
    return false;
  }
}

/** Takes the first codec of an offer, with a key of our own where the offer has one. */
function answer(offer: string, address: string): string {
  const [, profile = "RTP/AVP", payload = "0"] = /^m=audio \d+ (\S+) (\d+)/m.exec(offer) ?? [];
  const key = /^a=crypto:(\d+) (\S+)/m.exec(offer);
  const lines = [
    "v=0",
    `o=far 1 1 IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio 9 ${profile} ${payload}`,
    ...(key ? [`a=crypto:${key[1]} ${key[2]} inline:${Buffer.alloc(30, 7).toString("base64")}`] : []),
  ];
  return `${lines.join("\r\n")}\r\n`;
}

/** What one INVITE over UDP was answered with: the codes in order, after a digest challenge the repeated one's too. */
export function inviteWithDigest(o: {
  /** Address the INVITE comes from. */
  from: string;
  /** Request-URI, its host an address. */
  uri: string;
  caller: string;
  credentials?: { user: string; password: string };
  /** Ms to wait for the last final answer. */
  waitMs: number;
}): Promise<number[]> {
  return new Promise((resolve) => {
    const codes: number[] = [];
    const stack = sip.create({ address: o.from, port: 5060, tcp: false }, () => {});
    let cseq = 0;
    const done = () => {
      clearTimeout(timer);
      stack.destroy();
      resolve(codes);
    };
    const timer = setTimeout(done, o.waitMs);
    const send = (challenge?: Message) => {
      const request = {
        method: "INVITE",
        uri: o.uri,
        version: "2.0",
        headers: {
          to: { uri: o.uri, params: {} },
          from: { uri: `sip:${o.caller}@${o.from}`, params: { tag: "peer" } },
          "call-id": `digest-${o.caller}-${o.from}-${process.pid}-${o.waitMs}`,
          cseq: { method: "INVITE", seq: ++cseq },
          contact: [{ uri: `sip:peer@${o.from}` }],
          "content-type": "application/sdp",
        },
        content: `v=0\r\no=p 1 1 IN IP4 ${o.from}\r\ns=-\r\nc=IN IP4 ${o.from}\r\nt=0 0\r\nm=audio 40002 RTP/AVP 0\r\n`,
      } as unknown as Message;
      if (challenge && o.credentials) digest.signRequest({}, request, challenge, o.credentials);
      stack.send(request, (response) => {
        const status = response.status ?? 0;
        if (status < 200) return;
        codes.push(status);
        if ((status === 401 || status === 407) && o.credentials && cseq === 1) send(response);
        else done();
      });
    };
    send();
  });
}
