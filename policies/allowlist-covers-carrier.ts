import { covers, missingFrom } from "../model/allowlist";
import { planAt } from "./context";
import { type Finding, gatePolicy, resourcePolicy, TRUNK } from "./policy";
import { ALLOWLIST, isByocTrunk, textList, trunkSettings } from "./trunk-settings";

const NAME = "allowlist-covers-carrier";
const WHAT = "The trunk admits every address that the carrier sends from; a missing one is a call refused with 403.";

function trunkFindings(props: Record<string, unknown>): Finding[] {
  if (!isByocTrunk(props)) return [];
  const allowlist = textList(trunkSettings(props.properties), ALLOWLIST);
  const { sourceRanges } = planAt().carrier;
  if (covers(allowlist, sourceRanges)) return [];
  const missing = missingFrom(allowlist, sourceRanges).join(", ");
  return [
    {
      seen: `allowlist ${allowlist.join(", ") || "empty"}`,
      required: `also ${missing}, from where the carrier sends`,
      fix: "add it to trunk.allowlist",
    },
  ];
}

const onGate = gatePolicy(NAME, WHAT);
const onTrunk = resourcePolicy(NAME, WHAT, TRUNK, ({ props }) => trunkFindings(props));

/** Judged twice: on the trunk as it is declared, and on the gate with what the carrier says today. */
export const allowlistCoversCarrier = {
  ...onGate,
  validateResource: [onGate.validateResource, onTrunk.validateResource].flat().filter((v) => v !== undefined),
};
