import * as pulumi from "@pulumi/pulumi";
import { GenesysResource } from "./utilities";

/** Arguments of TelephonyProvidersEdgesTrunkbasesettings. */
export interface TelephonyProvidersEdgesTrunkbasesettingsArgs {
  /** Name, unique in the organisation. */
  name: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** Site whose number plan reads inbound calls. Required for `external_sip_pcv_byoc*`, refused for others. */
  inboundSiteId?: pulumi.Input<string>;
  /** True only for trunks that Genesys owns; those cannot be declared. */
  managed?: pulumi.Input<boolean>;
  /** JSON text `{"<key>": {"value": {"instance": <value>}}}`. Keys left out keep what the server has. Always a secret: it holds the SIP digest password. */
  properties?: pulumi.Input<string>;
  /** Site the trunk belongs to; chosen by the server when left out. */
  siteId?: pulumi.Input<string>;
  /** `active`, `inactive` or `deleted`; never sent. */
  state?: pulumi.Input<string>;
  /** Kind of trunk, such as `external_sip_pcv_byoc_carrier.json`. */
  trunkMetaBaseId: pulumi.Input<string>;
  /** `EXTERNAL`, `PHONE` or `EDGE`. */
  trunkType: pulumi.Input<string>;
}

/** Trunk base settings: one trunk as Genesys configures it, with every SIP setting inside `properties`. */
export class TelephonyProvidersEdgesTrunkbasesettings extends GenesysResource {
  /** @internal */
  static readonly __pulumiType =
    "genesyscloud:index/telephonyProvidersEdgesTrunkbasesettings:TelephonyProvidersEdgesTrunkbasesettings";

  /** Name, unique in the organisation. */
  declare readonly name: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Site whose number plan reads inbound calls. Required for `external_sip_pcv_byoc*`, refused for others. */
  declare readonly inboundSiteId: pulumi.Output<string | undefined>;
  /** True only for trunks that Genesys owns; those cannot be declared. */
  declare readonly managed: pulumi.Output<boolean | undefined>;
  /** JSON text `{"<key>": {"value": {"instance": <value>}}}`. Keys left out keep what the server has. Always a secret: it holds the SIP digest password. */
  declare readonly properties: pulumi.Output<string | undefined>;
  /** Site the trunk belongs to; chosen by the server when left out. */
  declare readonly siteId: pulumi.Output<string | undefined>;
  /** `active`, `inactive` or `deleted`; never sent. */
  declare readonly state: pulumi.Output<string | undefined>;
  /** Kind of trunk, such as `external_sip_pcv_byoc_carrier.json`. */
  declare readonly trunkMetaBaseId: pulumi.Output<string>;
  /** `EXTERNAL`, `PHONE` or `EDGE`. */
  declare readonly trunkType: pulumi.Output<string>;

  /** An existing one by its id, read and never changed. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): TelephonyProvidersEdgesTrunkbasesettings {
    return new TelephonyProvidersEdgesTrunkbasesettings(
      name,
      undefined as unknown as TelephonyProvidersEdgesTrunkbasesettingsArgs,
      { ...opts, id },
    );
  }

  /** Whether an object is a TelephonyProvidersEdgesTrunkbasesettings, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is TelephonyProvidersEdgesTrunkbasesettings {
    return (
      (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType ===
      TelephonyProvidersEdgesTrunkbasesettings.__pulumiType
    );
  }

  constructor(
    name: string,
    args: TelephonyProvidersEdgesTrunkbasesettingsArgs,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const sealed = args?.properties === undefined ? args : { ...args, properties: pulumi.secret(args.properties) };
    const hidden = pulumi.mergeOptions(opts, { additionalSecretOutputs: ["properties"] });
    super(
      TelephonyProvidersEdgesTrunkbasesettings.__pulumiType,
      name,
      [
        "name",
        "description",
        "inboundSiteId",
        "managed",
        "properties",
        "siteId",
        "state",
        "trunkMetaBaseId",
        "trunkType",
      ],
      ["name", "trunkMetaBaseId", "trunkType"],
      sealed,
      hidden,
    );
  }
}
