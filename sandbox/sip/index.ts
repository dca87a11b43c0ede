export { answerChallenge, type Credentials, digestChallenge, judgeDigest } from "./auth";
export {
  ALLOW,
  type CallEnd,
  type CallFailure,
  type CallLeg,
  type CallLeg as Call,
  type CallState,
  type ReplyFn,
} from "./call";
export { type EndpointOptions, type Reply, SipEndpoint } from "./endpoint";
export { Headers, splitList } from "./headers";
export { IncomingCall } from "./incoming";
export { makeResponse, parseMessage, reasonOf, type SipMessage, serialize } from "./message";
export { certificateNames, type NameCheck, nameCovers } from "./names";
export { type InviteOptions, OutgoingCall } from "./outgoing";
export type { SipTimers } from "./transaction";
export { token } from "./tokens";
export type { Flow, Peer, Transport } from "./flows";
export type { Target } from "./transport";
export { type NameAddr, parseNameAddr, parseUri, parseVia, type SipUri, tagOf, userOf, type Via } from "./uri";
