import * as genesyscloud from "@pulumi/genesyscloud";
import * as pulumi from "@pulumi/pulumi";
import { PERMISSIONS } from "../model/permissions";

/** A role with just these rights and the OAuth client that carries it, for the pipeline that runs the migration. */
export class Access extends pulumi.ComponentResource {
  readonly resources: pulumi.CustomResource[];

  constructor(
    name: string,
    args: { planName: string },
    opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[]; protectAccess: boolean },
  ) {
    super("cutover:index:Access", name, {}, opts);
    const role = new genesyscloud.AuthRole(
      `${name}-role`,
      {
        name: `Cutover ${args.planName}`,
        description: "Least rights of the runs that move numbers to the own carrier",
        permissionPolicies: PERMISSIONS,
      },
      { parent: this, protect: opts.protectAccess, dependsOn: opts.after },
    );
    const client = new genesyscloud.OauthClient(
      `${name}-client`,
      {
        name: `Cutover ${args.planName}`,
        description: "Runs of the migration to the own carrier",
        authorizedGrantType: "CLIENT-CREDENTIALS",
        accessTokenValiditySeconds: 3600,
        roles: [{ roleId: role.id }],
      },
      { parent: this, protect: opts.protectAccess, dependsOn: opts.after },
    );
    this.resources = [role, client];
    this.registerOutputs({});
  }
}
