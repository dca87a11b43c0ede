import type dgram from "node:dgram";
import type net from "node:net";
import { StreamFramer } from "./framer";
import type { SipMessage } from "./message";

export type Transport = "udp" | "tcp" | "tls";

export interface Peer {
  address: string;
  port: number;
  transport: Transport;
}

/** A way to one peer: a UDP socket with an address, or an open connection. */
export interface Flow {
  readonly remote: Peer;
  readonly local: { address: string; port: number };
  readonly reliable: boolean;
  readonly open: boolean;
  send(text: string): void;
  /** Calls back once when the connection goes; returns the way to take that back. UDP never calls. */
  onGone(callback: (why: string) => void): () => void;
}

/** Takes each message that comes in, with the way back to its sender. */
export type Receive = (msg: SipMessage, flow: Flow) => void;

/** A UDP socket with the address of one peer. */
export class UdpFlow implements Flow {
  readonly reliable = false;
  readonly open = true;
  constructor(
    readonly socket: dgram.Socket,
    readonly local: { address: string; port: number },
    readonly remote: Peer,
  ) {}
  send(text: string): void {
    // An unreachable port shows as silence, as on a real network: the transaction's timers decide.
    this.socket.send(text, this.remote.port, this.remote.address, () => {});
  }
  onGone(): () => void {
    return () => {};
  }
}

/** An open TCP or TLS connection. */
export class Connection implements Flow {
  readonly reliable = true;
  readonly local: { address: string; port: number };
  readonly remote: Peer;
  readonly #callbacks = new Set<(why: string) => void>();
  #why: string | null = null;

  constructor(
    readonly socket: net.Socket,
    transport: Transport,
    /** Accepted ones answer keep-alives; only the side that opened a connection sends them. */
    readonly accepted: boolean,
    receive: Receive,
  ) {
    this.local = { address: socket.localAddress ?? "", port: socket.localPort ?? 0 };
    this.remote = { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0, transport };
    const framer = new StreamFramer();
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      const framed = framer.push(chunk);
      if (accepted) for (let i = 0; i < framed.pings; i++) socket.write("\r\n");
      for (const msg of framed.messages) receive(msg, this);
      if (framed.broken) socket.destroy();
    });
    socket.on("end", () => this.#gone("closed by the other side"));
    socket.on("error", (error) => this.#gone(error.message));
    socket.on("close", () => this.#gone("closed"));
  }

  get open(): boolean {
    return this.#why === null && !this.socket.destroyed;
  }

  send(text: string): void {
    if (this.open) this.socket.write(text);
  }

  onGone(callback: (why: string) => void): () => void {
    if (this.#why !== null) {
      const why = this.#why;
      queueMicrotask(() => callback(why));
      return () => {};
    }
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  #gone(why: string): void {
    if (this.#why !== null) return;
    this.#why = why;
    this.socket.destroy();
    for (const callback of [...this.#callbacks]) callback(why);
    this.#callbacks.clear();
  }
}

/** A UDP flow of the same socket to another address of the same peer (Via without rport, a Contact elsewhere). */
export function redirectUdp(flow: Flow, address: string, port: number): Flow {
  return flow instanceof UdpFlow ? new UdpFlow(flow.socket, flow.local, { address, port, transport: "udp" }) : flow;
}
