import { planAt } from "./context";
import { resourcePolicy, TRUNK } from "./policy";
import { isByocTrunk, RECORDING, trunkSettings } from "./trunk-settings";

/** Recording is a setting of each trunk: what GCV's trunk did is not carried over by itself. */
export const recordingKept = resourcePolicy(
  "recording-kept",
  "Calls that GCV recorded are recorded on the new trunk too.",
  TRUNK,
  ({ props }) => {
    if (!isByocTrunk(props) || !planAt().gcv.recording) return [];
    if (trunkSettings(props.properties)[RECORDING] === true) return [];
    return [
      {
        seen: "a trunk without recording",
        required: "recording on, as on the GCV trunk (gcv.recording)",
        fix: "set trunk.recording: inherit-from-gcv, or gcv.recording: false if GCV does not record",
      },
    ];
  },
);
