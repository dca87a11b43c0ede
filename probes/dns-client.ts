import { createSocket } from "node:dgram";
import { connect, isIP } from "node:net";
import * as dnsPacket from "dns-packet";

export type QueryType = "CNAME" | "A" | "NS" | "SOA";

/** One answer as it came over the wire. */
export interface DnsAnswer {
  rcode: string;
  /** AA: the server speaks for the zone, its TTL is the zone's own. */
  authoritative: boolean;
  overTcp: boolean;
  records: { name: string; type: string; ttlSeconds: number; data: unknown }[];
}

export interface DnsServer {
  host: string;
  port: number;
}

/** Splits `ip`, `ip:port` or `[v6]:port`; port 53 when left out. */
export function parseServer(address: string): DnsServer {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(address);
  if (bracketed) return { host: bracketed[1] as string, port: Number(bracketed[2] ?? 53) };
  if (isIP(address)) return { host: address, port: 53 };
  const at = address.lastIndexOf(":");
  return at < 0 ? { host: address, port: 53 } : { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}

interface Message {
  id?: number;
  rcode?: string;
  flag_tc?: boolean;
  flag_aa?: boolean;
  flags?: number;
  questions?: { name: string; type: string }[];
  answers?: { name: string; type: string; ttl?: number; data?: unknown }[];
}

const TRUNCATED = 1 << 9;
const AUTHORITATIVE = 1 << 10;

const canonical = (name: string) => name.toLowerCase().replace(/\.$/, "");

function query(id: number, name: string, type: QueryType, recurse: boolean) {
  return {
    type: "query" as const,
    id,
    flags: recurse ? dnsPacket.RECURSION_DESIRED : 0,
    questions: [{ type, name, class: "IN" as const }],
    // RFC 6891: 1,232 bytes fit one unfragmented datagram on every path.
    additionals: [
      {
        type: "OPT" as const,
        name: ".",
        udpPayloadSize: 1232,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  };
}

/** Decodes what arrived; null when it is not the answer to this question (a stray or forged datagram is ignored, not believed). */
function decoded(bytes: Buffer, id: number, name: string, type: QueryType): Message | null {
  try {
    const message = dnsPacket.decode(bytes) as unknown as Message;
    const asked = message.questions?.[0];
    const ours = message.id === id && asked?.type === type && canonical(asked.name) === canonical(name);
    return ours ? message : null;
  } catch {
    return null;
  }
}

function askUdp(
  server: DnsServer,
  name: string,
  type: QueryType,
  recurse: boolean,
  timeoutMs: number,
): Promise<Message> {
  const id = Math.floor(Math.random() * 65536);
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(server.host) === 6 ? "udp6" : "udp4");
    const finish = (act: () => void) => {
      clearTimeout(timer);
      socket.close();
      act();
    };
    const timer = setTimeout(() => finish(() => reject(new Error(`no answer within ${timeoutMs} ms`))), timeoutMs);
    socket.on("error", (error) => finish(() => reject(error)));
    // Connected: the kernel drops datagrams of others and reports a closed port at once.
    socket.connect(server.port, server.host, () => {
      socket.on("message", (bytes) => {
        const message = decoded(bytes, id, name, type);
        if (message) finish(() => resolve(message));
      });
      socket.send(dnsPacket.encode(query(id, name, type, recurse)));
    });
  });
}

function askTcp(
  server: DnsServer,
  name: string,
  type: QueryType,
  recurse: boolean,
  timeoutMs: number,
): Promise<Message> {
  const id = Math.floor(Math.random() * 65536);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: server.host, port: server.port });
    const finish = (act: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      act();
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`no answer over TCP within ${timeoutMs} ms`))),
      timeoutMs,
    );
    socket.on("error", (error) => finish(() => reject(error)));
    socket.on("end", () => finish(() => reject(new Error("the server closed the TCP connection without an answer"))));
    socket.on("connect", () => socket.write(dnsPacket.streamEncode(query(id, name, type, recurse))));
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      const all = Buffer.concat(chunks);
      if (all.length < 2 || all.length < 2 + all.readUInt16BE(0)) return;
      const message = decoded(all.subarray(2, 2 + all.readUInt16BE(0)), id, name, type);
      finish(() =>
        message ? resolve(message) : reject(new Error("an answer over TCP that is not one to the question")),
      );
    });
  });
}

/**
 * Asks one server one question: UDP, then TCP when the answer is truncated (RFC 7766). UDP is tried `attempts` times,
 * as datagrams get lost. @throws Error with one line when no answer came.
 */
export async function ask(
  server: DnsServer,
  name: string,
  type: QueryType,
  options: { recurse: boolean; timeoutMs?: number; attempts?: number },
): Promise<DnsAnswer> {
  const { recurse, timeoutMs = 2000, attempts = 2 } = options;
  let message: Message | undefined;
  for (let attempt = 1; !message; attempt++) {
    try {
      message = await askUdp(server, name, type, recurse, timeoutMs);
    } catch (error) {
      if (attempt >= attempts) throw error;
    }
  }
  const overTcp = message.flag_tc ?? ((message.flags ?? 0) & TRUNCATED) !== 0;
  if (overTcp) message = await askTcp(server, name, type, recurse, timeoutMs);
  return {
    rcode: message.rcode ?? "NOERROR",
    authoritative: message.flag_aa ?? ((message.flags ?? 0) & AUTHORITATIVE) !== 0,
    overTcp,
    records: (message.answers ?? []).map((a) => ({
      name: canonical(a.name),
      type: a.type,
      ttlSeconds: a.ttl ?? 0,
      data: typeof a.data === "string" && a.type !== "TXT" ? canonical(a.data) : a.data,
    })),
  };
}

/** Names a CNAME answer leads through, in order, and the TTL of the first link; null when `name` has no CNAME in it. */
export function chainOf(answer: DnsAnswer, name: string): { targets: string[]; ttlSeconds: number } | null {
  const targets: string[] = [];
  let at = canonical(name);
  let ttlSeconds = 0;
  // Bounded: a CNAME loop must not hang a probe.
  while (targets.length < 16) {
    const link = answer.records.find((r) => r.type === "CNAME" && r.name === at);
    if (!link || typeof link.data !== "string") break;
    if (targets.length === 0) ttlSeconds = link.ttlSeconds;
    targets.push(link.data);
    at = link.data;
  }
  return targets.length > 0 ? { targets, ttlSeconds } : null;
}

/** IPv4 addresses of a name by one resolver, following CNAMEs. @throws Error when it has none. */
export async function addressesOf(server: DnsServer, name: string, timeoutMs = 2000): Promise<string[]> {
  const answer = await ask(server, name, "A", { recurse: true, timeoutMs });
  const found = answer.records.filter((r) => r.type === "A" && typeof r.data === "string").map((r) => r.data as string);
  if (found.length === 0) throw new Error(`${name} has no address at ${server.host}:${server.port} (${answer.rcode})`);
  return found;
}
