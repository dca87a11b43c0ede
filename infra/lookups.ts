import * as genesyscloud from "@pulumi/genesyscloud";
import type { Hours } from "../model/hours";
import type { EmergencyGroup } from "../model/rules/emergencyGroups";
import { planCallRoutes } from "../model/phases";
import type { Plan } from "../model/types";
import { type FoundRecord, findRecords } from "./sip-dns";

/** Ids of what exists and is not ours to declare, found by name. */
export interface Existing {
  /** By name of the call route: its id, and the flow of its open hours. */
  callRoutes: Map<string, { flowId: string; ivrId: string }>;
  /** By name of the call route: what it does outside its open hours, as the record probe reads it. */
  hours: Map<string, Hours>;
  /** The organisation's emergency groups as the record probe reads them; none is ever declared but our own. */
  emergencyGroups: readonly EmergencyGroup[];
  sites: Map<string, { siteId: string; routeId: string }>;
  gcvTrunkId: string;
  locationId: string;
  records: FoundRecord[];
}

export const GCV_TRUNK = "PureCloud Voice - AWS";
export const DEFAULT_ROUTE = "Default Outbound Route";

/** Looks everything up at once: the answers are the same in preview and in up, so adopted ids are known in both. */
export async function findExisting(plan: Plan, byoc: boolean): Promise<Omit<Existing, "hours" | "emergencyGroups">> {
  const routes = planCallRoutes(plan);
  const siteNames = [...new Set(plan.numbers.map((n) => n.site))].sort();
  const [callRoutes, sites, trunk, location, records] = await Promise.all([
    Promise.all(
      routes.map(async ({ callRoute, flow: flowName }) => {
        const [flow, ivr] = await Promise.all([
          genesyscloud.getFlow({ name: flowName, type: "INBOUNDCALL" }),
          genesyscloud.getArchitectIvr({ name: callRoute }),
        ]);
        return [callRoute, { flowId: flow.id, ivrId: ivr.id }] as const;
      }),
    ),
    Promise.all(
      siteNames.map(async (name) => {
        const site = await genesyscloud.getTelephonyProvidersEdgesSite({ name });
        const route = await genesyscloud.getTelephonyProvidersEdgesSiteOutboundRoute({
          name: DEFAULT_ROUTE,
          siteId: site.id,
        });
        const routeId = route.routeId ?? route.id;
        return [name, { siteId: site.id, routeId: routeId.includes(":") ? routeId : `${site.id}:${routeId}` }] as const;
      }),
    ),
    genesyscloud.getTelephonyProvidersEdgesTrunkbasesettings({ name: GCV_TRUNK }),
    byoc ? genesyscloud.getLocation({ name: siteNames[0]! }) : Promise.resolve({ id: "" }),
    findRecords(plan.dns),
  ]);
  return {
    callRoutes: new Map(callRoutes),
    sites: new Map(sites),
    gcvTrunkId: trunk.id,
    locationId: location.id,
    records,
  };
}
