import { claimSubnet } from "../net";
import type { Random } from "../random";
import { type EndpointOptions, SipEndpoint } from "./endpoint";
import type { IncomingCall } from "./incoming";
import type { SipMessage } from "./message";
import type { OutgoingCall } from "./outgoing";
import type { Target } from "./transport";

export const SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n";

/** Two endpoints on loopback, with timers 25 times faster than RFC 3261's. */
export async function pair(callee: Partial<EndpointOptions> = {}, caller: Partial<EndpointOptions> = {}) {
  const subnet = await claimSubnet();
  const timers = { t1Ms: 20, t2Ms: 80, t4Ms: 100 };
  const host = subnet.addr(2);
  const a = new SipEndpoint({ name: "a", udp: { host: subnet.addr(1), port: 5060 }, timers, ...caller });
  const b = new SipEndpoint({ name: "b", udp: { host, port: 5060 }, tcp: { host, port: 5060 }, timers, ...callee });
  await a.listen();
  await b.listen();
  const call = (target: Partial<Target> = {}, more: Partial<Parameters<SipEndpoint["invite"]>[0]> = {}): OutgoingCall =>
    a.invite({
      uri: "sip:+2@b.example",
      from: "sip:+1@a.example",
      to: "sip:+2@b.example",
      sdp: SDP,
      target: { transport: "udp", host, port: 5060, ...target },
      ...more,
    });
  return {
    a,
    b,
    subnet,
    host,
    call,
    async close() {
      await a.close();
      await b.close();
      await subnet.release();
    },
  };
}

export type Pair = Awaited<ReturnType<typeof pair>>;

/** Loses messages on their way into an endpoint: those that `drop` says. */
export function lose(endpoint: SipEndpoint, drop: (msg: SipMessage) => boolean): void {
  const receive = endpoint.layer.receive.bind(endpoint.layer);
  endpoint.layer.receive = (msg, flow) => {
    if (!drop(msg)) receive(msg, flow);
  };
}

/** True for the first n messages of a method (a request) or status (a response to it). */
export function first(n: number, method: string, status?: number): (msg: SipMessage) => boolean {
  let left = n;
  return (msg) => msg.method === method && msg.status === status && left-- > 0;
}

export function randomly(random: Random, share: number): (msg: SipMessage) => boolean {
  return () => random.chance(share);
}

/** How a call that was placed came out. */
export function outcome(call: OutgoingCall): Promise<number> {
  return new Promise((resolve) => {
    call.once("answered", () => resolve(200));
    call.once("failed", ({ code }) => resolve(code));
  });
}

export function ended(call: OutgoingCall | IncomingCall): Promise<string> {
  return new Promise((resolve) => call.once("ended", ({ by }) => resolve(by)));
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
