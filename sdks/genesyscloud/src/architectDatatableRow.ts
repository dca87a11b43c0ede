import type * as pulumi from "@pulumi/pulumi";
import { GenesysResource } from "./utilities";

/** Arguments of ArchitectDatatableRow. */
export interface ArchitectDatatableRowArgs {
  /** Table. Cannot change. */
  datatableId: pulumi.Input<string>;
  /** Row key. Cannot change. */
  keyValue: pulumi.Input<string>;
  /** JSON object of the columns other than the key; compared as JSON. */
  propertiesJson?: pulumi.Input<string>;
}

/** A row of a data table. Its id is `<tableId>/<key>`; a change of values is one PUT. */
export class ArchitectDatatableRow extends GenesysResource {
  /** @internal */
  static readonly __pulumiType = "genesyscloud:index/architectDatatableRow:ArchitectDatatableRow";

  /** Table. Cannot change. */
  declare readonly datatableId: pulumi.Output<string>;
  /** Row key. Cannot change. */
  declare readonly keyValue: pulumi.Output<string>;
  /** JSON object of the columns other than the key; compared as JSON. */
  declare readonly propertiesJson: pulumi.Output<string | undefined>;

  /** An existing one by its id, read and never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ArchitectDatatableRow {
    return new ArchitectDatatableRow(name, undefined as unknown as ArchitectDatatableRowArgs, { ...opts, id });
  }

  /** Whether an object is a ArchitectDatatableRow, also one of another copy of this SDK. */
  static override isInstance(obj: unknown): obj is ArchitectDatatableRow {
    return (obj as { __pulumiType?: string } | null | undefined)?.__pulumiType === ArchitectDatatableRow.__pulumiType;
  }

  constructor(name: string, args: ArchitectDatatableRowArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(
      ArchitectDatatableRow.__pulumiType,
      name,
      ["datatableId", "keyValue", "propertiesJson"],
      ["datatableId", "keyValue"],
      args,
      opts,
    );
  }
}
