import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./inputs";
import { GenesysResource } from "./utilities";

/** Arguments of ArchitectDatatable. */
export interface ArchitectDatatableArgs {
  /** Name, unique in the organisation. */
  name: pulumi.Input<string>;
  /** Free text. */
  description?: pulumi.Input<string>;
  /** Home division when left out. */
  divisionId?: pulumi.Input<string>;
  /** Columns in order; one is `key` of type string. */
  properties: pulumi.Input<pulumi.Input<inputs.DatatableProperty>[]>;
}

/** A data table that flows look things up in. */
export class ArchitectDatatable extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/architectDatatable:ArchitectDatatable";

  /** Name, unique in the organisation. */
  declare readonly name: pulumi.Output<string>;
  /** Free text. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Home division when left out. */
  declare readonly divisionId: pulumi.Output<string | undefined>;
  /** Columns in order; one is `key` of type string. */
  declare readonly properties: pulumi.Output<pulumi.Unwrap<inputs.DatatableProperty>[]>;

  /** An existing one by its id, read and never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ArchitectDatatable {
    return new ArchitectDatatable(name, undefined as unknown as ArchitectDatatableArgs, { ...opts, id });
  }

  /** Whether an object is a ArchitectDatatable, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is ArchitectDatatable {
    return (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType === ArchitectDatatable.__pulumiType;
  }

  constructor(name: string, args: ArchitectDatatableArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      ArchitectDatatable.__pulumiType,
      name,
      ["name", "description", "divisionId", "properties"],
      ["name", "properties"],
      args,
      opts,
    );
  }
}
