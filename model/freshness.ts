import type { FactName, Plan } from "./types";

/**
 * Limits that are not `limits.evidenceMinutes`, minutes. A test call may have been placed by people, who write it down hours
 * later; a carrier's page of addresses changes a few times a year and announces it.
 */
export const FRESH_MINUTES: Partial<Record<FactName, number>> = { testCalls: 24 * 60, publishedRanges: 90 * 24 * 60 };

/** The oldest that a fact may be, minutes: `limits.freshMinutes`, else the fact's own default, else `limits.evidenceMinutes`. */
export const freshMinutes = (plan: Pick<Plan, "limits">, fact: FactName): number =>
  plan.limits.freshMinutes?.[fact] ?? FRESH_MINUTES[fact] ?? plan.limits.evidenceMinutes;
