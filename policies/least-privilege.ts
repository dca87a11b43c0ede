import { PERMISSIONS } from "../model/permissions";
import { type Finding, resourcePolicy, ROLE } from "./policy";

interface Right {
  domain?: string;
  entityName?: string;
  actionSets?: string[];
}

const known = new Set(
  PERMISSIONS.flatMap(({ domain, entityName, actionSets }) => actionSets.map((a) => `${domain}:${entityName}:${a}`)),
);

/** The migration's role holds what its steps use and nothing else: its client secret lies in a pipeline for months. */
export const leastPrivilege = resourcePolicy(
  "least-privilege",
  "The role of the migration's runs has the rights that its steps use, and no others.",
  ROLE,
  ({ props }, basis): Finding[] => {
    const also = new Set(basis.setting<string[]>("alsoAllowed") ?? []);
    const rights = Array.isArray(props.permissionPolicies) ? (props.permissionPolicies as Right[]) : [];
    const held = rights.flatMap((r) => [...(r.actionSets ?? ["*"])].map((a) => `${r.domain}:${r.entityName}:${a}`));
    const more = held.filter((right) => !known.has(right) && !also.has(right));
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
