import type * as pulumi from "@pulumi/pulumi";
import { GenesysResource } from "./utilities";

/** Arguments of TelephonyProvidersEdgesDidPool. */
export interface TelephonyProvidersEdgesDidPoolArgs {
  /** First number, E.164 with leading +. */
  startPhoneNumber: pulumi.Input<string>;
  /** Last number, E.164 with leading +. */
  endPhoneNumber: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** Free text. */
  comments?: pulumi.Input<string>;
  /** `PURE_CLOUD` (BYOC) or `PURE_CLOUD_VOICE` (GCV). */
  poolProvider?: pulumi.Input<string>;
}

/** A range of DID numbers. It may not overlap another, nor hold a number of the GCV inventory. */
export class TelephonyProvidersEdgesDidPool extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/telephonyProvidersEdgesDidPool:TelephonyProvidersEdgesDidPool";

  /** First number, E.164 with leading +. */
  declare readonly startPhoneNumber: pulumi.Output<string>;
  /** Last number, E.164 with leading +. */
  declare readonly endPhoneNumber: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Free text. */
  declare readonly comments: pulumi.Output<string | undefined>;
  /** `PURE_CLOUD` (BYOC) or `PURE_CLOUD_VOICE` (GCV). */
  declare readonly poolProvider: pulumi.Output<string | undefined>;

  /** An existing one by its id, read and never changed. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): TelephonyProvidersEdgesDidPool {
    return new TelephonyProvidersEdgesDidPool(name, undefined as unknown as TelephonyProvidersEdgesDidPoolArgs, {
      ...opts,
      id,
    });
  }

  /** Whether an object is a TelephonyProvidersEdgesDidPool, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is TelephonyProvidersEdgesDidPool {
    return (
      (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType ===
      TelephonyProvidersEdgesDidPool.__pulumiType
    );
  }

  constructor(name: string, args: TelephonyProvidersEdgesDidPoolArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      TelephonyProvidersEdgesDidPool.__pulumiType,
      name,
      ["startPhoneNumber", "endPhoneNumber", "description", "comments", "poolProvider"],
      ["startPhoneNumber", "endPhoneNumber"],
      args,
      opts,
    );
  }
}
