import * as genesyscloud from "@pulumi/genesyscloud";
import * as pulumi from "@pulumi/pulumi";
import type { Since } from "../model/recordSince";
import type { Phase, WaveStates } from "../model/types";
import { formatWaves } from "../model/waves";
import { recordTableName } from "./evidence";

/** What the phase record holds; times are the world's, ISO 8601. */
export interface RecordValue {
  phase: Phase;
  waves: WaveStates;
  floor: WaveStates;
  digest: string;
  since: Since;
}

/** Where the stack stands: one data table row, updated in place, last of all. */
export class PhaseRecord extends pulumi.ComponentResource {
  readonly table: genesyscloud.ArchitectDatatable;

  constructor(
    name: string,
    args: { stack: string; value: RecordValue },
    opts: pulumi.ComponentResourceOptions & { gate: pulumi.Resource; last: pulumi.Resource[] },
  ) {
    super("cutover:index:PhaseRecord", name, {}, opts);
    const column = (key: string, title: string) => ({ name: key, type: "string", title });
    this.table = new genesyscloud.ArchitectDatatable(
      `${name}-table`,
      {
        name: recordTableName(args.stack),
        description: "Where the migration to the own carrier stands; written by its runs",
        properties: [
          column("key", "stack"),
          column("phase", "phase"),
          column("waves", "waves"),
          column("floor", "highest step of each wave"),
          column("digest", "digest of the plan"),
          column("since", "since when, per phase and per step of a wave"),
        ],
      },
      { parent: this, protect: true, retainOnDelete: true, dependsOn: [opts.gate] },
    );
    const { phase, waves, floor, digest, since } = args.value;
    new genesyscloud.ArchitectDatatableRow(
      `${name}-row`,
      {
        datatableId: this.table.id,
        keyValue: args.stack,
        propertiesJson: JSON.stringify({
          phase,
          waves: formatWaves(waves),
          floor: formatWaves(floor),
          digest,
          since: JSON.stringify(since),
        }),
      },
      { parent: this, dependsOn: [opts.gate, ...opts.last] },
    );
    this.registerOutputs({});
  }
}
