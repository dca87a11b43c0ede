import { recordingDropped } from "../model/rules/trunk";
import { gatePolicy, resourcePolicy, together, TRUNK } from "./policy";
import { isByocTrunk, RECORDING, trunkSettings } from "./trunk-settings";

const NAME = "recording-kept";
const WHAT = "Calls that GCV recorded are recorded on the new trunk too.";

export const recordingKept = together(
  gatePolicy(NAME, WHAT),
  resourcePolicy(
    NAME,
    WHAT,
    TRUNK,
    ({ props }, basis) => {
      if (!isByocTrunk(props)) return [];
      const recording = trunkSettings(props.properties)[RECORDING] === true;
      // A trunk that records drops nothing, whatever GCV did.
      if (recording) return [];
      const before = basis.either("gcvRecording", "whether GCV records calls", (plan) => plan.gcv.recording);
      return recordingDropped(before, recording);
    },
    {
      configSchema: {
        properties: {
          gcvRecording: {
            type: "boolean",
            description: "Whether the GCV trunk records calls, for a stack without a plan.",
          },
        },
      },
    },
  ),
);
