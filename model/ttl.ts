import type { PlanDnsRecord } from "./types";

/** The guide's own rule: lower the TTL 48 hours before the migration. */
const LOWERED_SECONDS_MIN = 48 * 3600;

/** What a resolver may still serve after an answer ran out: RFC 8767 section 5 recommends a TTL of 30 for stale answers. */
const STALE_ANSWER_SECONDS = 30;

/**
 * Seconds the lowered TTL must have been in effect before a target may move: max(48 h, the longest old TTL of the records),
 * because an answer fetched just before the change lives as long as the old TTL. 0 without records. This proves nothing
 * about resolvers that clamp or ignore TTLs: those are asked one by one.
 */
export function safeWaitSeconds(records: readonly Pick<PlanDnsRecord, "ttlSeconds">[]): number {
  if (records.length === 0) return 0;
  return Math.max(LOWERED_SECONDS_MIN, ...records.map((r) => r.ttlSeconds.normal));
}

/** Seconds after a target moved until an honest resolver cannot answer with the old one any more. */
export function settleSeconds(records: readonly Pick<PlanDnsRecord, "ttlSeconds">[]): number {
  if (records.length === 0) return 0;
  return Math.max(...records.map((r) => r.ttlSeconds.lowered)) + STALE_ANSWER_SECONDS;
}
