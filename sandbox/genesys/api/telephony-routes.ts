/** Edge API: trunk base settings, trunks, sites, number plans, outbound routes, DID pools. */

import type { GenesysStore } from "../store";
import { ApiError, badRequest, notFound } from "../store/errors";
import { rangeOf } from "../store/numbers";
import { METABASES, withTemplate } from "../store/trunk-settings";
import type { TrunkBase } from "../store/trunks";
import { type ApiRequest, byName, page, type Routes } from "./routing";

const ALL = "telephony:plugin:all";
const EDGES = "/telephony/providers/edges";

/** Trunks, sites, outbound routes and DID pools. */
export function telephonyRoutes(routes: Routes): void {
  trunkBaseRoutes(routes);
  trunkRoutes(routes);
  siteRoutes(routes);
  outboundRoutes(routes);
  didRoutes(routes);
}

function trunkBaseRoutes(routes: Routes): void {
  const path = `${EDGES}/trunkbasesettings`;
  routes.get(path, ALL, (r) => {
    const managed = r.query.get("managed");
    const list = r.store.trunks.bases.all().filter((base) => managed === null || String(base.managed) === managed);
    const expanded = r.query.getAll("expand").includes("properties");
    return page(r, byName(r.query, list), (base: TrunkBase) => (expanded ? shown(r, base) : brief(base)));
  });
  routes.post(path, ALL, (r) => {
    if (isByocTrunk(r.body) && !r.store.products.includes("byoc"))
      throw new ApiError(403, "not.authorized", "The organisation has no BYOC Cloud licence.");
    return r.store.trunks.create(r.body);
  });
  routes.get(`${path}/template`, ALL, (r) => template(r.query.get("trunkMetabaseId")));
  routes.get(`${path}/availablemetabases`, ALL, (r) =>
    page(
      r,
      [...METABASES.keys()].map((id) => ({ id, name: id, type: "EXTERNAL" })),
    ),
  );
  routes.get(`${path}/{id}`, ALL, (r) => shown(r, r.store.trunks.bases.get(r.params.id as string)));
  routes.put(`${path}/{id}`, ALL, (r) => r.store.trunks.update(r.params.id as string, r.body));
  routes.delete(`${path}/{id}`, ALL, (r) =>
    r.store.trunks.remove(r.params.id as string, r.store.sites.usersOfTrunk(r.params.id as string)),
  );
}

/** A listing leaves the properties out unless `expand=properties` asks for them (public SDKs: the parameter's one value). */
function brief({ properties: _, ...rest }: TrunkBase): Omit<TrunkBase, "properties"> {
  return rest;
}

/** Settings of a trunk that Genesys manages are shown to nobody without `managed:all:all` (public SDKs, the listing's own description). */
const shown = ({ store, client }: ApiRequest, base: TrunkBase) =>
  base.managed && !store.access.allows(client, "managed:all:all") ? brief(base) : base;

const isByocTrunk = (body: { trunkMetabase?: { id?: unknown } }): boolean =>
  String(body.trunkMetabase?.id ?? "").startsWith("external_sip_pcv_byoc");

function template(metabase: string | null): unknown {
  if (metabase === null) throw badRequest("The query parameter trunkMetabaseId is required.");
  if (!METABASES.has(metabase)) throw notFound("trunk metabase", metabase);
  return {
    name: "",
    trunkMetabase: { id: metabase, name: metabase },
    trunkType: "EXTERNAL",
    managed: false,
    properties: withTemplate(metabase, {}),
  };
}

/** The trunk that stands for a base; its id is the base's with the first group reversed, so that it is stable and of its own. */
function trunkId(baseId: string): string {
  return `${[...baseId.slice(0, 8)].reverse().join("")}${baseId.slice(8)}`;
}

function showTrunk(store: GenesysStore, base: TrunkBase): Record<string, unknown> {
  const settings = store.trunks.settingsOf(base);
  const options = store.records.optionsOf(base.id);
  const id = trunkId(base.id);
  return {
    id,
    name: base.name,
    state: "active",
    version: base.version,
    trunkType: base.trunkType,
    trunkBase: { id: base.id, name: base.name },
    trunkMetabase: base.trunkMetabase,
    inService: settings.enabled,
    enabled: settings.enabled,
    connectedStatus: { connected: settings.enabled && options.every((o) => o.optionState) },
    optionsEnabledStatus: settings.kind === "byoc" ? "ENABLED" : "NOT_SUPPORTED",
    optionsStatus: options.map((o) => ({
      proxyAddress: o.proxyAddress,
      optionState: o.optionState,
      optionStateTime: o.optionStateTime.toISOString(),
      ...(o.errorCode ? { errorInfo: { code: o.errorCode, text: o.errorCode } } : {}),
    })),
    registersEnabledStatus: "DISABLED",
    registersStatus: [],
    proxyAddressList: settings.proxies.map((p) => `${p.host}:${p.port}`),
    selfUri: `/api/v2${EDGES}/trunks/${id}`,
  };
}

