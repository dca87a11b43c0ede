import { joinPath } from "./diff";
import type { Failure, PropertySpec } from "./provider";
import { equal, hasUnknown, isProps, own, type Props, UNKNOWN, type Value } from "./values";

/** Checks plain inputs against their specs: shape, values, unknown names, frozen properties (`olds` null at creation). Unknown values pass. */
export function checkInputs(specs: Record<string, PropertySpec>, news: Props, olds: Props | null): Failure[] {
  const out: Failure[] = [];
  checkObject(specs, news, "", out);
  for (const [key, spec] of Object.entries(specs)) {
    if (spec.frozen === undefined || olds === null) continue;
    const from = own(olds, key) ?? spec.default;
    const to = own(news, key) ?? spec.default;
    // A program that leaves a frozen computed property out, or does not know it yet, asks for no change.
    if (from === undefined || hasUnknown(to) || (to === undefined && spec.computed) || equal(from, to)) continue;
    out.push({
      property: key,
      reason: `${key} cannot change from ${show(spec, from)} to ${show(spec, to)}: ${spec.frozen}`,
    });
  }
  return out;
}

function checkObject(specs: Record<string, PropertySpec>, value: Props, path: string, out: Failure[]): void {
  for (const [key, spec] of Object.entries(specs)) checkValue(spec, own(value, key), joinPath(path, key), out);
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(specs, key) || key.startsWith("__") || value[key] === undefined) continue;
    out.push({
      property: joinPath(path, key),
      reason: `is not a property here; expected one of ${Object.keys(specs).join(", ")}`,
    });
  }
}

function checkValue(spec: PropertySpec, v: Value, path: string, out: Failure[]): void {
  const fail = (reason: string) => out.push({ property: path, reason });
  if (v === undefined || v === null) {
    if (spec.required) fail("is missing and is required");
    return;
  }
  if (v === UNKNOWN || spec.type === "any") return;
  if (!hasType(spec.type, v)) {
    fail(`is ${show(spec, v)} of type ${Array.isArray(v) ? "array" : typeof v}; expected ${spec.type}`);
    return;
  }
  if (spec.enum && !spec.enum.includes(v as string))
    fail(`is ${show(spec, v)}; expected one of ${spec.enum.join(", ")}`);
  if (spec.pattern && !spec.pattern.test.test(v as string))
    fail(`is ${show(spec, v)}; expected ${spec.pattern.expected}`);
  if (typeof v === "number" && ((spec.min !== undefined && v < spec.min) || (spec.max !== undefined && v > spec.max))) {
    fail(`is ${v}; expected ${spec.min ?? "any"} to ${spec.max ?? "any"}`);
  }
  if (Array.isArray(v)) {
    if (spec.minItems !== undefined && v.length < spec.minItems)
      fail(`has ${v.length} elements; expected at least ${spec.minItems}`);
    const items = spec.items;
    for (const [i, x] of items ? v.entries() : [])
      checkValue({ ...items, required: true } as PropertySpec, x, joinPath(path, i), out);
  } else if (isProps(v) && spec.properties) checkObject(spec.properties, v, path, out);
}

function hasType(type: PropertySpec["type"], v: Value): boolean {
  switch (type) {
    case "array":
      return Array.isArray(v);
    case "object":
      return isProps(v);
    case "integer":
      return Number.isInteger(v);
    case "number":
      return typeof v === "number" && Number.isFinite(v);
    default:
      return typeof v === type;
  }
}

function show(spec: PropertySpec, v: Value): string {
  if (spec.secret) return "[secret]";
  if (v === undefined || v === null) return "nothing";
  const text = JSON.stringify(v) ?? String(v);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/**
 * Configuration as the engine hands it over: Pulumi's configuration has strings only, so other types may come as JSON text.
 * Returns the typed values; text that does not parse is left for `checkInputs` to refuse.
 */
export function coerceConfig(specs: Record<string, PropertySpec>, config: Props): Props {
  const out: Props = { ...config };
  for (const [key, spec] of Object.entries(specs)) {
    const v = own(config, key);
    if (typeof v !== "string" || spec.type === "string" || spec.type === "any") continue;
    try {
      out[key] = JSON.parse(v) as Value;
    } catch {
      // checkInputs names the property and the expected type
    }
  }
  return out;
}
