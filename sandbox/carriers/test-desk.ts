import type { TestCallRequest, TestCallResult } from "../porting/api";
import type { WorldTime } from "../porting/port-order";
import type { CallFailure, OutgoingCall, SipMessage } from "../sip";
import { LegAudio } from "./audio";
import type { DialledCall, Dialler } from "./dialler";
import type { GainingCarrier } from "./gaining";
import type { Networks } from "./networks";
import type { Population } from "./population";
import { within } from "./relay";

export interface TestDeskOptions {
  clock: WorldTime;
  gaining: GainingCarrier;
  dialler: Dialler;
  networks: Networks;
  population: Population;
  /** Audio packets each side should have sent before the desk hangs up (20 ms each). Default 10. */
  packets?: number;
}

/** Longest wait for an answer, and after it for audio, wall ms. */
const ANSWER_MS = 15_000;
const AUDIO_MS = 3000;
const POLL_MS = 20;

/**
 * The carrier's test desk: real calls with real audio, never with a forged source. With `source` the carrier itself dials by its route
 * from that address (or from each); with `network` a phone on that network dials (or one on each), by whichever carrier that network uses.
 */
export class TestDesk {
  #turn = 0;

  constructor(private readonly o: TestDeskOptions) {}

  /** Places the calls asked for and tells what was seen on the carrier's side; none of them throws. */
  async run(request: TestCallRequest): Promise<TestCallResult[]> {
    if (request.network) {
      const networks = request.network === "all" ? this.o.networks.names : [request.network];
      return Promise.all(networks.map((network) => this.#fromNetwork(request.number, network)));
    }
    const { gaining } = this.o;
    if (request.source === "all") return Promise.all(gaining.sources.map((s) => this.#fromSource(request, s.address)));
    return [await this.#fromSource(request, request.source ?? gaining.nextSource()?.address ?? "")];
  }

  async #fromSource({ number, host }: TestCallRequest, wanted: string): Promise<TestCallResult> {
    const { gaining } = this.o;
    const source = gaining.sourceOf(wanted);
    const result = this.#blank(number, source?.address ?? wanted, null);
    if (!source) {
      result.why = `${wanted} is none of the carrier's addresses (${gaining.sources.map((s) => s.address).join(", ")})`;
      return result;
    }
    result.why = "the number has no route that can be dialled";
    for await (const hop of gaining.hops(number, result.ani, { source: source.local, host })) {
      const audio = await LegAudio.open(hop.audio, true);
      const headers = {
        "P-Asserted-Identity": `<sip:${result.ani}@${gaining.o.plan.carrier.sipDomain}>`,
        "X-Sandbox-Media": "1",
      };
      const leg = hop.endpoint.invite({ ...hop.invite, headers, sdp: audio.offer(), timeoutMs: ANSWER_MS });
      gaining.placed(leg, hop);
      result.transport = hop.invite.target.transport;
      result.srtp = hop.audio.secure === true;
      const failure = await this.#talk(leg, audio, result);
      if (!failure || !gaining.retries(failure)) break;
    }
    return result;
  }

  async #fromNetwork(number: string, network: string): Promise<TestCallResult> {
    const result = this.#blank(number, null, network);
    let dialled: DialledCall;
    try {
      dialled = await this.o.dialler.dial({ number, from: result.ani, network, media: true, timeoutMs: ANSWER_MS });
    } catch (error) {
      result.why = error instanceof Error ? error.message : String(error);
      return result;
    }
    result.carrier = dialled.carrier;
    await this.#talk(dialled.leg, dialled.audio, result);
    return result;
  }

  /** Follows the call: answer, some audio both ways, hang up. Returns the failure when it was not answered. */
  async #talk(leg: OutgoingCall, audio: LegAudio, result: TestCallResult): Promise<CallFailure | null> {
    const hear = (msg: SipMessage) => {
      const heard = msg.headers.get("X-Sandbox-Heard");
      if (heard && result.heard.at(-1) !== heard) result.heard.push(heard);
    };
    leg.on("info", hear);
    const failure = await new Promise<CallFailure | null>((resolve) => {
      leg.once("failed", resolve);
      leg.once("answered", (msg) => {
        hear(msg);
        resolve(null);
      });
    });
    result.callId = leg.id;
    result.code = failure ? failure.code : 200;
    result.answered = failure === null;
    result.why = failure ? `${failure.code} ${failure.reason}` : "";
    if (!failure) {
      if (!audio.accept(leg.remoteSdp)) result.why = "the answer's session description does not fit the offer";
      audio.send();
      await this.#exchange(leg, audio);
      const bye = await within(leg.hangup(), AUDIO_MS);
      const far = bye?.headers.get("X-Sandbox-Agent-Packets");
      result.farReceived = far === undefined ? null : Number(far);
    }
    result.audioSent = audio.sent;
    result.audioReceived = audio.received;
    audio.close();
    return failure;
  }

  /** Waits until both directions carried enough packets, the call ended, or time is up. */
  async #exchange(leg: OutgoingCall, audio: LegAudio): Promise<void> {
    const wanted = this.o.packets ?? 10;
    const until = performance.now() + AUDIO_MS;
    while (performance.now() < until && leg.state === "answered" && (audio.sent < wanted || audio.received < wanted)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  #blank(number: string, source: string | null, network: string | null): TestCallResult {
    const { desk } = this.o.population;
    return {
      number,
      source,
      network,
      carrier: "gaining",
      code: 0,
      answered: false,
      audioSent: 0,
      audioReceived: 0,
      farReceived: null,
      transport: null,
      srtp: null,
      // A caller id of its own per call, so that the call is found in the organisation's records.
      ani: desk[this.#turn++ % desk.length]!,
      callId: null,
      heard: [],
      at: this.o.clock.now().toISOString(),
      why: "",
    };
  }
}
