import type * as genesyscloud from "@pulumi/genesyscloud";
import type * as pulumi from "@pulumi/pulumi";
import { phaseAtLeast } from "../model/phases";
import { byocSeats, groupedCallRoutes, standbyGroupName } from "../model/rules/emergencyGroups";
import { GeneratedFlow, Standby } from "./flows";
import { standbyFlow } from "./front-flow";
import { Request } from "./gate";
import type { MigrationArgs } from "./migration";

/** The closed standby of the old path: a flow, and the migration's own emergency group, which flips the existing IVRs to it. */
export function standby(
  { state, plan, existing, settings }: MigrationArgs,
  bindings: readonly { callRoute: string; ivr: genesyscloud.ArchitectIvr }[],
  gated: { parent: pulumi.Resource; after: pulumi.Resource[] },
): pulumi.Resource[] {
  const name = standbyGroupName(plan);
  const closed = new GeneratedFlow(
    "standby",
    { flowName: name, slug: "standby", yaml: standbyFlow(name, plan.inbound), workDir: settings.workDir },
    { ...gated, protectFlow: state.protectByoc },
  );
  // A call route that is in a group of the customer's stays in that one: its front flow closes it by the routing row all the same.
  const theirs = groupedCallRoutes(plan, existing.emergencyGroups);
  const group = new Standby(
    "standby",
    {
      groupName: name,
      enabled: state.standbyClosed,
      flowId: closed.flow.id,
      ivrIds: bindings.filter((b) => !theirs.has(b.callRoute)).map((b) => b.ivr.id),
    },
    { ...gated, protectGroup: state.protectByoc },
  );
  return [closed.flow, group.group];
}

const NOTE =
  "Please add these BYOC call routes to the organisation's emergency groups, each with the flow named (Genesys Cloud, Admin, Call Routing, Emergency): switched on, a group has to turn the calls of both paths. When this request is withdrawn, please take them out again.";

/**
 * The customer's emergency groups are the customer's: an update of one writes its switch as well, and would put out an alarm that somebody has
 * just given. So people are asked to add the BYOC call routes, from the phase on before calls come to these directly; and on the way back to
 * take them out again, before these are deleted. Nothing where no group names a call route of the plan.
 */
export function emergencyGroupsRequest(
  { plan, state, existing, gate }: MigrationArgs,
  ivrs: ReadonlyMap<string, genesyscloud.ArchitectIvr>,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const groups = byocSeats(plan, existing.emergencyGroups);
  if (groups.length === 0 || !phaseAtLeast(state.phase, "canary")) return [];
  const args = { kind: "emergency-group" as const, groups, note: NOTE };
  return [new Request("emergency-groups", args, { parent, dependsOn: [gate, ...ivrs.values()] })];
}
