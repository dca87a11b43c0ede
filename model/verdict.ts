import { UserError } from "./errors";
import type { Facts, ProbeDoc, ProbeName, Verdict } from "./facts";
import { freshMinutes } from "./freshness";
import { isIsoDate } from "./isoDate";
import type { NumberRange, Plan } from "./types";

/** The form of every probe's document. */
export const PROBE_SCHEMA = "cutover/probe/v1";

/** How far evidence may lie in the future of the judge's clock, seconds: two machines' clocks differ a little. */
export const CLOCK_SKEW_SECONDS = 60;

export interface Need {
  required: string;
  fix: string;
}

/** The four verdicts of a gate: let through; evidence against it; evidence that says neither; evidence that could not be gathered. */
export const passed = (gate: string, seen: string, need: Need): Verdict => ({ gate, status: "passed", seen, ...need });
export const failed = (gate: string, seen: string, need: Need): Verdict => ({ gate, status: "failed", seen, ...need });
export const inconclusive = (gate: string, seen: string, need: Need): Verdict => ({
  gate,
  status: "inconclusive",
  seen,
  ...need,
});
export const errored = (gate: string, seen: string, need: Need): Verdict => ({
  gate,
  status: "errored",
  seen,
  ...need,
});

/** `failed` with the joined reasons, or `passed`. */
export function decide(gate: string, reasons: readonly string[], seenWhenGood: string, need: Need): Verdict {
  if (reasons.length === 0) return passed(gate, seenWhenGood, need);
  const more = reasons.length > 4 ? `; and ${reasons.length - 4} more` : "";
  return failed(gate, reasons.slice(0, 4).join("; ") + more, need);
}

/** A verdict carried by a gate's own code when evidence cannot be used. */
export class Unusable extends Error {
  constructor(
    readonly status: "errored" | "inconclusive",
    message: string,
  ) {
    super(message);
  }
}

/** A finite number of at least 0, or Unusable: NaN, missing and negative counts are not measurements. */
export function amount(value: unknown, what: string): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw new Unusable("inconclusive", `${what} is ${value === undefined ? "missing" : String(value)}`);
}

/** A list, or Unusable. */
export function list<T>(value: readonly T[] | undefined, what: string): readonly T[] {
  if (Array.isArray(value)) return value;
  throw new Unusable("inconclusive", `${what} is missing`);
}

const E164 = /^\+[1-9]\d{1,14}$/;

/** Ranges of E.164 numbers, lowest first, or Unusable: one that ends nowhere would hold every number there is. */
export function numberRanges(value: readonly NumberRange[] | undefined, what: string): readonly NumberRange[] {
  for (const range of list(value, what)) {
    const { from, to } = range ?? {};
    if (!E164.test(from) || !E164.test(to) || from.length !== to.length || from > to)
      throw new Unusable("inconclusive", `${what} has "${String(from)}..${String(to)}", which is no range of numbers`);
  }
  return value!;
}

/** Milliseconds of an ISO time, or Unusable. */
export function time(value: unknown, what: string): number {
  if (isIsoDate(value)) return Date.parse(value);
  throw new Unusable(
    "inconclusive",
    `${what} is ${value === undefined || value === null ? "missing" : `"${String(value)}", not an ISO time with its zone`}`,
  );
}

/**
 * Why a fact of this date is no evidence at `now`, or undefined: older than `minutesMax`, or further in the future than two machines'
 * clocks differ. Throws Unusable when one of the times is not known.
 */
export function ageProblem(at: unknown, what: string, minutesMax: number, now: Date): string | undefined {
  const ageSeconds = (now.getTime() - time(at, `the time of ${what}`)) / 1000;
  if (!Number.isFinite(ageSeconds)) throw new Unusable("inconclusive", "the time now is not known");
  if (ageSeconds < -CLOCK_SKEW_SECONDS)
    return `${what} is dated ${Math.round(-ageSeconds)} s in the future (${String(at)})`;
  if (ageSeconds > minutesMax * 60) return `${what} is ${Math.round(ageSeconds / 60)} min old (${String(at)})`;
  return undefined;
}

/** Hours with at most one decimal, for messages. */
export const hours = (ms: number): string => `${Math.round((ms / 3_600_000) * 10) / 10} h`;

/**
 * The document of a probe when it may be used as evidence at `now`: present, that probe's own, ok, dated, not older than its limit
 * (freshness.ts) and not from the future. Throws Unusable otherwise. Without `now` (a proof that polls) the age is not judged.
 */
export function document<P extends ProbeName>(plan: Plan, facts: Facts, probe: P, now?: Date): NonNullable<Facts[P]> {
  const doc = facts[probe] as (NonNullable<Facts[P]> & ProbeDoc) | undefined;
  if (!doc || typeof doc !== "object") throw new Unusable("inconclusive", `no document of the ${probe} probe`);
  if (doc.schema !== PROBE_SCHEMA || doc.probe !== probe)
    throw new Unusable(
      "inconclusive",
      `a document ${doc.schema} of the probe "${doc.probe}" instead of the ${probe} probe's`,
    );
  if (doc.status === "error")
    throw new Unusable("errored", `the ${probe} probe failed: ${doc.error ?? "no reason given"}`);
  if (doc.status !== "ok") {
    throw new Unusable(
      "inconclusive",
      `the ${probe} probe is ${doc.status ?? "without status"}: ${doc.error ?? "no reason given"}`,
    );
  }
  if (now) {
    const problem = ageProblem(doc.at, `the ${probe} probe`, freshMinutes(plan, probe), now);
    if (problem) throw new Unusable("inconclusive", problem);
  }
  return doc;
}

/** Runs one gate's judgement; evidence that cannot be used becomes its verdict, never an exception and never a pass. */
export function judged(gate: string, need: Need, judge: () => Verdict): Verdict {
  try {
    return judge();
  } catch (error) {
    if (error instanceof Unusable) return { gate, status: error.status, seen: error.message, ...need };
    // Documents come from outside: a shape nobody foresaw is no evidence either.
    if (error instanceof TypeError || error instanceof RangeError || error instanceof UserError) {
      return { gate, status: "inconclusive", seen: `evidence of an unknown form (${error.message})`, ...need };
    }
    throw error;
  }
}
