import { GATES } from "../../model/evidence";
import { type Facts, PROBES, type ProbeName, type Verdict } from "../../model/facts";
import { spanText } from "./duration";
import { overrideOf, type PlanView } from "./view";

/** A gate's line in the comment. */
export interface GateLine extends Verdict {
  /** Age of the oldest document that the gate looked at. */
  age: string;
  result: string;
  overridden: boolean;
}

/** Verdicts with the age of their evidence at the time of the judgement. */
export function gateLines(view: PlanView): GateLine[] {
  return view.verdicts.map((v) => {
    const missing = !view.gathered && v.status === "inconclusive";
    const aside = v.status === "passed" ? undefined : overrideOf(view, v.gate);
    const result = aside
      ? `${v.status}, overridden until ${aside.until}: ${aside.reason}`
      : missing
        ? "not gathered"
        : v.status;
    return { ...v, age: ageOf(probesRead(view, v.gate), view), result, overridden: aside !== undefined };
  });
}

/**
 * The probes whose documents a gate looks at, seen by letting it judge again with facts that note what is read. A list by hand would
 * go wrong with the next gate. Without documents a gate stops at its first one.
 */
export function probesRead({ plan, from, to, move, facts, now }: PlanView, name: string): ProbeName[] {
  const gate = GATES.find((g) => g.name === name);
  const read = new Set<ProbeName>();
  const noting = new Proxy(facts, {
    get(target, key) {
      const probe = PROBES.find((p) => p === key);
      if (probe) read.add(probe);
      return target[key as keyof Facts];
    },
  });
  gate?.judge({ plan, from, to, move, facts: noting, now: now ?? new Date(Number.NaN) });
  return [...read];
}

function ageOf(probes: readonly ProbeName[], { facts, now }: PlanView): string {
  if (probes.length === 0) return "needs none";
  const ages = probes.map((p) => (now ? (now.getTime() - Date.parse(facts[p]?.at ?? "")) / 1000 : Number.NaN));
  if (!ages.every(Number.isFinite)) return "not gathered";
  return spanText(Math.max(0, ...ages));
}
