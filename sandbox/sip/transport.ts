import dgram from "node:dgram";
import net from "node:net";
import tls from "node:tls";
import { Connection, type Flow, type Receive, type Transport, UdpFlow } from "./flows";
import { parseMessage } from "./message";
import { type NameCheck, serverIdentityError } from "./names";

/** Where and how to send. */
export interface Target extends NameCheck {
  transport: Transport;
  /** IPv4 address: names are resolved by the caller, who knows through which resolver. */
  host: string;
  port: number;
  /** Source address; default: the endpoint's own. */
  localAddress?: string;
  /** TLS server name indication; default: `checkName`. */
  servername?: string;
  /**
   * Connections are kept and used again by this key, whatever `host` says by then: an open connection does not follow DNS.
   * Without it they are kept by address.
   */
  reuseKey?: string;
  /** Longest wait for a connection, ms (default 5000). */
  connectTimeoutMs?: number;
}

export interface ListenOptions {
  udp?: { host: string; port: number };
  tcp?: { host: string; port: number };
  tls?: { host: string; port: number; cert: string; key: string };
  /** Authorities trusted for outgoing TLS, PEM. */
  ca?: string;
}

/** A target that could not be reached: connection refused, reset, timed out, or its certificate refused. */
export class TransportError extends Error {
  constructor(
    readonly kind: "connect" | "timeout" | "tls",
    message: string,
  ) {
    super(message);
  }
}

const CONNECT_TIMEOUT_MS = 5000;
const UDP_BUFFER_BYTES = 4 * 1024 * 1024;

/** Sockets of one endpoint: listeners, the pool of opened connections, UDP sockets by source address. */
export class Transports {
  readonly #options: ListenOptions;
  readonly #receive: Receive;
  readonly #servers: (net.Server | tls.Server)[] = [];
  readonly #connections = new Set<Connection>();
  readonly #pool = new Map<string, Promise<Connection>>();
  readonly #udp = new Map<string, Promise<dgram.Socket>>();
  #secureContext: tls.SecureContext | undefined;
  #closed = false;

  constructor(options: ListenOptions, receive: Receive) {
    this.#options = options;
    this.#receive = receive;
  }

