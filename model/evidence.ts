import type { Ask, Facts, ProbeName, TestAsk, Verdict } from "./facts";
import { handshakeProven, handshakeTests, sampleOrders, samplePart } from "./gates/calls";
import { callerIdPreserved, canaryHealthy } from "./gates/canary";
import { type GateRule, partsEntering, rangesOfParts, rangesOfPlan } from "./gates/context";
import {
  allowlistNotTooWide,
  channelsSuffice,
  codecsAgree,
  focFrozen,
  mainNumberLast,
  nameIsDialable,
  recordingKept,
  trunkTransportSecure,
} from "./gates/declared";
import { ttlLoweredInTime } from "./gates/dns";
import { emergencyGroupsKept } from "./gates/groups";
import { confirmedByName, inventoryEmpty, releaseDrained, SHOWN_HOURS, soakOver } from "./gates/drain";
import {
  baselineChangesNothing,
  dnsAgreesEverywhere,
  dnsNotBeforePort,
  oneLivePath,
  outboundAfterPort,
} from "./gates/paths";
import { carrierRouteReady, emergencyAddressRegistered, portLive } from "./gates/port";
import {
  blastRadius,
  changeWindow,
  phaseMovesOneStep,
  readWaves,
  recordAgrees,
  recordContradicts,
} from "./gates/position";
import { allowlistCovers, licencePresent, organisationAnswers, permissionsGranted } from "./gates/start";
import { callRoutesOf, gcvStaysWarm } from "./gates/warm";
import { changedSections, type Section } from "./digest";
import { checkMove, type Move } from "./moves";
import { phaseAtLeast } from "./phases";
import { billedOrders } from "./rules/accounts";
import { plannedOrders } from "./rules/orders";
import type { NumberRange, Phase, Plan, Position } from "./types";

export type { Ask, Facts, ProbeDoc, ProbeName, TestAsk, TestCall, Verdict } from "./facts";
export { judgeProof, proofEvidence, type ProofKind, type ProofSubject } from "./proof";

/** All gates; the policy pack has a policy of the same name for each. */
export const GATES: readonly GateRule[] = [
  phaseMovesOneStep,
  blastRadius,
  changeWindow,
  recordAgrees,
  organisationAnswers,
  licencePresent,
  permissionsGranted,
  baselineChangesNothing,
  allowlistCovers,
  allowlistNotTooWide,
  codecsAgree,
  trunkTransportSecure,
  recordingKept,
  channelsSuffice,
  nameIsDialable,
  handshakeProven,
  ttlLoweredInTime,
  dnsAgreesEverywhere,
  canaryHealthy,
  callerIdPreserved,
  mainNumberLast,
  focFrozen,
  portLive,
  carrierRouteReady,
  emergencyAddressRegistered,
  emergencyGroupsKept,
  oneLivePath,
  releaseDrained,
  gcvStaysWarm,
  inventoryEmpty,
  dnsNotBeforePort,
  outboundAfterPort,
  soakOver,
  confirmedByName,
];

/** Gates on the way into a phase; waves have theirs by step. */
const PHASE_GATES: Readonly<Record<Phase, readonly GateRule[]>> = {
  baseline: [organisationAnswers, licencePresent, permissionsGranted, baselineChangesNothing],
  parallel: [
    allowlistCovers,
    allowlistNotTooWide,
    codecsAgree,
    trunkTransportSecure,
    recordingKept,
    channelsSuffice,
    nameIsDialable,
  ],
  "ttl-lowered": [handshakeProven, allowlistCovers, nameIsDialable, trunkTransportSecure],
  canary: [ttlLoweredInTime, dnsAgreesEverywhere, gcvStaysWarm],
  porting: [canaryHealthy, callerIdPreserved, mainNumberLast, emergencyGroupsKept, allowlistCovers],
  cutover: [mainNumberLast, emergencyAddressRegistered],
  complete: [soakOver, inventoryEmpty, dnsAgreesEverywhere, carrierRouteReady, confirmedByName],
};

const STEP_GATES: Readonly<Record<string, readonly GateRule[]>> = {
  live: [
    portLive,
    carrierRouteReady,
    emergencyAddressRegistered,
    emergencyGroupsKept,
    oneLivePath,
    allowlistCovers,
    trunkTransportSecure,
    mainNumberLast,
  ],
  released: [releaseDrained, gcvStaysWarm, emergencyGroupsKept, oneLivePath],
  adopted: [
    inventoryEmpty,
    dnsNotBeforePort,
    ttlLoweredInTime,
    dnsAgreesEverywhere,
    outboundAfterPort,
    emergencyAddressRegistered,
    emergencyGroupsKept,
    oneLivePath,
    allowlistCovers,
  ],
};

