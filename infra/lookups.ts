import * as genesyscloud from "@pulumi/genesyscloud";
import type { Plan } from "../model/types";
import { type FoundRecord, findRecords } from "./sip-dns";

/** Ids of what exists and is not ours to declare, found by name. */
export interface Existing {
  flows: Map<string, { flowId: string; ivrId: string }>;
  sites: Map<string, { siteId: string; routeId: string }>;
  gcvTrunkId: string;
  locationId: string;
  records: FoundRecord[];
}

export const GCV_TRUNK = "PureCloud Voice - AWS";
export const DEFAULT_ROUTE = "Default Outbound Route";

/** Looks everything up at once: the answers are the same in preview and in up, so adopted ids are known in both. */
export async function findExisting(plan: Plan, byoc: boolean): Promise<Existing> {
  const flowNames = [...new Set(plan.numbers.map((n) => n.flow))].sort();
  const siteNames = [...new Set(plan.numbers.map((n) => n.site))].sort();
  const [flows, sites, trunk, location, records] = await Promise.all([
    Promise.all(
      flowNames.map(async (name) => {
        const [flow, ivr] = await Promise.all([
          genesyscloud.getFlow({ name, type: "INBOUNDCALL" }),
          genesyscloud.getArchitectIvr({ name }),
        ]);
        return [name, { flowId: flow.id, ivrId: ivr.id }] as const;
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
  return { flows: new Map(flows), sites: new Map(sites), gcvTrunkId: trunk.id, locationId: location.id, records };
}
