import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as genesyscloud from "@pulumi/genesyscloud";
import * as pulumi from "@pulumi/pulumi";

/** Writes a generated flow where the provider can read it. Untouched when it already says the same. */
function writeFlow(workDir: string, slug: string, yaml: string): { filepath: string; fileContentHash: string } {
  const dir = join(workDir, "flows");
  const filepath = join(dir, `${slug}.yaml`);
  mkdirSync(dir, { recursive: true });
  const current = (() => {
    try {
      return readFileSync(filepath, "utf8");
    } catch {
      return undefined;
    }
  })();
  if (current !== yaml) writeFileSync(filepath, yaml);
  return { filepath, fileContentHash: createHash("sha256").update(yaml).digest("hex") };
}

/** A generated Architect flow. It is published once: what changes later is data, never the flow. */
export class GeneratedFlow extends pulumi.ComponentResource {
  readonly flow: genesyscloud.Flow;

  constructor(
    name: string,
    args: { flowName: string; slug: string; yaml: string; workDir: string },
    opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[]; protectFlow: boolean },
  ) {
    super("cutover:index:GeneratedFlow", name, {}, opts);
    this.flow = new genesyscloud.Flow(
      `${name}-flow`,
      { name: args.flowName, type: "INBOUNDCALL", ...writeFlow(args.workDir, args.slug, args.yaml) },
      // The path differs from machine to machine; the content hash is what counts.
      { parent: this, protect: opts.protectFlow, dependsOn: opts.after, ignoreChanges: ["filepath"] },
    );
    this.registerOutputs({ flowId: this.flow.id });
  }
}

/** The data table the front flows decide by: one row a wave part, so a wave moves with one PUT. */
export class RoutingTable extends pulumi.ComponentResource {
  readonly table: genesyscloud.ArchitectDatatable;
  readonly rows: genesyscloud.ArchitectDatatableRow[];

  constructor(
    name: string,
    args: { tableName: string; rows: { part: string; path: string; standby: string; canaryPercent: number }[] },
    opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[]; protectTable: boolean },
  ) {
    super("cutover:index:RoutingTable", name, {}, opts);
    this.table = new genesyscloud.ArchitectDatatable(
      `${name}-table`,
      {
        name: args.tableName,
        description: "Where calls of each wave go during the migration to the own carrier",
        properties: [
          { name: "key", type: "string", title: "wave" },
          { name: "path", type: "string", title: "normal path: gcv or byoc" },
          { name: "standby", type: "string", title: "GCV side: warm or closed" },
          { name: "canaryPercent", type: "integer", title: "percent of callers over BYOC" },
        ],
      },
      { parent: this, protect: opts.protectTable, dependsOn: opts.after },
    );
    this.rows = args.rows.map(
      ({ part, ...row }) =>
        new genesyscloud.ArchitectDatatableRow(
          `${name}-row-${part}`,
          { datatableId: this.table.id, keyValue: part, propertiesJson: JSON.stringify(row) },
          { parent: this, protect: opts.protectTable, dependsOn: opts.after },
        ),
    );
    this.registerOutputs({});
  }
}

/** The lever for people: flips the old IVRs to the standby flow without touching a number. There may be none that are not in another group. */
export class Standby extends pulumi.ComponentResource {
  readonly group: genesyscloud.ArchitectEmergencygroup;

  constructor(
    name: string,
    args: { groupName: string; enabled: boolean; flowId: pulumi.Input<string>; ivrIds: pulumi.Input<string>[] },
    opts: pulumi.ComponentResourceOptions & { after: pulumi.Resource[]; protectGroup: boolean },
  ) {
    super("cutover:index:Standby", name, {}, opts);
    this.group = new genesyscloud.ArchitectEmergencygroup(
      `${name}-group`,
      {
        name: args.groupName,
        enabled: args.enabled,
        emergencyCallFlows: args.ivrIds.length > 0 ? [{ emergencyFlowId: args.flowId, ivrIds: args.ivrIds }] : [],
      },
      { parent: this, protect: opts.protectGroup, dependsOn: opts.after },
    );
    this.registerOutputs({});
  }
}
