import * as pulumi from "@pulumi/pulumi";
import { resourcePolicy, TABLE_ROW } from "./policy";

/** The standby closes with the phase `complete` and not before: until then GCV answers whoever still comes by the old path. */
export const gcvStaysWarm = resourcePolicy(
  "gcv-stays-warm",
  "The old path answers until the traffic observed on it is zero: no closed standby before complete.",
  TABLE_ROW,
  ({ props }) => {
    const row = readRow(props.propertiesJson);
    if (row?.standby !== "closed") return [];
    const phase = new pulumi.Config("cutover").get("phase") ?? "baseline";
    if (phase === "complete") return [];
    return [
      {
        seen: `standby closed at phase ${phase}`,
        required: "standby warm until complete",
        fix: "let model/ choose the standby of the row",
      },
    ];
  },
);

/** The row of a data table, or undefined for a row of another form (the phase record has one too). */
function readRow(json: unknown): Record<string, unknown> | undefined {
  try {
    const row: unknown = JSON.parse(String(json));
    return row !== null && typeof row === "object" ? (row as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
