import { readFileSync } from "node:fs";
import { join } from "node:path";

/** facts/genesys.json: models of the Genesys Go SDK, and the endpoints that the official Terraform provider uses for our resources. */
export interface Facts {
  models: Record<string, Record<string, string>>;
  endpoints: Record<string, string[]>;
}

const fits: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (v) => typeof v === "string",
  int: (v) => Number.isInteger(v),
  float32: (v) => typeof v === "number",
  float64: (v) => typeof v === "number",
  bool: (v) => typeof v === "boolean",
  "time.Time": (v) => typeof v === "string" && !Number.isNaN(Date.parse(v)),
};

/** Where a value does not fit the type the Go SDK gives it; nested models are followed as far as they are known. */
export function misfits(facts: Facts, type: string, value: unknown, at: string): string[] {
  if (value === null || value === undefined) return [];
  if (type.startsWith("[]")) {
    if (!Array.isArray(value)) return [`${at} is no list`];
    return value.flatMap((each, i) => misfits(facts, type.slice(2), each, `${at}[${i}]`));
  }
  const check = fits[type];
  if (check) return check(value) ? [] : [`${at} is ${JSON.stringify(value)}, expected ${type}`];
  const model = facts.models[type];
  if (!model) return typeof value === "object" ? [] : [`${at} is ${JSON.stringify(value)}, expected an object`];
  return Object.entries(value as Record<string, unknown>).flatMap(([field, inner]) => {
    const known = model[field];
    if (known === undefined) return [`${at}.${field} is no field of ${type}`];
    return misfits(facts, known, inner, `${at}.${field}`);
  });
}

/** `Models.DIDPool` of the JavaScript SDK is `Didpool` in the facts. */
export const modelName = (type: string) => {
  const name = type.replace("Models.", "");
  return name.charAt(0) + name.slice(1).toLowerCase();
};

/** Facts beside this suite; `here` is test/contract. */
export const factsOf = (here: string) => JSON.parse(readFileSync(join(here, "facts", "genesys.json"), "utf8")) as Facts;
