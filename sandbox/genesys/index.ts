/** The Genesys Cloud organisation of the sandbox. */

export { type CallFacts, type FlowHost, type RunnableFlow, runFlow, type TransferResult } from "./architect/run";
export { type ApiOptions, GenesysApi, type LoggedRequest, type RequestCounts } from "./api/server";
export { ApiError } from "./store/errors";
export {
  type Conversation,
  type GenesysOptions,
  GenesysStore,
  type Leg,
  type NumberMatch,
  type OptionsStatus,
  type OutboundDecision,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  type SipTrace,
  type TrunkSettings,
} from "./store";
