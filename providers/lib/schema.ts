import type { PropertySpec, ProviderSpec } from "./provider";

/** Pulumi package schema (the subset that `pulumi package get-schema` needs) of a provider table. */
// biome-ignore lint/suspicious/noExplicitAny: the client's type does not matter here
export function schemaOf(spec: ProviderSpec<any>): object {
  const resources: Record<string, object> = {};
  for (const [token, r] of Object.entries(spec.resources)) {
    const inputs = properties(r.inputs);
    const computed = Object.fromEntries(
      Object.entries(r.outputs ?? {}).map(([k, o]) => [k, { type: "string", ...(o.secret ? { secret: true } : {}) }]),
    );
    resources[token] = {
      inputProperties: inputs,
      requiredInputs: required(r.inputs),
      properties: { ...inputs, ...computed },
      required: required(r.inputs),
    };
  }
  const functions = Object.fromEntries(Object.keys(spec.invokes ?? {}).map((t) => [t, { inputs: {}, outputs: {} }]));
  return {
    name: spec.name,
    version: spec.version,
    config: { variables: properties(spec.config) },
    resources,
    functions,
  };
}

const required = (specs: Record<string, PropertySpec>): string[] =>
  Object.keys(specs).filter((k) => specs[k]?.required);

function properties(specs: Record<string, PropertySpec>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(specs).map(([k, s]) => [k, { ...typeOf(s), ...(s.secret ? { secret: true } : {}) }]),
  );
}

function typeOf(s: PropertySpec): object {
  if (s.type === "any") return { $ref: "pulumi.json#/Any" };
  if (s.type === "array") return { type: "array", items: s.items ? typeOf(s.items) : { $ref: "pulumi.json#/Any" } };
  if (s.type === "object") return { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } };
  return { type: s.type };
}
