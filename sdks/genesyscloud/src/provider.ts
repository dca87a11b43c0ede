import * as pulumi from "@pulumi/pulumi";
import { VERSION } from "./utilities";

/** An address in front of the API, such as a sandbox's. */
export interface ProviderGateway {
  protocol?: pulumi.Input<string>;
  host?: pulumi.Input<string>;
  port?: pulumi.Input<string>;
}

/** Configuration of an explicit provider; credentials come from GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET. */
export interface ProviderArgs {
  /** Region of the organisation, default us-east-1. */
  awsRegion?: pulumi.Input<string>;
  gateways?: pulumi.Input<pulumi.Input<ProviderGateway>[]>;
  /** A sandbox's clock, loopback only. */
  clock?: pulumi.Input<string>;
}

/** An explicit provider, for a second organisation in one program. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs = {}, opts?: pulumi.ResourceOptions) {
    const gateways =
      args.gateways === undefined ? undefined : pulumi.output(args.gateways).apply((g) => JSON.stringify(g));
    super(
      "genesyscloud",
      name,
      { awsRegion: args.awsRegion, gateways, clock: args.clock },
      pulumi.mergeOptions({ version: VERSION }, opts ?? {}),
    );
  }
}
