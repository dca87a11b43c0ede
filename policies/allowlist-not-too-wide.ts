import { STRANGERS_MAX } from "../model/allowlist";
import { wideEntries } from "../model/rules/trunk";
import { gatePolicy, resourcePolicy, together, TRUNK } from "./policy";
import { ALLOWLIST, isByocTrunk, SOURCE_RANGES, sourceRanges, textList, trunkSettings } from "./trunk-settings";

const NAME = "allowlist-not-too-wide";
const WHAT =
  "The trunk admits the carrier, not its neighbours: whoever may send an INVITE may call at the organisation's cost.";

export const allowlistNotTooWide = together(
  gatePolicy(NAME, WHAT),
  resourcePolicy(
    NAME,
    WHAT,
    TRUNK,
    ({ props }, basis) => {
      if (!isByocTrunk(props)) return [];
      const max = basis.setting<number>("strangersMax");
      return wideEntries(textList(trunkSettings(props.properties), ALLOWLIST), sourceRanges(basis), max);
    },
    {
      configSchema: {
        properties: {
          ...SOURCE_RANGES,
          strangersMax: {
            type: "integer",
            minimum: 0,
            maximum: 1024,
            default: Number(STRANGERS_MAX),
            description: "Most addresses of an allowlist entry that are none of the carrier's.",
          },
        },
      },
    },
  ),
);
