import platformClient from "purecloud-platform-client-v2";
import type { SandboxWorld } from "../world";
import { architect, edges, logIn, pointAt, trunkProperties } from "./api";

/** What a small organisation of a world of its own is reached by. */
export interface QuickOrganisation {
  /** Bound to the first IVR's flow. */
  number: string;
  trunkId: string;
  siteId: string;
  ivrId: string;
}

/** Site, BYOC trunk, pool and IVR by the SDK, so that calls to `number` at the trunk's name are answered. */
export async function quickOrganisation(
  world: SandboxWorld,
  o: {
    number: string;
    /** Termination identifier of the trunk. */
    identifier: string;
    allow: readonly string[];
    properties?: Record<string, unknown>;
  },
): Promise<QuickOrganisation> {
  pointAt(world.genesys);
  await logIn();
  const address = { country: "US", countryName: "US", city: "Boston" } as never;
  const location = await new platformClient.LocationsApi().postLocations({ name: "Quick", address });
  const site = await edges.postTelephonyProvidersEdgesSites({
    name: "Quick",
    mediaModel: "Cloud",
    mediaRegions: ["us-east-1"],
    mediaRegionsUseLatencyBased: true,
    location: { id: location.id } as never,
  });
  const trunk = await edges.postTelephonyProvidersEdgesTrunkbasesettings({
    name: "Quick",
    trunkMetabase: { id: "external_sip_pcv_byoc_carrier.json", name: "external_sip_pcv_byoc_carrier.json" },
    trunkType: "EXTERNAL",
    inboundSite: { id: site.id } as never,
    properties: trunkProperties({
      trunk_type: "external.pcv.byoc.carrier",
      trunk_enabled: true,
      trunk_transport_protocolVariant: "tls",
      trunk_sip_termination_uri: o.identifier,
      trunk_transport_serverProxyList: ["sip.carrier-domain.com:5061"],
      trunk_access_acl_allowList: [...o.allow],
      trunk_media_codec: ["audio/pcmu", "audio/pcma"],
      trunk_maxCallRate: "20000/5s",
      ...o.properties,
    }) as never,
  });
  await edges.postTelephonyProvidersEdgesDidpools({
    startPhoneNumber: o.number,
    endPhoneNumber: o.number,
    provider: "PURE_CLOUD",
  } as never);
  const flow = (await architect.getArchitectIvrs({ pageSize: 25 })).entities?.[0]?.openHoursFlow;
  const ivr = await architect.postArchitectIvrs({ name: "Quick", dnis: [o.number], openHoursFlow: flow });
  return { number: o.number, trunkId: trunk.id as string, siteId: site.id as string, ivrId: ivr.id as string };
}
