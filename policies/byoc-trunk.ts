import type { PolicyConfigSchema, ResourceValidationPolicy } from "@pulumi/policy";
import type { Basis } from "./basis";
import { planIfAny } from "./context";
import { type Finding, gatePolicy, resourcePolicy, together, TRUNK } from "./policy";
import { isByocTrunk, trunkSettings } from "./trunk-settings";

/** What a policy on trunks is about. */
interface About {
  /** Keys of the trunk's properties that a finding is mended at. */
  keys: readonly string[];
  /** What the policy may be told by the pack's configuration, for all trunks or under `trunks` for one of them. */
  properties?: PolicyConfigSchema["properties"];
}

/** A finding in the words of a program without a plan: it is mended at the resource, and there are no keys of plan.yaml to name. */
const inPlainWords = ({ seen, required, fix }: Finding, keys: readonly string[]): Finding => ({
  seen,
  required: required.replace(/ \(gcv\.[^)]*\)/, ""),
  fix: /\b(trunk|gcv)\.\w|GCV/.test(fix) ? `set ${keys.join(" and ")} in the trunk's properties` : fix,
});

/** The schema, and once more for each trunk by its name: carriers differ from region to region. */
const schemaOf = (properties: NonNullable<About["properties"]>): PolicyConfigSchema => ({
  properties: {
    ...properties,
    trunks: {
      type: "object",
      additionalProperties: { type: "object", properties, additionalProperties: false },
      description: "The same for single trunks, by the trunk's name; what is left out there is taken from above.",
    },
  },
});

/**
 * A policy on the settings of a BYOC trunk as it is declared, and on the gate with the facts gathered for the move.
 * @param judge asks for the settings by key (trunk-settings.ts) when it needs them: one that can say nothing anyway must not fail on
 * properties that are not known yet. The organisation's other trunks never reach it.
 */
export function trunkPolicy(
  name: string,
  description: string,
  judge: (settings: () => Record<string, unknown>, basis: Basis) => Finding[],
  { keys, properties }: About,
): ResourceValidationPolicy {
  const declared = resourcePolicy(
    name,
    description,
    TRUNK,
    ({ props }, basis) => {
      if (!isByocTrunk(props)) return [];
      const found = judge(() => trunkSettings(props.properties), properties ? basis.of("trunks", props) : basis);
      return planIfAny() ? found : found.map((finding) => inPlainWords(finding, keys));
    },
    properties ? { configSchema: schemaOf(properties) } : {},
  );
  return together(gatePolicy(name, description), declared);
}
