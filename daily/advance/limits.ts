import { codecOf, sharedCodecs } from "../../model/codecs";
import { canaryShares } from "../../model/canaryShare";
import type { Ask, Facts, TestAsk } from "../../model/facts";
import { callProblem, sampleOrders, samplePart } from "../../model/gates/calls";
import { toRanges } from "../../model/ranges";
import type { Plan, WaveStep } from "../../model/types";
import { stepOf } from "../../model/waves";
import type { Target } from "./target";

/** One limit as one look saw it. `open`: not known yet, or not to be measured now: neither good nor broken. */
export interface Limit {
  name: string;
  status: "good" | "broken" | "open";
  seen: string;
  required: string;
}

/** What all limits of a look say together. */
export const lookStatus = (limits: readonly Limit[]): Limit["status"] =>
  limits.some((l) => l.status === "broken") ? "broken" : limits.every((l) => l.status === "good") ? "good" : "open";

/** Calls below which a mean MOS says little. */
const MOS_CALLS_MIN = 20;
/** Numbers test-called for one part at one look: test calls ring in the customer's own queues. */
const TESTS_MAX = 3;

/** Parts whose step the target changes, with the step they entered. */
function moved(plan: Plan, from: Target, to: Target): { part: string; step: WaveStep }[] {
  if (to.phase !== "cutover") return [];
  return plan.parts
    .filter((p) => stepOf(from.waves, p.id) !== stepOf(to.waves, p.id))
    .map((p) => ({ part: p.id, step: stepOf(to.waves, p.id) }));
}

/** Whether callers can notice the step at all: only then is it judged for the soak time. */
export const isWatched = (plan: Plan, from: Target, to: Target): boolean =>
  to.phase === "canary" || moved(plan, from, to).length > 0;

/** Calls that a share's canary has to show, its part of the plan's sample: the plan's share shows all of it. */
function callsNeeded(plan: Plan, to: Target): number {
  const share = to.canaryPercent ?? canaryShares(plan).at(-1)!;
  return Math.max(1, Math.ceil((plan.canary.minCalls * share) / plan.canary.percent));
}

/** What a look asks of which probes. `since`: end of the up; `tests`: whether test calls are due at this look. */
export function lookAsks(plan: Plan, from: Target, to: Target, since: string, tests: boolean): Ask[] {
  if (to.phase === "canary") return [{ probe: "quality", ask: { canarySince: since } }];
  const parts = moved(plan, from, to);
  if (parts.length === 0) return [];
  const numbersOf = (steps: WaveStep[]) =>
    toRanges(
      plan.parts.filter((p) => parts.some((m) => m.part === p.id && steps.includes(m.step))).flatMap((p) => p.numbers),
    );
  const released = numbersOf(["released"]);
  const quality = {
    arrivalsSince: since,
    arrivals: numbersOf(["adopted"]),
    ...(released.length > 0 ? { gcvNumbers: released, gcvSince: since } : {}),
  };
  const asks: Ask[] = [{ probe: "quality", ask: quality }];
  if (tests) asks.push({ probe: "sip", ask: { tests: parts.flatMap(({ part, step }) => testsFor(plan, part, step)) } });
  return asks;
}

function testsFor(plan: Plan, part: string, step: WaveStep): TestAsk[] {
  if (step === "released")
    return sampleOrders(plan, part)
      .slice(0, TESTS_MAX)
      .map((number) => ({ number, purpose: "network", networks: "all" }));
  const purpose = step === "adopted" ? "R2" : "R1";
  return samplePart(plan, part)
    .slice(0, TESTS_MAX)
    .map((number) => ({ number, purpose }));
}

/** Judges one look. Pure: what could not be measured is open, never good and never broken. */
export function judgeLook(plan: Plan, from: Target, to: Target, facts: Facts, tests: boolean): Limit[] {
  if (to.phase === "canary") return canaryLimits(plan, to, facts);
  const parts = moved(plan, from, to);
  if (parts.length === 0) return [];
  return [
    ...arrivalLimits(plan, facts),
    ...(parts.some((p) => p.step === "released") ? [oldPath(facts)] : []),
    ...(tests ? [testCalls(facts)] : []),
  ];
}

const open = (name: string, seen: string, required: string): Limit => ({ name, status: "open", seen, required });
const known = (n: unknown): n is number => typeof n === "number" && Number.isFinite(n) && n >= 0;

function unmeasured(facts: Facts, probe: "quality" | "sip"): string | undefined {
  const doc = facts[probe];
  if (!doc) return `no document of the ${probe} probe`;
  return doc.status === "ok" ? undefined : `the ${probe} probe: ${doc.error ?? doc.status}`;
}

