import type { Codec } from "../../model/types";

/** What RTP needs to know of a codec, frames of 20 ms (RFC 3551 table 4, RFC 7587 for Opus). */
export interface CodecFacts {
  payloadType: number;
  /** Name in `a=rtpmap`. */
  rtpmap: string;
  clockRate: number;
  ticksPerFrame: number;
  bytesPerFrame: number;
}

export const CODECS: Readonly<Record<Codec, CodecFacts>> = {
  PCMU: { payloadType: 0, rtpmap: "PCMU/8000", clockRate: 8000, ticksPerFrame: 160, bytesPerFrame: 160 },
  PCMA: { payloadType: 8, rtpmap: "PCMA/8000", clockRate: 8000, ticksPerFrame: 160, bytesPerFrame: 160 },
  // G.722 samples at 16 kHz but its RTP clock is 8 kHz, an old mistake kept by RFC 3551 section 4.5.2.
  G722: { payloadType: 9, rtpmap: "G722/8000", clockRate: 8000, ticksPerFrame: 160, bytesPerFrame: 160 },
  G729: { payloadType: 18, rtpmap: "G729/8000", clockRate: 8000, ticksPerFrame: 160, bytesPerFrame: 20 },
  OPUS: { payloadType: 111, rtpmap: "opus/48000/2", clockRate: 48_000, ticksPerFrame: 960, bytesPerFrame: 80 },
};

/** Milliseconds of sound in one packet. */
export const FRAME_MS = 20;
/** RFC 4733 events, the payload type Genesys uses by default. */
export const TELEPHONE_EVENT_PAYLOAD = 101;

/** The codec of a payload type and its `rtpmap` (absent for static types), or null for one we do not speak. */
export function codecOf(payloadType: number, rtpmap: string | undefined): Codec | null {
  const name = rtpmap?.split("/")[0]?.toUpperCase();
  for (const [codec, facts] of Object.entries(CODECS) as [Codec, CodecFacts][]) {
    if (name === undefined ? payloadType < 96 && facts.payloadType === payloadType : name === codec) return codec;
  }
  return null;
}

/** G.711 mu-law of one 16-bit sample (ITU-T G.711). */
function muLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

/** G.711 A-law of one 16-bit sample (ITU-T G.711). */
function aLaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = Math.min(32_767, Math.abs(sample)) >> 4;
  const exponent = magnitude < 32 ? 0 : 31 - Math.clz32(magnitude) - 4;
  const mantissa = exponent === 0 ? magnitude >> 1 : (magnitude >> exponent) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

const frames = new Map<Codec, Buffer>();

/** One frame of test sound: a 400 Hz tone for G.711 (8 whole periods, so frames join without a click), filler of the right size for the others. */
export function toneFrame(codec: Codec): Buffer {
  let frame = frames.get(codec);
  if (!frame) {
    frame = Buffer.alloc(CODECS[codec].bytesPerFrame, 0x5a);
    const encode = codec === "PCMU" ? muLaw : codec === "PCMA" ? aLaw : null;
    if (encode)
      for (let i = 0; i < frame.length; i++)
        frame[i] = encode(Math.round(8000 * Math.sin((2 * Math.PI * 400 * i) / 8000)));
    frames.set(codec, frame);
  }
  return frame;
}
