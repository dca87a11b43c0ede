export type { EdgeCounters } from "./counters";
export { type EdgeOptions, SipEdge } from "./edge";
export { AGENT_PACKETS, HEARD, MEDIA } from "./heard";
export type { PathQuality } from "./leg-media";
export type { OutboundRequest, OutboundResult } from "./phone";
