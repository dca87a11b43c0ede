import type { PropertySpec } from "../lib/provider";
import type { Entity, GenesysClient } from "./client";
import { entityResource, idOf, ref, strip } from "./entity";

interface Operand {
  type: string;
  value?: string;
  queueId?: string;
  userId?: string;
}
interface Policy {
  domain: string;
  entityName: string;
  actionSets: string[];
  conditions?: { conjunction: string; terms: { variableName: string; operator: string; operands: Operand[] }[] };
}
export interface AuthRoleInputs {
  name: string;
  description?: string;
  defaultRoleId?: string;
  permissions?: string[];
  permissionPolicies?: Policy[];
}

const text: PropertySpec = { type: "string" };
const needed: PropertySpec = { type: "string", required: true };
const operand: PropertySpec = {
  type: "object",
  properties: {
    type: { ...needed, enum: ["USER", "QUEUE", "SCALAR", "VARIABLE"] },
    value: text,
    queueId: text,
    userId: text,
  },
};
const term: PropertySpec = {
  type: "object",
  properties: {
    variableName: needed,
    operator: { ...needed, enum: ["EQ", "IN", "GE", "GT", "LE", "LT"] },
    operands: { type: "array", required: true, set: true, items: operand },
  },
};
const policy: PropertySpec = {
  type: "object",
  properties: {
    domain: needed,
    entityName: needed,
    actionSets: { type: "array", required: true, set: true, minItems: 1, items: text },
    conditions: {
      type: "object",
      properties: {
        conjunction: { ...needed, enum: ["AND", "OR"] },
        terms: { type: "array", required: true, set: true, items: term },
      },
    },
  },
};

/** A role: what its bearers may do. */
export const authRole = entityResource<AuthRoleInputs>({
  noun: "role",
  path: "/api/v2/authorization/roles",
  inputs: {
    name: needed,
    description: { type: "string", default: "" },
    defaultRoleId: { type: "string", frozen: "the default role a role stands for is fixed; declare another role." },
    permissions: { type: "array", set: true, items: text },
    permissionPolicies: { type: "array", set: true, items: policy },
  },
  toBody: (news, _client, current) => ({
    name: news.name,
    description: news.description ?? "",
    ...(current ? {} : { defaultRoleId: news.defaultRoleId }),
    permissions: news.permissions ?? [],
    permissionPolicies: (news.permissionPolicies ?? []).map((p) =>
      strip({
        domain: p.domain,
        entityName: p.entityName,
        actionSet: p.actionSets,
        allowConditions: p.conditions !== undefined,
        resourceConditionNode: conditionsToApi(p.conditions),
      }),
    ),
  }),
  fromApi: (e) => ({
    name: e.name,
    description: e.description,
    defaultRoleId: e.defaultRoleId,
    permissions: e.permissions,
    permissionPolicies: (e.permissionPolicies as Entity[] | undefined)?.map((p) =>
      strip({
        domain: p.domain,
        entityName: p.entityName,
        actionSets: p.actionSet,
        conditions: conditionsFromApi(p.resourceConditionNode as Entity | undefined),
      }),
    ),
  }),
});

function conditionsToApi(c: Policy["conditions"]): object | undefined {
  return (
    c && {
      conjunction: c.conjunction,
      terms: c.terms.map((t) => ({
        variableName: t.variableName,
        operator: t.operator,
        operands: t.operands.map((o) =>
          strip({ type: o.type, value: o.value, queue: ref(o.queueId), user: ref(o.userId) }),
        ),
      })),
    }
  );
}

function conditionsFromApi(c: Entity | undefined): object | undefined {
  const terms = c?.terms as Entity[] | undefined;
  if (!c || !terms?.length) return undefined;
  return {
    conjunction: c.conjunction,
    terms: terms.map((t) => ({
      variableName: t.variableName,
      operator: t.operator,
      operands: ((t.operands as Entity[]) ?? []).map((o) =>
        strip({ type: o.type, value: o.value, queueId: idOf(o.queue), userId: idOf(o.user) }),
      ),
    })),
  };
}

