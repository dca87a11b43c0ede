import { readNames } from "../../model/leftOut";
import type { ProviderSpec } from "../lib/provider";
import { authRole, oauthClient } from "./access";
import { type Gateway, GenesysClient, REGIONS } from "./client";
import { datatable, datatableRow } from "./datatable";
import { didPool } from "./didpool";
import { emergencygroup } from "./emergencygroup";
import { flow } from "./flow";
import { architectIvr } from "./ivr";
import { lookups } from "./lookups";
import { outboundRoute } from "./outboundroute";
import { routingQueue } from "./queue";
import { site } from "./site";
import { trunkbasesettings } from "./trunk";

/** `genesyscloud:index/<camel>:<Pascal>`: the tokens of the official provider under Pulumi's dynamic bridge. */
const token = (camel: string): string => `genesyscloud:index/${camel}:${camel[0]?.toUpperCase()}${camel.slice(1)}`;

const resources = {
  telephonyProvidersEdgesTrunkbasesettings: trunkbasesettings,
  telephonyProvidersEdgesSite: site,
  telephonyProvidersEdgesSiteOutboundRoute: outboundRoute,
  telephonyProvidersEdgesDidPool: didPool,
  architectIvr,
  flow,
  architectDatatable: datatable,
  architectDatatableRow: datatableRow,
  routingQueue,
  architectEmergencygroup: emergencygroup,
  authRole,
  oauthClient,
};

/**
 * The Genesys Cloud provider: the subset of the official one that a cutover needs, same tokens and property names, without its
 * traps. Credentials come from GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET only.
 */
export const genesyscloud: ProviderSpec<GenesysClient> = {
  name: "genesyscloud",
  version: "0.1.0",
  config: {
    awsRegion: { type: "string", enum: REGIONS },
    gateways: { type: "array", items: { type: "object" } },
    clock: { type: "string" },
    withoutPolicies: { type: "string" },
  },
  configure: ({ config, clock, signal, log }) =>
    new GenesysClient({
      gateways: config.gateways as unknown as Gateway[] | undefined,
      awsRegion: config.awsRegion as string | undefined,
      clock,
      steeredClock: Boolean(config.clock),
      without: readNames(config.withoutPolicies as string | undefined),
      signal,
      env: process.env,
      log: (message) => log("info", message),
    }),
  resources: Object.fromEntries(Object.entries(resources).map(([name, spec]) => [token(name), spec])),
  invokes: Object.fromEntries(Object.entries(lookups).map(([name, f]) => [`genesyscloud:index/${name}:${name}`, f])),
};
