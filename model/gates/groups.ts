import { type EmergencyGroup, groupedCallRoutes, partedByEmergency } from "../rules/emergencyGroups";
import { decide, document, judged, list, Unusable } from "../verdict";
import type { GateRule } from "./context";

const named = (value: unknown): boolean => typeof value === "string" && value !== "";

/** Groups of which every part is known, or Unusable: half of a list would be read as a group that names nobody. */
function wholeGroups(value: readonly EmergencyGroup[] | undefined): readonly EmergencyGroup[] {
  const groups = list(value, "the list of emergency groups");
  for (const group of groups) {
    const whole =
      named(group?.name) &&
      Array.isArray(group.flows) &&
      group.flows.every((f) => named(f?.flow) && Array.isArray(f.callRoutes) && f.callRoutes.every(named));
    if (!whole) throw new Unusable("inconclusive", `emergency group ${String(group?.name)} is not told whole`);
  }
  return groups;
}

/**
 * The customer's own emergency groups hold on both paths. They name call routes, and the BYOC ones beside these are new to them: with the
 * alarm on, calls over BYOC would go on to the normal flow. Only the customer's people change such a group, since an update of it writes its
 * switch too; so the step waits until they have.
 */
export const emergencyGroupsKept: GateRule = {
  name: "emergency-groups-kept",
  judge({ plan, to, facts, now }) {
    const need = {
      required: "each BYOC call route in the emergency groups of the call route beside it, with the same flow",
      fix: "add them at Genesys Cloud (Admin, Call Routing, the BYOC call route, Emergency); the desk's request emergency-groups lists them",
    };
    return judged(this.name, need, () => {
      const groups = wholeGroups(document(plan, facts, "record", now).emergencyGroups);
      const grouped = groupedCallRoutes(plan, groups).size;
      const seen =
        grouped === 0
          ? "no call route of the plan in an emergency group"
          : `${grouped} of the plan's call routes in emergency groups, on both paths`;
      return decide(this.name, partedByEmergency(plan, to, groups), seen, need);
    });
  },
};
