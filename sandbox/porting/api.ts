import type { Random } from "../random";
import { CarrierAccount } from "./account";
import { ApiServer, badRequest } from "./http";
import { isE164 } from "./numbers";
import type { WorldTime } from "./port-order";
import type { PortRegistry } from "./registry";
import { addAddresses, addConnections } from "./telnyx-connections";
import { addNumbers } from "./telnyx-numbers";
import { addPortingOrders } from "./telnyx-orders";
import { type WebhookManner, Webhooks } from "./webhooks";

/** One test call of the carrier's test desk: the first seven fields of `sip.tests[]` in docs/internals.md section 4, and more of what the desk saw. */
export interface TestCallResult {
  number: string;
  /** Address it was sent from, as the plan names it; null for a call from a network. */
  source: string | null;
  network: string | null;
  /** The carrier that handed the call to the organisation; for a call from a network, the one that network uses. */
  carrier: "losing" | "gaining";
  /** Final SIP code; 0 when the call failed without one. */
  code: number;
  answered: boolean;
  /** RTP packets. */
  audioSent: number;
  audioReceived: number;
  /** Packets the far side says it received, null when it does not say. */
  farReceived: number | null;
  /** How the carrier signalled to the organisation, and whether it offered SRTP; null for a call from a network, of which it is not asked. */
  transport: "tls" | "tcp" | "udp" | null;
  srtp: boolean | null;
  /** Caller id the desk dialled with: by this the call is found in the organisation's own records. */
  ani: string;
  /** Call-ID of the leg to the organisation. */
  callId: string | null;
  /** What was heard, in order (`queue="Claims";...`). */
  heard: string[];
  /** World time, ISO. */
  at: string;
  why: string;
}

export interface TestCallRequest {
  number: string;
  /** `all`, one of the carrier's own addresses, or none: the next one in turn. */
  source?: string;
  /** `all`, a network's name, or none: dialled at the carrier itself. */
  network?: string;
  /** Name to dial instead of what the number's route says. */
  host?: string;
}

export interface CarrierApiOptions {
  clock: WorldTime;
  random: Random;
  /** Loopback address to listen on; port 0 takes a free one. */
  host: string;
  port?: number;
  ports: PortRegistry;
  ownNumbers: readonly string[];
  addresses: readonly string[];
  /** Accepted bearer token; null (default) accepts any. */
  token?: string | null;
  /** How webhooks arrive; default each once and in order. */
  webhooks?: WebhookManner;
  /** Places test calls: `GainingCarrier.testCalls` of sandbox/carriers. */
  testCalls: (request: TestCallRequest) => Promise<TestCallResult[]>;
}

/**
 * The gaining carrier's API: Telnyx' v2 paths and shapes for porting, numbers, connections and addresses, and the test desk
 * (`POST /test_calls`, outside `/v2` and without a token, the same for a carrier whose desk is manual).
 */
export class CarrierApi {
  readonly account: CarrierAccount;
  #server: ApiServer;
  #webhooks: Webhooks;

  constructor(o: CarrierApiOptions) {
    this.#webhooks = new Webhooks({ ports: o.ports, manner: o.webhooks });
    this.account = new CarrierAccount({
      clock: o.clock,
      random: o.random,
      ports: o.ports,
      ownNumbers: o.ownNumbers,
      addresses: o.addresses,
    });
    this.#server = new ApiServer({ host: o.host, port: o.port, bearer: { prefix: "/v2/", token: o.token ?? null } });
    const jobs = o.random.stream("carrier-jobs");
    addPortingOrders(this.#server, o.ports, o.clock);
    addNumbers(this.#server, this.account, o.clock, () => jobs.next());
    addConnections(this.#server, this.account, o.clock);
    addAddresses(this.#server, this.account, o.clock);
    this.#server.on("POST", "/test_calls", async (r) => {
      const { number, source, network, host } = r.body;
      if (!isE164(number)) throw badRequest("number must be an E.164 number.", "/number");
      const text = (value: unknown) => (value ? String(value) : undefined);
      const request = { number, source: text(source), network: text(network), host: text(host) };
      return { status: 200, body: { results: await o.testCalls(request) } };
    });
  }

  listen(): Promise<void> {
    return this.#server.listen();
  }

  async close(): Promise<void> {
    await Promise.all([this.#server.close(), this.#webhooks.close()]);
  }

  /** `http://127.x.y.z:port`. */
  get url(): string {
    return this.#server.url;
  }

  requests(): { reads: number; writes: number; throttled: number } {
    return this.#server.requests();
  }
}
