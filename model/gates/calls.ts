import { inRanges } from "../allowlist";
import type { SipDoc, TestAsk, TestCall } from "../facts";
import { planCallRoutes } from "../phases";
import { toRanges } from "../ranges";
import type { NumberRange, Plan } from "../types";
import { freshMinutes } from "../freshness";
import { ageProblem, decide, document, judged, list } from "../verdict";
import type { GateRule } from "./context";
import { carrierRanges } from "./start";

/** Most test calls for one call route of one part: a plan of single numbers would otherwise mean a call to every customer number. */
const SAMPLE_MAX = 12;

/**
 * Numbers to test-call: the first number of each contiguous range, at most SAMPLE_MAX, spread evenly. A range shares its
 * carrier route, its pool and its IVR, so that one number of it proves them; it cannot prove a fault of one number alone.
 */
export function sampleNumbers(ranges: readonly NumberRange[], max = SAMPLE_MAX): string[] {
  if (ranges.length <= max) return ranges.map((r) => r.from);
  return Array.from({ length: max }, (_, i) => ranges[Math.floor((i * ranges.length) / max)]!.from);
}

/** The sample of a part: every call route of the part is in it. */
export function samplePart(plan: Plan, part: string): string[] {
  const own = plan.numbers.filter((n) => n.part === part);
  const callRoutes = [...new Set(own.map((n) => n.callRoute))].sort();
  return callRoutes.flatMap((name) => {
    return sampleNumbers(toRanges(own.filter((n) => n.callRoute === name).map((n) => n.number)));
  });
}

/**
 * The sample for calls from every network: the first number of each port order in the part. Networks learn of a port as it was
 * ordered and activated, not range by range, and each number is called once by every network.
 */
export function sampleOrders(plan: Plan, part: string): string[] {
  const first = new Map<string, string>();
  for (const n of plan.numbers) if (n.part === part && !first.has(n.portOrder)) first.set(n.portOrder, n.number);
  return [...first.values()];
}

/** The first call route's shadow is called from every source address of the carrier, every other one's shadow once. */
export function handshakeTests(plan: Plan): TestAsk[] {
  return planCallRoutes(plan).map(({ shadow }, i) => ({
    number: shadow,
    purpose: "handshake",
    ...(i === 0 ? { sources: "all" } : {}),
  }));
}

const place = (t: TestCall) =>
  `${t.number}${t.source ? ` from ${t.source}` : ""}${t.network ? ` by ${t.network}` : ""}`;

/** Why a test call proves nothing, or undefined: answered, seen by the organisation with its caller's number, audio in both directions. */
export function callProblem(t: TestCall): string | undefined {
  if (t.code !== 200 || t.answered !== true)
    return `${place(t)}: ended with ${t.code ?? "no answer"}${t.why ? ` (${t.why})` : ""}`;
  if (!(t.audioSent > 0)) return `${place(t)}: no audio was sent`;
  if (!(t.audioReceived > 0)) return `${place(t)}: the caller heard nothing`;
  if (!(typeof t.farReceived === "number" && t.farReceived > 0))
    return `${place(t)}: no audio is known to have reached the organisation`;
  if (t.seenByOrg !== true) return `${place(t)}: the organisation's records do not show the call`;
  if (t.ani && t.aniSeen && t.ani !== t.aniSeen)
    return `${place(t)}: called from ${t.ani}, the organisation saw ${t.aniSeen}`;
  return undefined;
}

/** Whether a test call came in over BYOC: the organisation's records say so, or, where they say nothing, it came from the carrier's addresses. */
export function overByoc(plan: Plan, test: TestCall): boolean {
  if (test.via) return test.via === "byoc";
  return typeof test.source === "string" && inRanges(test.source, plan.carrier.sourceRanges);
}

/** Why a call that the carrier was to make over this trunk took another way, or undefined. What networks do is release-drained's to judge. */
function astray(plan: Plan, t: TestCall): string | undefined {
  if (t.purpose === "network" || overByoc(plan, t)) return undefined;
  return `${place(t)}: came in over ${t.via || "a path that nobody knows"}, not over the BYOC trunk`;
}

/** The newest of these dates that can be read; an invalid date when there is none. */
export function newest(dates: readonly (string | null | undefined)[]): Date {
  const times = dates.map((date) => Date.parse(date ?? "")).filter(Number.isFinite);
  return new Date(times.length > 0 ? Math.max(...times) : Number.NaN);
}

/** Why a test call is too old or not dated, or undefined. */
function agedCall(plan: Plan, t: TestCall, now: Date): string | undefined {
  if (!t.at) return `${place(t)}: a test call without its date`;
  return ageProblem(t.at, `the test call to ${place(t)}`, freshMinutes(plan, "testCalls"), now);
}

/**
 * Problems of all test calls of one purpose; a number that was to be called and was not is one too, and so is a call that is too old or not
 * dated: people write down what they heard, and a file of today may tell of a call of last month. Without `now` the
 * newest date in the document counts: its own is the probe's beginning, and calls take minutes.
 */
export function testProblems(
  plan: Plan,
  doc: SipDoc,
  purpose: TestCall["purpose"],
  numbers: readonly string[],
  now?: Date,
) {
  const tests = list(doc.tests, "the list of test calls").filter(
    (t) => t.purpose === purpose && numbers.includes(t.number),
  );
  const judgedAt = now ?? newest([doc.at, ...tests.map((t) => t.at)]);
  const called = new Set(tests.map((t) => t.number));
  const reasons = numbers.filter((n) => !called.has(n)).map((n) => `${n}: no test call`);
  for (const test of tests) {
    const problem = callProblem(test) ?? astray(plan, test) ?? agedCall(plan, test, judgedAt);
    if (problem) reasons.push(problem);
  }
  return { tests, reasons };
}

/**
 * A call with audio from every address the carrier sends from, each call fresh by itself. An OPTIONS 200 would prove transport only: not
 * the allowlist for INVITE, the number, the codec or the audio.
 */
export const handshakeProven: GateRule = {
  name: "handshake-proven",
  judge({ plan, facts, now }) {
    const need = {
      required: `a test call to each shadow number answered with audio both ways, from every source range of the carrier, at most ${freshMinutes(plan, "testCalls") / 60} h ago`,
      fix: "compare the SIP traces of the failed call: 403 allowlist, 404 number or host, 488 codec or SRTP, no answer transport or TLS name",
    };
    return judged(this.name, need, () => {
      const numbers = handshakeTests(plan).map((t) => t.number);
      const { tests, reasons } = testProblems(plan, document(plan, facts, "sip", now), "handshake", numbers, now);
      const ranges = carrierRanges(plan, document(plan, facts, "carrier", now), now);
      const sources = [...new Set(tests.flatMap((t) => (t.source ? [t.source] : [])))];
      for (const range of ranges) {
        if (!sources.some((s) => inRanges(s, [range]))) reasons.push(`no test call from ${range}`);
      }
      for (const s of sources.filter((s) => !inRanges(s, ranges)))
        reasons.push(`the carrier called from ${s}, which carrier.sourceRanges does not hold`);
      return decide(this.name, reasons, `${tests.length} test calls with audio from ${sources.length} addresses`, need);
    });
  },
};
