import type { Codec } from "./types";

/** Codecs the model knows, with the names of Genesys' trunk setting `trunk_media_codec` and of SDP (RFC 3551, RFC 7587). */
const CODECS: Readonly<Record<Codec, { genesys: string; sdp: string }>> = {
  PCMU: { genesys: "audio/pcmu", sdp: "PCMU/8000" },
  PCMA: { genesys: "audio/pcma", sdp: "PCMA/8000" },
  G729: { genesys: "audio/g729", sdp: "G729/8000" },
  OPUS: { genesys: "audio/opus", sdp: "opus/48000/2" },
  G722: { genesys: "audio/g722", sdp: "G722/8000" },
};

export const CODEC_NAMES = Object.keys(CODECS) as Codec[];

/** Value for `trunk_media_codec`, such as `audio/pcmu`. */
export const genesysCodec = (codec: Codec): string => CODECS[codec].genesys;

/** Encoding name for `a=rtpmap`, such as `PCMU/8000`. */
export const sdpCodec = (codec: Codec): string => CODECS[codec].sdp;

/** The codec that a name of Genesys, of SDP or of the plan means, whatever its case; undefined for others. */
export function codecOf(name: string): Codec | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^audio\//, "")
    .split("/")[0]!
    .replace(/^g\.?729a?b?$/, "g729");
  return CODEC_NAMES.find((c) => c.toLowerCase() === plain);
}

/** Codecs both sides can speak, in the order of the first. None means every call ends with 488 (RFC 3261, 21.4.26). */
export function sharedCodecs(ours: readonly Codec[], theirs: readonly Codec[]): Codec[] {
  return ours.filter((codec) => theirs.includes(codec));
}
