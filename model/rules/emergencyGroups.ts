import { planCallRoutes } from "../phases";
import type { Plan, Position } from "../types";
import { stepOf, stepRank } from "../waves";

/**
 * An emergency group of the organisation. While it is switched on, the call routes it names run its flow, before any schedule is asked
 * (Genesys Cloud Resource Center, "Activate or deactivate an emergency group").
 */
export interface EmergencyGroup {
  name: string;
  enabled: boolean;
  /** Names of the call routes by the flow they run then. */
  flows: { flow: string; callRoutes: string[] }[];
}

/** Call routes that belong into an emergency group, and the flow they run there. */
export interface Seat {
  group: string;
  flow: string;
  callRoutes: string[];
}

/** Name of the migration's own emergency group, which closes the old path. */
export const standbyGroupName = (plan: Pick<Plan, "name">): string => `Cutover standby ${plan.name}`;

/** Emergency groups that are not the migration's own: the customer's, switched by the customer, never declared here. */
export const customersGroups = (plan: Plan, groups: readonly EmergencyGroup[]): EmergencyGroup[] =>
  groups.filter((g) => g.name !== standbyGroupName(plan));

const byocName = (callRoute: string): string => `${callRoute} BYOC`;

/** Call routes of the plan that a customer's emergency group names; the screens of Genesys Cloud give a call route one group. */
export function groupedCallRoutes(plan: Plan, groups: readonly EmergencyGroup[]): ReadonlySet<string> {
  const named = customersGroups(plan, groups).flatMap((g) => g.flows.flatMap((f) => f.callRoutes));
  const own = new Set(planCallRoutes(plan).map((r) => r.callRoute));
  return new Set(named.filter((name) => own.has(name)));
}

/**
 * Where the BYOC call routes belong: beside the existing ones, in each group and flow that names these; sorted. The same before and after
 * somebody has seen to it, so that who is asked for it is asked once.
 */
export function byocSeats(plan: Plan, groups: readonly EmergencyGroup[]): Seat[] {
  const own = new Set(planCallRoutes(plan).map((r) => r.callRoute));
  return customersGroups(plan, groups)
    .flatMap(({ name, flows }) =>
      flows.map(({ flow, callRoutes }) => ({
        group: name,
        flow,
        callRoutes: callRoutes
          .filter((c) => own.has(c))
          .map(byocName)
          .sort(),
      })),
    )
    .filter((seat) => seat.callRoutes.length > 0)
    .sort((a, b) => (`${a.group}\n${a.flow}` < `${b.group}\n${b.flow}` ? -1 : 1));
}

/**
 * Call routes whose two paths part when a customer's emergency group is switched on, in words; empty when none does. A BYOC call route in a
 * group without the existing one counts too, as long as numbers of it come in on GCV (`at`).
 */
export function partedByEmergency(plan: Plan, at: Position, groups: readonly EmergencyGroup[]): string[] {
  const customers = customersGroups(plan, groups);
  const inside = new Set(
    customers.flatMap((g) => g.flows.flatMap((f) => f.callRoutes.map((c) => `${g.name}\n${f.flow}\n${c}`))),
  );
  const missing = byocSeats(plan, groups).flatMap(({ group, flow, callRoutes }) => {
    const left = callRoutes.filter((c) => !inside.has(`${group}\n${flow}\n${c}`));
    return left.length > 0 ? [`${group} does not send ${left.join(", ")} to ${flow}`] : [];
  });
  const onGcv = new Set(
    plan.numbers.filter((n) => stepRank(stepOf(at.waves, n.part)) < stepRank("released")).map((n) => n.callRoute),
  );
  const alone = customers.flatMap(({ name, flows }) =>
    flows.flatMap(({ flow, callRoutes }) => {
      const lone = callRoutes.filter((c) => {
        const existing = c.replace(/ BYOC$/, "");
        return existing !== c && onGcv.has(existing) && !inside.has(`${name}\n${flow}\n${existing}`);
      });
      return lone.length > 0 ? [`${name} sends ${lone.join(", ")} to ${flow}, and not the call route beside it`] : [];
    }),
  );
  return [...missing, ...alone];
}
