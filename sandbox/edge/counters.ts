/** What the edge counted since it started. */
export interface EdgeCounters {
  /** Calls that passed every check, by path. */
  inbound: { gcv: number; byoc: number };
  /** Outbound legs answered, by path. */
  outbound: { gcv: number; byoc: number };
  /** Inbound calls refused, by SIP code. */
  refused: Record<number, number>;
  /** Refused because the source is on no allowlist. */
  intrudersRefused: number;
  /** Calls hit by a bug of the sandbox. */
  faults: number;
}

/** Counters at zero. */
export function newCounters(): EdgeCounters {
  return { inbound: { gcv: 0, byoc: 0 }, outbound: { gcv: 0, byoc: 0 }, refused: {}, intrudersRefused: 0, faults: 0 };
}
