import { STRANGERS_MAX, tooWide } from "../model/allowlist";
import { planAt } from "./context";
import { resourcePolicy, TRUNK } from "./policy";
import { ALLOWLIST, isByocTrunk, textList, trunkSettings } from "./trunk-settings";

export const allowlistNotTooWide = resourcePolicy(
  "allowlist-not-too-wide",
  "The trunk admits the carrier, not its neighbours: whoever may send an INVITE may call at the organisation's cost.",
  TRUNK,
  ({ props }) => {
    if (!isByocTrunk(props)) return [];
    return tooWide(textList(trunkSettings(props.properties), ALLOWLIST), planAt().carrier.sourceRanges).map(
      ({ entry, strangers }) => ({
        seen: `allowlist entry ${entry} with ${strangers} addresses that are none of the carrier's`,
        required: `at most ${STRANGERS_MAX} of them in an entry`,
        fix: "list the carrier's own ranges",
      }),
    );
  },
);
