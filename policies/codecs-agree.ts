import { codecOf, sharedCodecs } from "../model/codecs";
import { planAt } from "./context";
import { resourcePolicy, TRUNK } from "./policy";
import { CODECS, isByocTrunk, textList, trunkSettings } from "./trunk-settings";

export const codecsAgree = resourcePolicy(
  "codecs-agree",
  "Trunk and carrier share a codec; without one every call ends with 488.",
  TRUNK,
  ({ props }) => {
    if (!isByocTrunk(props)) return [];
    const names = textList(trunkSettings(props.properties), CODECS);
    const { codecs } = planAt().carrier;
    if (
      sharedCodecs(
        names.flatMap((n) => codecOf(n) ?? []),
        codecs,
      ).length > 0
    )
      return [];
    return [
      {
        seen: `codecs ${names.join(", ") || "none"}`,
        required: `one of the carrier's: ${codecs.join(", ")}`,
        fix: "add it to trunk.codecs",
      },
    ];
  },
);
