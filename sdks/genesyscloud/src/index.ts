/** The subset of the Genesys Cloud SDK that Cutover declares: tokens and property names of the official provider. */
export {
  TelephonyProvidersEdgesTrunkbasesettings,
  type TelephonyProvidersEdgesTrunkbasesettingsArgs,
} from "./telephonyProvidersEdgesTrunkbasesettings";
export { TelephonyProvidersEdgesSite, type TelephonyProvidersEdgesSiteArgs } from "./telephonyProvidersEdgesSite";
export {
  TelephonyProvidersEdgesSiteOutboundRoute,
  type TelephonyProvidersEdgesSiteOutboundRouteArgs,
} from "./telephonyProvidersEdgesSiteOutboundRoute";
export {
  TelephonyProvidersEdgesDidPool,
  type TelephonyProvidersEdgesDidPoolArgs,
} from "./telephonyProvidersEdgesDidPool";
export { ArchitectIvr, type ArchitectIvrArgs } from "./architectIvr";
export { Flow, type FlowArgs } from "./flow";
export { ArchitectDatatable, type ArchitectDatatableArgs } from "./architectDatatable";
export { ArchitectDatatableRow, type ArchitectDatatableRowArgs } from "./architectDatatableRow";
export { RoutingQueue, type RoutingQueueArgs } from "./routingQueue";
export { ArchitectEmergencygroup, type ArchitectEmergencygroupArgs } from "./architectEmergencygroup";
export { AuthRole, type AuthRoleArgs } from "./authRole";
export { OauthClient, type OauthClientArgs } from "./oauthClient";
export * from "./functions";
export * as inputs from "./inputs";
export { Provider, type ProviderArgs, type ProviderGateway } from "./provider";
