import type { Codec } from "../../model/types";
import type { Random } from "../random";
import { type IncomingCall, SipEndpoint, type SipTimers } from "../sip";
import type { Audio } from "./audio";
import { callerOf, numberOf } from "./gaining";
import { answerAsParty } from "./pstn";
import { type Hop, relay } from "./relay";

export interface LosingCarrierOptions {
  random: Random;
  /** Loopback address: networks hand calls over here, and GCV's outbound calls arrive here (UDP 5060). */
  host: string;
  /** GCV's endpoint: calls are handed to it by address, no name of the customer is in that path. */
  gcv: { host: string; port: number; domain: string };
  /** True for the organisation's numbers: calls to them go to GCV, all others are answered by a party. */
  serves: (number: string) => boolean;
  /** True for numbers of the organisation whose line is out of service here; default none. */
  isCut?: (number: string) => boolean;
  /** Codecs offered; default PCMU, PCMA. */
  codecs?: readonly Codec[];
  answerTimeoutMs?: number;
  timers?: Partial<SipTimers>;
}

/**
 * The carrier the numbers leave (behind Genesys Cloud Voice). It goes on delivering calls that networks still send here after a port.
 * Its outbound side takes every caller id that is or was the organisation's.
 */
export class LosingCarrier {
  readonly counters = { inbound: 0, outbound: 0, byCode: {} as Record<number, number> };
  #endpoint: SipEndpoint;
  #random: Random;

  constructor(readonly o: LosingCarrierOptions) {
    this.#random = o.random.stream("losing-carrier");
    this.#endpoint = new SipEndpoint({ name: "Losing carrier", udp: { host: o.host, port: 5060 }, timers: o.timers });
    this.#endpoint.onInvite = (call) => void this.#route(call);
  }

  start(): Promise<void> {
    return this.#endpoint.listen();
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }

  /** Address that networks and GCV send to. */
  get address(): { host: string; port: number } {
    return { host: this.o.host, port: 5060 };
  }

  async #route(call: IncomingCall): Promise<void> {
    const number = numberOf(call);
    const code = this.o.serves(number) ? await this.#inbound(call, number) : await this.#outbound(call, number);
    this.counters.byCode[code] = (this.counters.byCode[code] ?? 0) + 1;
  }

  #inbound(call: IncomingCall, number: string): Promise<number> {
    this.counters.inbound++;
    if (this.o.isCut?.(number)) return refuse(call, 404, `${number} is out of service`);
    return relay(call, { hops: this.#hops(number, callerOf(call)), retry: () => false, audio: this.#audio() });
  }

  async *#hops(number: string, from: string): AsyncGenerator<Hop> {
    const { host, port, domain } = this.o.gcv;
    yield {
      endpoint: this.#endpoint,
      invite: {
        uri: `sip:${number}@${domain}`,
        from: `<sip:${from}@${this.o.host}>`,
        to: `<sip:${number}@${domain}>`,
        timeoutMs: this.o.answerTimeoutMs ?? 30_000,
        target: { transport: "udp", host, port },
      },
      audio: this.#audio(),
    };
  }

  #outbound(call: IncomingCall, number: string): Promise<number> {
    this.counters.outbound++;
    const from = callerOf(call);
    if (!this.o.serves(from) || this.o.isCut?.(from)) return refuse(call, 403, `Caller id ${from} is not served here`);
    return answerAsParty(call, { number, from, audio: this.#audio(), random: this.#random });
  }

  #audio(): Audio {
    return { host: this.o.host, codecs: this.o.codecs ?? ["PCMU", "PCMA"], secure: false };
  }
}

function refuse(call: IncomingCall, code: number, reason: string): Promise<number> {
  call.reject(code, reason);
  return Promise.resolve(code);
}
