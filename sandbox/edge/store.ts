import type { GenesysStore } from "../genesys/store";

/** What the edge needs of the organisation; `GenesysStore` is it. */
export type EdgeStore = Pick<
  GenesysStore,
  | "byocTrunkFor"
  | "gcvTrunk"
  | "matchNumber"
  | "queue"
  | "lookup"
  | "outbound"
  | "record"
  | "trace"
  | "trunks"
  | "setOptionsStatus"
>;

export type { Conversation, Leg, NumberMatch, OutboundDecision, SipTrace, TrunkSettings } from "../genesys/store";
