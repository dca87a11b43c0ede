import { recordingDropped } from "../model/rules/trunk";
import { trunkPolicy } from "./byoc-trunk";
import { RECORDING } from "./trunk-settings";

export const recordingKept = trunkPolicy(
  "recording-kept",
  "Calls that GCV recorded are recorded on the new trunk too.",
  (settings, basis) => {
    const recording = settings()[RECORDING] === true;
    // A trunk that records drops nothing, whatever GCV did.
    if (recording) return [];
    const before = basis.either("gcvRecording", "whether GCV records calls", (plan) => plan.gcv.recording);
    return recordingDropped(before, recording);
  },
  {
    keys: [RECORDING],
    properties: {
      gcvRecording: {
        type: "boolean",
        description: "Whether the GCV trunk records calls, for a stack without a plan.",
      },
    },
  },
);
