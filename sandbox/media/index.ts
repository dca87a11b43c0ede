export { CODECS, FRAME_MS } from "./codecs";
export { IMPAIRMENTS, mosOf, type QualityInput, ratingOf } from "./mos";
export { Reception, type ReceptionStats, type RtpPacket, readRtp, writeRtp } from "./rtp";
export { type AudioDescription, answerSdp, type Negotiated, offerSdp, parseSdp, readAnswer } from "./sdp";
export { MediaSession, type MediaStats, relay } from "./session";
export { isSrtpSuite, newSrtpKey, SRTP_SUITES, SrtpContext, type SrtpKey, type SrtpSuite } from "./srtp";
