import * as genesyscloud from "@pulumi/genesyscloud";
import * as pulumi from "@pulumi/pulumi";
import type { Hours } from "../model/hours";
import type { NumberRange } from "../model/types";

/** BYOC DID pools of contiguous ranges. A pool is never replaced: its ends are part of its name. */
export class NumberPools extends pulumi.ComponentResource {
  readonly pools: genesyscloud.TelephonyProvidersEdgesDidPool[];

  constructor(
    name: string,
    args: { ranges: NumberRange[]; description: string },
    opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[]; protectPools: boolean },
  ) {
    super("cutover:index:NumberPools", name, {}, opts);
    this.pools = args.ranges.map(
      (range) =>
        new genesyscloud.TelephonyProvidersEdgesDidPool(
          `${name}-${range.from}`,
          {
            startPhoneNumber: range.from,
            endPhoneNumber: range.to,
            description: args.description,
            poolProvider: "PURE_CLOUD",
          },
          { parent: this, protect: opts.protectPools, dependsOn: opts.after },
        ),
    );
    this.registerOutputs({});
  }
}

/**
 * An IVR (call route) that binds numbers to a flow. Never renamed, replaced or empty. What it does outside its open hours is declared as
 * it stands: an import that left it out would take it away.
 */
export class Binding extends pulumi.ComponentResource {
  readonly ivr: genesyscloud.ArchitectIvr;

  constructor(
    name: string,
    args: { ivrName: string; numbers: string[]; flowId: pulumi.Input<string>; hours?: Hours; adopt?: string },
    opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[]; protectIvr: boolean },
  ) {
    super("cutover:index:Binding", name, {}, opts);
    this.ivr = new genesyscloud.ArchitectIvr(
      `${name}-ivr`,
      { name: args.ivrName, dnis: args.numbers, openHoursFlowId: args.flowId, ...args.hours },
      {
        parent: this,
        dependsOn: opts.after,
        // The existing IVR is the organisation's: this stack may change it, never delete it.
        ...(args.adopt
          ? { import: args.adopt, protect: true, retainOnDelete: true, ignoreChanges: ["description"] }
          : { protect: opts.protectIvr }),
      },
    );
    this.registerOutputs({});
  }
}
