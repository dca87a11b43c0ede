import type { Clock } from "../providers/lib/clock";
import { HttpError } from "../providers/lib/http";
import type { ProbeFacts, ProbeSettings } from "./document";
import { type GenesysReader, openGenesys } from "./genesys";

/**
 * Rights the program uses, `domain:entity:action` (the official provider's documentation of each resource). Trunks, pools and
 * outbound routes have one coarse right only: telephony:plugin:all.
 */
export const REQUIRED_PERMISSIONS: readonly string[] = [
  "telephony:plugin:all",
  ...["add", "delete", "edit", "view"].flatMap((a) => [
    `routing:callRoute:${a}`,
    `routing:emergencyGroup:${a}`,
    `routing:queue:${a}`,
    `architect:datatable:${a}`,
    `architect:datatableRow:${a}`,
    `authorization:role:${a}`,
    `oauth:client:${a}`,
  ]),
  "architect:flow:add",
  "architect:flow:edit",
  "architect:flow:publish",
  "architect:flow:search",
  "architect:flow:view",
  "architect:job:create",
  "architect:job:view",
  "authorization:grant:add",
  "authorization:grant:view",
  "analytics:conversationDetail:view",
];

interface Policy {
  domain: string;
  entityName: string;
  /** `*` or a list of actions. */
  actionSet?: string[];
  actions?: string[];
}

interface Role {
  policies?: Policy[];
  permissionPolicies?: Policy[];
  permissions?: string[];
}

/** Whether some granted right (with `*` in any place) covers the wanted one. */
export function covers(granted: readonly string[], wanted: string): boolean {
  const parts = wanted.split(":");
  return granted.some((right) => {
    const has = right.split(":");
    return has.length === 3 && parts.every((p, i) => has[i] === "*" || has[i] === p || (i === 2 && has[i] === "all"));
  });
}

function rightsOf(role: Role): string[] {
  const policies = [...(role.policies ?? []), ...(role.permissionPolicies ?? [])];
  const fromPolicies = policies.flatMap((p) =>
    (p.actionSet ?? p.actions ?? []).map((action) => `${p.domain}:${p.entityName}:${action}`),
  );
  return [...fromPolicies, ...(role.permissions ?? [])];
}

/** Rights of the token: by its own grants, or, where those are not served to a client, by the roles of the OAuth client. */
async function grantedRights(genesys: GenesysReader): Promise<string[]> {
  try {
    const me = await genesys.get<{ grants?: { role?: Role & { id?: string } }[] }>("/api/v2/authorization/subjects/me");
    const rights = (me.grants ?? []).flatMap((g) => (g.role ? rightsOf(g.role) : []));
    if (rights.length > 0) return rights;
  } catch (error) {
    if (!(error instanceof HttpError) || ![400, 403, 404].includes(error.status)) throw error;
  }
  const id = encodeURIComponent(process.env.GENESYSCLOUD_OAUTHCLIENT_ID ?? "");
  const client = await genesys.get<{ roleIds?: string[]; roleDivisions?: { roleId: string }[] }>(
    `/api/v2/oauth/clients/${id}`,
  );
  const roleIds = new Set([...(client.roleIds ?? []), ...(client.roleDivisions ?? []).map((r) => r.roleId)]);
  const roles = await Promise.all([...roleIds].map((role) => genesys.get<Role>(`/api/v2/authorization/roles/${role}`)));
  return roles.flatMap(rightsOf);
}

/** Who answers, which products it has, and which rights the migration's client lacks. */
export async function probeEntitlement(settings: ProbeSettings, clock: Clock): Promise<ProbeFacts> {
  const genesys = await openGenesys(settings, clock);
  const [organisation, products, rights] = await Promise.all([
    genesys.get<{ id: string; name: string }>("/api/v2/organizations/me"),
    genesys.get<{ entities?: { id: string }[] }>("/api/v2/authorization/products"),
    grantedRights(genesys),
  ]);
  return {
    organisation: { id: organisation.id, name: organisation.name },
    products: (products.entities ?? []).map((p) => p.id),
    missingPermissions: REQUIRED_PERMISSIONS.filter((p) => !covers(rights, p)),
  };
}
