import type * as pulumi from "@pulumi/pulumi";
import { GenesysResource } from "./utilities";

/** Arguments of ArchitectIvr. */
export interface ArchitectIvrArgs {
  /** Cannot change. */
  name: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** Home division when left out. */
  divisionId?: pulumi.Input<string>;
  /** Numbers, E.164 with leading +; each in a DID pool and on no other IVR. Order means nothing. */
  dnis?: pulumi.Input<pulumi.Input<string>[]>;
  /** Flow in opening hours. */
  openHoursFlowId?: pulumi.Input<string>;
  /** Flow outside opening hours. */
  closedHoursFlowId?: pulumi.Input<string>;
  /** Flow on holidays. */
  holidayHoursFlowId?: pulumi.Input<string>;
  /** Needs open and closed flows. */
  scheduleGroupId?: pulumi.Input<string>;
}

/** An IVR (call route): binds numbers to flows. Never renamed, never empty. */
export class ArchitectIvr extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/architectIvr:ArchitectIvr";

  /** Cannot change. */
  declare readonly name: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Home division when left out. */
  declare readonly divisionId: pulumi.Output<string | undefined>;
  /** Numbers, E.164 with leading +; each in a DID pool and on no other IVR. Order means nothing. */
  declare readonly dnis: pulumi.Output<string[] | undefined>;
  /** Flow in opening hours. */
  declare readonly openHoursFlowId: pulumi.Output<string | undefined>;
  /** Flow outside opening hours. */
  declare readonly closedHoursFlowId: pulumi.Output<string | undefined>;
  /** Flow on holidays. */
  declare readonly holidayHoursFlowId: pulumi.Output<string | undefined>;
  /** Needs open and closed flows. */
  declare readonly scheduleGroupId: pulumi.Output<string | undefined>;

  /** An existing one by its id, read and never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ArchitectIvr {
    return new ArchitectIvr(name, undefined as unknown as ArchitectIvrArgs, { ...opts, id });
  }

  /** Whether an object is a ArchitectIvr, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is ArchitectIvr {
    return (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType === ArchitectIvr.__pulumiType;
  }

  constructor(name: string, args: ArchitectIvrArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      ArchitectIvr.__pulumiType,
      name,
      [
        "name",
        "description",
        "divisionId",
        "dnis",
        "openHoursFlowId",
        "closedHoursFlowId",
        "holidayHoursFlowId",
        "scheduleGroupId",
      ],
      ["name"],
      args,
      opts,
    );
  }
}
