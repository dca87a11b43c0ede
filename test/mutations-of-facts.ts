/** One fact of a picture changed to what a probe, a person or a fault might put there. */

/** Where a value stands in a document: keys, and places in lists. */
export type Path = readonly (string | number)[];

/** Takes the value out: a key or an entry of a list that is not there. */
const GONE = Symbol("gone");

/** Every place in a value, the value's own first. */
export function* places(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value))
    yield* places(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}

// biome-ignore lint/suspicious/noExplicitAny: a document of any form
type Any = any;

export const valueAt = (root: unknown, path: Path): unknown => path.reduce((v: Any, key) => v[key], root as Any);

/** A copy of a value with one place changed. */
export function changed<T>(root: T, path: Path, to: unknown): T {
  const copy = structuredClone(root);
  const holder = valueAt(copy, path.slice(0, -1)) as Any;
  const key = path.at(-1)!;
  if (to !== GONE) holder[key] = to;
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return copy;
}

const DAY_MS = 86_400_000;
const shifted = (iso: string, days: number) => new Date(Date.parse(iso) + days * DAY_MS).toISOString();

/** What may stand in place of a value, by a word for it: missing, of another kind, of another number, place or time. */
export function mistakes(value: unknown): [word: string, to: unknown][] {
  const all: [string, unknown][] = [
    ["missing", GONE],
    ["null", null],
  ];
  if (typeof value === "boolean") all.push(["the other", !value], ["text", "yes"]);
  if (typeof value === "number") all.push(["NaN", Number.NaN], ["negative", -1], ["0", 0], ["huge", 1e9]);
  if (Array.isArray(value)) all.push(["empty", []]);
  else if (typeof value === "object" && value !== null) all.push(["empty", {}]);
  if (typeof value !== "string") return all;
  all.push(["empty", ""], ["another", "zz.elsewhere.example"]);
  if (/^\+\d+$/.test(value)) all.push(["another number", "+12025550123"]);
  if (/^\d{1,3}(\.\d{1,3}){3}/.test(value)) all.push(["another address", "192.0.2.99"]);
  if (/^\d{4}-\d\d-\d\dT/.test(value)) all.push(["too old", shifted(value, -400)], ["to come", shifted(value, 1)]);
  return all;
}

/** A place without its numbers, for lists of what is left alone: `sip.tests.#.via`. */
export const pattern = (path: Path): string => path.map((key) => (typeof key === "number" ? "#" : key)).join(".");
