import * as pulumi from "@pulumi/pulumi";
import type { DesiredRoute, NumberRange } from "../model/types";

/** How a gaining carrier sends calls to a number: a resource of providers/carrier. */
export class Route extends pulumi.CustomResource {
  constructor(name: string, want: DesiredRoute, opts: pulumi.CustomResourceOptions) {
    const { key, ranges, host, calledNumber, nextHost } = want;
    super(
      "carrier:index:Route",
      name,
      { name: key, ranges, host, calledNumber: calledNumber ?? undefined, nextHost, state: undefined },
      opts,
    );
  }
}

/** The dispatchable address of numbers at the gaining carrier, for emergency calls. */
export class EmergencyAddress extends pulumi.CustomResource {
  constructor(name: string, args: { address: string; ranges: NumberRange[] }, opts: pulumi.CustomResourceOptions) {
    super("carrier:index:EmergencyAddress", name, { ...args, state: undefined }, opts);
  }
}

/** One port order. Deleting it cancels it, while the carrier's deadline allows. */
export class PortOrder extends pulumi.CustomResource {
  constructor(
    name: string,
    args: { orderName: string; ranges: NumberRange[]; focInDays: number; losingCarrier: string },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("carrier:index:PortOrder", name, { ...args, orderId: undefined, submittedAt: undefined }, opts);
  }
}

/** Carrier routes of shadows, of moving numbers (R1) and of adopted ones (R2). */
export class CarrierRoutes extends pulumi.ComponentResource {
  readonly byKey: Map<string, Route>;

  constructor(
    name: string,
    wants: DesiredRoute[],
    opts: pulumi.ComponentResourceOptions & {
      protectRoutes: boolean;
      after: (want: DesiredRoute) => pulumi.Resource[];
    },
  ) {
    super("cutover:index:CarrierRoutes", name, {}, opts);
    this.byKey = new Map(
      wants.map((want) => [
        want.key,
        new Route(`${name}-${want.key}`, want, {
          parent: this,
          protect: opts.protectRoutes && want.kind !== "shadow",
          dependsOn: opts.after(want),
        }),
      ]),
    );
    this.registerOutputs({});
  }
}
