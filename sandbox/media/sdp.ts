import type { Codec } from "../../model/types";
import { CODECS, codecOf, TELEPHONE_EVENT_PAYLOAD } from "./codecs";
import { isSrtpSuite, SRTP_SUITES, type SrtpKey, type SrtpSuite } from "./srtp";

export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** The audio of one session description (RFC 8866). */
export interface AudioDescription {
  address: string;
  /** 0 = the stream is refused. */
  port: number;
  /** `RTP/SAVP` and its kin: keys must be there. */
  secure: boolean;
  /** In the sender's order of preference. */
  codecs: { payloadType: number; codec: Codec }[];
  crypto: { tag: number; key: SrtpKey }[];
  /** Suites offered that this room does not speak are left out of `crypto`. */
  direction: Direction;
}

export interface LocalMedia {
  address: string;
  port: number;
  /** In order of preference. */
  codecs: readonly Codec[];
}

/** One line, without its line end. */
function* linesOf(sdp: string): IterableIterator<[type: string, value: string]> {
  for (const line of sdp.split(/\r?\n/)) if (line[1] === "=") yield [line[0] as string, line.slice(2).trim()];
}

/** Reads the first audio stream; null when there is none or it cannot be read. Never throws. */
export function parseSdp(sdp: string | undefined): AudioDescription | null {
  let address = "";
  let audio: AudioDescription | null = null;
  let payloads: number[] = [];
  let inAudio = false;
  let seenMedia = false;
  let direction: Direction = "sendrecv";
  const maps = new Map<number, string>();
  for (const [type, value] of linesOf(sdp ?? "")) {
    if (type === "m") {
      seenMedia = true;
      const media = /^audio (\d{1,5})(?:\/\d+)? (RTP\/S?AVPF?) ([\d ]+)$/.exec(value);
      inAudio = media !== null && audio === null;
      if (!inAudio || !media) continue;
      payloads = (media[3] as string).split(/\s+/).filter(Boolean).map(Number);
      const port = Number(media[1]);
      if (port > 65_535) return null;
      audio = { address, port, secure: (media[2] as string).startsWith("RTP/S"), codecs: [], crypto: [], direction };
    } else if (type === "c" && (inAudio || !seenMedia)) {
      const ip = /^IN IP4 ([\d.]+)/.exec(value)?.[1] ?? "";
      if (audio) audio.address = ip;
      else address = ip;
    } else if (type === "a" && (inAudio || !seenMedia)) {
      const map = /^rtpmap:(\d+) (\S+)/.exec(value);
      if (map) maps.set(Number(map[1]), map[2] as string);
      else if (/^(sendrecv|sendonly|recvonly|inactive)$/.test(value)) {
        if (audio) audio.direction = value as Direction;
        else direction = value as Direction;
      } else if (audio && value.startsWith("crypto:")) {
        const crypto = parseCrypto(value);
        if (crypto) audio.crypto.push(crypto);
      }
    }
  }
  if (!audio?.address) return null;
  for (const payloadType of payloads) {
    const codec = codecOf(payloadType, maps.get(payloadType));
    if (codec) audio.codecs.push({ payloadType, codec });
  }
  return audio;
}

/** `crypto:1 AES_CM_128_HMAC_SHA1_80 inline:<base64>|2^31` (RFC 4568); null for suites and key forms not spoken here. */
function parseCrypto(value: string): { tag: number; key: SrtpKey } | null {
  const match = /^crypto:(\d{1,9}) (\S+) inline:([A-Za-z0-9+/=]+)(?:\|\S*)?/.exec(value);
  if (!match || !isSrtpSuite(match[2] as string)) return null;
  const suite = match[2] as SrtpSuite;
  const master = Buffer.from(match[3] as string, "base64");
  return master.length === SRTP_SUITES[suite].keyBytes + 14 ? { tag: Number(match[1]), key: { suite, master } } : null;
}

let sessionId = 1;

