/** Organisation, rights, OAuth clients, locations and other small lists. */

import { type OAuthClient, PERMISSION_CATALOGUE } from "../store/access";
import { ApiError, badRequest, notFound } from "../store/errors";
import type { GenesysStore } from "../store";
import { type ApiRequest, byName, page, type Routes } from "./routing";

const id = (r: ApiRequest): string => r.params.id as string;

/** Organisation, roles, OAuth clients and locations. */
export function accessRoutes(routes: Routes): void {
  organisationRoutes(routes);
  authorizationRoutes(routes);
  oauthRoutes(routes);
  locationRoutes(routes);
}

function showOrganisation(store: GenesysStore): Record<string, unknown> {
  const { organisation } = store;
  return {
    id: organisation.id,
    name: organisation.name,
    defaultLanguage: "en-US",
    defaultCountryCode: organisation.defaultCountryCode,
    thirdPartyOrgName: organisation.name,
    domain: organisation.domain,
    version: organisation.version,
    state: "active",
    defaultSiteId: store.sites.defaultSiteId,
    voicemailEnabled: false,
    productPlatform: "PureCloud",
    features: { purecloudVoice: true, purecloud: true },
    selfUri: "/api/v2/organizations/me",
  };
}

function organisationRoutes(routes: Routes): void {
  routes.get("/organizations/me", null, (r) => showOrganisation(r.store));
  routes.put("/organizations/me", "directory:organization:admin", (r) => {
    const { organisation, sites } = r.store;
    if (r.body.version !== undefined && r.body.version !== organisation.version)
      throw new ApiError(
        409,
        "version.mismatch",
        `The version ${String(r.body.version)} does not match the current version ${organisation.version}.`,
      );
    const site = r.body.defaultSiteId;
    if (typeof site === "string") sites.defaultSiteId = sites.sites.get(site).id;
    organisation.version++;
    return showOrganisation(r.store);
  });
  routes.get("/telephony/mediaregions", null, (r) => ({
    awsHomeRegion: r.store.organisation.region,
    awsCoreRegions: [r.store.organisation.region],
    awsSatelliteRegions: [],
  }));
  // Real answers list no SIP or BYOC service: those addresses must be data of the plan.
  routes.get("/ipranges", null, (r) => ({
    entities: ["data-actions", "email", "audiohook"].map((service, i) => ({
      service,
      region: r.store.organisation.region,
      direction: "outbound",
      cidr: `192.0.2.${i * 8}/29`,
    })),
  }));
  routes.get("/telephony/calls/metrics", null, (r) => {
    const concurrentCallCount = r.store.records.inProgress;
    const maxCallCapacity = r.store.callCapacity;
    return { concurrentCallCount, maxCallCapacity, usage: Math.round((concurrentCallCount / maxCallCapacity) * 100) };
  });
}

function authorizationRoutes(routes: Routes): void {
  routes.get("/authorization/products", null, (r) => ({
    total: r.store.products.length,
    entities: r.store.products.map((product) => ({ id: product })),
  }));
  const division = (r: ApiRequest) => ({
    ...r.store.division,
    description: "",
    homeDivision: true,
    selfUri: `/api/v2/authorization/divisions/${r.store.division.id}`,
  });
  routes.get("/authorization/divisions/home", null, division);
  routes.get("/authorization/divisions", null, (r) => page(r, byName(r.query, [division(r) as { name: string }])));
  routes.get("/authorization/divisions/{id}", null, (r) => {
    if (id(r) !== r.store.division.id) throw notFound("division", id(r));
    return division(r);
  });
  routes.get("/authorization/permissions", "authorization:role:view", (r) => {
    const domains = Object.entries(PERMISSION_CATALOGUE).map(([domain, entities]) => ({
      domain,
      permissionMap: Object.fromEntries(
        Object.entries(entities).map(([entityType, actions]) => [
          entityType,
          actions.map((action) => ({ domain, entityType, action, label: action })),
        ]),
      ),
    }));
    return page(r, domains);
  });
  routes.get("/authorization/roles", "authorization:role:view", (r) =>
    page(r, byName(r.query, r.store.access.roles.all())),
  );
  routes.post("/authorization/roles", "authorization:role:add", (r) => r.store.access.createRole(r.body));
  routes.get("/authorization/roles/{id}", "authorization:role:view", (r) => r.store.access.roles.get(id(r)));
  routes.put("/authorization/roles/{id}", "authorization:role:edit", (r) => r.store.access.updateRole(id(r), r.body));
  routes.delete("/authorization/roles/{id}", "authorization:role:delete", (r) => r.store.access.removeRole(id(r)));
  routes.get("/authorization/subjects/me", null, (r) => ({
    id: r.client.id,
    name: r.client.name,
    version: r.client.version,
    grants: r.client.roleIds.flatMap((roleId) => {
      const role = r.store.access.roles.find(roleId);
      if (!role) return [];
      const policies = role.permissionPolicies.map((p) => ({
        domain: p.domain,
        entityName: p.entityName,
        actions: p.actionSet,
      }));
      return {
        subjectId: r.client.id,
        division: { ...r.store.division, description: "" },
        role: { id: role.id, name: role.name, policies },
        grantMadeAt: r.client.dateCreated,
      };
    }),
  }));
}

