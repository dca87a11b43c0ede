import { CODEC_NAMES } from "../model/codecs";
import { codecGap } from "../model/rules/trunk";
import { trunkPolicy } from "./byoc-trunk";
import { CODECS, textList } from "./trunk-settings";

export const codecsAgree = trunkPolicy(
  "codecs-agree",
  "The trunk takes every one of PCMU, PCMA and G729 that the carrier offers, and shares a codec with it; without one a call ends with 488.",
  (settings, basis) => {
    const offered = basis.either("carrierCodecs", "the carrier's codecs", (plan) => plan.carrier.codecs as string[]);
    return codecGap(textList(settings(), CODECS), offered);
  },
  {
    keys: [CODECS],
    properties: {
      carrierCodecs: {
        type: "array",
        items: { type: "string", enum: [...CODEC_NAMES] },
        description: "Codecs that the carrier may offer, for a stack without a plan.",
      },
    },
  },
);
