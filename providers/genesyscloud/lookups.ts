import { UserError } from "../../model/errors";
import { type Ctx, type Invoke, invoke } from "../lib/provider";
import type { Entity, GenesysClient } from "./client";
import { path, strip } from "./entity";

/** A look-up of something that was just made may come too early: two more looks, 3 s in all. */
const LOOK_AGAIN_SECONDS = [1, 2];
const SITES = "/api/v2/telephony/providers/edges/sites";

type Match = Entity & { siteId?: string };

/** The one match, or a UserError that says what was looked for and what was seen instead. */
async function theOne(
  ctx: Ctx<GenesysClient>,
  what: string,
  find: () => AsyncGenerator<Match>,
  wanted: (e: Match) => boolean,
): Promise<Match> {
  let seen: string[] = [];
  for (const wait of [0, ...LOOK_AGAIN_SECONDS]) {
    if (wait > 0) await ctx.clock.sleep(wait, ctx.signal);
    const matches: Match[] = [];
    seen = [];
    for await (const e of find()) {
      if (e.state === "deleted" || e.deleted === true) continue;
      if (wanted(e)) matches.push(e);
      else if (e.name) seen.push(e.name);
    }
    if (matches.length === 1) return matches[0] as Match;
    if (matches.length > 1) {
      throw new UserError(
        `${what} is there ${matches.length} times (${matches.map((m) => m.id).join(", ")}); expected exactly one. Rename the others in Genesys Cloud.`,
      );
    }
  }
  const others = seen.length > 0 ? `; there are ${seen.slice(0, 8).join(", ")}${seen.length > 8 ? ", ..." : ""}` : "";
  throw new UserError(
    `${what} does not exist${others}. Check the name (upper and lower case count) and the OAuth client's permissions.`,
  );
}

/** Look-up of an object by its exact name in a listing. `filtered`: the listing takes `name`, so fewer pages are read. */
function byName(noun: string, at: string, filtered: boolean): Invoke {
  return invoke<{ name: string }, GenesysClient>(async ({ name }, ctx) => {
    const query = filtered ? { name } : {};
    const found = await theOne(
      ctx,
      `${noun} "${name}"`,
      () => ctx.client.list(at, query),
      (e) => e.name === name,
    );
    return { id: found.id, name };
  });
}

const getFlow = invoke<{ name: string; type?: string }, GenesysClient>(async ({ name, type }, ctx) => {
  const lower = type?.toLowerCase();
  const what = `Flow "${name}"${type ? ` of type ${type}` : ""}`;
  const wanted = (e: Entity) => e.name === name && (!lower || String(e.type).toLowerCase() === lower);
  const found = await theOne(ctx, what, () => ctx.client.list("/api/v2/flows", { name, type: lower }), wanted);
  return { id: found.id, name, type: type ?? String(found.type).toUpperCase() };
});

const getOutboundRoute = invoke<{ name: string; siteId?: string }, GenesysClient>(async ({ name, siteId }, ctx) => {
  async function* routes(): AsyncGenerator<Match> {
    const sites: string[] = [];
    if (siteId) sites.push(siteId);
    else for await (const s of ctx.client.list(SITES)) if (s.id) sites.push(s.id);
    for (const site of sites)
      for await (const r of ctx.client.list(path`/api/v2/telephony/providers/edges/sites/${site}/outboundroutes`))
        yield { ...r, siteId: site };
  }
  const found = await theOne(
    ctx,
    `Outbound route "${name}"${siteId ? ` of site ${siteId}` : ""}`,
    routes,
    (e) => e.name === name,
  );
  return { id: `${found.siteId}:${found.id}`, name, routeId: found.id, siteId: found.siteId };
});

const getDidPool = invoke<{ startPhoneNumber: string; endPhoneNumber: string }, GenesysClient>(async (args, ctx) => {
  const { startPhoneNumber, endPhoneNumber } = args;
  const wanted = (e: Entity) => e.startPhoneNumber === startPhoneNumber && e.endPhoneNumber === endPhoneNumber;
  const found = await theOne(
    ctx,
    `DID pool ${startPhoneNumber} to ${endPhoneNumber}`,
    () => ctx.client.list("/api/v2/telephony/providers/edges/didpools"),
    wanted,
  );
  return { id: found.id, startPhoneNumber, endPhoneNumber };
});

const getAuthDivisionHome = invoke<object, GenesysClient>(async (_args, { client }) => {
  const d = await client.http.json<Entity>("GET", "/api/v2/authorization/divisions/home");
  return strip({ id: d.id, name: d.name, description: d.description ?? "" });
});

const getOrganizationsMe = invoke<object, GenesysClient>(async (_args, { client }) => {
  const o = await client.http.json<Entity>("GET", "/api/v2/organizations/me");
  return strip({
    id: o.id,
    name: o.name,
    defaultCountryCode: o.defaultCountryCode,
    defaultLanguage: o.defaultLanguage,
    defaultSiteId: o.defaultSiteId,
    domain: o.domain,
    productPlatform: o.productPlatform,
    supportUri: o.supportURI,
    thirdPartyOrgName: o.thirdPartyOrgName,
    voicemailEnabled: o.voicemailEnabled,
  });
});

/** Data sources, by token. All look exact names up; none changes anything. */
export const lookups: Record<string, Invoke> = {
  getTelephonyProvidersEdgesTrunkbasesettings: byName(
    "Trunk base settings",
    "/api/v2/telephony/providers/edges/trunkbasesettings",
    false,
  ),
  getTelephonyProvidersEdgesSite: byName("Site", SITES, true),
  getTelephonyProvidersEdgesSiteOutboundRoute: getOutboundRoute,
  getTelephonyProvidersEdgesDidPool: getDidPool,
  getArchitectIvr: byName("IVR", "/api/v2/architect/ivrs", true),
  getFlow,
  getArchitectDatatable: byName("Data table", "/api/v2/flows/datatables", true),
  getRoutingQueue: byName("Queue", "/api/v2/routing/queues", true),
  getLocation: byName("Location", "/api/v2/locations", false),
  getAuthDivisionHome,
  getOrganizationsMe,
};