function oauthRoutes(routes: Routes): void {
  // The secret is shown once, when the client is made.
  const show = ({ secret: _secret, ...client }: OAuthClient) => client;
  routes.get("/oauth/clients", "oauth:client:view", (r) => page(r, r.store.access.clients.all(), show));
  routes.post("/oauth/clients", "oauth:client:add", (r) => r.store.access.createClient(r.body));
  routes.get("/oauth/clients/{id}", "oauth:client:view", (r) => show(r.store.access.clients.get(id(r))));
  routes.put("/oauth/clients/{id}", "oauth:client:edit", (r) => show(r.store.access.updateClient(id(r), r.body)));
  routes.delete("/oauth/clients/{id}", "oauth:client:delete", (r) => r.store.access.removeClient(id(r)));
  routes.get("/tokens/me", null, (r) => {
    const { id: orgId, name } = r.store.organisation;
    return {
      organization: { id: orgId, name },
      homeOrganization: { id: orgId, name },
      authorizedScope: r.client.scope,
      OAuthClient: {
        id: r.client.id,
        name: r.client.name,
        authorizedGrantType: r.client.authorizedGrantType,
        organization: { id: orgId, name },
      },
    };
  });
  routes.get("/users/me", null, () => {
    throw badRequest(
      "This request requires a user context. Client credentials cannot be used for requests to this resource.",
      "not.a.user",
    );
  });
  const grants = (r: ApiRequest) => {
    const client = r.store.access.clients.get(id(r));
    return {
      roles: client.roleIds.map((roleId) => ({ id: roleId, name: r.store.access.roles.find(roleId)?.name })),
      permissions: [],
      permissionPolicies: [],
    };
  };
  routes.get("/users/{id}/roles", "authorization:grant:view", grants);
  routes.put("/users/{id}/roles", "authorization:grant:add", (r) => {
    if (!Array.isArray(r.body)) throw badRequest("The body must be a list of role ids.");
    r.store.access.updateClient(id(r), { roleIds: r.body as string[], roleDivisions: [] });
    return grants(r);
  });
}

function locationRoutes(routes: Routes): void {
  routes.get("/locations", null, (r) => page(r, byName(r.query, r.store.sites.locations.all())));
  routes.post("/locations", "directory:location:add", (r) => r.store.sites.createLocation(r.body));
  routes.post(
    "/locations/search",
    null,
    (r) => {
      const query = (r.body.query as { fields?: string[]; value?: string; type?: string }[] | undefined) ?? [];
      const fits = (location: { id: string; name: string }) =>
        query.every((q) => (q.fields ?? []).some((field) => matches(field === "id" ? location.id : location.name, q)));
      const results = r.store.sites.locations.all().filter(fits);
      return { total: results.length, pageCount: 1, pageSize: 100, pageNumber: 1, types: ["locations"], results };
    },
    { reads: true },
  );
  routes.get("/locations/{id}", null, (r) => r.store.sites.locations.get(id(r)));
  routes.patch("/locations/{id}", "directory:location:edit", (r) => {
    const { notes, name } = r.body;
    const fields = { ...(typeof notes === "string" ? { notes } : {}), ...(typeof name === "string" ? { name } : {}) };
    return r.store.sites.locations.update(id(r), fields, r.body.version);
  });
  routes.delete("/locations/{id}", "directory:location:delete", (r) => {
    const user = r.store.sites.sites.all().find((site) => site.location.id === id(r));
    if (user) throw new ApiError(409, "location.in.use", `The location is used by the site '${user.name}'.`);
    r.store.sites.locations.remove(id(r));
  });
}

function matches(text: string, q: { value?: string; type?: string }): boolean {
  const value = (q.value ?? "").toLowerCase();
  const own = text.toLowerCase();
  return q.type === "CONTAINS" ? own.includes(value) : q.type === "STARTS_WITH" ? own.startsWith(value) : own === value;
}
