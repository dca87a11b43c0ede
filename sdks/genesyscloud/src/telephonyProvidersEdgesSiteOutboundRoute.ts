import type * as pulumi from "@pulumi/pulumi";
import { GenesysResource } from "./utilities";

/** Arguments of TelephonyProvidersEdgesSiteOutboundRoute. */
export interface TelephonyProvidersEdgesSiteOutboundRouteArgs {
  /** `Default Outbound Route` adopts the one made with the site. */
  name: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** Site. Cannot change. */
  siteId: pulumi.Input<string>;
  /** Classifications of the number plan; each may sit in one route of the site only. */
  classificationTypes: pulumi.Input<pulumi.Input<string>[]>;
  /** Default **false**. */
  enabled?: pulumi.Input<boolean>;
  /** `SEQUENTIAL` (default) or `RANDOM`. */
  distribution?: pulumi.Input<string>;
  /** Trunks, in order of trying. Never empty. */
  externalTrunkBaseIds?: pulumi.Input<pulumi.Input<string>[]>;
}

/** An outbound route of a site: classifications to trunks. Its id is `<siteId>:<routeId>`. */
export class TelephonyProvidersEdgesSiteOutboundRoute extends GenesysResource {
  /** @internal */
  static readonly __pulumiType =
    "genesyscloud:index/telephonyProvidersEdgesSiteOutboundRoute:TelephonyProvidersEdgesSiteOutboundRoute";

  /** `Default Outbound Route` adopts the one made with the site. */
  declare readonly name: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Site. Cannot change. */
  declare readonly siteId: pulumi.Output<string>;
  /** Classifications of the number plan; each may sit in one route of the site only. */
  declare readonly classificationTypes: pulumi.Output<string[]>;
  /** Default **false**. */
  declare readonly enabled: pulumi.Output<boolean | undefined>;
  /** `SEQUENTIAL` (default) or `RANDOM`. */
  declare readonly distribution: pulumi.Output<string | undefined>;
  /** Trunks, in order of trying. Never empty. */
  declare readonly externalTrunkBaseIds: pulumi.Output<string[] | undefined>;
  /** Id of the route inside its site. */
  declare readonly routeId: pulumi.Output<string>;

  /** An existing one by its id, read and never changed. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): TelephonyProvidersEdgesSiteOutboundRoute {
    return new TelephonyProvidersEdgesSiteOutboundRoute(
      name,
      undefined as unknown as TelephonyProvidersEdgesSiteOutboundRouteArgs,
      { ...opts, id },
    );
  }

  /** Whether an object is a TelephonyProvidersEdgesSiteOutboundRoute, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is TelephonyProvidersEdgesSiteOutboundRoute {
    return (
      (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType ===
      TelephonyProvidersEdgesSiteOutboundRoute.__pulumiType
    );
  }

  constructor(
    name: string,
    args: TelephonyProvidersEdgesSiteOutboundRouteArgs,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    super(
      TelephonyProvidersEdgesSiteOutboundRoute.__pulumiType,
      name,
      [
        "name",
        "description",
        "siteId",
        "classificationTypes",
        "enabled",
        "distribution",
        "externalTrunkBaseIds",
        "routeId",
      ],
      ["name", "siteId", "classificationTypes"],
      args,
      opts,
    );
  }
}
