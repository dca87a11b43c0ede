import type { PolicyConfigSchema, ResourceValidationPolicy } from "@pulumi/policy";
import type { Basis } from "./basis";
import { type Finding, gatePolicy, resourcePolicy, together, TRUNK } from "./policy";
import { isByocTrunk, trunkSettings } from "./trunk-settings";

/**
 * A policy on the settings of a BYOC trunk as it is declared, and on the gate with the facts gathered for the move.
 * @param judge asks for the settings by key (trunk-settings.ts) when it needs them: one that can say nothing anyway must not fail on
 * properties that are not known yet. The organisation's other trunks never reach it.
 * @param properties what the policy may be told by the pack's configuration.
 */
export function trunkPolicy(
  name: string,
  description: string,
  judge: (settings: () => Record<string, unknown>, basis: Basis) => Finding[],
  properties?: PolicyConfigSchema["properties"],
): ResourceValidationPolicy {
  const declared = resourcePolicy(
    name,
    description,
    TRUNK,
    ({ props }, basis) => (isByocTrunk(props) ? judge(() => trunkSettings(props.properties), basis) : []),
    properties ? { configSchema: { properties } } : {},
  );
  return together(gatePolicy(name, description), declared);
}
