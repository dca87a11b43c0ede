import type { Codec } from "./types";

/** Codecs the model knows, by their name in Genesys' trunk setting `trunk_media_codec`. */
const CODECS: Readonly<Record<Codec, string>> = {
  PCMU: "audio/pcmu",
  PCMA: "audio/pcma",
  G729: "audio/g729",
  OPUS: "audio/opus",
  G722: "audio/g722",
};

export const CODEC_NAMES = Object.keys(CODECS) as Codec[];

/** Value for `trunk_media_codec`, such as `audio/pcmu`. */
export const genesysCodec = (codec: Codec): string => CODECS[codec];

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
