/** DNS of the world: zones and their copies, name servers, provider APIs and resolvers. */
export { type RequestCounts, TokenBucket } from "./bucket";
export { query } from "./client";
export { CloudflareApi } from "./cloudflare";
export type { ZoneCopy } from "./copies";
export { Directory } from "./directory";
export { type HttpReply, type HttpRequest, type HttpService, json, serveHttp } from "./http";
export { CachingResolver, type Resolution, type ResolverKind } from "./resolver";
export { ROUTE53_LIMITS, Route53Api, type Route53Limits } from "./route53";
export { NameServer } from "./server";
export { createDns, DEFAULT_RESOLVERS, type DnsOptions, type DnsWorld, type ResolverSpec } from "./setup";
