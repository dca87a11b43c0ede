import type { Codec } from "../../model/types";
import { type OutgoingCall, SipEndpoint, type SipTimers } from "../sip";
import { LegAudio } from "./audio";
import type { CarrierSide, Networks } from "./networks";

export interface DiallerOptions {
  networks: Networks;
  /** Loopback address of each network, in the order of `networks.names`. */
  hosts: readonly string[];
  /** Where networks hand calls over. */
  losing: { host: string; port: number };
  gaining: { host: string; port: number };
  /** Codecs of callers' networks; default PCMU, PCMA. */
  codecs?: readonly Codec[];
  timers?: Partial<SipTimers>;
}

export interface DialledCall {
  leg: OutgoingCall;
  audio: LegAudio;
  carrier: CarrierSide;
}

/** Places calls from the callers' networks: each network is one SIP user agent on UDP with an address of its own. */
export class Dialler {
  #endpoints = new Map<string, { endpoint: SipEndpoint; host: string }>();

  constructor(private readonly o: DiallerOptions) {
    o.networks.names.forEach((name, i) => {
      const host = o.hosts[i % o.hosts.length];
      if (!host) throw new RangeError("hosts must name at least one address");
      const endpoint = new SipEndpoint({ name, udp: { host, port: i < o.hosts.length ? 5060 : 0 }, timers: o.timers });
      // Nobody is called on these networks from outside: parties answer at the carriers.
      endpoint.onInvite = (call) => call.reject(404);
      this.#endpoints.set(name, { endpoint, host });
    });
  }

  async start(): Promise<void> {
    await Promise.all([...this.#endpoints.values()].map(({ endpoint }) => endpoint.listen()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#endpoints.values()].map(({ endpoint }) => endpoint.close()));
  }

  /** Dials a number from a network, by the carrier that the network takes for the right one now. */
  async dial(call: {
    number: string;
    from: string;
    network: string;
    media: boolean;
    timeoutMs: number;
  }): Promise<DialledCall> {
    const { endpoint, host } = this.#endpoints.get(call.network)!;
    const carrier = this.o.networks.carrierOf(call.number, call.network);
    const at = this.o[carrier];
    const audio = await LegAudio.open({ host, codecs: this.o.codecs ?? ["PCMU", "PCMA"], secure: false }, call.media);
    const leg = endpoint.invite({
      uri: `sip:${call.number}@${at.host}`,
      from: `<sip:${call.from}@${host}>`,
      to: `<sip:${call.number}@${at.host}>`,
      headers: {
        "P-Asserted-Identity": `<sip:${call.from}@${host}>`,
        ...(call.media ? { "X-Sandbox-Media": "1" } : {}),
      },
      sdp: audio.offer(),
      target: { transport: "udp", ...at },
      timeoutMs: call.timeoutMs,
    });
    return { leg, audio, carrier };
  }
}
