/** Property paths (`a.b[0]["c.d"]`, `*` as wildcard), for ignoreChanges, replaceOnChanges and detailed diffs. */
import { isObject, isSecret, type Props, plain, type Value } from "./values";

export type Path = (string | number)[];

/** Parses a property path. Throws on unbalanced brackets or quotes. */
export function parsePath(text: string): Path {
  const path: Path = [];
  let rest = text;
  while (rest !== "") {
    const part =
      /^\["((?:[^"\\]|\\.)*)"\]\.?/.exec(rest) ?? /^\[(\d+|\*)\]\.?/.exec(rest) ?? /^([^.[\]]+)\.?/.exec(rest);
    if (!part) throw new Error(`invalid property path ${JSON.stringify(text)}`);
    const key = part[1] as string;
    if (part[0].startsWith('["')) path.push(key.replace(/\\(.)/g, "$1"));
    else path.push(part[0].startsWith("[") && key !== "*" ? Number(key) : key);
    rest = rest.slice(part[0].length);
  }
  return path;
}

/** Writes a path the way the CLI prints it. */
export function formatPath(path: Path): string {
  return path
    .map((p, i) => {
      if (typeof p === "number") return `[${p}]`;
      if (!/^[\w$-]+$/.test(p)) return `[${JSON.stringify(p)}]`;
      return i === 0 ? p : `.${p}`;
    })
    .join("");
}

/** The value at a property path, secret where it or anything above it is; undefined where there is none. */
export function getAt(v: Value | undefined, path: Path): Value | undefined {
  let at = plain(v);
  let hidden = isSecret(v);
  for (const key of path) {
    if (Array.isArray(at)) at = typeof key === "number" ? at[key] : undefined;
    else at = isObject(at) ? at[key] : undefined;
    hidden ||= isSecret(at);
    at = plain(at);
  }
  return hidden && at !== undefined
    ? { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: at }
    : at;
}

/** True when `path` lies at or below `pattern` (whose `*` matches one element), or above it. */
export function overlaps(pattern: Path, path: Path): boolean {
  const n = Math.min(pattern.length, path.length);
  for (let i = 0; i < n; i++) if (pattern[i] !== "*" && String(pattern[i]) !== String(path[i])) return false;
  return true;
}

/**
 * New inputs with the old values put back at ignored paths: present in both, old wins; absent in old, removed; absent
 * in new, restored. Source: Pulumi option ignoreChanges.
 */
export function ignoreChanges(news: Props, olds: Props, paths: readonly string[]): Props {
  let out = news;
  for (const text of paths) {
    const path = parsePath(text);
    out = (path[0] === "*" ? olds : copyAt(out, olds, path)) as Props;
  }
  return out;
}

function copyAt(news: Value | undefined, olds: Value | undefined, path: Path): Value | undefined {
  if (path.length === 0) return olds;
  const [key, ...rest] = path as [string | number, ...Path];
  const inner = plain(news);
  const from = plain(olds);
  let made: Value | undefined = inner;
  if (key === "*") {
    if (Array.isArray(inner) && Array.isArray(from)) {
      made = inner.map((x, i) => (i < from.length ? (copyAt(x, from[i], rest) as Value) : x));
    } else if (isObject(inner) && isObject(from)) {
      made = { ...inner };
      for (const k of new Set([...Object.keys(inner), ...Object.keys(from)])) assign(made, k, inner[k], from[k], rest);
    }
  } else if (Array.isArray(inner) && typeof key === "number") {
    const old = Array.isArray(from) ? from[key] : undefined;
    const next = copyAt(inner[key], old, rest);
    if (key < inner.length && next !== undefined) made = inner.map((x, i) => (i === key ? next : x));
  } else if (isObject(inner) && typeof key === "string") {
    made = { ...inner };
    assign(made, key, inner[key], isObject(from) ? from[key] : undefined, rest);
  }
  if (made === inner) return news;
  return isSecret(news) && made !== undefined ? { ...news, value: made } : made;
}

function assign(into: Props, key: string, news: Value | undefined, olds: Value | undefined, rest: Path): void {
  if (rest.length > 0 && news === undefined) return;
  const v = copyAt(news, olds, rest);
  if (v === undefined) delete into[key];
  else into[key] = v;
}