function build(
  local: LocalMedia,
  codecs: readonly { payloadType: number; codec: Codec }[],
  crypto: readonly { tag: number; key: SrtpKey }[],
  direction: Direction,
): string {
  sessionId += 1;
  const payloads = [...codecs.map((c) => c.payloadType), TELEPHONE_EVENT_PAYLOAD];
  const lines = [
    "v=0",
    `o=- ${sessionId} 1 IN IP4 ${local.address}`,
    "s=-",
    `c=IN IP4 ${local.address}`,
    "t=0 0",
    `m=audio ${local.port} ${crypto.length > 0 ? "RTP/SAVP" : "RTP/AVP"} ${payloads.join(" ")}`,
    ...codecs.map((c) => `a=rtpmap:${c.payloadType} ${CODECS[c.codec].rtpmap}`),
    ...codecs.filter((c) => c.codec === "G729").map((c) => `a=fmtp:${c.payloadType} annexb=no`),
    `a=rtpmap:${TELEPHONE_EVENT_PAYLOAD} telephone-event/8000`,
    `a=fmtp:${TELEPHONE_EVENT_PAYLOAD} 0-15`,
    "a=ptime:20",
    ...crypto.map((c) => `a=crypto:${c.tag} ${c.key.suite} inline:${c.key.master.toString("base64")}`),
    `a=${direction}`,
  ];
  return `${lines.join("\r\n")}\r\n`;
}

/** An offer: RTP/SAVP when keys are given, one `a=crypto` line each, else RTP/AVP. */
export function offerSdp(local: LocalMedia, keys: readonly SrtpKey[] = [], direction: Direction = "sendrecv"): string {
  const codecs = local.codecs.map((codec) => ({ codec, payloadType: CODECS[codec].payloadType }));
  return build(
    local,
    codecs,
    keys.map((key, i) => ({ tag: i + 1, key })),
    direction,
  );
}

/** What both sides agreed on. */
export interface Negotiated {
  codec: Codec;
  /** Payload type of what we receive and send. */
  payloadType: number;
  remote: { address: string; port: number };
  /** Both or neither: the call is SRTP or plain. */
  sendKey?: SrtpKey;
  receiveKey?: SrtpKey;
}

const MIRROR: Readonly<Record<Direction, Direction>> = {
  sendrecv: "sendrecv",
  sendonly: "recvonly",
  recvonly: "sendonly",
  inactive: "inactive",
};

/**
 * Answers an offer (RFC 3264): the offerer's first codec that we have. `key` makes our sending key for a suite and is asked
 * only for a secure offer. Null when there is no audio, no common codec, or no common suite.
 */
export function answerSdp(
  offer: AudioDescription | null,
  local: LocalMedia & { suites: readonly string[]; key(suite: SrtpSuite): SrtpKey },
): (Negotiated & { sdp: string }) | null {
  if (!offer || offer.port === 0) return null;
  const chosen = offer.codecs.find((c) => local.codecs.includes(c.codec));
  if (!chosen) return null;
  const crypto = offer.secure ? offer.crypto.find((c) => local.suites.includes(c.key.suite)) : undefined;
  if (offer.secure && !crypto) return null;
  const sendKey = crypto && local.key(crypto.key.suite);
  const lines = crypto && sendKey ? [{ tag: crypto.tag, key: sendKey }] : [];
  return {
    codec: chosen.codec,
    payloadType: chosen.payloadType,
    remote: { address: offer.address, port: offer.port },
    ...(crypto && sendKey ? { sendKey, receiveKey: crypto.key } : {}),
    sdp: build(local, [chosen], lines, MIRROR[offer.direction]),
  };
}

/**
 * Reads the answer to an offer of ours. Null when it refuses the stream, names no codec of the offer, or is plain where the
 * offer was secure (a downgrade).
 */
export function readAnswer(
  sdp: string | undefined,
  offered: { codecs: readonly Codec[]; keys: readonly SrtpKey[] },
): Negotiated | null {
  const answer = parseSdp(sdp);
  if (!answer || answer.port === 0) return null;
  const chosen = answer.codecs.find((c) => offered.codecs.includes(c.codec));
  if (!chosen) return null;
  const remote = { address: answer.address, port: answer.port };
  const base = { codec: chosen.codec, payloadType: chosen.payloadType, remote };
  if (offered.keys.length === 0) return answer.secure ? null : base;
  const crypto = answer.secure ? answer.crypto[0] : undefined;
  const sendKey = crypto && offered.keys[crypto.tag - 1];
  return crypto && sendKey?.suite === crypto.key.suite ? { ...base, sendKey, receiveKey: crypto.key } : null;
}
