import { uncoveredSources } from "../model/rules/trunk";
import { gatePolicy, resourcePolicy, together, TRUNK } from "./policy";
import { ALLOWLIST, isByocTrunk, SOURCE_RANGES, sourceRanges, textList, trunkSettings } from "./trunk-settings";

const NAME = "allowlist-covers-carrier";
const WHAT =
  "The trunk admits every address that the carrier sends from, as declared, as published and as seen on test calls; a missing one is a call refused with 403.";

/** Judged twice: on the trunk as it is declared, and on the gate with what the carrier says today and what test calls showed. */
export const allowlistCoversCarrier = together(
  gatePolicy(NAME, WHAT),
  resourcePolicy(
    NAME,
    WHAT,
    TRUNK,
    ({ props }, basis) =>
      isByocTrunk(props)
        ? uncoveredSources(textList(trunkSettings(props.properties), ALLOWLIST), sourceRanges(basis))
        : [],
    { configSchema: { properties: SOURCE_RANGES } },
  ),
);