/** What the parallel phase has proven of a plan, and another plan has to prove again wherever the stack stands by then. */
const REPLANNED_TRUNK: readonly GateRule[] = [
  allowlistCovers,
  allowlistNotTooWide,
  codecsAgree,
  trunkTransportSecure,
  recordingKept,
  channelsSuffice,
  nameIsDialable,
];

/**
 * The gates that a move has to pass: none for a way back, none for staying with the plan that the record names. A changed plan changes what
 * is declared without any step being taken: trunk settings, numbers of call routes, port orders. So it is judged also of a stack that stays.
 */
function gatesFor(from: Position, to: Position, move: Move, changed: Changed): readonly GateRule[] {
  if (move.direction === "illegal") return [phaseMovesOneStep];
  if (move.direction === "back") return [];
  const own = move.direction === "forward" ? forwardGates(from, to, move) : [];
  return changed ? [...new Set([...own, ...replannedGates(to, changed)])] : own;
}

/** Sections of the plan that are others than on the record; undefined when the plan is the record's. */
type Changed = readonly Section[] | undefined;

/**
 * What a changed plan has to prove of what changed: a number moved to another order says nothing of the trunk, and asks nothing of the carrier's
 * addresses. A name leads where it is answered to lead: an edit of `from` or `to` that would move it is no step, and calls follow it at once.
 */
function replannedGates(to: Position, changed: readonly Section[]): readonly GateRule[] {
  if (to.phase === "none") return [];
  return [
    gcvStaysWarm,
    ...(changed.includes("path") && phaseAtLeast(to.phase, "parallel") ? REPLANNED_TRUNK : []),
    ...(changed.includes("dns") ? [dnsAgreesEverywhere] : []),
    ...(changed.includes("orders") && phaseAtLeast(to.phase, "porting") ? [focFrozen, mainNumberLast] : []),
    // Asked of the organisation, as call routes are.
    ...(phaseAtLeast(to.phase, "porting") ? [emergencyGroupsKept] : []),
  ];
}

function forwardGates(from: Position, to: Position, move: Move): readonly GateRule[] {
  const own = from.phase === to.phase ? [] : PHASE_GATES[to.phase as Phase];
  const entered = [...new Set(move.entering.map((e) => e.step))];
  const steps = [...new Set(entered.flatMap((step) => STEP_GATES[step] ?? []))];
  const waves = move.entering.length > 0 ? [blastRadius] : [];
  // Up to ttl-lowered nothing changes for a call: those steps may be made at any time.
  const noticed = from.phase === to.phase || phaseAtLeast(to.phase as Phase, "canary");
  return [phaseMovesOneStep, recordAgrees, ...waves, ...(noticed ? [changeWindow] : []), ...own, ...steps];
}

/**
 * Judges whether the move from one position to another may be made, on facts gathered at about `now`. Pure: the same answer in the
 * policy pack, in the gate's provider and in tests. Unknown, empty, NaN, stale or late is never `passed`. A way back, and
 * staying with the same plan, need nothing: the result is empty, unless the phase record was read and stands elsewhere than `from` says. `only`
 * names one gate to judge.
 */
export function judge(plan: Plan, from: Position, to: Position, facts: Facts, now: Date, only?: string): Verdict[] {
  const move = checkMove(plan, from, to, floorOf(facts));
  // What is asked for nothing because of where the stack stands has to begin there.
  const untrue = move.direction !== "forward" && move.direction !== "illegal" && recordContradicts(from, facts);
  const gates = untrue ? [recordAgrees] : gatesFor(from, to, move, changedFrom(plan, recordedDigest(facts)));
  return gates
    .filter((gate) => only === undefined || gate.name === only)
    .map((gate) => gate.judge({ plan, from, to, move, facts, now }));
}

/** Verdicts that do not let the move through. */
export const blocking = (verdicts: readonly Verdict[]): Verdict[] => verdicts.filter((v) => v.status !== "passed");

/**
 * Which probes a move needs and what to ask them, one entry a probe. `since` (phase record) and `at` (time of the record probe, ISO
 * 8601) bound how far back calls are counted; `digest` is the plan's of the record. Empty for a way back, for staying with the same
 * plan and for an illegal move.
 */
