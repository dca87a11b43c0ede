import { CODEC_NAMES } from "../model/codecs";
import { codecGap } from "../model/rules/trunk";
import { gatePolicy, resourcePolicy, together, TRUNK } from "./policy";
import { CODECS, isByocTrunk, textList, trunkSettings } from "./trunk-settings";

const NAME = "codecs-agree";
const WHAT =
  "The trunk takes every one of PCMU, PCMA and G729 that the carrier offers, and shares a codec with it; without one a call ends with 488.";

export const codecsAgree = together(
  gatePolicy(NAME, WHAT),
  resourcePolicy(
    NAME,
    WHAT,
    TRUNK,
    ({ props }, basis) => {
      if (!isByocTrunk(props)) return [];
      const offered = basis.either("carrierCodecs", "the carrier's codecs", (plan) => plan.carrier.codecs as string[]);
      return codecGap(textList(trunkSettings(props.properties), CODECS), offered);
    },
    {
      configSchema: {
        properties: {
          carrierCodecs: {
            type: "array",
            items: { type: "string", enum: [...CODEC_NAMES] },
            description: "Codecs that the carrier may offer, for a stack without a plan.",
          },
        },
      },
    },
  ),
);
