/** Tokens of the resources that policies judge: our own, and those of the official providers. */
export const GATE = "gates:index:Gate";
export const STACK = "pulumi:pulumi:Stack";
export const TRUNK =
  "genesyscloud:index/telephonyProvidersEdgesTrunkbasesettings:TelephonyProvidersEdgesTrunkbasesettings";
export const POOL = "genesyscloud:index/telephonyProvidersEdgesDidPool:TelephonyProvidersEdgesDidPool";
export const IVR = "genesyscloud:index/architectIvr:ArchitectIvr";
export const FLOW = "genesyscloud:index/flow:Flow";
export const OUTBOUND =
  "genesyscloud:index/telephonyProvidersEdgesSiteOutboundRoute:TelephonyProvidersEdgesSiteOutboundRoute";
export const ROLE = "genesyscloud:index/authRole:AuthRole";
export const OAUTH_CLIENT = "genesyscloud:index/oauthClient:OauthClient";
export const GROUP = "genesyscloud:index/architectEmergencygroup:ArchitectEmergencygroup";
export const TABLE_ROW = "genesyscloud:index/architectDatatableRow:ArchitectDatatableRow";
export const ROUTE = "carrier:index:Route";
export const EMERGENCY = "carrier:index:EmergencyAddress";
export const ORDER = "carrier:index:PortOrder";
export const AWS_RECORD = "aws:route53/record:Record";
export const CLOUDFLARE_RECORD = "cloudflare:index/dnsRecord:DnsRecord";
/** Until version 5 of @pulumi/cloudflare, and deprecated there in version 6. */
export const CLOUDFLARE_RECORD_V5 = "cloudflare:index/record:Record";
