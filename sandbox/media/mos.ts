import type { Codec } from "../../model/types";

/** Impairment of a codec in the E-model (ITU-T G.113 appendix I). */
export interface Impairment {
  /** Equipment impairment without loss, 0 to 95. */
  ie: number;
  /** Robustness against loss: larger is better. */
  bpl: number;
}

/**
 * G.711 with packet loss concealment, G.729A, and stand-ins for G.722 and Opus: no narrow-band value of theirs is published, so
 * they count as G.711 here and a caller that knows better passes its own.
 */
export const IMPAIRMENTS: Readonly<Record<Codec, Impairment>> = {
  PCMU: { ie: 0, bpl: 25.1 },
  PCMA: { ie: 0, bpl: 25.1 },
  G729: { ie: 11, bpl: 19 },
  G722: { ie: 0, bpl: 25.1 },
  OPUS: { ie: 0, bpl: 25.1 },
};

export interface QualityInput {
  codec: Codec;
  /** Packets lost or too late to play, percent, 0 to 100. */
  lossPercent: number;
  /** One-way delay from mouth to ear, ms. */
  delayMs: number;
  /** 1 = independent losses, more = bursts (default 1). */
  burstRatio?: number;
  impairment?: Impairment;
}

/** Delay impairment Idd of ITU-T G.107 for a one-way delay in ms; echo terms are left out (perfect echo control). */
function delayImpairment(delayMs: number): number {
  if (delayMs <= 100) return 0;
  const x = Math.log2(delayMs / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** Transmission rating R of the E-model with default values (ITU-T G.107, narrow band), at most 93.2. */
export function ratingOf(q: QualityInput): number {
  const { ie, bpl } = q.impairment ?? IMPAIRMENTS[q.codec];
  const loss = Math.min(100, Math.max(0, q.lossPercent));
  const ieEff = ie + (95 - ie) * (loss / (loss / (q.burstRatio ?? 1) + bpl));
  return 93.2 - delayImpairment(q.delayMs) - ieEff;
}

/** Mean opinion score, 1 to 4.5 (ITU-T G.107 annex B). */
export function mosOf(q: QualityInput): number {
  const r = ratingOf(q);
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}
