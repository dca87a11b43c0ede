import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PERMISSIONS } from "../model/permissions";
import { askPack, configure } from "./pack/ask";
import type { Declared } from "./pack/declare";

/** A narrow role is worth nothing on a client that holds a wide one beside it. */

const ROLE = "genesyscloud:index/authRole:AuthRole";
const CLIENT = "genesyscloud:index/oauthClient:OauthClient";
const urn = (type: string) => `urn:pulumi:test::cutover::${type}::it`;

const declared = (type: string, props: object, dependencies: Record<string, string[]> = {}): Declared => ({
  type,
  name: type === ROLE ? "role" : "client",
  urn: urn(type),
  props: { ...props },
  secrets: [],
  protect: true,
  secretOutputs: [],
  propertyDependencies: dependencies,
});

async function said(roles: string[], dependencies: Record<string, string[]>, plan = true): Promise<string[]> {
  configure(plan ? { plan: join(__dirname, "estates/guide"), phase: "parallel" } : {});
  const role = declared(ROLE, { name: "Cutover", permissionPolicies: PERMISSIONS });
  const client = declared(CLIENT, { name: "Cutover", roles: roles.map((roleId) => ({ roleId })) }, dependencies);
  const reports = await askPack([role, client], (policy) => policy === "least-privilege");
  return reports.map((r) => r.message);
}

describe("the OAuth client of the migration", () => {
  it("carries the role that the stack declares, and no other", async () => {
    const own = { roles: [urn(ROLE)] };
    expect(await said(["made here"], own)).toEqual([]);
    expect((await said(["made here", "master-admin"], own))[0]).toContain("seen 2 roles on the OAuth client Cutover");
    const [message] = await said(["master-admin"], {});
    expect(message).toMatch(
      /^client: seen a role that this stack does not declare; required .+; fix: .+; to override: .*"least-privilege"/,
    );
  });

  it("is nobody's business where no plan says that it is the migration's", async () => {
    expect((await said(["a", "b"], {}, false)).join()).toContain("it lacks a plan");
  });
});
