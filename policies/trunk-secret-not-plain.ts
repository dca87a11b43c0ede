import * as pulumi from "@pulumi/pulumi";
import { ANY, resourcePolicy, TRUNK } from "./policy";
import { isByocTrunk, PASSWORD, trunkSettings } from "./trunk-settings";

const NAME = "trunk-secret-not-plain";
const WHAT =
  "The trunk's SIP digest password is a secret in the state, in inputs and in outputs, and in no other resource's plain text.";

/** Whether the properties of a trunk arrived as a secret, by URN. The SDK shows it to remediations only: validations see plain values. */
const secretByUrn = new Map<string, boolean>();
/** Properties of any resource that hold the password in plain text, by URN. */
const plainByUrn = new Map<string, string[]>();

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

/** Whether a plain text somewhere in a value contains the password; secrets are not looked into. */
function holds(value: unknown, password: string): boolean {
  if (typeof value === "string") return value.includes(password);
  if (value === null || typeof value !== "object" || isSecret(value)) return false;
  return Object.values(value).some((v) => holds(v, password));
}

/** Properties that hold the password which the stack keeps as a secret; none where the stack has no such secret. */
function plainProperties(props: Record<string, unknown>): string[] {
  const password = new pulumi.Config("cutover").get("trunkPassword");
  if (!password) return [];
  return Object.keys(props).filter((key) => holds(props[key], password));
}

const elsewhere = resourcePolicy(NAME, WHAT, ANY, ({ type, urn }) => {
  // The trunk's own properties are judged below, whatever its password is.
  const plain = (plainByUrn.get(urn) ?? []).filter((key) => !(type === TRUNK && key === "properties"));
  if (plain.length === 0) return [];
  return [
    {
      seen: `the trunk's digest password in plain text in ${plain.join(", ")}`,
      required: "the password in no resource but the trunk, and there as a secret",
      fix: "take it out; whoever needs it reads cutover:trunkPassword",
    },
  ];
});

const onTrunk = resourcePolicy(NAME, WHAT, TRUNK, ({ urn, props, secretOutputs }) => {
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
});

/**
 * The SIP digest password stands in `properties`, which neither the official provider nor Genesys' API marks as secret
 * (the provider's schema, 1.84.1): a plain text would lie readable in the state. The level `remediate` is what makes the SDK show
 * secrets at all; nothing is changed, and a violation counts as mandatory.
 */
export const trunkSecretNotPlain = {
  ...onTrunk,
  enforcementLevel: "remediate" as const,
  validateResource: [onTrunk.validateResource, elsewhere.validateResource].flat().filter((v) => v !== undefined),
  remediateResource: (args: { type: string; urn: string; props: Record<string, unknown> }) => {
    const props = beneath(args.props);
    if (args.type === TRUNK) secretByUrn.set(args.urn, isSecret(props.properties));
    plainByUrn.set(args.urn, plainProperties(props));
    return undefined;
  },
};
