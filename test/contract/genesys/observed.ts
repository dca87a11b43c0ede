import platformClient from "purecloud-platform-client-v2";
import type { Sample } from "../models";
import { type Keep, architect, authorization, edges, oauth, routing } from "./api";

/** Listings and small answers that the probes and the provider read, to be held against the SDK's types: a page as much as what is on it. */
export async function keepListings(keep: Keep): Promise<void> {
  const two = { pageSize: 2 };
  keep("IVREntityListing", await architect.getArchitectIvrs(two));
  keep("EmergencyGroupListing", await architect.getArchitectEmergencygroups(two));
  keep("FlowEntityListing", await architect.getFlows({ ...two, type: ["inboundcall"] } as never));
  keep("DataTablesDomainEntityListing", await architect.getFlowsDatatables({ ...two, expand: "schema" } as never));
  keep("QueueEntityListing", await routing.getRoutingQueues(two));
  keep("SiteEntityListing", await edges.getTelephonyProvidersEdgesSites(two));
  keep("TrunkBaseEntityListing", await edges.getTelephonyProvidersEdgesTrunkbasesettings(two));
  keep("TrunkEntityListing", await edges.getTelephonyProvidersEdgesTrunks(two));
  keep("DIDPoolEntityListing", await edges.getTelephonyProvidersEdgesDidpools(two));
  keep("DIDNumberEntityListing", await edges.getTelephonyProvidersEdgesDidpoolsDids("ASSIGNED_AND_UNASSIGNED", two));
  keep("DIDEntityListing", await edges.getTelephonyProvidersEdgesDids(two));
  keep("LocationEntityListing", await new platformClient.LocationsApi().getLocations(two));
  keep("OrganizationRoleEntityListing", await authorization.getAuthorizationRoles(two));
  keep("OAuthClientEntityListing", await oauth.getOauthClients());
  keep("OrganizationProductEntityListing", await authorization.getAuthorizationProducts());
  keep("AuthzDivision", await authorization.getAuthorizationDivisionsHome());
  keep("AuthzSubject", await authorization.getAuthorizationSubjectsMe());
  keep("TokenInfo", await new platformClient.TokensApi().getTokensMe());
  keep("OrganizationCallMetrics", await new platformClient.TelephonyApi().getTelephonyCallsMetrics());
  keep("IpAddressRangeListing", await new platformClient.UtilitiesApi().getIpranges());
}

/** What the organisation records of calls, as the probes read it: every answer with the type that the SDK gives it. */
export async function observed(o: { number: string; fromMs: number }): Promise<Sample[]> {
  const samples: Sample[] = [];
  const keep = <T>(model: string, value: T): T => {
    samples.push({ type: `Models.${model}`, value: structuredClone(value) });
    return value;
  };
  const [from, to] = [o.fromMs, o.fromMs + 600_000].map((ms) => new Date(ms).toISOString()) as [string, string];
  const conversations = new platformClient.ConversationsApi();
  const telephony = new platformClient.TelephonyApi();
  const answer = keep(
    "AnalyticsConversationQueryResponse",
    await conversations.postAnalyticsConversationsDetailsQuery({ interval: `${from}/${to}` } as never),
  );
  const scored = answer.conversations?.find((each) => each.mediaStatsMinConversationMos !== undefined);
  const id = scored?.conversationId as string;
  keep("AnalyticsConversationWithoutAttributes", await conversations.getAnalyticsConversationDetails(id));
  keep("Conversation", await conversations.getConversation(id));
  const stats = keep("MediaStatisticsListing", await edges.getTelephonyProvidersEdgesMediastatisticsConversation(id));
  keep("MediaRtpStatistics", stats.entities?.[0]?.mediaStatistics?.[0]?.rtp);
  const endpoint = scored?.participants?.flatMap((p) => p.sessions ?? []).flatMap((s) => s.mediaEndpointStats ?? [])[0];
  keep("AnalyticsMediaEndpointStat", endpoint);
  keep("SipSearchResult", await telephony.getTelephonySiptraces(from, to, { toUser: o.number }));
  keep("Callheader", await telephony.getTelephonySipmessagesConversationHeaders(id));
  for (const trunk of (await edges.getTelephonyProvidersEdgesTrunks({})).entities ?? [])
    keep("TrunkMetrics", await edges.getTelephonyProvidersEdgesTrunkMetrics(trunk.id as string));
  return samples;
}
