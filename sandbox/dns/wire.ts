import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import {
  type Answer,
  decode,
  encode,
  type OptAnswer,
  type Packet,
  type Question,
  TRUNCATED_RESPONSE,
} from "dns-packet";

/** Response codes used here (RFC 1035 section 4.1.1, RFC 6891 for BADVERS). */
const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const;
export type Rcode = keyof typeof RCODES;

/** A reply; header and question are filled from the query. */
export interface Reply {
  rcode: Rcode;
  /** Header bits besides QR and RD, such as AUTHORITATIVE_ANSWER. */
  flags?: number;
  answers?: Answer[];
  authorities?: Answer[];
}

export type Responder = (question: Question, query: Packet) => Reply | Promise<Reply>;

const QR = 1 << 15;
const RD = 1 << 8;
/** Largest UDP reply without fragmentation on common paths (DNS flag day 2020). */
const UDP_PAYLOAD_BYTES = 1232;
const PLAIN_UDP_BYTES = 512;
const BIND_TRIES = 20;
/** How long an idle TCP client is kept (RFC 7766 section 6.2.3 asks for seconds). */
const TCP_IDLE_MS = 10_000;

/** A DNS server over UDP and TCP on one port of one address. */
export class DnsListener {
  address = "";
  readonly #host: string;
  readonly #respond: Responder;
  #udp: UdpSocket | undefined;
  #tcp: Server | undefined;
  readonly #clients = new Set<Socket>();

  constructor(host: string, respond: Responder) {
    this.#host = host;
    this.#respond = respond;
  }

  /** Starts listening; `address` is then `ip:port`, the same port for UDP and TCP. */
  async listen(): Promise<string> {
    for (let tried = 1; ; tried++) {
      const udp = await bindUdp(this.#host);
      const port = udp.address().port;
      try {
        this.#tcp = await this.#bindTcp(port);
      } catch (error) {
        await new Promise<void>((resolve) => udp.close(() => resolve()));
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || tried === BIND_TRIES) throw error;
        continue;
      }
      udp.on("message", (message, peer) => void this.#overUdp(udp, message, peer));
      udp.on("error", () => {});
      this.#udp = udp;
      this.address = `${this.#host}:${port}`;
      return this.address;
    }
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    const { promise: tcpClosed, resolve: onTcp } = deferred();
    const { promise: udpClosed, resolve: onUdp } = deferred();
    if (this.#tcp) this.#tcp.close(onTcp);
    else onTcp();
    if (this.#udp) this.#udp.close(onUdp);
    else onUdp();
    this.#tcp = undefined;
    this.#udp = undefined;
    await Promise.all([tcpClosed, udpClosed]);
  }

  #bindTcp(port: number): Promise<Server> {
    return new Promise((resolve, reject) => {
      const server = createServer((socket) => this.#overTcp(socket));
      server.once("error", reject);
      server.listen({ host: this.#host, port, exclusive: true }, () => resolve(server));
    });
  }

  async #overUdp(socket: UdpSocket, message: Buffer, peer: { address: string; port: number }): Promise<void> {
    const reply = await answerTo(message, this.#respond, true);
    // The listener may have been closed while a resolver was still asking upstream.
    if (reply && this.#udp === socket) socket.send(reply, peer.port, peer.address, () => {});
  }

  #overTcp(socket: Socket): void {
    this.#clients.add(socket);
    socket.on("close", () => this.#clients.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
    let held = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const end = 2 + held.readUInt16BE(0);
        void answerTo(held.subarray(2, end), this.#respond, false).then((reply) => {
          if (!reply || socket.destroyed) return;
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length);
          socket.write(Buffer.concat([length, reply]));
        });
        held = held.subarray(end);
      }
    });
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function bindUdp(host: string): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind({ address: host, port: 0, exclusive: true }, () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}

/** The reply to one message; null for what deserves none (a response, or too short to carry an id). */
export async function answerTo(message: Buffer, respond: Responder, overUdp: boolean): Promise<Buffer | null> {
  if (message.length < 12 || (message[2] ?? 0) & 0x80) return null;
  let query: Packet;
  try {
    query = decode(message);
  } catch {
    return encode({ id: message.readUInt16BE(0), type: "response", flags: RCODES.FORMERR });
  }
  const opt = query.additionals?.find((each): each is OptAnswer => each.type === "OPT");
  const reply = await replyTo(query, opt, respond);
  const built = build(query, reply, opt);
  const limit = opt ? Math.min(Math.max(opt.udpPayloadSize, PLAIN_UDP_BYTES), UDP_PAYLOAD_BYTES) : PLAIN_UDP_BYTES;
  if (!overUdp || built.length <= limit) return built;
  return build(query, { rcode: reply.rcode, flags: (reply.flags ?? 0) | TRUNCATED_RESPONSE }, opt);
}

async function replyTo(query: Packet, opt: OptAnswer | undefined, respond: Responder): Promise<Reply> {
  const opcode = ((query.flags ?? 0) >> 11) & 0xf;
  if (opcode !== 0) return { rcode: "NOTIMP" };
  if (query.questions?.length !== 1) return { rcode: "FORMERR" };
  if (opt && opt.ednsVersion !== 0) return { rcode: "BADVERS" };
  const question = query.questions[0] as Question;
  if ((question.class ?? "IN") !== "IN") return { rcode: "REFUSED" };
  try {
    return await respond(question, query);
  } catch {
    return { rcode: "SERVFAIL" };
  }
}

function build(query: Packet, reply: Reply, opt: OptAnswer | undefined): Buffer {
  const rcode = RCODES[reply.rcode];
  const flags = QR | ((query.flags ?? 0) & RD) | (reply.flags ?? 0) | (rcode & 0xf);
  const additionals: Answer[] = opt
    ? [
        {
          type: "OPT",
          name: ".",
          udpPayloadSize: UDP_PAYLOAD_BYTES,
          extendedRcode: rcode >> 4,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ]
    : [];
  return encode({
    id: query.id,
    type: "response",
    flags,
    questions: query.questions,
    answers: reply.answers ?? [],
    authorities: reply.authorities ?? [],
    additionals,
  });
}
