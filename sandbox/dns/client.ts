import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import {
  type Answer,
  type DecodedPacket,
  decode,
  encode,
  RECURSION_DESIRED,
  streamDecode,
  streamEncode,
} from "dns-packet";
import { normalName } from "./names";

export interface QueryOptions {
  /** Wall milliseconds for the whole exchange; default 1,000. */
  timeoutMs?: number;
  /** Asks a resolver to resolve (RD); default false, as one asks a name server. */
  recursive?: boolean;
}

/** A reply, as far as it is used here. */
export interface DnsResponse {
  /** Response code by name, such as NOERROR or NXDOMAIN. */
  rcode: string;
  /** The AA bit: from a server that holds the zone. */
  authoritative: boolean;
  answers: Answer[];
  authorities: Answer[];
}

/**
 * Asks one server over UDP, and again over TCP when the reply is truncated (RFC 7766).
 * @param address `ip:port`. @throws Error when no reply comes in time or it cannot be read.
 */
export async function query(
  address: string,
  name: string,
  type: string,
  options: QueryOptions = {},
): Promise<DnsResponse> {
  const timeoutMs = options.timeoutMs ?? 1_000;
  const startedMs = performance.now();
  const packet = {
    type: "query" as const,
    id: randomInt(0x10000),
    flags: options.recursive ? RECURSION_DESIRED : 0,
    questions: [{ name, type: type as "A" }],
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
  const matches = (reply: DecodedPacket) =>
    reply.id === packet.id && normalName(reply.questions?.[0]?.name ?? "") === normalName(name);
  const reply = await overUdp(address, encode(packet), matches, timeoutMs);
  if (!reply.flag_tc) return responseOf(reply);
  return responseOf(await overTcp(address, streamEncode(packet), timeoutMs - (performance.now() - startedMs)));
}

function responseOf(packet: DecodedPacket): DnsResponse {
  // The types of dns-packet leave out the name of the response code that its decoder adds.
  const { rcode } = packet as DecodedPacket & { rcode: string };
  return { rcode, authoritative: packet.flag_aa, answers: packet.answers ?? [], authorities: packet.authorities ?? [] };
}

/** Host and port of `ip:port`. */
export function endpointOf(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

function overUdp(
  address: string,
  message: Buffer,
  matches: (p: DecodedPacket) => boolean,
  timeoutMs: number,
): Promise<DecodedPacket> {
  const { host, port } = endpointOf(address);
  return new Promise((resolve, reject) => {
    // Connected, so that the kernel drops replies of others and reports a closed port at once.
    const socket = createSocket("udp4");
    const end = (act: () => void) => {
      clearTimeout(timer);
      socket.removeAllListeners("message");
      socket.close();
      act();
    };
    const timer = setTimeout(
      () => end(() => reject(new Error(`no reply from ${address} in ${Math.round(timeoutMs)} ms`))),
      timeoutMs,
    );
    socket.once("error", (error) => end(() => reject(error)));
    socket.on("message", (data) => {
      try {
        const reply = decode(data);
        if (matches(reply)) end(() => resolve(reply));
      } catch {
        // A reply that cannot be read is no reply: the timer decides.
      }
    });
    socket.connect(port, host, () => socket.send(message));
  });
}

function overTcp(address: string, message: Buffer, timeoutMs: number): Promise<DecodedPacket> {
  const { host, port } = endpointOf(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let held = Buffer.alloc(0);
    socket.setTimeout(Math.max(timeoutMs, 1), () =>
      socket.destroy(new Error(`no reply from ${address} over TCP in time`)),
    );
    socket.once("error", reject);
    socket.once("close", () => reject(new Error(`${address} closed the TCP connection without a reply`)));
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      if (held.length < 2 || held.length < 2 + held.readUInt16BE(0)) return;
      try {
        resolve(streamDecode(held) as DecodedPacket);
      } catch (error) {
        reject(error);
      }
      socket.destroy();
    });
    socket.end(message);
  });
}
