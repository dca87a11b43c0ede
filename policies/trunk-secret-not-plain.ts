import { resourcePolicy, TRUNK } from "./policy";
import { isByocTrunk, PASSWORD, trunkSettings } from "./trunk-settings";

/** Whether the properties of a trunk arrived as a secret, by URN. The SDK shows it to remediations only: validations see plain values. */
const secretByUrn = new Map<string, boolean>();

interface MaybeProxy {
  __isSpecialProxy?: true;
  __getSpecialProxyTarget?: Record<string, unknown>;
}

/** The object beneath the SDK's proxies (unknown checking around secret preserving): there a secret is still wrapped. */
function beneath(value: Record<string, unknown>): Record<string, unknown> {
  let object = value;
  while ((object as MaybeProxy).__isSpecialProxy) object = (object as MaybeProxy).__getSpecialProxyTarget!;
  return object;
}

/** A secret of @pulumi/policy: an instance of its class Secret, which it does not export. */
const isSecret = (value: unknown): boolean =>
  value !== null && typeof value === "object" && value.constructor.name === "Secret";

/**
 * The SIP digest password stands in `properties`, which neither the official provider nor Genesys' API marks as secret
 * (facts/genesys.md 1.4): a plain text would lie readable in the state. The level `remediate` is what makes the SDK show
 * secrets at all; nothing is changed, and a violation counts as mandatory.
 */
export const trunkSecretNotPlain = {
  ...resourcePolicy(
    "trunk-secret-not-plain",
    "The trunk's SIP digest password is a secret in the state, in inputs and in outputs.",
    TRUNK,
    ({ urn, props, secretOutputs }) => {
      if (!isByocTrunk(props) || !trunkSettings(props.properties)[PASSWORD]) return [];
      const required = "a secret, since it holds the SIP digest password";
      if (secretByUrn.get(urn) !== true) {
        const seen = secretByUrn.has(urn)
          ? "properties in plain text"
          : "properties of which it is not known whether they are secret";
        return [
          {
            seen,
            required,
            fix: "wrap properties in pulumi.secret and set the password with pulumi config set --secret cutover:trunkPassword",
          },
        ];
      }
      if (secretOutputs.includes("properties")) return [];
      return [
        {
          seen: "properties secret as an input only",
          required: `${required}, as an output too`,
          fix: 'add additionalSecretOutputs: ["properties"]',
        },
      ];
    },
  ),
  enforcementLevel: "remediate" as const,
  remediateResource: (args: { type: string; urn: string; props: Record<string, unknown> }) => {
    if (args.type === TRUNK) secretByUrn.set(args.urn, isSecret(beneath(args.props).properties));
    return undefined;
  },
};