  /** Opens every configured listener. Throws the socket's error when a port is taken. */
  async listen(): Promise<void> {
    const { udp, tcp, tls: secure } = this.#options;
    if (udp) await this.#udpSocket(udp.host, udp.port);
    if (tcp)
      await this.#serve(
        net.createServer((socket) => this.#accept(socket, "tcp")),
        tcp,
      );
    if (secure) {
      const options = { cert: secure.cert, key: secure.key, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
      const server = tls.createServer(options, (socket) => this.#accept(socket, "tls"));
      server.on("tlsClientError", (_error, socket) => socket.destroy());
      await this.#serve(server, secure);
    }
  }

  /** Closes listeners and connections; what is under way ends with "closed". */
  async close(): Promise<void> {
    this.#closed = true;
    for (const connection of this.#connections) connection.socket.destroy();
    const sockets = await Promise.allSettled(this.#udp.values());
    this.#udp.clear();
    await Promise.all([
      ...this.#servers.map((server) => new Promise((done) => server.close(done))),
      ...sockets.map((s) => s.status === "fulfilled" && new Promise<void>((done) => s.value.close(done))),
    ]);
  }

  /** Closes opened connections (all, or those of one reuse key), as a carrier's restart would. Returns how many. */
  dropConnections(reuseKey?: string): number {
    let dropped = 0;
    for (const [key, pending] of this.#pool) {
      if (reuseKey !== undefined && !key.startsWith(`key|${reuseKey}|`)) continue;
      this.#pool.delete(key);
      dropped++;
      pending.then((c) => c.socket.destroy()).catch(() => {});
    }
    return dropped;
  }

  /** The flow to a target: an open connection of the same key, or a new one. Throws TransportError. */
  async flowTo(target: Target): Promise<Flow> {
    if (this.#closed) throw new TransportError("connect", "the endpoint is closed");
    const localAddress = target.localAddress ?? this.#ownAddress(target.transport);
    if (target.transport === "udp") return this.udpFlow(target.host, target.port, localAddress);
    const who = target.reuseKey === undefined ? `addr|${target.host}:${target.port}` : `key|${target.reuseKey}`;
    const name = `${target.checkName}|${target.servername ?? ""}|${target.wildcards ?? true}`;
    const key = `${who}|${target.transport}|${localAddress}|${name}`;
    const existing = await this.#pool.get(key)?.catch(() => undefined);
    if (existing?.open) return existing;
    return this.#connectOnce(key, target, localAddress);
  }

  /** UDP flow from one of our addresses. */
  async udpFlow(host: string, port: number, localAddress = this.#ownAddress("udp")): Promise<Flow> {
    const own = this.#options.udp;
    const socket = await this.#udpSocket(localAddress, own?.host === localAddress ? own.port : 0);
    return new UdpFlow(socket, addressOf(socket), { address: host, port, transport: "udp" });
  }

  #ownAddress(transport: Transport): string {
    const o = this.#options;
    return o[transport]?.host ?? o.tls?.host ?? o.tcp?.host ?? o.udp?.host ?? "127.0.0.1";
  }

  #connectOnce(key: string, target: Target, localAddress: string): Promise<Connection> {
    // Two callers that found the old connection dead at the same time share the new one.
    const pending = this.#pool.get(key);
    if (pending && pendingConnects.has(pending)) return pending;
    const opening = this.#connect(target, localAddress);
    pendingConnects.add(opening);
    this.#pool.set(key, opening);
    const forget = () => this.#pool.get(key) === opening && this.#pool.delete(key);
    opening.then(
      (connection) => {
        pendingConnects.delete(opening);
        connection.onGone(forget);
      },
      () => {
        pendingConnects.delete(opening);
        forget();
      },
    );
    return opening;
  }

  #connect(target: Target, localAddress: string): Promise<Connection> {
    const where = `${target.host}:${target.port} (${target.transport})`;
    return new Promise((resolve, reject) => {
      const address = { host: target.host, port: target.port, localAddress };
      const socket = target.transport === "tls" ? this.#connectTls(target, address) : net.connect(address);
      const fail = (kind: TransportError["kind"], why: string) => {
        clearTimeout(timer);
        // A socket that is given up may still report errors: nobody is to hear of them.
        socket.on("error", () => {});
        socket.destroy();
        reject(new TransportError(kind, `${where}: ${why}`));
      };
      const ms = target.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
      const timer = setTimeout(() => fail("timeout", `no connection within ${ms} ms`), ms);
      socket.once("error", (error: NodeJS.ErrnoException) => {
        const handshake = target.transport === "tls" && error.syscall !== "connect" && error.code !== "ECONNRESET";
        fail(handshake ? "tls" : "connect", error.message);
      });
      socket.once("close", () => fail("connect", "closed before it was open"));
      socket.once(target.transport === "tls" ? "secureConnect" : "connect", () => {
        clearTimeout(timer);
        socket.removeAllListeners("error");
        socket.removeAllListeners("close");
        resolve(this.#adopt(new Connection(socket, target.transport, false, this.#receive)));
      });
    });
  }

  #connectTls(target: Target, address: { host: string; port: number; localAddress: string }): tls.TLSSocket {
    this.#secureContext ??= tls.createSecureContext({
      ...(this.#options.ca ? { ca: this.#options.ca } : {}),
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.2",
    });
    const name = target.servername ?? (typeof target.checkName === "string" ? target.checkName : undefined);
    return tls.connect({
      ...address,
      secureContext: this.#secureContext,
      ...(name && !net.isIP(name) ? { servername: name } : {}),
      rejectUnauthorized: target.checkName !== false,
      checkServerIdentity: (host, cert) => serverIdentityError(target, name ?? host, cert),
    });
  }

  #accept(socket: net.Socket, transport: Transport): void {
    this.#adopt(new Connection(socket, transport, true, this.#receive));
  }

  #adopt(connection: Connection): Connection {
    if (this.#closed) connection.socket.destroy();
    this.#connections.add(connection);
    connection.onGone(() => this.#connections.delete(connection));
    return connection;
  }

  #serve(server: net.Server, at: { host: string; port: number }): Promise<void> {
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: at.host, port: at.port }, () => {
        server.off("error", reject);
        server.on("error", () => {});
        resolve();
      });
    });
  }

  #udpSocket(host: string, port: number): Promise<dgram.Socket> {
    const existing = this.#udp.get(host);
    if (existing) return existing;
    const opening = new Promise<dgram.Socket>((resolve, reject) => {
      const socket = dgram.createSocket({ type: "udp4", recvBufferSize: UDP_BUFFER_BYTES });
      socket.once("error", reject);
      socket.bind({ address: host, port, exclusive: true }, () => {
        socket.off("error", reject);
        socket.on("error", () => {});
        const local = addressOf(socket);
        socket.on("message", (data, from) => {
          const msg = parseMessage(data);
          if (msg)
            this.#receive(
              msg,
              new UdpFlow(socket, local, { address: from.address, port: from.port, transport: "udp" }),
            );
        });
        resolve(socket);
      });
    });
    this.#udp.set(host, opening);
    opening.catch(() => this.#udp.delete(host));
    return opening;
  }
}

const pendingConnects = new WeakSet<Promise<Connection>>();

function addressOf(socket: dgram.Socket): { address: string; port: number } {
  const { address, port } = socket.address();
  return { address, port };
}
