import type { RecordDoc } from "../facts";
import { desiredState, planCallRoutes, raiseFloor } from "../phases";
import { formatRanges, subtractRanges, toRanges } from "../ranges";
import type { Plan, Position, WaveStates } from "../types";
import { decide, document, judged, numberRanges, Unusable } from "../verdict";
import { type GateRule, partsEntering, rangesOfParts } from "./context";
import { stepOf } from "../waves";
import { readWaves } from "./position";

type Existing = NonNullable<RecordDoc["existing"]>;

/** Call routes that a stack past `baseline` holds: the ones that existed, and its own. */
export const callRoutesOf = (plan: Plan): string[] =>
  [...new Set(plan.numbers.map((n) => n.callRoute))].sort().flatMap((name) => [name, `${name} BYOC`]);

/**
 * Numbers that call routes hold today and would not hold after a move, but for those of the parts in `leaving`, which a release takes off
 * GCV. An update writes the whole list of a call route: whatever the plan does not say any more, and whatever was added by hand, is
 * gone with it, and callers of such a number reach nobody.
 */
export function lostNumbers(
  plan: Plan,
  to: Position,
  floor: WaveStates,
  leaving: readonly string[],
  ivrs: Existing["ivrs"],
): string[] {
  const state = desiredState(plan, to.phase === "none" ? "baseline" : to.phase, to.waves, raiseFloor(floor, to.waves));
  // Spare and shadow numbers are no caller's: they come and go with the phases.
  const spares = toRanges([...plan.carrier.shadowNumbers, ...plan.carrier.testNumbers]);
  const released = rangesOfParts(plan, leaving);
  // Of a part whose adoption has begun the program keeps what its BYOC call route holds, whatever the record says yet.
  const begun = rangesOfParts(
    plan,
    plan.parts.map((p) => p.id).filter((id) => stepOf(floor, id) === "released"),
  );
  const lost = (name: string, numbers: readonly string[], may: typeof spares) => {
    const held = ivrs.filter((i) => i.name === name).flatMap((i) => i.ranges);
    const gone = subtractRanges(subtractRanges(subtractRanges(held, toRanges(numbers)), spares), may);
    return gone.length > 0 ? [`${name} would lose ${formatRanges(gone)}`] : [];
  };
  return [
    ...state.gcvIvrs.flatMap(({ callRoute, numbers }) => lost(callRoute, numbers, released)),
    ...state.byocIvrs.flatMap(({ callRoute, numbers }) => lost(`${callRoute} BYOC`, numbers, begun)),
  ];
}

/**
 * Call routes that callers would be led away from by the front flow: it goes on to the plan's flow, and somebody has set another since
 * `baseline`. One that leads to its front already is an earlier try of this step.
 */
function ledElsewhere(plan: Plan, ivrs: Existing["ivrs"]): string[] {
  return planCallRoutes(plan).flatMap(({ callRoute, flow }) => {
    const seen = ivrs.find((i) => i.name === callRoute)?.flow;
    if (seen === flow || seen === `${callRoute} front`) return [];
    return [`${callRoute} leads to the flow ${seen ?? "none"}, and would lead to ${flow}`];
  });
}

/**
 * The old path keeps every number until its wave is released, and the new one keeps what it has: a call route loses nothing by a changed
 * plan, nor by a step that is about something else, and its callers reach the flow they reach today.
 */
export const gcvStaysWarm: GateRule = {
  name: "gcv-stays-warm",
  judge({ plan, from, to, move, facts, now }) {
    const need = {
      required: "every number on its call route until its wave is released",
      fix: "put the numbers back where they were (numbers.csv: the wave too; spare ones: carrier.shadowNumbers and testNumbers, in the order of the call routes' names), and add those that were added by hand; a flow that was changed by hand goes into numbers.csv",
    };
    return judged(this.name, need, () => {
      const doc = document(plan, facts, "record", now);
      if (!doc.existing) throw new Unusable("inconclusive", "the call routes were not read");
      const { ivrs } = doc.existing;
      for (const { name, ranges } of ivrs) numberRanges(ranges, `the call route ${name}`);
      const unread = [...new Set(plan.numbers.map((n) => n.callRoute))].filter((r) => !ivrs.some((i) => i.name === r));
      if (unread.length > 0) throw new Unusable("inconclusive", `no call route ${unread.join(", ")} was found`);
      // As the program has it: where the stack stands it has been, whatever the record's floor says.
      const floor = raiseFloor(readWaves(doc.record?.floor) ?? {}, from.waves);
      const turning = to.phase === "canary" && from.phase === "ttl-lowered";
      const reasons = [
        ...lostNumbers(plan, to, floor, partsEntering(move, "released"), ivrs),
        ...(turning ? ledElsewhere(plan, ivrs) : []),
      ];
      return decide(this.name, reasons, `${ivrs.length} call routes keep their numbers`, need);
    });
  },
};
