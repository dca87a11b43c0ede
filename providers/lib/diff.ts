import type { PropertyDiff, PropertySpec } from "./provider";
import { equal, hasUnknown, isProps, own, type Props, SIGNATURE, UNKNOWN, type Value } from "./values";

/** Pulumi's property path for a key below `parent`. */
export function joinPath(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  if (/^[A-Za-z_$][\w$-]*$/.test(key)) return parent === "" ? key : `${parent}.${key}`;
  return `${parent}["${key.replace(/[\\"]/g, "\\$&")}"]`;
}

/**
 * What changes between two plain input maps, property by property. Properties the specs do not know are compared as they are.
 * Keys that start with `__` are bookkeeping of the Terraform bridge in states it wrote, never a difference.
 */
export function diffInputs(specs: Record<string, PropertySpec>, olds: Props, news: Props): PropertyDiff[] {
  const out: PropertyDiff[] = [];
  for (const key of new Set([...Object.keys(news), ...Object.keys(olds)])) {
    if (key.startsWith("__")) continue;
    const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
    const found: PropertyDiff[] = [];
    diffValue(spec, own(olds, key), own(news, key), joinPath("", key), found);
    for (const d of found) out.push(spec?.replace ? { ...d, replace: true } : d);
  }
  return out;
}

function diffValue(spec: PropertySpec | undefined, old: Value, neu: Value, path: string, out: PropertyDiff[]): void {
  if (spec?.computed && neu === undefined) return;
  const a = withDefault(spec, old);
  const b = withDefault(spec, neu);
  if (equal(a, b)) return;
  if (b === UNKNOWN) {
    out.push({ path, kind: absent(a) ? "add" : "update" });
    return;
  }
  if (spec?.view) diffView(spec, a, b, path, out);
  else if (Array.isArray(a) && Array.isArray(b)) {
    if (spec?.set) diffSet(spec.items, a, b, path, out);
    else diffList(spec?.items, a, b, path, out);
  } else if (isPlain(a) && isPlain(b)) diffObject(spec, a, b, path, out);
  else if (absent(a)) out.push({ path, kind: "add" });
  else if (absent(b)) out.push({ path, kind: "delete" });
  else out.push({ path, kind: "update" });
}

const absent = (v: Value): boolean => v === undefined || v === null;
const isPlain = (v: Value): v is Props => isProps(v) && v[SIGNATURE] === undefined;
/** Without a default an explicit null means the same as a key left out, as in Pulumi's own engine. */
const withDefault = (spec: PropertySpec | undefined, v: Value): Value => (absent(v) ? spec?.default : v);

function diffView(spec: PropertySpec, a: Value, b: Value, path: string, out: PropertyDiff[]): void {
  const seen = (v: Value): Value => {
    try {
      return spec.view?.(v) ?? v;
    } catch {
      return v;
    }
  };
  const from = seen(a);
  let to = seen(b);
  if (spec.partial && isPlain(from) && isPlain(to)) to = { ...from, ...to };
  diffValue(undefined, from, to, path, out);
}

function diffObject(spec: PropertySpec | undefined, a: Props, b: Props, path: string, out: PropertyDiff[]): void {
  for (const key of new Set([...Object.keys(b), ...Object.keys(a)])) {
    const known = spec?.properties;
    const sub = known && Object.hasOwn(known, key) ? known[key] : undefined;
    diffValue(sub, own(a, key), own(b, key), joinPath(path, key), out);
  }
}

function diffList(items: PropertySpec | undefined, a: Value[], b: Value[], path: string, out: PropertyDiff[]): void {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const at = joinPath(path, i);
    if (i >= a.length) out.push({ path: at, kind: "add" });
    else if (i >= b.length) out.push({ path: at, kind: "delete" });
    else diffValue(items, a[i], b[i], at, out);
  }
}

/** Elements of one side without a partner on the other; a path named by both sides becomes one update. */
function diffSet(items: PropertySpec | undefined, a: Value[], b: Value[], path: string, out: PropertyDiff[]): void {
  // Thousands of phone numbers are compared by hash instead of pairwise.
  const { gone, come } = a.length + b.length > 64 ? matchByText(a, b) : matchPairwise(items, a, b);
  for (const i of come) out.push({ path: joinPath(path, i), kind: gone.has(i) ? "update" : "add" });
  for (const i of gone) if (!come.has(i)) out.push({ path: joinPath(path, i), kind: "delete" });
}

interface Unmatched {
  /** Indices of old elements without a partner. */
  gone: Set<number>;
  /** Indices of new ones. */
  come: Set<number>;
}

function matchPairwise(items: PropertySpec | undefined, a: Value[], b: Value[]): Unmatched {
  const come = new Set(b.keys());
  const gone = new Set<number>();
  a.forEach((old, i) => {
    const partner = [...come].find((j) => !hasUnknown(b[j]) && same(items, old, b[j]));
    if (partner === undefined) gone.add(i);
    else come.delete(partner);
  });
  return { gone, come };
}

function matchByText(a: Value[], b: Value[]): Unmatched {
  const free = new Map<string, number[]>();
  b.forEach((v, j) => {
    if (hasUnknown(v)) return;
    const at = canonical(v);
    const list = free.get(at);
    if (list) list.push(j);
    else free.set(at, [j]);
  });
  const come = new Set(b.keys());
  const gone = new Set<number>();
  a.forEach((old, i) => {
    const partner = free.get(canonical(old))?.shift();
    if (partner === undefined) gone.add(i);
    else come.delete(partner);
  });
  return { gone, come };
}

function same(items: PropertySpec | undefined, a: Value, b: Value): boolean {
  const found: PropertyDiff[] = [];
  diffValue(items, a, b, "", found);
  return found.length === 0;
}

/** JSON text with sorted keys: equal values give equal text. */
export function canonical(v: Value): string {
  if (v === UNKNOWN) return "unknown";
  if (Array.isArray(v)) return `[${v.map(canonical).join(",")}]`;
  if (!isProps(v)) return typeof v === "number" ? String(v) : (JSON.stringify(v) ?? "undefined");
  const keys = Object.keys(v).filter((k) => v[k] !== undefined);
  return `{${keys
    .sort()
    .map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`)
    .join(",")}}`;
}
