import type { Ask, CarrierDoc, Facts, Verdict } from "./facts";
import { sampleNumbers, samplePart, testProblems } from "./gates/calls";
import { rangesOfParts } from "./gates/context";
import { dnsMoved } from "./gates/dns";
import { activeRoutes, routeProblems, shadowRoutesOf } from "./gates/port";
import { dnsKey } from "./phases";
import { twoWays } from "./rules/routes";
import type { NumberRange, Plan } from "./types";
import { decide, document, judged, passed, Unusable } from "./verdict";

/** Proofs in the middle of one update: `gates:index:Proof` waits until its predicate holds. */
export type ProofKind = "r1-tested" | "dns-moved" | "real-tested";

/** The policy that each proof belongs to: what a rehearsal leaves out by name, it leaves out here too. */
export const PROOF_POLICY: Readonly<Record<ProofKind, string>> = {
  "r1-tested": "carrier-route-ready",
  "dns-moved": "dns-agrees-everywhere",
  "real-tested": "one-live-path",
};

/** What a proof is about. Other keys are allowed: they only make the subject change with what was proven. */
export interface ProofSubject {
  /** Part whose routes or numbers are tested (r1-tested, real-tested). */
  part?: string;
  /** Routes that are to carry the real numbers (real-tested): ranges, and the host they will dial. */
  routes?: { key?: string; ranges: NumberRange[]; host: string }[];
  /** What was proven is about to be undone: nothing is asked for, and taking the step again proves it anew. */
  withdrawn?: true;
  /** Wanted target by DNS key (dns-moved); without it, every record's `to`. */
  targets?: [key: string, target: string][];
}

/** What to ask for a proof, one entry a probe. R2 is tested before its route turns, so the host to dial is told. */
export function proofEvidence(plan: Plan, kind: ProofKind, subject: ProofSubject): Ask[] {
  if (subject.withdrawn) return [];
  if (kind === "dns-moved") return plan.dns.length > 0 ? [{ probe: "dns", ask: {} }] : [];
  if (kind === "r1-tested") {
    const tests = samplePart(plan, subject.part ?? "").map((number) => ({ number, purpose: "R1" }));
    return [
      { probe: "carrier", ask: {} },
      { probe: "sip", ask: { tests } },
    ];
  }
  // Each of the carrier's addresses keeps connections and answers of its own: one number is called from all of them.
  const tests = realSample(plan, subject).map(({ number, host }, i) => ({
    number,
    purpose: "R2",
    ...(host ? { host } : {}),
    ...(i === 0 ? { sources: "all" } : {}),
  }));
  return [{ probe: "sip", ask: { tests } }];
}

function realSample(plan: Plan, subject: ProofSubject): { number: string; host?: string }[] {
  if (!subject.routes) return samplePart(plan, subject.part ?? "").map((number) => ({ number }));
  return subject.routes.flatMap(({ ranges, host }) => sampleNumbers(ranges).map((number) => ({ number, host })));
}

/**
 * Whether a proof holds. Pure; asked again and again until it passes. `now` judges the age of the documents; left out, they are
 * taken as just gathered. A subject that means nothing is never proven.
 */
export function judgeProof(plan: Plan, kind: ProofKind, subject: ProofSubject, facts: Facts, now?: Date): Verdict {
  if (kind === "dns-moved") return judgeDns(plan, subject, facts, now);
  const part = subject.part ?? "";
  const what = kind === "r1-tested" ? "a call over R1" : "a call to the real number";
  const need = {
    required: `${what} answered with audio both ways, one number of each range of ${part || "the part"}`,
    fix:
      kind === "r1-tested"
        ? "have the carrier enter R1 as it stands in the plan"
        : "check pool and call route of the number in Genesys Cloud",
  };
  return judged(kind, need, () => {
    const numbers = kind === "r1-tested" ? samplePart(plan, part) : realSample(plan, subject).map((s) => s.number);
    if (numbers.length === 0) throw new Unusable("inconclusive", `no number to test in part "${part}"`);
    const routes = kind === "r1-tested" ? onFile(plan, part, document(plan, facts, "carrier", now)) : [];
    const { tests, reasons } = testProblems(
      plan,
      document(plan, facts, "sip", now),
      kind === "r1-tested" ? "R1" : "R2",
      numbers,
      now,
    );
    return decide(kind, [...routes, ...reasons], `${tests.length} test calls with audio`, need);
  });
}

/** R1 of a part is on file, and nothing beside it: its numbers may be ported at any minute from the order on. */
const onFile = (plan: Plan, part: string, doc: CarrierDoc): string[] => [
  ...routeProblems(doc, shadowRoutesOf(plan, [part])),
  ...twoWays(activeRoutes(doc), rangesOfParts(plan, [part])),
];

function judgeDns(plan: Plan, subject: ProofSubject, facts: Facts, now?: Date): Verdict {
  const wanted = new Map(subject.targets ?? plan.dns.map((d) => [dnsKey(d), d.to] as const));
  const need = {
    required: `every server answers ${[...new Set(wanted.values())].join(", ")}`,
    fix: "wait one lowered TTL; a resolver that still has the old target has to be flushed",
  };
  if (plan.dns.length === 0) return passed("dns-moved", "no DNS record in the plan", need);
  return judged("dns-moved", need, () => {
    const missing = plan.dns.map(dnsKey).filter((key) => !wanted.has(key));
    if (missing.length > 0) throw new Unusable("inconclusive", `no wanted target for ${missing.join(", ")}`);
    const { reasons, asked } = dnsMoved(plan, document(plan, facts, "dns", now), wanted);
    return decide("dns-moved", reasons, `${asked} answers with the wanted target`, need);
  });
}
