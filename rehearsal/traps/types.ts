/** Tokens of the resources that mistaken programs declare wrongly. */
export const TRUNK_TYPE =
  "genesyscloud:index/telephonyProvidersEdgesTrunkbasesettings:TelephonyProvidersEdgesTrunkbasesettings";
export const ROUTE_TYPE = "carrier:index:Route";
export const EMERGENCY_TYPE = "carrier:index:EmergencyAddress";
export const ROLE_TYPE = "genesyscloud:index/authRole:AuthRole";
export const GROUP_TYPE = "genesyscloud:index/architectEmergencygroup:ArchitectEmergencygroup";
export const FLOW_TYPE = "genesyscloud:index/flow:Flow";
export const OUTBOUND_TYPE =
  "genesyscloud:index/telephonyProvidersEdgesSiteOutboundRoute:TelephonyProvidersEdgesSiteOutboundRoute";
export const SITE_TYPE = "genesyscloud:index/telephonyProvidersEdgesSite:TelephonyProvidersEdgesSite";
export const IVR_TYPE = "genesyscloud:index/architectIvr:ArchitectIvr";
export const AWS_RECORD_TYPE = "aws:route53/record:Record";
export const CLOUDFLARE_RECORD_TYPE = "cloudflare:index/dnsRecord:DnsRecord";
export const GATE_TYPE = "gates:index:Gate";
