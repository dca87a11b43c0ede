import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./inputs";
import { GenesysResource } from "./utilities";

/** Arguments of AuthRole. */
export interface AuthRoleArgs {
  /** Name, unique in the organisation. */
  name: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** Default role it stands for. Cannot change. */
  defaultRoleId?: pulumi.Input<string>;
  /** General permissions. */
  permissions?: pulumi.Input<pulumi.Input<string>[]>;
  /** Permissions by domain and entity. */
  permissionPolicies?: pulumi.Input<pulumi.Input<inputs.AuthRolePermissionPolicy>[]>;
}

/** A role: permissions for users and OAuth clients. */
export class AuthRole extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/authRole:AuthRole";

  /** Name, unique in the organisation. */
  declare readonly name: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Default role it stands for. Cannot change. */
  declare readonly defaultRoleId: pulumi.Output<string | undefined>;
  /** General permissions. */
  declare readonly permissions: pulumi.Output<string[] | undefined>;
  /** Permissions by domain and entity. */
  declare readonly permissionPolicies: pulumi.Output<pulumi.Unwrap<inputs.AuthRolePermissionPolicy>[] | undefined>;

  /** An existing one by its id, read and never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): AuthRole {
    return new AuthRole(name, undefined as unknown as AuthRoleArgs, { ...opts, id });
  }

  /** Whether an object is a AuthRole, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is AuthRole {
    return (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType === AuthRole.__pulumiType;
  }

  constructor(name: string, args: AuthRoleArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      AuthRole.__pulumiType,
      name,
      ["name", "description", "defaultRoleId", "permissions", "permissionPolicies"],
      ["name"],
      args,
      opts,
    );
  }
}
