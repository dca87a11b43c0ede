import { diffInputs } from "./diff";
import type { PropertySpec } from "./provider";
import { equal, own, type Props, type Value } from "./values";

/**
 * Inputs that describe what exists (`live`, in the resource's own property names), for a Read.
 * On a refresh (`olds` given) a value that says the same keeps the program's own text and order, and what the program left out
 * stays out unless the server has something other than the default. On an import (`olds` null) everything but defaults is given,
 * so that a program that declares the same values previews no change.
 */
export function liveInputs<I>(specs: Record<string, PropertySpec>, live: object, olds: I | null): I {
  const out: Props = {};
  const before = olds as Props | null;
  for (const [key, spec] of Object.entries(specs)) {
    const value = own(live as Props, key);
    const had = before === null ? undefined : own(before, key);
    if (had !== undefined && diffInputs({ [key]: spec }, { [key]: value }, { [key]: had }).length === 0) out[key] = had;
    else if (before !== null && had === undefined && spec.computed) continue;
    else if (!isNothing(value) && !(had === undefined && equal(value, spec.default))) out[key] = value;
  }
  return out as I;
}

/** Servers answer "" or [] where nothing was said. */
const isNothing = (v: Value): boolean =>
  v === undefined || v === null || v === "" || (Array.isArray(v) && v.length === 0);
