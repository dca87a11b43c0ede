import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./inputs";
import { GenesysResource } from "./utilities";

/** Arguments of ArchitectEmergencygroup. */
export interface ArchitectEmergencygroupArgs {
  /** Cannot change. */
  name: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** Home division when left out. */
  divisionId?: pulumi.Input<string>;
  /** Default false. */
  enabled?: pulumi.Input<boolean>;
  /** Flow and the IVRs it takes over. */
  emergencyCallFlows?: pulumi.Input<pulumi.Input<inputs.EmergencygroupEmergencyCallFlow>[]>;
}

/** An emergency group: while enabled, its IVRs run the emergency flow. */
export class ArchitectEmergencygroup extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/architectEmergencygroup:ArchitectEmergencygroup";

  /** Cannot change. */
  declare readonly name: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Home division when left out. */
  declare readonly divisionId: pulumi.Output<string | undefined>;
  /** Default false. */
  declare readonly enabled: pulumi.Output<boolean | undefined>;
  /** Flow and the IVRs it takes over. */
  declare readonly emergencyCallFlows: pulumi.Output<
    pulumi.Unwrap<inputs.EmergencygroupEmergencyCallFlow>[] | undefined
  >;

  /** An existing one by its id, read and never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ArchitectEmergencygroup {
    return new ArchitectEmergencygroup(name, undefined as unknown as ArchitectEmergencygroupArgs, { ...opts, id });
  }

  /** Whether an object is a ArchitectEmergencygroup, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is ArchitectEmergencygroup {
    return (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType === ArchitectEmergencygroup.__pulumiType;
  }

  constructor(name: string, args: ArchitectEmergencygroupArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      ArchitectEmergencygroup.__pulumiType,
      name,
      ["name", "description", "divisionId", "enabled", "emergencyCallFlows"],
      ["name"],
      args,
      opts,
    );
  }
}
