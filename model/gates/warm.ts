import type { RecordDoc } from "../facts";
import { desiredState, raiseFloor } from "../phases";
import { formatRanges, subtractRanges, toRanges } from "../ranges";
import type { Plan, Position, WaveStates } from "../types";
import { decide, document, judged, Unusable } from "../verdict";
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
 * The old path keeps every number until its wave is released, and the new one keeps what it has: a call route loses nothing by a changed
 * plan, nor by a step that is about something else.
 */
export const gcvStaysWarm: GateRule = {
  name: "gcv-stays-warm",
  judge({ plan, to, move, facts, now }) {
    const need = {
      required: "every number on its call route until its wave is released",
      fix: "put the numbers back where they were (numbers.csv: the wave too; spare ones: carrier.shadowNumbers and testNumbers, in the order of the call routes' names), and add those that were added by hand",
    };
    return judged(this.name, need, () => {
      const doc = document(plan, facts, "record", now);
      if (!doc.existing) throw new Unusable("inconclusive", "the call routes were not read");
      const { ivrs } = doc.existing;
      const unread = [...new Set(plan.numbers.map((n) => n.callRoute))].filter((r) => !ivrs.some((i) => i.name === r));
      if (unread.length > 0) throw new Unusable("inconclusive", `no call route ${unread.join(", ")} was found`);
      const floor = readWaves(doc.record?.floor) ?? {};
      const reasons = lostNumbers(plan, to, floor, partsEntering(move, "released"), ivrs);
      return decide(this.name, reasons, `${ivrs.length} call routes keep their numbers`, need);
    });
  },
};
