/** Sites, their number plans, outbound routes and locations. */

import { type Body, Collection, type Entity, type Ref, refId, type StoreContext } from "./collection";
import { badRequest, conflict, notFound } from "./errors";
import { defaultPlans, listsNumber, matchPlans, type NumberPlan, type PlanMatch, replacePlans } from "./number-plans";

export interface Site extends Entity {
  managed: boolean;
  mediaModel: "Premises" | "Cloud";
  mediaRegions: string[];
  mediaRegionsUseLatencyBased: boolean;
  callerId: string;
  callerName: string;
  location: Ref;
  primarySites: Ref[];
  secondarySites: Ref[];
}

export interface OutboundRoute extends Entity {
  classificationTypes: string[];
  enabled: boolean;
  distribution: "SEQUENTIAL" | "RANDOM";
  externalTrunkBases: Ref[];
}

export interface Location extends Entity {
  address: {
    city: string;
    country: string;
    countryName: string;
    state: string;
    street1: string;
    street2: string;
    zipcode: string;
  };
  addressVerified: boolean;
  path: string[];
  notes: string;
  emergencyNumber?: { e164: string; number: string; type: string };
}

export const DEFAULT_ROUTE_NAME = "Default Outbound Route";

/** Sites with their number plans and outbound routes, and locations. */
export class Sites {
  readonly sites: Collection<Site>;
  readonly locations: Collection<Location>;
  private readonly plans = new Map<string, NumberPlan[]>();
  private readonly routes = new Map<string, Collection<OutboundRoute>>();
  /** The organisation's default site. */
  defaultSiteId = "";

  /** `countryCode` without plus, for the National and International plans. */
  constructor(
    private readonly context: StoreContext,
    private readonly countryCode: string,
    private readonly mediaRegions: string[],
  ) {
    this.sites = new Collection<Site>(context, {
      what: "site",
      path: "/api/v2/telephony/providers/edges/sites",
      uniqueNames: true,
    });
    this.locations = new Collection<Location>(context, {
      what: "location",
      path: "/api/v2/locations",
      uniqueNames: true,
    });
  }

  /** A new site comes with the default number plans and an (empty) default outbound route, as in Genesys Cloud. */
  create(body: Body): Site {
    this.sites.checkName(body.name, null);
    if (body.mediaModel !== "Cloud" && body.mediaModel !== "Premises")
      throw badRequest("mediaModel must be Cloud or Premises.");
    return this.add({ ...this.read(body), name: body.name, mediaModel: body.mediaModel, managed: false });
  }

  /** Seeding and `create` end here. */
  add(fields: Omit<Site, keyof Entity> & { name: string }): Site {
    const site = this.sites.create(fields);
    const newId = () => this.context.newId();
    this.plans.set(site.id, defaultPlans(this.countryCode, newId));
    const path = `/api/v2/telephony/providers/edges/sites/${site.id}/outboundroutes`;
    const routes = new Collection<OutboundRoute>(this.context, { what: "outbound route", path, uniqueNames: true });
    this.routes.set(site.id, routes);
    routes.create({
      name: DEFAULT_ROUTE_NAME,
      classificationTypes: ["National", "International"],
      enabled: true,
      distribution: "SEQUENTIAL",
      externalTrunkBases: [],
    });
    return site;
  }

  update(id: string, body: Body): Site {
    const old = this.editable(id);
    if (body.mediaModel !== undefined && body.mediaModel !== old.mediaModel)
      throw badRequest("The media model of a site cannot be changed.");
    const name = body.name === undefined ? old.name : String(body.name);
    return this.sites.update(id, { ...this.read({ location: old.location, ...body }), name }, body.version);
  }

  /** @throws ApiError 409 while a trunk comes in on the site (`users`) or it is the default site. */
  remove(id: string, users: string[]): void {
    const site = this.editable(id);
    if (users.length > 0) throw conflict(`The site '${site.name}' is in use by ${users.join(", ")}.`, "site.in.use");
    if (id === this.defaultSiteId)
      throw conflict(`The site '${site.name}' is the default site of the organization.`, "site.is.default");
    this.sites.remove(id);
    this.plans.delete(id);
    this.routes.delete(id);
  }

  numberPlans(siteId: string): NumberPlan[] {
    this.sites.get(siteId);
    return this.plans.get(siteId) ?? [];
  }

  setNumberPlans(siteId: string, body: unknown): NumberPlan[] {
    this.editable(siteId);
    const plans = replacePlans(this.numberPlans(siteId), body, () => this.context.newId());
    this.plans.set(siteId, plans);
    return plans;
  }

  routesOf(siteId: string): Collection<OutboundRoute> {
    this.sites.get(siteId);
    return this.routes.get(siteId) as Collection<OutboundRoute>;
  }

  createRoute(siteId: string, body: Body, trunks: (id: string) => Ref | undefined): OutboundRoute {
    this.editable(siteId);
    const routes: Collection<OutboundRoute> = this.routesOf(siteId);
    routes.checkName(body.name, null);
    return routes.create({ ...this.readRoute(siteId, null, body, trunks), name: body.name });
  }

  /** A PUT needs no version (facts 1.6); one that is given must be current. */
  updateRoute(siteId: string, routeId: string, body: Body, trunks: (id: string) => Ref | undefined): OutboundRoute {
    this.editable(siteId);
    const routes = this.routesOf(siteId);
    const old = routes.get(routeId);
    const name = body.name === undefined ? old.name : String(body.name);
    return routes.update(routeId, { ...this.readRoute(siteId, old, body, trunks), name }, body.version);
  }

