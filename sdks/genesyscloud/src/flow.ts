import type * as pulumi from "@pulumi/pulumi";
import { GenesysResource } from "./utilities";

/** Arguments of Flow. */
export interface FlowArgs {
  /** Path of the file, relative to the project directory. */
  filepath: pulumi.Input<string>;
  /** Same text as in the file. Always give it. */
  name?: pulumi.Input<string>;
  /** Such as `INBOUNDCALL`. Always give it. */
  type?: pulumi.Input<string>;
  /** `{{key}}` in the file becomes the value. */
  substitutions?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** SHA-256 of the file in hex; computed when left out. */
  fileContentHash?: pulumi.Input<string>;
  /** Unlock a locked flow first; that publishes somebody else's draft. Keep it off. */
  forceUnlock?: pulumi.Input<boolean>;
  /** A change publishes the file again. */
  updateTriggerHash?: pulumi.Input<string>;
}

/** An Architect flow, published from a YAML file. */
export class Flow extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/flow:Flow";

  /** Path of the file, relative to the project directory. */
  declare readonly filepath: pulumi.Output<string>;
  /** Same text as in the file. Always give it. */
  declare readonly name: pulumi.Output<string | undefined>;
  /** Such as `INBOUNDCALL`. Always give it. */
  declare readonly type: pulumi.Output<string | undefined>;
  /** `{{key}}` in the file becomes the value. */
  declare readonly substitutions: pulumi.Output<Record<string, string> | undefined>;
  /** SHA-256 of the file in hex; computed when left out. */
  declare readonly fileContentHash: pulumi.Output<string | undefined>;
  /** Unlock a locked flow first; that publishes somebody else's draft. Keep it off. */
  declare readonly forceUnlock: pulumi.Output<boolean | undefined>;
  /** A change publishes the file again. */
  declare readonly updateTriggerHash: pulumi.Output<string | undefined>;

  /** An existing one by its id, read and never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Flow {
    return new Flow(name, undefined as unknown as FlowArgs, { ...opts, id });
  }

  /** Whether an object is a Flow, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is Flow {
    return (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType === Flow.__pulumiType;
  }

  constructor(name: string, args: FlowArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      Flow.__pulumiType,
      name,
      ["filepath", "name", "type", "substitutions", "fileContentHash", "forceUnlock", "updateTriggerHash"],
      ["filepath"],
      args,
      opts,
    );
  }
}
