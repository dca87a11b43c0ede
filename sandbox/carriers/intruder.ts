import { ipv4Number, loopbackCidr } from "../net";
import type { Random } from "../random";
import { SipEndpoint, type Target } from "../sip";
import { LegAudio } from "./audio";
import { observe } from "./observe";
import type { CallRecord } from "./record";

export interface IntruderOptions {
  random: Random;
  /** Loopback address of the BYOC edge. */
  edgeHost: string;
  /** Genesys' name of the trunk, which an intruder can guess. */
  trunkHost: string;
  /** Networks that are somebody's: `trunk.allowlist` and `carrier.sourceRanges`. Addresses are drawn outside of them. */
  known: readonly string[];
}

type Way = { transport: Target["transport"]; domain: "trunk" | "unknown" };

/** What is tried in turn: each transport with the right name, and an unknown name over TLS, where the certificate would be right. */
const WAYS: readonly Way[] = [
  { transport: "udp", domain: "trunk" },
  { transport: "tls", domain: "trunk" },
  { transport: "tcp", domain: "trunk" },
  { transport: "tls", domain: "unknown" },
];

/** Somebody who sends INVITEs to the edge from addresses that are nobody's. None may be answered. */
export class Intruder {
  #endpoints: { endpoint: SipEndpoint; host: string }[];
  #turn = 0;

  constructor(private readonly o: IntruderOptions) {
    const draw = o.random.stream("intruder-addresses");
    this.#endpoints = Array.from({ length: 3 }, () => {
      const host = nobodys(draw, o.known);
      return { host, endpoint: new SipEndpoint({ name: "friendly-scanner", udp: { host, port: 0 } }) };
    });
  }

  async start(): Promise<void> {
    await Promise.all(this.#endpoints.map(({ endpoint }) => endpoint.listen()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#endpoints.map(({ endpoint }) => endpoint.close()));
  }

  /** Addresses the attempts come from. */
  get hosts(): string[] {
    return this.#endpoints.map(({ host }) => host);
  }

  /** One attempt, noted in the record. Resolves when it is over. */
  async attempt(record: CallRecord): Promise<void> {
    const way = WAYS[this.#turn % WAYS.length]!;
    const { endpoint, host } = this.#endpoints[this.#turn++ % this.#endpoints.length]!;
    const secure = way.transport === "tls";
    const domain = way.domain === "trunk" ? this.o.trunkHost : `x${this.#turn}.${this.o.trunkHost}`;
    const audio = await LegAudio.open({ host, codecs: ["PCMU"], secure }, false);
    const leg = endpoint.invite({
      uri: `sip:${record.number}@${domain}`,
      from: `<sip:${record.from}@${host}>`,
      to: `<sip:${record.number}@${domain}>`,
      sdp: audio.offer(),
      // An intruder does not look at certificates.
      target: {
        transport: way.transport,
        host: this.o.edgeHost,
        port: secure ? 5061 : 5060,
        localAddress: host,
        checkName: false,
      },
      timeoutMs: 3000,
    });
    record.network = `nobody's ${host} over ${way.transport}, ${way.domain} host`;
    await observe({ leg, audio, carrier: "gaining" }, record);
  }
}

/** A loopback address outside of all given networks. */
function nobodys(random: Random, known: readonly string[]): string {
  const nets = known.map((cidr) => {
    const [ip = "", bits = "32"] = loopbackCidr(cidr).split("/");
    const size = 2 ** (32 - Number(bits));
    const first = ipv4Number(ip) - (ipv4Number(ip) % size);
    return { first, last: first + size - 1 };
  });
  for (let tries = 0; tries < 1000; tries++) {
    const host = `127.${random.int(10, 199)}.${random.int(0, 255)}.${random.int(1, 254)}`;
    const n = ipv4Number(host);
    if (!nets.some(({ first, last }) => n >= first && n <= last)) return host;
  }
  // An allowlist that covers everything: policies say so; there is no stranger left to play.
  return "127.66.66.66";
}
