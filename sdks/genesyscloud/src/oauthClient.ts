import * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./inputs";
import { GenesysResource } from "./utilities";

/** Arguments of OauthClient. */
export interface OauthClientArgs {
  /** Name. */
  name: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** 300 to 38880000, default 86400. */
  accessTokenValiditySeconds?: pulumi.Input<number>;
  /** Such as `CLIENT-CREDENTIALS`. */
  authorizedGrantType: pulumi.Input<string>;
  /** Keep the secret in the state, encrypted. Default false. */
  exposeClientSecret?: pulumi.Input<boolean>;
  /** For code and token grants. */
  registeredRedirectUris?: pulumi.Input<pulumi.Input<string>[]>;
  /** Roles and the divisions they hold in (home division when left out). */
  roles?: pulumi.Input<pulumi.Input<inputs.OauthClientRole>[]>;
  /** For user grants. */
  scopes?: pulumi.Input<pulumi.Input<string>[]>;
  /** `active` (default) or `inactive`. */
  state?: pulumi.Input<string>;
}

/** An OAuth client. */
export class OauthClient extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/oauthClient:OauthClient";

  /** Name. */
  declare readonly name: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** 300 to 38880000, default 86400. */
  declare readonly accessTokenValiditySeconds: pulumi.Output<number | undefined>;
  /** Such as `CLIENT-CREDENTIALS`. */
  declare readonly authorizedGrantType: pulumi.Output<string>;
  /** Keep the secret in the state, encrypted. Default false. */
  declare readonly exposeClientSecret: pulumi.Output<boolean | undefined>;
  /** For code and token grants. */
  declare readonly registeredRedirectUris: pulumi.Output<string[] | undefined>;
  /** Roles and the divisions they hold in (home division when left out). */
  declare readonly roles: pulumi.Output<pulumi.Unwrap<inputs.OauthClientRole>[] | undefined>;
  /** For user grants. */
  declare readonly scopes: pulumi.Output<string[] | undefined>;
  /** `active` (default) or `inactive`. */
  declare readonly state: pulumi.Output<string | undefined>;
  /** Id to log in with. */
  declare readonly clientId: pulumi.Output<string>;
  /** Only with `exposeClientSecret`; always a secret. */
  declare readonly clientSecret: pulumi.Output<string>;

  /** An existing one by its id, read and never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): OauthClient {
    return new OauthClient(name, undefined as unknown as OauthClientArgs, { ...opts, id });
  }

  /** Whether an object is a OauthClient, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is OauthClient {
    return (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType === OauthClient.__pulumiType;
  }

  constructor(name: string, args: OauthClientArgs, opts: pulumi.CustomResourceOptions = {}) {
    const hidden = pulumi.mergeOptions(opts, { additionalSecretOutputs: ["clientSecret"] });
    super(
      OauthClient.__pulumiType,
      name,
      [
        "name",
        "description",
        "accessTokenValiditySeconds",
        "authorizedGrantType",
        "exposeClientSecret",
        "registeredRedirectUris",
        "roles",
        "scopes",
        "state",
        "clientId",
        "clientSecret",
      ],
      ["name", "authorizedGrantType"],
      args,
      hidden,
    );
  }
}
