import type { CallFailure, IncomingCall, InviteOptions, OutgoingCall, SipEndpoint, SipMessage } from "../sip";
import { type Audio, LegAudio } from "./audio";
import { passedHeaders } from "./headers";

/** One try at one target. */
export interface Hop {
  endpoint: SipEndpoint;
  invite: Pick<InviteOptions, "uri" | "from" | "to" | "target" | "timeoutMs" | "auth">;
  /** How the leg carries media. */
  audio: Audio;
}

export interface RelayOptions {
  /** Tries in order; an async generator, so that later names are resolved only when they are needed. */
  hops: AsyncIterable<Hop>;
  /** Whether the next hop is tried after this failure. */
  retry: (failure: CallFailure) => boolean;
  /** Media towards the caller. */
  audio: Audio;
  /** Answered when there was nothing to try. Default 404. */
  noHop?: { code: number; reason: string };
  /** Headers added to the leg that is placed. */
  headers?: Record<string, string>;
  /** Told of each leg placed: counters. */
  onPlaced?: (leg: OutgoingCall, hop: Hop) => void;
}

/**
 * Back-to-back user agent for one call: places the far leg hop by hop, passes ringing, answer, INFO, refusal and the end both ways, and
 * relays media when the INVITE asks for it. Resolves when the call is over or refused, with the final code (200 when answered).
 */
export async function relay(caller: IncomingCall, o: RelayOptions): Promise<number> {
  const real = caller.request.headers.get("X-Sandbox-Media") === "1";
  const near = await LegAudio.open(o.audio, real);
  const headers = { ...passedHeaders(caller.request), ...o.headers };
  let last: CallFailure | null = null;
  try {
    for await (const hop of o.hops) {
      const far = await LegAudio.open(hop.audio, real);
      if (hasEnded(caller)) {
        far.close();
        return 487;
      }
      const outcome = await oneHop(caller, { ...hop, headers }, near, far, o);
      if (outcome === "answered") return 200;
      far.close();
      if (outcome === "gone") return 487;
      last = outcome;
      if (!o.retry(outcome)) break;
    }
    const none = o.noHop ?? { code: 404, reason: "No route to this number" };
    const code = last?.code ?? none.code;
    caller.reject(code, last ? last.reason : none.reason, passedHeaders(last?.msg));
    return code;
  } finally {
    near.close();
  }
}

type HopOutcome = "answered" | "gone" | CallFailure;

async function oneHop(
  caller: IncomingCall,
  hop: Hop & { headers: Record<string, string> },
  near: LegAudio,
  far: LegAudio,
  o: RelayOptions,
): Promise<HopOutcome> {
  const leg = hop.endpoint.invite({ ...hop.invite, headers: hop.headers, sdp: far.offer() });
  o.onPlaced?.(leg, hop);
  const answered = await new Promise<"answered" | "gone" | CallFailure>((resolve) => {
    const hangUp = () => {
      // The caller gave up: the far leg is cancelled, and what it answers to that no longer matters.
      void leg.hangup();
      resolve("gone");
    };
    caller.once("ended", hangUp);
    leg.on("ringing", (msg) => caller.ring(passedHeaders(msg)));
    leg.once("failed", (failure) => {
      caller.off("ended", hangUp);
      resolve(failure);
    });
    leg.once("answered", (msg) => {
      caller.off("ended", hangUp);
      resolve(connect(caller, leg, near, far, msg) ? "answered" : "gone");
    });
  });
  if (answered === "answered") await over(caller, leg, far);
  return answered;
}

/** Joins the two legs; false when their session descriptions do not meet, in which case both are ended. */
function connect(caller: IncomingCall, leg: OutgoingCall, near: LegAudio, far: LegAudio, answer: SipMessage): boolean {
  const sdp = far.accept(leg.remoteSdp) ? near.answer(caller.remoteSdp, far.codec) : null;
  if (sdp === null) {
    void leg.hangup();
    caller.reject(488);
    return false;
  }
  near.relayWith(far);
  leg.on("info", (msg) => void caller.info(passedHeaders(msg), msg.body));
  caller.on("info", (msg) => void leg.info(passedHeaders(msg), msg.body));
  endTogether(caller, leg);
  caller.answer(sdp, passedHeaders(answer));
  return true;
}

/**
 * Ends both legs as one. The caller's BYE is answered only when the far side has answered its own: what that answer says (how much
 * audio the agent received) then reaches the caller, over however many legs.
 */
function endTogether(caller: IncomingCall, leg: OutgoingCall): void {
  caller.endHeaders = () => leg.hangup().then(passedHeaders);
  leg.once("ended", (end) => {
    if (end.by !== "local") void caller.hangup(passedHeaders(end.msg));
  });
  caller.once("ended", () => void leg.hangup());
}

/** Resolves when both legs are over; then the media ends. */
async function over(caller: IncomingCall, leg: OutgoingCall, far: LegAudio): Promise<void> {
  const ended = (call: IncomingCall | OutgoingCall) =>
    call.state === "ended" ? Promise.resolve() : new Promise<void>((resolve) => call.once("ended", () => resolve()));
  await Promise.all([ended(caller), ended(leg)]);
  far.close();
}

/** As a function, so that the compiler does not take the state seen before an await for the state after it. */
const hasEnded = (call: IncomingCall) => call.state === "ended";

/** The promise's value, or null when it takes longer than `ms` or fails. */
export function within<T>(promise: Promise<T | null>, ms: number): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      () => {
        clearTimeout(timer);
        resolve(null);
      },
    );
  });
}
