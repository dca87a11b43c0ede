import type { Harm } from "../harm";
import type { Report } from "../report";
import type { Attempt } from "./attempts";
import type { Trap } from "./trap";

/** One row of traps.json. */
export interface TrapResult {
  trap: string;
  policy: string;
  mistake: string;
  stoppedBy: string | null;
  /** `preview of parallel`. */
  stoppedIn: string | null;
  /** API calls of the stopped step that were not reads. */
  writesBeforeStop: number | null;
  message: string | null;
  /** Other policies that refused the very same step. */
  alsoStoppedBy: string[];
  /** Policies taken out together with `policy` to see the harm. */
  overlaps: string[];
  /** Policy that still stopped the walk without those; null when it went through. */
  alsoStoppedWithout: string | null;
  harmWithout: Harm | null;
}

/** What the first walk of a trap tells: the half of its row that is about being stopped. */
export type StopResult = Pick<TrapResult, "stoppedBy" | "stoppedIn" | "writesBeforeStop" | "message" | "alsoStoppedBy">;
/** What the second walk tells, without the policy. */
export type HarmResult = Pick<TrapResult, "alsoStoppedWithout" | "harmWithout">;

/** What the walk with the policy tells. */
export function stopOf({ stopped }: Pick<Attempt, "stopped"> | Pick<Report, "stopped">): StopResult {
  return {
    stoppedBy: stopped?.policy ?? null,
    stoppedIn: stopped ? `${stopped.in} of ${stopped.phase}` : null,
    writesBeforeStop: stopped?.writes ?? null,
    message: stopped?.message ?? null,
    alsoStoppedBy: stopped?.also ?? [],
  };
}

/** What the walk without it tells. */
export const harmResultOf = (report: Report): HarmResult => ({
  alsoStoppedWithout: report.stopped?.policy ?? null,
  harmWithout: report.trap?.harm ?? null,
});

/** A row of what was measured; what was not keeps what an earlier run found. */
export function rowOf(trap: Trap, earlier: TrapResult | undefined, stop?: StopResult, harm?: HarmResult): TrapResult {
  const nothing: StopResult & HarmResult = {
    stoppedBy: null,
    stoppedIn: null,
    writesBeforeStop: null,
    message: null,
    alsoStoppedBy: [],
    alsoStoppedWithout: null,
    harmWithout: null,
  };
  const { name, policy, mistake, overlaps } = trap;
  return { ...nothing, ...earlier, trap: name, policy, mistake, overlaps: [...overlaps], ...stop, ...harm };
}

/** The trap's own policy stopped it, in preview, before anything was written. */
export const isStopped = (r: TrapResult): boolean =>
  r.stoppedBy === r.policy && r.stoppedIn?.startsWith("preview") === true && r.writesBeforeStop === 0;

/** Without the policy the mistake did harm that the world shows. */
export const doesHarm = (r: TrapResult): boolean => r.harmWithout !== null && r.harmWithout.count > 0;