export interface OauthClientInputs {
  name: string;
  description?: string;
  accessTokenValiditySeconds?: number;
  authorizedGrantType: string;
  exposeClientSecret?: boolean;
  registeredRedirectUris?: string[];
  roles?: { roleId: string; divisionId?: string }[];
  scopes?: string[];
  state?: string;
}

/**
 * An OAuth client. Unlike the official provider it never adds the client's roles to the one who deploys: an API that wants
 * the deployer to hold them refuses, and a person decides.
 */
export const oauthClient = entityResource<OauthClientInputs>({
  noun: "OAuth client",
  path: "/api/v2/oauth/clients",
  inputs: {
    name: needed,
    description: { type: "string", default: "" },
    accessTokenValiditySeconds: { type: "integer", default: 86400, min: 300, max: 38_880_000 },
    authorizedGrantType: {
      ...needed,
      enum: ["CODE", "TOKEN", "SAML2BEARER", "SAML2-BEARER", "PASSWORD", "CLIENT-CREDENTIALS"],
    },
    exposeClientSecret: { type: "boolean", default: false },
    registeredRedirectUris: { type: "array", set: true, items: text },
    roles: {
      type: "array",
      set: true,
      items: { type: "object", properties: { roleId: needed, divisionId: { type: "string", computed: true } } },
    },
    scopes: { type: "array", set: true, items: text },
    state: { type: "string", default: "active", enum: ["active", "inactive"] },
  },
  outputs: { clientId: { stable: true }, clientSecret: { stable: true, secret: true } },
  toBody: async (news, client) => ({
    name: news.name,
    description: news.description ?? "",
    accessTokenValiditySeconds: news.accessTokenValiditySeconds ?? 86400,
    authorizedGrantType: news.authorizedGrantType,
    registeredRedirectUri: news.registeredRedirectUris ?? [],
    scope: news.scopes ?? [],
    state: news.state ?? "active",
    roleDivisions: await roleDivisions(client, news.roles ?? []),
  }),
  fromApi: async (e, client, olds) => ({
    name: e.name,
    description: e.description,
    accessTokenValiditySeconds: e.accessTokenValiditySeconds,
    authorizedGrantType: e.authorizedGrantType,
    registeredRedirectUris: e.registeredRedirectUri,
    scopes: e.scope,
    state: e.state,
    exposeClientSecret: olds?.exposeClientSecret,
    roles: await liveRoles(
      client,
      (e.roleDivisions as { roleId: string; divisionId?: string }[] | undefined) ?? [],
      olds?.roles,
    ),
    clientId: e.id,
  }),
  once: (made, news) => (news.exposeClientSecret && made.secret ? { clientSecret: made.secret } : {}),
});

/** A role without a division is held in the home division. */
async function roleDivisions(
  client: GenesysClient,
  roles: { roleId: string; divisionId?: string }[],
): Promise<object[]> {
  const home = roles.some((r) => !r.divisionId) ? await homeDivision(client) : undefined;
  return roles.map((r) => ({ roleId: r.roleId, divisionId: r.divisionId ?? home }));
}

/** A program that names no division sees none for a role that is held in the home division. */
async function liveRoles(
  client: GenesysClient,
  live: { roleId: string; divisionId?: string }[],
  olds: OauthClientInputs["roles"],
): Promise<object[]> {
  const implied = olds?.filter((r) => !r.divisionId).map((r) => r.roleId) ?? [];
  const home = implied.length > 0 ? await homeDivision(client) : undefined;
  return live.map((r) =>
    r.divisionId === home && implied.includes(r.roleId) ? { roleId: r.roleId } : strip({ ...r }),
  );
}

async function homeDivision(client: GenesysClient): Promise<string | undefined> {
  return (await client.http.json<Entity>("GET", "/api/v2/authorization/divisions/home")).id;
}