  removeRoute(siteId: string, routeId: string): void {
    this.editable(siteId);
    this.routesOf(siteId).remove(routeId);
  }

  allRoutes(): { site: Site; route: OutboundRoute }[] {
    return this.sites.all().flatMap((site) =>
      this.routesOf(site.id)
        .all()
        .map((route) => ({ site, route })),
    );
  }

  /** Names of sites whose routes use a trunk base. */
  usersOfTrunk(trunkBaseId: string): string[] {
    return this.allRoutes()
      .filter(({ route }) => route.externalTrunkBases.some((t) => t.id === trunkBaseId))
      .map(({ site, route }) => `outbound route '${route.name}' of site '${site.name}'`);
  }

  /** By name or id; null means a call that a flow makes: the site that lists the number, else the default site. */
  siteFor(site: string | null, dialled: string): Site | undefined {
    if (site !== null) return this.sites.find(site) ?? this.sites.named(site);
    const listing = this.sites.all().find((s) => this.numberPlans(s.id).some((plan) => listsNumber(plan, dialled)));
    return listing ?? this.sites.find(this.defaultSiteId);
  }

  /** The number plan and the enabled route that a dialled number takes at a site. */
  routeFor(siteId: string, dialled: string): { match: PlanMatch; route: OutboundRoute | null } | null {
    const match = matchPlans(this.numberPlans(siteId), dialled);
    if (!match) return null;
    const route = this.routesOf(siteId)
      .all()
      .find((r) => r.enabled && r.classificationTypes.includes(match.plan.classification));
    return { match, route: route ?? null };
  }

  createLocation(body: Body): Location {
    this.locations.checkName(body.name, null);
    const address = {
      city: "",
      country: "",
      countryName: "",
      state: "",
      street1: "",
      street2: "",
      zipcode: "",
      ...(body.address as object),
    };
    return this.locations.create({
      name: body.name,
      address,
      addressVerified: true,
      path: Array.isArray(body.path) ? (body.path as string[]) : [],
      notes: typeof body.notes === "string" ? body.notes : "",
      ...(body.emergencyNumber
        ? { emergencyNumber: body.emergencyNumber as NonNullable<Location["emergencyNumber"]> }
        : {}),
    });
  }

  private editable(id: string): Site {
    const site = this.sites.get(id);
    if (site.managed)
      throw badRequest(`The site '${site.name}' is managed by Genesys Cloud and cannot be changed.`, "object.managed");
    return site;
  }

  private read(body: Body): Omit<Site, keyof Entity | "managed" | "mediaModel"> & { description?: string } {
    const locationId = refId(body.location, "location");
    const location = locationId === undefined ? undefined : this.locations.find(locationId);
    if (!location) throw badRequest(`The location ${String(locationId)} was not found.`);
    const regions = Array.isArray(body.mediaRegions) ? (body.mediaRegions as string[]) : [];
    const unknown = regions.find((region) => !this.mediaRegions.includes(region));
    if (unknown !== undefined) throw badRequest(`Unknown media region '${unknown}'.`);
    return {
      location: { id: location.id, name: location.name },
      mediaRegions: regions,
      mediaRegionsUseLatencyBased: body.mediaRegionsUseLatencyBased === true,
      callerId: typeof body.callerId === "string" ? body.callerId : "",
      callerName: typeof body.callerName === "string" ? body.callerName : "",
      primarySites: this.siteRefs(body.primarySites),
      secondarySites: this.siteRefs(body.secondarySites),
      ...(typeof body.description === "string" ? { description: body.description } : {}),
    };
  }

  private siteRefs(value: unknown): Ref[] {
    return (Array.isArray(value) ? value : []).map((entry) => {
      const id = refId(entry, "site") as string;
      const site = this.sites.find(id);
      if (!site) throw notFound("site", id);
      return { id, name: site.name };
    });
  }

  private readRoute(
    siteId: string,
    old: OutboundRoute | null,
    body: Body,
    trunks: (id: string) => Ref | undefined,
  ): Omit<OutboundRoute, keyof Entity> & { description?: string } {
    const classificationTypes = (body.classificationTypes ?? old?.classificationTypes) as string[] | undefined;
    if (!Array.isArray(classificationTypes) || classificationTypes.length === 0)
      throw badRequest("An outbound route must have classificationTypes.");
    const known = new Set(this.numberPlans(siteId).map((plan) => plan.classification));
    for (const type of classificationTypes) {
      if (!known.has(type)) throw badRequest(`No number plan of the site has the classification '${type}'.`);
      const holder = this.routesOf(siteId)
        .all()
        .find((r) => r.id !== old?.id && r.classificationTypes.includes(type));
      if (holder)
        throw conflict(
          `The classification '${type}' is already in the outbound route '${holder.name}'.`,
          "classification.in.use",
        );
    }
    const distribution = body.distribution ?? old?.distribution ?? "SEQUENTIAL";
    if (distribution !== "SEQUENTIAL" && distribution !== "RANDOM")
      throw badRequest(`Unknown distribution '${String(distribution)}'.`);
    const bases =
      body.externalTrunkBases === undefined ? (old?.externalTrunkBases ?? []) : (body.externalTrunkBases as unknown[]);
    return {
      classificationTypes: [...classificationTypes],
      enabled: body.enabled === undefined ? (old?.enabled ?? false) : body.enabled === true,
      distribution,
      externalTrunkBases: bases.map((entry) => {
        const id = refId(entry, "externalTrunkBase") as string;
        const found = trunks(id);
        if (!found) throw badRequest(`The trunk base settings ${id} were not found.`);
        return found;
      }),
      ...(typeof body.description === "string" ? { description: body.description } : {}),
    };
  }
}
