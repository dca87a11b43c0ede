/** OAuth clients, tokens, roles and permissions. */

import { randomBytes } from "node:crypto";
import { type Body, Collection, clientFields, type Entity, type Ref, type StoreContext } from "./collection";
import { ApiError, badRequest } from "./errors";

export interface Policy {
  domain: string;
  entityName: string;
  actionSet: string[];
  allowConditions?: boolean;
}

export interface Role extends Entity {
  permissions: string[];
  permissionPolicies: Policy[];
  default: boolean;
  base: boolean;
  userCount: number;
}

export interface OAuthClient extends Entity {
  secret: string;
  authorizedGrantType: string;
  accessTokenValiditySeconds: number;
  roleIds: string[];
  roleDivisions: { roleId: string; divisionId: string }[];
  registeredRedirectUri: string[];
  scope: string[];
}

export interface Token {
  clientId: string;
  expiresAtMs: number;
}

/** Domain, entity and actions that exist; a role may name these and `*`. */
export const PERMISSION_CATALOGUE: Record<string, Record<string, string[]>> = {
  telephony: { plugin: ["all"], sites: ["view"], pcap: ["view"], extensionPool: ["add", "delete", "edit", "view"] },
  routing: {
    callRoute: ["add", "delete", "edit", "view"],
    emergencyGroup: ["add", "delete", "edit", "view"],
    schedule: ["add", "delete", "edit", "view"],
    scheduleGroup: ["add", "delete", "edit", "view"],
    queue: ["add", "delete", "edit", "readonly", "view"],
    queueMember: ["manage"],
  },
  architect: {
    job: ["create", "view"],
    jobExport: ["create", "view"],
    flow: ["add", "delete", "edit", "publish", "search", "unlock", "view"],
    datatable: ["add", "delete", "edit", "view"],
    datatableRow: ["add", "delete", "edit", "view"],
    userPrompt: ["add", "delete", "edit", "view"],
    dependencyTracking: ["view"],
  },
  oauth: { client: ["add", "delete", "edit", "view"] },
  authorization: {
    role: ["add", "delete", "edit", "view"],
    grant: ["add", "delete", "view"],
    division: ["add", "delete", "edit", "view"],
  },
  directory: { organization: ["admin"], location: ["add", "delete", "edit"] },
  analytics: { conversationDetail: ["view"] },
  conversation: { call: ["view"], communication: ["view"] },
};

/** `telephony:plugin:all`. */
export type Permission = string;

/** Roles, OAuth clients and tokens: who may do what. */
export class Access {
  readonly roles: Collection<Role>;
  readonly clients: Collection<OAuthClient>;
  private readonly tokens = new Map<string, Token>();
  /** Bumped on every change of roles or clients; cached rights of older numbers are void. */
  private generation = 0;
  private readonly rights = new Map<string, { generation: number; policies: Policy[] }>();

  constructor(private readonly context: StoreContext) {
    this.roles = new Collection<Role>(context, {
      what: "role",
      path: "/api/v2/authorization/roles",
      uniqueNames: true,
    });
    this.clients = new Collection<OAuthClient>(context, {
      what: "OAuth client",
      path: "/api/v2/oauth/clients",
      uniqueNames: false,
    });
  }

  createRole(body: Body): Role {
    this.roles.checkName(body.name, null);
    this.generation++;
    return this.roles.create({
      ...description(body),
      ...readPolicies(body),
      name: body.name,
      default: false,
      base: false,
      userCount: 0,
    });
  }

  updateRole(id: string, body: Body): Role {
    this.generation++;
    const name = body.name === undefined ? this.roles.get(id).name : String(body.name);
    return this.roles.update(id, { ...description(body), ...readPolicies(body), name });
  }

  removeRole(id: string): void {
    this.generation++;
    this.roles.remove(id);
  }

  createClient(body: Body, fixed?: { id: string; secret: string }): OAuthClient {
    this.generation++;
    const secret = fixed?.secret ?? randomBytes(32).toString("base64url");
    return this.clients.create({ ...this.readClient(body), secret, ...(fixed ? { id: fixed.id } : {}) });
  }

  updateClient(id: string, body: Body): OAuthClient {
    this.generation++;
    return this.clients.update(
      id,
      this.readClient({ ...clientFields(this.clients.get(id) as unknown as Body), ...body }),
    );
  }

  removeClient(id: string): void {
    this.generation++;
    this.clients.remove(id);
    for (const [token, { clientId }] of this.tokens) if (clientId === id) this.tokens.delete(token);
  }

