import { PERMISSIONS } from "../model/permissions";
import { type Basis, Lacks } from "./basis";
import { planIfAny } from "./context";
import { andStack, type Finding, OAUTH_CLIENT, resourcePolicy, ROLE, together } from "./policy";

interface Right {
  domain?: string;
  entityName?: string;
  actionSets?: string[];
}

const known = new Set(
  PERMISSIONS.flatMap(({ domain, entityName, actionSets }) => actionSets.map((a) => `${domain}:${entityName}:${a}`)),
);

const NAME = "least-privilege";
const WHAT =
  "The role of the migration's runs, and the OAuth client that carries it, have the rights that its steps use, and no others.";

/** Whether a role is the migration's: all of a stack with a plan, else those that the pack's configuration names. */
function isMigrations(props: Record<string, unknown>, basis: Basis): boolean {
  if (planIfAny()) return true;
  const named = basis.setting<string[]>("roles");
  if (named) return named.includes(String(props.name));
  throw new Lacks("it lacks which role carries the migration: set roles in the pack's configuration, or cutover:plan");
}

const onRole = resourcePolicy(
  NAME,
  WHAT,
  ROLE,
  ({ props }, basis): Finding[] => {
    if (!isMigrations(props, basis)) return [];
    const also = new Set(basis.setting<string[]>("alsoAllowed") ?? []);
    const rights = Array.isArray(props.permissionPolicies) ? (props.permissionPolicies as Right[]) : [];
    // General permissions are none of those that a step asks for.
    const general = Array.isArray(props.permissions) ? [...(props.permissions as unknown[])].map(String) : [];
    const domain = rights.flatMap((r) => [...(r.actionSets ?? ["*"])].map((a) => `${r.domain}:${r.entityName}:${a}`));
    const more = [...domain, ...general].filter((right) => !known.has(right) && !also.has(right));
    if (more.length === 0) return [];
    return [
      {
        seen: `the rights ${more.join(", ")}`,
        required: "only rights that a step uses",
        fix: "take them out of the role",
      },
    ];
  },
  {
    configSchema: {
      properties: {
        roles: {
          type: "array",
          items: { type: "string" },
          description: "Names of the roles that carry the migration, for a stack without a plan.",
        },
        alsoAllowed: {
          type: "array",
          items: { type: "string", pattern: "^[a-zA-Z]+:[a-zA-Z]+:[a-zA-Z]+$" },
          description:
            "Rights that a role of this stack may hold besides those of the migration, domain:entity:action.",
        },
      },
    },
  },
);

const oneRole = (seen: string): Finding => ({
  seen,
  required: "one role, declared in this stack and judged there",
  fix: "leave the client the migration's own role alone; an existing role has rights that nobody here sees",
});

/** A client's rights are those of all its roles: one beside the migration's own is a way round its narrow one. */
const onClient = resourcePolicy(NAME, WHAT, OAUTH_CLIENT, ({ props }) => {
  const roles = Array.isArray(props.roles) ? props.roles.length : 0;
  if (!planIfAny()) throw new Lacks("it lacks a plan, which would say that this client is the migration's");
  return roles > 1 ? [oneRole(`${roles} roles on the OAuth client ${String(props.name)}`)] : [];
});

/**
 * The migration's role holds what its steps use and nothing else: its client secret lies in a pipeline for months. A role that is only being
 * made has no id in preview; with all resources in view it is known by where the client takes it from.
 */
export const leastPrivilege = andStack(together(onRole, onClient), ({ resources }) => {
  if (!planIfAny()) return [];
  return resources
    .filter((r) => r.type === OAUTH_CLIENT && !(r.propertyDependencies.roles ?? []).some((d) => d.type === ROLE))
    .map((r) => ({ urn: r.urn, name: r.name, finding: oneRole("a role that this stack does not declare") }));
});
