import { STRANGERS_MAX } from "../model/allowlist";
import { openEntries, wideEntries } from "../model/rules/trunk";
import { trunkPolicy } from "./byoc-trunk";
import { ALLOWLIST, SOURCE_RANGES, sourceRanges, textList } from "./trunk-settings";

export const allowlistNotTooWide = trunkPolicy(
  "allowlist-not-too-wide",
  "The trunk admits the carrier, not its neighbours: whoever may send an INVITE may call at the organisation's cost.",
  (settings, basis) => {
    const allowlist = textList(settings(), ALLOWLIST);
    // Nobody has to know the carrier to see that the whole internet is not it.
    const open = openEntries(allowlist);
    return open.length > 0 ? open : wideEntries(allowlist, sourceRanges(basis), basis.setting<number>("strangersMax"));
  },
  {
    keys: [ALLOWLIST],
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
);
