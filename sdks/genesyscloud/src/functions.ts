import type * as pulumi from "@pulumi/pulumi";
import { invoke, invokeOutput } from "./utilities";

/** Data sources: exact look-ups that change nothing. A missing or ambiguous name is an error. */

export interface GetTelephonyProvidersEdgesTrunkbasesettingsArgs {
  name: string;
}
export interface GetTelephonyProvidersEdgesTrunkbasesettingsOutputArgs {
  name: pulumi.Input<string>;
}
export interface GetTelephonyProvidersEdgesTrunkbasesettingsResult {
  id: string;
  name: string;
}
/** Trunk base settings by name. */
export function getTelephonyProvidersEdgesTrunkbasesettings(
  args: GetTelephonyProvidersEdgesTrunkbasesettingsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetTelephonyProvidersEdgesTrunkbasesettingsResult> {
  return invoke(
    "genesyscloud:index/getTelephonyProvidersEdgesTrunkbasesettings:getTelephonyProvidersEdgesTrunkbasesettings",
    args,
    opts,
  );
}
/** Trunk base settings by name. Output form. */
export function getTelephonyProvidersEdgesTrunkbasesettingsOutput(
  args: GetTelephonyProvidersEdgesTrunkbasesettingsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetTelephonyProvidersEdgesTrunkbasesettingsResult> {
  return invokeOutput(
    "genesyscloud:index/getTelephonyProvidersEdgesTrunkbasesettings:getTelephonyProvidersEdgesTrunkbasesettings",
    args,
    opts,
  );
}

export interface GetTelephonyProvidersEdgesSiteArgs {
  name: string;
}
export interface GetTelephonyProvidersEdgesSiteOutputArgs {
  name: pulumi.Input<string>;
}
export interface GetTelephonyProvidersEdgesSiteResult {
  id: string;
  name: string;
}
/** A site by name. */
export function getTelephonyProvidersEdgesSite(
  args: GetTelephonyProvidersEdgesSiteArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetTelephonyProvidersEdgesSiteResult> {
  return invoke("genesyscloud:index/getTelephonyProvidersEdgesSite:getTelephonyProvidersEdgesSite", args, opts);
}
/** A site by name. Output form. */
export function getTelephonyProvidersEdgesSiteOutput(
  args: GetTelephonyProvidersEdgesSiteOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetTelephonyProvidersEdgesSiteResult> {
  return invokeOutput("genesyscloud:index/getTelephonyProvidersEdgesSite:getTelephonyProvidersEdgesSite", args, opts);
}

export interface GetTelephonyProvidersEdgesSiteOutboundRouteArgs {
  name: string;
  siteId?: string;
}
export interface GetTelephonyProvidersEdgesSiteOutboundRouteOutputArgs {
  name: pulumi.Input<string>;
  siteId?: pulumi.Input<string>;
}
export interface GetTelephonyProvidersEdgesSiteOutboundRouteResult {
  id: string;
  name: string;
  routeId: string;
  siteId: string;
}
/** An outbound route by name, in one site or all. `id` is `<siteId>:<routeId>`. */
export function getTelephonyProvidersEdgesSiteOutboundRoute(
  args: GetTelephonyProvidersEdgesSiteOutboundRouteArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetTelephonyProvidersEdgesSiteOutboundRouteResult> {
  return invoke(
    "genesyscloud:index/getTelephonyProvidersEdgesSiteOutboundRoute:getTelephonyProvidersEdgesSiteOutboundRoute",
    args,
    opts,
  );
}
/** An outbound route by name, in one site or all. `id` is `<siteId>:<routeId>`. Output form. */
export function getTelephonyProvidersEdgesSiteOutboundRouteOutput(
  args: GetTelephonyProvidersEdgesSiteOutboundRouteOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetTelephonyProvidersEdgesSiteOutboundRouteResult> {
  return invokeOutput(
    "genesyscloud:index/getTelephonyProvidersEdgesSiteOutboundRoute:getTelephonyProvidersEdgesSiteOutboundRoute",
    args,
    opts,
  );
}

export interface GetTelephonyProvidersEdgesDidPoolArgs {
  startPhoneNumber: string;
  endPhoneNumber: string;
}
export interface GetTelephonyProvidersEdgesDidPoolOutputArgs {
  startPhoneNumber: pulumi.Input<string>;
  endPhoneNumber: pulumi.Input<string>;
}
export interface GetTelephonyProvidersEdgesDidPoolResult {
  id: string;
  startPhoneNumber: string;
  endPhoneNumber: string;
}
/** A DID pool by its ends. */
export function getTelephonyProvidersEdgesDidPool(
  args: GetTelephonyProvidersEdgesDidPoolArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetTelephonyProvidersEdgesDidPoolResult> {
  return invoke("genesyscloud:index/getTelephonyProvidersEdgesDidPool:getTelephonyProvidersEdgesDidPool", args, opts);
}
/** A DID pool by its ends. Output form. */
export function getTelephonyProvidersEdgesDidPoolOutput(
  args: GetTelephonyProvidersEdgesDidPoolOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetTelephonyProvidersEdgesDidPoolResult> {
  return invokeOutput(
    "genesyscloud:index/getTelephonyProvidersEdgesDidPool:getTelephonyProvidersEdgesDidPool",
    args,
    opts,
  );
}

export interface GetArchitectIvrArgs {
  name: string;
}
export interface GetArchitectIvrOutputArgs {
  name: pulumi.Input<string>;
}
export interface GetArchitectIvrResult {
  id: string;
  name: string;
}
/** An IVR by name. */
export function getArchitectIvr(
  args: GetArchitectIvrArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetArchitectIvrResult> {
  return invoke("genesyscloud:index/getArchitectIvr:getArchitectIvr", args, opts);
}
/** An IVR by name. Output form. */
export function getArchitectIvrOutput(
  args: GetArchitectIvrOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetArchitectIvrResult> {
  return invokeOutput("genesyscloud:index/getArchitectIvr:getArchitectIvr", args, opts);
}

export interface GetFlowArgs {
  name: string;
  type?: string;
}
export interface GetFlowOutputArgs {
  name: pulumi.Input<string>;
  type?: pulumi.Input<string>;
}
export interface GetFlowResult {
  id: string;
  name: string;
  type: string;
}
/** A flow by name and type. */
export function getFlow(args: GetFlowArgs, opts?: pulumi.InvokeOptions): Promise<GetFlowResult> {
  return invoke("genesyscloud:index/getFlow:getFlow", args, opts);
}
/** A flow by name and type. Output form. */
export function getFlowOutput(
  args: GetFlowOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetFlowResult> {
  return invokeOutput("genesyscloud:index/getFlow:getFlow", args, opts);
}

export interface GetArchitectDatatableArgs {
  name: string;
}
export interface GetArchitectDatatableOutputArgs {
  name: pulumi.Input<string>;
}
export interface GetArchitectDatatableResult {
  id: string;
  name: string;
}
/** A data table by name. */
export function getArchitectDatatable(
  args: GetArchitectDatatableArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetArchitectDatatableResult> {
  return invoke("genesyscloud:index/getArchitectDatatable:getArchitectDatatable", args, opts);
}
/** A data table by name. Output form. */
export function getArchitectDatatableOutput(
  args: GetArchitectDatatableOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetArchitectDatatableResult> {
  return invokeOutput("genesyscloud:index/getArchitectDatatable:getArchitectDatatable", args, opts);
}

export interface GetRoutingQueueArgs {
  name: string;
}
export interface GetRoutingQueueOutputArgs {
  name: pulumi.Input<string>;
}
export interface GetRoutingQueueResult {
  id: string;
  name: string;
}
/** A queue by name. */
export function getRoutingQueue(
  args: GetRoutingQueueArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetRoutingQueueResult> {
  return invoke("genesyscloud:index/getRoutingQueue:getRoutingQueue", args, opts);
}
/** A queue by name. Output form. */
export function getRoutingQueueOutput(
  args: GetRoutingQueueOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetRoutingQueueResult> {
  return invokeOutput("genesyscloud:index/getRoutingQueue:getRoutingQueue", args, opts);
}

export interface GetLocationArgs {
  name: string;
}
export interface GetLocationOutputArgs {
  name: pulumi.Input<string>;
}
export interface GetLocationResult {
  id: string;
  name: string;
}
/** A location by name. */
export function getLocation(args: GetLocationArgs, opts?: pulumi.InvokeOptions): Promise<GetLocationResult> {
  return invoke("genesyscloud:index/getLocation:getLocation", args, opts);
}
/** A location by name. Output form. */
export function getLocationOutput(
  args: GetLocationOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetLocationResult> {
  return invokeOutput("genesyscloud:index/getLocation:getLocation", args, opts);
}
export interface GetAuthDivisionHomeResult {
  id: string;
  name: string;
  description: string;
}
/** The home division. */
export function getAuthDivisionHome(opts?: pulumi.InvokeOptions): Promise<GetAuthDivisionHomeResult> {
  return invoke("genesyscloud:index/getAuthDivisionHome:getAuthDivisionHome", {}, opts);
}
/** The home division. Output form. */
export function getAuthDivisionHomeOutput(opts?: pulumi.InvokeOutputOptions): pulumi.Output<GetAuthDivisionHomeResult> {
  return invokeOutput("genesyscloud:index/getAuthDivisionHome:getAuthDivisionHome", {}, opts);
}
export interface GetOrganizationsMeResult {
  id: string;
  name?: string;
  defaultCountryCode?: string;
  defaultLanguage?: string;
  defaultSiteId?: string;
  domain?: string;
  productPlatform?: string;
  supportUri?: string;
  thirdPartyOrgName?: string;
  voicemailEnabled?: boolean;
}
/** The organisation the credentials belong to. */
export function getOrganizationsMe(opts?: pulumi.InvokeOptions): Promise<GetOrganizationsMeResult> {
  return invoke("genesyscloud:index/getOrganizationsMe:getOrganizationsMe", {}, opts);
}
/** The organisation the credentials belong to. Output form. */
export function getOrganizationsMeOutput(opts?: pulumi.InvokeOutputOptions): pulumi.Output<GetOrganizationsMeResult> {
  return invokeOutput("genesyscloud:index/getOrganizationsMe:getOrganizationsMe", {}, opts);
}
