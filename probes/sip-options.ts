import { createSocket } from "node:dgram";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

export interface OptionsTarget {
  transport: "tls" | "tcp" | "udp";
  address: string;
  port: number;
  /** Host of the Request-URI and name expected in the certificate. */
  host: string;
}

export interface OptionsResult {
  /** Final status of the answer; null when none came. Any final answer proves transport and liveness, nothing more. */
  code: number | null;
  error?: string;
  tls?: { protocol: string | null; authorized: boolean; error?: string };
}

const token = () => Math.random().toString(36).slice(2, 12);

function optionsRequest(target: OptionsTarget, local: { address: string; port: number }): string {
  const via = `${local.address}:${local.port}`;
  const lines = [
    `OPTIONS sip:${target.host} SIP/2.0`,
    `Via: SIP/2.0/${target.transport.toUpperCase()} ${via};branch=z9hG4bK${token()};rport`,
    `From: <sip:cutover-probe@${local.address}>;tag=${token()}`,
    `To: <sip:${target.host}>`,
    `Call-ID: ${token()}${token()}@${local.address}`,
    "CSeq: 1 OPTIONS",
    `Contact: <sip:cutover-probe@${via};transport=${target.transport}>`,
    "Max-Forwards: 70",
    "Accept: application/sdp",
    "User-Agent: cutover-probe",
    "Content-Length: 0",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Status of the first final answer in some bytes received; provisional ones (1xx) are passed over. */
export function finalStatus(text: string): number | null {
  for (const match of text.matchAll(/^SIP\/2\.0 (\d{3})/gm)) {
    const code = Number(match[1]);
    if (code >= 200) return code;
  }
  return null;
}

/**
 * Asks a SIP server for its OPTIONS (RFC 3261 section 11). The certificate is judged and reported, not enforced: whether the server
 * answers and whether its name is right are two findings. TLS is at most 1.2, which is what Genesys' edges speak.
 */
export function sipOptions(target: OptionsTarget, timeoutMs = 4000): Promise<OptionsResult> {
  return target.transport === "udp" ? overUdp(target, timeoutMs) : overStream(target, timeoutMs);
}

function overUdp(target: OptionsTarget, timeoutMs: number): Promise<OptionsResult> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const finish = (result: OptionsResult) => {
      clearTimeout(timer);
      clearInterval(again);
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(() => finish({ code: null, error: `no answer within ${timeoutMs} ms` }), timeoutMs);
    let again: NodeJS.Timeout | undefined;
    socket.on("error", (error) => finish({ code: null, error: error.message }));
    socket.on("message", (bytes) => {
      const code = finalStatus(bytes.toString("latin1"));
      if (code !== null) finish({ code });
    });
    socket.connect(target.port, target.address, () => {
      const request = optionsRequest(target, socket.address());
      socket.send(request);
      // Timer E of RFC 3261: a datagram may be lost.
      again = setInterval(() => socket.send(request), 1000);
    });
  });
}

function overStream(target: OptionsTarget, timeoutMs: number): Promise<OptionsResult> {
  return new Promise((resolve) => {
    const { address: host, port } = target;
    const secure = target.transport === "tls";
    let tls: OptionsResult["tls"];
    let received = "";
    const socket: Socket | TLSSocket = secure
      ? connectTls({
          host,
          port,
          servername: target.host,
          rejectUnauthorized: false,
          minVersion: "TLSv1.2",
          maxVersion: "TLSv1.2",
        })
      : connectTcp({ host, port });
    const finish = (code: number | null, error?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ code, ...(error ? { error } : {}), ...(tls ? { tls } : {}) });
    };
    const timer = setTimeout(() => finish(null, `no answer within ${timeoutMs} ms`), timeoutMs);
    socket.on("error", (error) => finish(null, error.message));
    socket.on("close", () => finish(null, "the connection was closed without an answer"));
    socket.on(secure ? "secureConnect" : "connect", () => {
      if (secure) tls = tlsFindings(socket as TLSSocket);
      socket.write(
        optionsRequest(target, { address: socket.localAddress ?? "127.0.0.1", port: socket.localPort ?? 0 }),
      );
    });
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      const code = finalStatus(received);
      if (code !== null) finish(code);
    });
  });
}

function tlsFindings(socket: TLSSocket): NonNullable<OptionsResult["tls"]> {
  const problem = socket.authorizationError;
  const error = problem
    ? problem instanceof Error
      ? ((problem as NodeJS.ErrnoException).code ?? problem.message)
      : String(problem)
    : undefined;
  return { protocol: socket.getProtocol(), authorized: socket.authorized, ...(error ? { error } : {}) };
}