function trunkRoutes(routes: Routes): void {
  const byTrunkId = (store: GenesysStore, id: string): TrunkBase => {
    const base = store.trunks.bases.all().find((b) => trunkId(b.id) === id);
    if (!base) throw notFound("trunk", id);
    return base;
  };
  const metrics = (store: GenesysStore, base: TrunkBase) => {
    const { inbound, outbound } = store.records.activeOn(base.id);
    return {
      eventTime: store.clock.now().toISOString(),
      trunk: { id: trunkId(base.id), name: base.name },
      calls: { inboundCallCount: inbound, outboundCallCount: outbound },
      qos: { mismatchCount: 0 },
    };
  };
  routes.get(`${EDGES}/trunks`, ALL, (r) => {
    const baseId = r.query.get("trunkBase.id") ?? r.query.get("trunkBaseId");
    const type = r.query.get("trunkType");
    const bases = r.store.trunks.bases
      .all()
      .filter((b) => (baseId === null || b.id === baseId) && (type === null || b.trunkType === type));
    return page(r, bases, (base: TrunkBase) => showTrunk(r.store, base));
  });
  routes.get(`${EDGES}/trunks/metrics`, ALL, (r) => {
    const ids = r.query.get("trunkIds");
    if (!ids) throw badRequest("The query parameter trunkIds is required.");
    return ids.split(",").map((id) => metrics(r.store, byTrunkId(r.store, id)));
  });
  routes.get(`${EDGES}/trunks/{id}`, ALL, (r) => showTrunk(r.store, byTrunkId(r.store, r.params.id as string)));
  routes.get(`${EDGES}/trunks/{id}/metrics`, ALL, (r) => metrics(r.store, byTrunkId(r.store, r.params.id as string)));
}

function siteRoutes(routes: Routes): void {
  const path = `${EDGES}/sites`;
  routes.get(path, ALL, (r) => {
    const managed = r.query.get("managed");
    return page(
      r,
      byName(r.query, r.store.sites.sites.all()).filter((s) => managed === null || String(s.managed) === managed),
    );
  });
  routes.post(path, ALL, (r) => r.store.sites.create(r.body));
  routes.get(`${path}/{id}`, ALL, (r) => r.store.sites.sites.get(r.params.id as string));
  routes.put(`${path}/{id}`, ALL, (r) => r.store.sites.update(r.params.id as string, r.body));
  routes.delete(`${path}/{id}`, ALL, (r) => {
    const id = r.params.id as string;
    const users = r.store.trunks.bases.all().filter((b) => b.inboundSite?.id === id || b.site?.id === id);
    r.store.sites.remove(
      id,
      users.map((b) => `trunk '${b.name}'`),
    );
  });
  routes.get(`${path}/{id}/numberplans`, ALL, (r) => r.store.sites.numberPlans(r.params.id as string));
  routes.put(`${path}/{id}/numberplans`, ALL, (r) => r.store.sites.setNumberPlans(r.params.id as string, r.body));
  routes.get(`${path}/{id}/numberplans/classifications`, ALL, (r) => [
    ...new Set(r.store.sites.numberPlans(r.params.id as string).map((p) => p.classification)),
  ]);
  routes.get(`${path}/{id}/numberplans/{planId}`, ALL, (r) => {
    const plan = r.store.sites.numberPlans(r.params.id as string).find((p) => p.id === r.params.planId);
    if (!plan) throw notFound("number plan", r.params.planId as string);
    return plan;
  });
}

