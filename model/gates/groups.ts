import { groupedCallRoutes, partedByEmergency } from "../rules/emergencyGroups";
import { decide, document, judged, list } from "../verdict";
import type { GateRule } from "./context";

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
      const groups = list(document(plan, facts, "record", now).emergencyGroups, "the list of emergency groups");
      const grouped = groupedCallRoutes(plan, groups).size;
      const seen =
        grouped === 0
          ? "no call route of the plan in an emergency group"
          : `${grouped} of the plan's call routes in emergency groups, on both paths`;
      return decide(this.name, partedByEmergency(plan, to, groups), seen, need);
    });
  },
};
