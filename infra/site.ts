import * as genesyscloud from "@pulumi/genesyscloud";
import * as pulumi from "@pulumi/pulumi";

/** Classification of shadow numbers: only they match it, so no other call ever leaves by the new trunk before its time. */
export const SHADOW_CLASSIFICATION = "Cutover shadow";

/** The site the BYOC trunk belongs to, whose number plan knows the shadow numbers and nothing else. */
export class ByocSite extends pulumi.ComponentResource {
  readonly site: genesyscloud.TelephonyProvidersEdgesSite;

  constructor(
    name: string,
    args: { siteName: string; locationId: string; shadows: string[] },
    opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[]; protectSite: boolean },
  ) {
    super("cutover:index:ByocSite", name, {}, opts);
    this.site = new genesyscloud.TelephonyProvidersEdgesSite(
      `${name}-site`,
      {
        name: args.siteName,
        description: "BYOC trunk of the migration to the own carrier",
        locationId: args.locationId,
        mediaModel: "Cloud",
        mediaRegionsUseLatencyBased: true,
        numberPlans: [
          {
            name: SHADOW_CLASSIFICATION,
            classification: SHADOW_CLASSIFICATION,
            matchType: "e164NumberList",
            numbers: args.shadows.map((n) => ({ start: n, end: n })),
          },
        ],
      },
      { parent: this, protect: opts.protectSite, dependsOn: opts.after },
    );
    this.registerOutputs({});
  }
}

/** An outbound route: classifications of a site to trunks, tried in order. */
export class OutboundRoute extends pulumi.ComponentResource {
  readonly route: genesyscloud.TelephonyProvidersEdgesSiteOutboundRoute;

  constructor(
    name: string,
    args: {
      routeName: string;
      siteId: pulumi.Input<string>;
      classifications: string[];
      trunkIds: pulumi.Input<string>[];
      adopt?: string;
    },
    opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[]; protectRoute: boolean },
  ) {
    super("cutover:index:OutboundRoute", name, {}, opts);
    this.route = new genesyscloud.TelephonyProvidersEdgesSiteOutboundRoute(
      `${name}-route`,
      {
        name: args.routeName,
        siteId: args.siteId,
        classificationTypes: args.classifications,
        enabled: true,
        distribution: "SEQUENTIAL",
        externalTrunkBaseIds: args.trunkIds,
      },
      {
        parent: this,
        dependsOn: opts.after,
        ...(args.adopt
          ? // What the site classifies how is the organisation's own: only the trunks are ours to move.
            {
              import: args.adopt,
              protect: true,
              retainOnDelete: true,
              ignoreChanges: ["classificationTypes", "description"],
            }
          : { protect: opts.protectRoute }),
      },
    );
    this.registerOutputs({});
  }
}
