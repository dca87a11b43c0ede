import type { Trap } from "./trap";

export const recordingLost: Trap = {
  name: "recording-lost",
  policy: "recording-kept",
  mistake: "GCV records calls, the new trunk is declared without recording.",
  overlaps: [],
  stopsAt: { phase: "parallel" },
  harmAt: { phase: "canary" },
  plan: (p) => {
    p.trunk.recording = "off";
  },
};