  /** A token by client credentials (RFC 6749 4.4), or null when id or secret is wrong. */
  issue(clientId: string, secret: string): { token: string; expiresInSeconds: number } | null {
    const client = this.clients.find(clientId);
    if (!client || client.secret !== secret || client.state !== "active") return null;
    if (client.authorizedGrantType !== "CLIENT-CREDENTIALS") return null;
    const token = randomBytes(32).toString("base64url");
    const expiresInSeconds = client.accessTokenValiditySeconds;
    this.tokens.set(token, { clientId, expiresAtMs: this.context.now().getTime() + expiresInSeconds * 1000 });
    return { token, expiresInSeconds };
  }

  /** The client behind a bearer token. @throws ApiError 401. */
  authenticate(token: string | null): OAuthClient {
    const found = token === null ? undefined : this.tokens.get(token);
    if (!found) throw new ApiError(401, "bad.credentials", "Invalid login credentials.");
    if (found.expiresAtMs <= this.context.now().getTime()) {
      this.tokens.delete(token as string);
      throw new ApiError(401, "token.expired", "The access token has expired.");
    }
    return this.clients.get(found.clientId);
  }

  /** @throws ApiError 403 naming the permission. */
  require(client: OAuthClient, permission: Permission): void {
    if (!this.allows(client, permission))
      throw new ApiError(
        403,
        "missing.permissions",
        `Unable to perform the requested action. You are missing the following permission(s): ${permission}`,
      );
  }

  allows(client: OAuthClient, permission: Permission): boolean {
    const [domain, entity, action] = permission.split(":") as [string, string, string];
    return this.policiesOf(client).some(
      (p) =>
        (p.domain === domain || p.domain === "*") &&
        (p.entityName === entity || p.entityName === "*") &&
        (p.actionSet.includes(action) || p.actionSet.includes("*")),
    );
  }

  policiesOf(client: OAuthClient): Policy[] {
    const cached = this.rights.get(client.id);
    if (cached?.generation === this.generation) return cached.policies;
    const policies = client.roleIds.flatMap((id) => this.roles.find(id)?.permissionPolicies ?? []);
    this.rights.set(client.id, { generation: this.generation, policies });
    return policies;
  }

  private readClient(body: Body): Omit<OAuthClient, keyof Entity | "secret"> & { name: string; state?: string } {
    if (typeof body.name !== "string" || body.name === "") throw badRequest("An OAuth client must have a name.");
    if (typeof body.authorizedGrantType !== "string")
      throw badRequest("An OAuth client must have an authorizedGrantType.");
    const divisions = Array.isArray(body.roleDivisions)
      ? (body.roleDivisions as { roleId: string; divisionId?: string }[])
      : [];
    const roleIds = [
      ...new Set([...((body.roleIds as string[] | undefined) ?? []), ...divisions.map((d) => d.roleId)]),
    ];
    for (const id of roleIds) if (!this.roles.find(id)) throw badRequest(`The role ${id} was not found.`);
    const validity = Number(body.accessTokenValiditySeconds ?? 86_400);
    if (!(validity >= 300 && validity <= 172_800))
      throw badRequest("accessTokenValiditySeconds must be between 300 and 172800.");
    return {
      name: body.name,
      ...description(body),
      authorizedGrantType: body.authorizedGrantType.toUpperCase().replace(/_/g, "-"),
      accessTokenValiditySeconds: validity,
      roleIds,
      roleDivisions: roleIds.map((roleId) => ({
        roleId,
        divisionId: divisions.find((d) => d.roleId === roleId)?.divisionId ?? (this.context.division as Ref).id,
      })),
      registeredRedirectUri: (body.registeredRedirectUri as string[] | undefined) ?? [],
      scope: (body.scope as string[] | undefined) ?? [],
      ...(body.state === "inactive" || body.state === "active" ? { state: body.state } : {}),
    };
  }
}

function description(body: Body): { description?: string } {
  return typeof body.description === "string" ? { description: body.description } : {};
}

function readPolicies(body: Body): Pick<Role, "permissions" | "permissionPolicies"> {
  const list = (body.permissionPolicies ?? []) as Policy[];
  const permissionPolicies = list.map((policy) => {
    const entities = policy.domain === "*" ? undefined : PERMISSION_CATALOGUE[policy.domain];
    if (policy.domain !== "*" && !entities) throw badRequest(`Unknown permission domain '${policy.domain}'.`);
    const actions = policy.entityName === "*" || !entities ? undefined : entities[policy.entityName];
    if (entities && policy.entityName !== "*" && !actions)
      throw badRequest(`Unknown permission entity '${policy.domain}:${policy.entityName}'.`);
    for (const action of policy.actionSet ?? []) {
      if (action !== "*" && actions && !actions.includes(action))
        throw badRequest(`Unknown permission '${policy.domain}:${policy.entityName}:${action}'.`);
    }
    return { ...policy, actionSet: [...(policy.actionSet ?? [])] };
  });
  return { permissions: ((body.permissions as string[] | undefined) ?? []).slice(), permissionPolicies };
}
