import assert from "node:assert/strict";
import type { Suite } from "../harness";
import { type Keep, client, architect, authorization, oauth, refused } from "./api";

export async function access(suite: Suite, keep: Keep): Promise<void> {
  await suite.check("role and OAuth client: the new client may do what its role allows, and no more", async () => {
    const role = keep(
      "DomainOrganizationRole",
      await authorization.postAuthorizationRoles({
        name: "Peers",
        permissionPolicies: [{ domain: "routing", entityName: "callRoute", actionSet: ["view"] }],
      } as never),
    );
    const made = keep(
      "OAuthClient",
      await oauth.postOauthClients({
        name: "Peers",
        authorizedGrantType: "CLIENT-CREDENTIALS",
        roleDivisions: [{ roleId: role.id as string, divisionId: "*" }],
        accessTokenValiditySeconds: 3600,
      } as never),
    );
    const secret = made.secret as string;
    const read = (await oauth.getOauthClient(made.id as string)) as unknown as Record<string, unknown>;
    assert.equal(read.secret, undefined, "the secret is shown once");
    await client.loginClientCredentialsGrant(made.id as string, secret);
    assert.ok((await architect.getArchitectIvrs({ pageSize: 1 })).total);
    await refused(
      architect.deleteArchitectIvr("00000000-0000-4000-8000-000000000000"),
      403,
      /routing:callRoute:delete/,
    );
  });
}