/**
 * A failure rate that is broken for certain: even if every call still missing from the sample succeeds, the limit is passed. So one
 * failed call among the first ten breaks nothing, and ten do.
 */
function failureRate(name: string, plan: Plan, calls: number, failed: number, needed: number): Limit {
  const { maxFailureRate } = plan.canary;
  const required = `at most ${maxFailureRate * 100} % of at least ${needed} calls failed`;
  const seen = `${failed} of ${calls} calls failed`;
  if (failed > maxFailureRate * Math.max(calls, needed)) return { name, status: "broken", seen, required };
  return { name, status: calls >= needed ? "good" : "open", seen, required };
}

function meanMos(name: string, plan: Plan, calls: number, mos: unknown, needed: number): Limit {
  const required = `mean MOS of ${plan.canary.minMos} or better`;
  if (!known(mos)) return open(name, "no MOS known", required);
  const seen = `mean MOS ${mos.toFixed(2)} of ${calls} calls`;
  const enough = calls >= Math.min(needed, MOS_CALLS_MIN);
  return { name, status: !enough ? "open" : mos >= plan.canary.minMos ? "good" : "broken", seen, required };
}

function canaryLimits(plan: Plan, to: Target, facts: Facts): Limit[] {
  const needed = callsNeeded(plan, to);
  const canary = facts.quality?.canary;
  const problem = unmeasured(facts, "quality") ?? (canary ? undefined : "no canary measurement");
  if (problem || !canary || !known(canary.calls) || !known(canary.failed))
    return [open("canary-calls", problem ?? "counts that are no numbers", `${needed} canary calls`)];
  const shared = sharedCodecs(plan.trunk.codecs, plan.carrier.codecs);
  const strange = (canary.codecs ?? []).filter((c) => !shared.includes(codecOf(c)!));
  const wrong = canary.wrongCallerId;
  return [
    failureRate("canary-failures", plan, canary.calls, canary.failed, needed),
    meanMos("canary-mos", plan, canary.calls, canary.meanMos, needed),
    {
      name: "canary-caller-id",
      status: !known(wrong) ? "open" : wrong > 0 ? "broken" : "good",
      seen: `${wrong ?? "unknown"} calls with a wrong caller id`,
      required: "the caller's own number on every call",
    },
    {
      name: "canary-codecs",
      status: strange.length > 0 ? "broken" : canary.calls === 0 ? "open" : "good",
      seen: (canary.codecs ?? []).join(", ") || "none yet",
      required: `codecs of both sides (${shared.join(", ")})`,
    },
  ];
}

/** Calls that came in over the BYOC trunk. A quiet night is no fault: without calls the test calls alone decide. */
function arrivalLimits(plan: Plan, facts: Facts): Limit[] {
  const required = `at most ${plan.canary.maxFailureRate * 100} % of the calls over BYOC failed`;
  const problem = unmeasured(facts, "quality");
  const arrivals = facts.quality?.arrivals;
  if (problem || !arrivals || !known(arrivals.calls) || !known(arrivals.failed))
    return [open("byoc-failures", problem ?? "no calls over BYOC were counted", required)];
  const { calls, failed } = arrivals;
  const rate = failureRate("byoc-failures", plan, calls, failed, plan.canary.minCalls);
  const mos = meanMos("byoc-mos", plan, calls, arrivals.meanMos, plan.canary.minCalls);
  return [
    { ...rate, required, status: rate.status === "broken" ? "broken" : "good" },
    ...(calls < MOS_CALLS_MIN ? [] : [mos]),
  ];
}

/** After `released` GCV no longer knows the numbers: a call that still comes in there is a caller who hears nothing of us. */
function oldPath(facts: Facts): Limit {
  const name = "no-call-on-gcv";
  const required = "no call to the wave's numbers on GCV since the step";
  const problem = unmeasured(facts, "quality");
  const gcv = facts.quality?.gcv;
  if (problem || !gcv || !known(gcv.calls)) return open(name, problem ?? "GCV was not asked", required);
  return {
    name,
    status: gcv.calls > 0 ? "broken" : "good",
    seen: `last call on GCV ${gcv.lastCallAt ?? "none"}`,
    required,
  };
}

function testCalls(facts: Facts): Limit {
  const name = "test-calls";
  const required = "every test call answered, with audio both ways, seen by the organisation";
  const problem = unmeasured(facts, "sip");
  const tests = facts.sip?.tests ?? [];
  if (problem || tests.length === 0) return open(name, problem ?? "no test call was placed", required);
  const bad = tests.map(callProblem).filter((p): p is string => p !== undefined);
  if (bad.length === 0) return { name, status: "good", seen: `${tests.length} test calls`, required };
  return { name, status: "broken", seen: bad.slice(0, 4).join("; "), required };
}
