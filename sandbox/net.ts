import { createServer, type Server } from "node:net";
import { UserError } from "../model/errors";

/** TCP port of the marker socket that holds a claimed /24. Unassigned by IANA; only ever bound on 127.200.0.0 and above. */
const MARKER_PORT = 47_200;
/** Second octets 200 to 250: mapped documentation and real addresses may land anywhere below 127.200, rarely above. */
const FIRST_OCTET_MIN = 200;
const FIRST_OCTET_MAX = 250;

function octetsOf(ip: string): [number, number, number, number] {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(ip);
  const octets = match?.slice(1).map(Number) ?? [];
  if (octets.length !== 4 || octets.some((o) => o > 255)) {
    throw new UserError(
      `"${ip}" is not an IPv4 address: the sandbox maps IPv4 addresses such as 198.51.100.44 to loopback.`,
    );
  }
  return octets as [number, number, number, number];
}

/** True for an IPv4 literal (four decimal octets, each 0 to 255). */
export function isIpv4(text: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  return match?.slice(1).every((o) => Number(o) <= 255) ?? false;
}

/**
 * Loopback stand-in of a public address: the last three octets behind 127 (198.51.100.44 -> 127.51.100.44).
 * A loopback address stays as it is. Throws UserError for anything but IPv4.
 */
export function loopbackOf(ip: string): string {
  const [a, b, c, d] = octetsOf(ip);
  return a === 127 ? ip : `127.${b}.${c}.${d}`;
}

/**
 * Loopback stand-in of a network (198.51.100.44/30 -> 127.51.100.44/30; a bare address becomes a /32). A prefix shorter
 * than 8 bits covers all of loopback. Throws UserError for a malformed network.
 */
export function loopbackCidr(cidr: string): string {
  const [ip = "", bits] = cidr.split("/");
  const prefix = bits === undefined ? 32 : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 32 || bits === "") {
    throw new UserError(
      `"${cidr}" is not a network: expected an IPv4 address and a prefix of 0 to 32, such as 198.51.100.44/30.`,
    );
  }
  return prefix < 8 ? "127.0.0.0/8" : `${loopbackOf(ip)}/${prefix}`;
}

/** Number form of an IPv4 address, 0 to 2^32-1. Throws UserError for anything else. */
export function ipv4Number(ip: string): number {
  const [a, b, c, d] = octetsOf(ip);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** One free /24 of loopback, held until `release`. */
export interface Subnet {
  /** First three octets: `127.213.7`. */
  base: string;
  cidr: string;
  /** Address n of the network, n from 1 to 253 (254 holds the marker). */
  addr(n: number): string;
  release(): Promise<void>;
}

function hold(host: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => resolve(null));
    server.listen({ host, port: MARKER_PORT, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/**
 * Claims a free 127.x.y.0/24 (x in 200..250) for one world. A bound socket on address 254 is the claim: the kernel lets go
 * of it when the process dies, whatever way it dies, so nothing stale is ever left. Two worlds on one machine never meet.
 */
export async function claimSubnet(): Promise<Subnet> {
  const span = (FIRST_OCTET_MAX - FIRST_OCTET_MIN + 1) * 256;
  // Started at a place that differs per process: neighbours seldom try the same network at once.
  const start = (process.pid * 2654435761) % span;
  for (let i = 0; i < span; i++) {
    const at = (start + i) % span;
    const base = `127.${FIRST_OCTET_MIN + Math.floor(at / 256)}.${at % 256}`;
    const server = await hold(`${base}.254`);
    if (!server) continue;
    return {
      base,
      cidr: `${base}.0/24`,
      addr(n) {
        if (!Number.isInteger(n) || n < 1 || n > 253)
          throw new RangeError(`address ${n} of ${base}.0/24: expected 1 to 253`);
        return `${base}.${n}`;
      },
      release: () => new Promise((resolve) => server.close(() => resolve())),
    };
  }
  throw new UserError(
    "No free loopback network between 127.200.0.0/24 and 127.250.255.0/24: end sandboxes that still run.",
  );
}
