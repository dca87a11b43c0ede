import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./inputs";
import { GenesysResource } from "./utilities";

/** Arguments of TelephonyProvidersEdgesSite. */
export interface TelephonyProvidersEdgesSiteArgs {
  /** Name, unique in the organisation. */
  name: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** Id of an existing location. */
  locationId: pulumi.Input<string>;
  /** `Premises` or `Cloud`. Cannot change. */
  mediaModel: pulumi.Input<string>;
  /** AWS regions of media; chosen by the server when left out. */
  mediaRegions?: pulumi.Input<pulumi.Input<string>[]>;
  /** Choose media regions by latency. Default false. */
  mediaRegionsUseLatencyBased?: pulumi.Input<boolean>;
  /** E.164 with leading +. */
  callerId?: pulumi.Input<string>;
  /** Shown to the called party. */
  callerName?: pulumi.Input<string>;
  /** When edges update themselves. */
  edgeAutoUpdateConfig?: pulumi.Input<inputs.SiteEdgeAutoUpdateConfig>;
  /** In order of priority. Default plans that are not listed stay. */
  numberPlans?: pulumi.Input<pulumi.Input<inputs.SiteNumberPlan>[]>;
  /** Ids of primary sites. */
  primarySites?: pulumi.Input<pulumi.Input<string>[]>;
  /** Ids of secondary sites. */
  secondarySites?: pulumi.Input<pulumi.Input<string>[]>;
  /** Make it the organisation's default site. */
  setAsDefaultSite?: pulumi.Input<boolean>;
}

/** A site: location, media model, number plans. */
export class TelephonyProvidersEdgesSite extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/telephonyProvidersEdgesSite:TelephonyProvidersEdgesSite";

  /** Name, unique in the organisation. */
  declare readonly name: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Id of an existing location. */
  declare readonly locationId: pulumi.Output<string>;
  /** `Premises` or `Cloud`. Cannot change. */
  declare readonly mediaModel: pulumi.Output<string>;
  /** AWS regions of media; chosen by the server when left out. */
  declare readonly mediaRegions: pulumi.Output<string[] | undefined>;
  /** Choose media regions by latency. Default false. */
  declare readonly mediaRegionsUseLatencyBased: pulumi.Output<boolean | undefined>;
  /** E.164 with leading +. */
  declare readonly callerId: pulumi.Output<string | undefined>;
  /** Shown to the called party. */
  declare readonly callerName: pulumi.Output<string | undefined>;
  /** When edges update themselves. */
  declare readonly edgeAutoUpdateConfig: pulumi.Output<pulumi.Unwrap<inputs.SiteEdgeAutoUpdateConfig> | undefined>;
  /** In order of priority. Default plans that are not listed stay. */
  declare readonly numberPlans: pulumi.Output<pulumi.Unwrap<inputs.SiteNumberPlan>[] | undefined>;
  /** Ids of primary sites. */
  declare readonly primarySites: pulumi.Output<string[] | undefined>;
  /** Ids of secondary sites. */
  declare readonly secondarySites: pulumi.Output<string[] | undefined>;
  /** Make it the organisation's default site. */
  declare readonly setAsDefaultSite: pulumi.Output<boolean | undefined>;
  /** True for sites that Genesys owns. */
  declare readonly managed: pulumi.Output<boolean>;

  /** An existing one by its id, read and never changed. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): TelephonyProvidersEdgesSite {
    return new TelephonyProvidersEdgesSite(name, undefined as unknown as TelephonyProvidersEdgesSiteArgs, {
      ...opts,
      id,
    });
  }

  /** Whether an object is a TelephonyProvidersEdgesSite, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is TelephonyProvidersEdgesSite {
    return (
      (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType === TelephonyProvidersEdgesSite.__pulumiType
    );
  }

  constructor(name: string, args: TelephonyProvidersEdgesSiteArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      TelephonyProvidersEdgesSite.__pulumiType,
      name,
      [
        "name",
        "description",
        "locationId",
        "mediaModel",
        "mediaRegions",
        "mediaRegionsUseLatencyBased",
        "callerId",
        "callerName",
        "edgeAutoUpdateConfig",
        "numberPlans",
        "primarySites",
        "secondarySites",
        "setAsDefaultSite",
        "managed",
      ],
      ["name", "locationId", "mediaModel"],
      args,
      opts,
    );
  }
}
