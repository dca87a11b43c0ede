import { uncoveredSources } from "../model/rules/trunk";
import { trunkPolicy } from "./byoc-trunk";
import { ALLOWLIST, DENYLIST, SOURCE_RANGES, sourceRanges, textList } from "./trunk-settings";

/** Judged twice: on the trunk as it is declared, and on the gate with what the carrier says today and what test calls showed. */
export const allowlistCoversCarrier = trunkPolicy(
  "allowlist-covers-carrier",
  "The trunk admits every address that the carrier sends from, as declared, as published and as seen on test calls; a missing one is a call refused with 403.",
  (settings, basis) => {
    const keys = settings();
    return uncoveredSources(textList(keys, ALLOWLIST), sourceRanges(basis), textList(keys, DENYLIST));
  },
  { keys: [ALLOWLIST], properties: SOURCE_RANGES },
);
