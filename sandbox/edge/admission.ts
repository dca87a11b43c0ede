import type { Codec } from "../../model/types";
import { type AudioDescription, parseSdp } from "../media";
import { type IncomingCall, parseUri } from "../sip";
import { GCV_CODECS } from "./dialer";
import { type Overload, sourceAllowed, type TrunkGuard } from "./guard";
import { calledNumber, maxForwards } from "./request";
import type { EdgeStore, NumberMatch, TrunkSettings } from "./store";

/** A call that may come in, with the channel it holds. */
export interface Admitted {
  trunk: TrunkSettings;
  dnis: string;
  match: NumberMatch;
  offer: AudioDescription;
  codecs: readonly Codec[];
  suites: readonly string[];
  /** Gives the channel back. */
  release(): void;
}

/** Why a call may not. */
export interface Refusal {
  code: number;
  reason: string;
  headers?: Record<string, string>;
  /** The source is on no allowlist. */
  intruder?: boolean;
}

/** Host a request is for: of the Request-URI, or of its trunk group (RFC 4904: `;tgrp=id;trunk-context=domain`). */
export function requestHost(uri: string): string {
  const group = /;tgrp=([^;@]+);trunk-context=([^;@]+)/i.exec(uri);
  return group ? `${group[1]}.${group[2]}` : (parseUri(uri)?.host ?? "");
}

/** Why an offer cannot be taken, or null. */
function mediaProblem(
  offer: AudioDescription | null,
  codecs: readonly Codec[],
  suites: readonly string[],
  overTls: boolean,
): string | null {
  if (!offer || offer.port === 0) return "No audio offered";
  if (overTls && !offer.secure) return "TLS needs SRTP: the offer is RTP/AVP";
  if (offer.secure && !offer.crypto.some((c) => suites.includes(c.key.suite))) return "No common SRTP cipher suite";
  if (!offer.codecs.some((c) => codecs.includes(c.codec)))
    return `No common codec: the trunk has ${codecs.join(", ") || "none"}`;
  return null;
}

const overloaded = (o: Overload): Refusal => ({
  code: 503,
  reason: o.reason,
  headers: { "Retry-After": String(o.retryAfterSeconds) },
});

/**
 * The checks of BYOC Cloud in the order in which they are made: hops, host, source address, SRTP on TLS, codec, channels and call rate,
 * number. Digest is not asked of inbound calls: the allowlist judges them.
 */
export function admitByoc(call: IncomingCall, store: EdgeStore, guard: TrunkGuard): Admitted | Refusal {
  if (maxForwards(call) === 0) return { code: 483, reason: "Too many hops: the call loops" };
  const host = requestHost(call.request.uri ?? "");
  const trunk = store.byocTrunkFor(host);
  if (!trunk) return { code: 404, reason: `No trunk answers to ${host || "this host"}` };
  if (!sourceAllowed(trunk, call.remote.address))
    return { code: 403, reason: "Source address not allowed", intruder: true };
  const offer = parseSdp(call.remoteSdp);
  const problem = mediaProblem(offer, trunk.codecs, trunk.srtpCipherSuites, call.remote.transport === "tls");
  if (problem) return { code: 488, reason: problem };
  const slot = guard.take(trunk, "inbound");
  if (typeof slot !== "function") return overloaded(slot);
  const dnis = calledNumber(call);
  const match = store.matchNumber(dnis, { via: "byoc" });
  if (!match) {
    slot();
    return { code: 404, reason: `No call route for ${dnis || "an empty number"}` };
  }
  const { codecs, srtpCipherSuites: suites } = trunk;
  return { trunk, dnis, match, offer: offer as AudioDescription, codecs, suites, release: slot };
}

/** GCV takes what its own network brings: plain RTP, any codec of Genesys, only numbers of its inventory. */
export function admitGcv(call: IncomingCall, store: EdgeStore, guard: TrunkGuard): Admitted | Refusal {
  if (maxForwards(call) === 0) return { code: 483, reason: "Too many hops: the call loops" };
  const dnis = calledNumber(call);
  const match = store.matchNumber(dnis, { via: "gcv" });
  if (!match) return { code: 404, reason: `${dnis || "An empty number"} is not a Genesys Cloud Voice number` };
  const offer = parseSdp(call.remoteSdp);
  const suites = ["AES_CM_128_HMAC_SHA1_80"];
  const problem = mediaProblem(offer, GCV_CODECS, suites, call.remote.transport === "tls");
  if (problem) return { code: 488, reason: problem };
  const trunk = store.gcvTrunk();
  const slot = guard.take(trunk, "inbound");
  if (typeof slot !== "function") return overloaded(slot);
  return { trunk, dnis, match, offer: offer as AudioDescription, codecs: GCV_CODECS, suites, release: slot };
}