function outboundRoutes(routes: Routes): void {
  const path = `${EDGES}/sites/{siteId}/outboundroutes`;
  const trunks = (store: GenesysStore) => (id: string) => {
    const base = store.trunks.bases.find(id);
    return base && { id: base.id, name: base.name };
  };
  routes.get(path, ALL, (r) => page(r, byName(r.query, r.store.sites.routesOf(r.params.siteId as string).all())));
  routes.post(path, ALL, (r) => r.store.sites.createRoute(r.params.siteId as string, r.body, trunks(r.store)));
  routes.get(`${path}/{id}`, ALL, (r) => r.store.sites.routesOf(r.params.siteId as string).get(r.params.id as string));
  routes.put(`${path}/{id}`, ALL, (r) =>
    r.store.sites.updateRoute(r.params.siteId as string, r.params.id as string, r.body, trunks(r.store)),
  );
  routes.delete(`${path}/{id}`, ALL, (r) =>
    r.store.sites.removeRoute(r.params.siteId as string, r.params.id as string),
  );
  routes.get(`${EDGES}/outboundroutes`, ALL, (r) => {
    const site = r.query.get("site.id");
    const trunkIds = r.query.get("externalTrunkBases.ids")?.split(",");
    const found = r.store.sites
      .allRoutes()
      .filter((one) => site === null || one.site.id === site)
      .filter(({ route }) => !trunkIds || route.externalTrunkBases.some((t) => trunkIds.includes(t.id)));
    return page(
      r,
      found.map(({ site: { id, name }, route }) => ({ ...route, site: { id, name } })),
    );
  });
}

function didRoutes(routes: Routes): void {
  const path = `${EDGES}/didpools`;
  routes.get(path, ALL, (r) => {
    const ids = r.query.getAll("id").flatMap((id) => id.split(","));
    return page(
      r,
      r.store.numbers.ordered().filter((pool) => ids.length === 0 || ids.includes(pool.id)),
    );
  });
  routes.post(path, ALL, (r) => r.store.numbers.create(r.body));
  routes.get(`${path}/dids`, ALL, (r) => page(r, didNumbers(r.store, r.query)));
  routes.get(`${path}/{id}`, ALL, (r) => r.store.numbers.pools.get(r.params.id as string));
  routes.put(`${path}/{id}`, ALL, (r) => r.store.numbers.update(r.params.id as string, r.body));
  routes.delete(`${path}/{id}`, ALL, (r) => r.store.numbers.remove(r.params.id as string));
  routes.get(`${EDGES}/dids`, ALL, (r) => page(r, dids(r.store, r.query)));
}

const didUri = (number: string) => `/api/v2${EDGES}/dids/${encodeURIComponent(number)}`;

/** Every number of the pools; `type` is required, `id` picks pools, `numberMatch` a part of the number. */
function didNumbers(store: GenesysStore, query: URLSearchParams): unknown[] {
  const type = query.get("type");
  if (type !== "ASSIGNED_AND_UNASSIGNED" && type !== "UNASSIGNED" && type !== "ASSIGNED")
    throw badRequest("The query parameter type must be ASSIGNED_AND_UNASSIGNED, ASSIGNED or UNASSIGNED.");
  const ids = query.getAll("id").flatMap((id) => id.split(","));
  const part = query.get("numberMatch");
  const found: unknown[] = [];
  for (const pool of store.numbers.ordered()) {
    if (ids.length > 0 && !ids.includes(pool.id)) continue;
    const { from, to } = rangeOf(pool);
    for (let n = Number(from.slice(1)); n <= Number(to.slice(1)); n++) {
      const number = `+${n}`;
      const owner = store.numbers.owner.get(number);
      if ((type === "ASSIGNED" && !owner) || (type === "UNASSIGNED" && owner) || (part && !number.includes(part)))
        continue;
      const owned = owner
        ? { owner: { id: owner, name: store.ivrs.ivrs.get(owner).name }, ownerType: "IVR_CONFIG" }
        : {};
      found.push({ number, assigned: owner !== undefined, didPool: { id: pool.id }, ...owned });
    }
  }
  return found;
}

/** DID objects exist for assigned numbers only. */
function dids(store: GenesysStore, query: URLSearchParams): unknown[] {
  const number = query.get("phoneNumber");
  const owner = query.get("owner.id");
  const poolId = query.get("didPool.id");
  const candidates =
    number === null ? [...store.numbers.owner] : [...store.numbers.owner].filter(([n]) => n === number);
  return candidates.flatMap(([phoneNumber, ownerId]) => {
    const pool = store.numbers.poolOf(phoneNumber);
    if (!pool || (owner !== null && ownerId !== owner) || (poolId !== null && pool.id !== poolId)) return [];
    return {
      id: phoneNumber,
      name: phoneNumber,
      state: "active",
      phoneNumber,
      didPool: { id: pool.id, name: pool.name },
      owner: { id: ownerId, name: store.ivrs.ivrs.get(ownerId).name },
      ownerType: "IVR_CONFIG",
      selfUri: didUri(phoneNumber),
    };
  });
}