export function evidenceFor(
  plan: Plan,
  from: Position,
  to: Position,
  since: Partial<Record<Phase, string>> = {},
  at?: string,
  digest?: string,
): Ask[] {
  const move = checkMove(plan, from, to);
  if (move.direction === "illegal") return [];
  const gates = gatesFor(from, to, move, changedFrom(plan, digest));
  if (gates.length === 0) return [];
  const asks = new Map<ProbeName, Record<string, unknown>>([["record", {}]]);
  const ask = (probe: ProbeName, question: Record<string, unknown> = {}) =>
    asks.set(probe, { ...asks.get(probe), ...question });
  const before = (hours: number) =>
    at && Number.isFinite(Date.parse(at)) ? new Date(Date.parse(at) - hours * 3_600_000).toISOString() : undefined;
  /** Calls on GCV in so many hours, and whether calls of these numbers are shown to this credential at all. */
  const silenceOf = (gcvNumbers: NumberRange[], hours: number) => ({
    gcvNumbers,
    gcvSince: before(hours),
    shownSince: before(hours + SHOWN_HOURS),
  });
  const tests: TestAsk[] = [];
  const gone: NumberRange[] = [];

  if (gates.includes(organisationAnswers)) ask("entitlement");
  if (gates.includes(baselineChangesNothing)) {
    ask("record", { existing: existingOf(plan) });
    if (plan.dns.length > 0) ask("dns");
  }
  // baseline has asked for more of the same.
  else if (gates.includes(gcvStaysWarm) || gates.includes(recordingKept)) {
    const callRoutes = gates.includes(gcvStaysWarm) ? callRoutesOf(plan) : [];
    const gcvTrunk = gates.includes(recordingKept) ? { gcvTrunk: true } : {};
    ask("record", { existing: { callRoutes, sites: [], ...gcvTrunk } });
  }
  if (gates.includes(emergencyGroupsKept)) ask("record", { emergencyGroups: true });
  const ofCarrier = [
    ...[allowlistCovers, handshakeProven, focFrozen, dnsNotBeforePort, oneLivePath, carrierRouteReady],
    emergencyAddressRegistered,
  ];
  const billed = gates.includes(mainNumberLast) && billedOrders(plannedOrders(plan)).length > 0;
  if (billed || ofCarrier.some((g) => gates.includes(g))) ask("carrier");
  if (gates.includes(dnsAgreesEverywhere) && plan.dns.length > 0) ask("dns");
  if (gates.includes(handshakeProven)) tests.push(...handshakeTests(plan));
  if (gates.includes(ttlLoweredInTime) && plan.dns.length > 0) ask("dns");
  if (gates.includes(canaryHealthy)) ask("quality", { canarySince: since.canary });
  if (gates.includes(portLive)) {
    const numbers = partsEntering(move, "live").flatMap((part) => samplePart(plan, part));
    tests.push(...numbers.map((number) => ({ number, purpose: "R1" as const })));
  }
  if (gates.includes(releaseDrained)) {
    const parts = partsEntering(move, "released");
    ask("quality", silenceOf(rangesOfParts(plan, parts), plan.limits.lrnSettleHours));
    const numbers = parts.flatMap((part) => sampleOrders(plan, part));
    tests.push(...numbers.map((number) => ({ number, purpose: "network" as const, networks: "all" as const })));
  }
  if (gates.includes(soakOver)) {
    ask("quality", silenceOf(rangesOfPlan(plan), plan.limits.soakHours));
    gone.push(...rangesOfPlan(plan));
  } else if (gates.includes(inventoryEmpty)) gone.push(...rangesOfParts(plan, partsEntering(move, "adopted")));
  if (gone.length > 0) ask("record", { inventory: gone });
  if (tests.length > 0) ask("sip", { tests });
  return [...asks].map(([probe, question]) => ({ probe, ask: question }));
}

/** Digest of the record; undefined without one. A record that does not say its plan may have been written with any. */
function recordedDigest({ record }: Facts): string | undefined {
  return record?.record ? String(record.record.digest ?? "") : undefined;
}

/** What of the plan is another than the record was written with. Without a record nothing was ordered by any plan. */
function changedFrom(plan: Plan, digest: string | undefined): Changed {
  const changed = digest === undefined ? [] : changedSections(digest, plan.digest);
  return digest !== undefined && digest.split(".")[0] !== plan.digest.split(".")[0] ? changed : undefined;
}

/** Names of what `baseline` adopts. */
const existingOf = (plan: Plan) => ({
  callRoutes: [...new Set(plan.numbers.map((n) => n.callRoute))].sort(),
  sites: [...new Set(plan.numbers.map((n) => n.site))].sort(),
});

/** The floor that the record probe read, for ways back that would strand numbers. */
function floorOf(facts: Facts) {
  return readWaves(facts.record?.record?.floor) ?? {};
}
