import type { Basis } from "./basis";
import { positionAsked } from "./context";
import { type Finding, gatePolicy, GROUP, resourcePolicy, TABLE_ROW, together } from "./policy";

const NAME = "gcv-stays-warm";
const WHAT =
  "The old path answers until the traffic observed on it is zero: no number leaves its call route but by its wave's release, and no standby closes before complete.";

function closedBefore(what: string, basis: Basis): Finding[] {
  // An organisation closes its lines for many reasons: only a plan tells that these carry a migration's calls.
  basis.plan("the plan, which says when the standby closes");
  const { phase } = positionAsked();
  if (phase === "complete") return [];
  return [
    {
      seen: `${what} at phase ${phase}`,
      required: "standby warm until complete",
      fix: "leave it off (standby warm, enabled: false): the step to cutover:phase complete closes it",
    },
  ];
}

const onRow = resourcePolicy(NAME, WHAT, TABLE_ROW, ({ props }, basis) =>
  readRow(props.propertiesJson)?.standby === "closed" ? closedBefore("standby closed in the routing row", basis) : [],
);
const onGroup = resourcePolicy(NAME, WHAT, GROUP, ({ props }, basis) =>
  props.enabled === true ? closedBefore("emergency group switched on", basis) : [],
);

/**
 * Numbers stay on their call routes until they are released, and the standby closes with the phase `complete` and not before: until then GCV
 * answers whoever still comes by the old path. A policy sees no old state, so the gate's evidence brings what the call routes hold today.
 */
export const gcvStaysWarm = together(gatePolicy(NAME, WHAT), onRow, onGroup);

/** The row of a data table, or undefined for a row of another form (the phase record has one too). */
function readRow(json: unknown): Record<string, unknown> | undefined {
  try {
    const row: unknown = JSON.parse(String(json));
    return row !== null && typeof row === "object" ? (row as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
