/** What no document tells of an organisation and `cutover doctor` asks it; answers are kept in the plan. */
export const FINDINGS = [
  "inboundMatching",
  "poolProviderChange",
  "trunkTemplate",
  "mixedOutboundRoute",
  "emptyDnisClears",
  "trunkStatusFilled",
] as const;
export type FindingName = (typeof FINDINGS)[number];

/** One answer: what was found, when (ISO 8601), and how it was found. */
export interface Finding {
  answer: string;
  at: string;
  how: string;
}
