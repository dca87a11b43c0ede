import { isMap, isScalar, type Pair, parseDocument, stringify, type YAMLMap } from "yaml";
import { UserError } from "../model/errors";

/**
 * Sets or removes keys of one group of a YAML text and leaves every other character as it is: comments, order, quotes. A new key goes to the
 * end of its group; undefined removes one with its line.
 * @param group name of the group at the top, such as `config`; it is added when missing.
 * @throws UserError when the text is no YAML map or the group is none.
 */
export function setYamlKeys(
  file: string,
  text: string,
  group: string,
  changes: Readonly<Record<string, string | number | object | undefined>>,
): string {
  let out = text;
  for (const [key, value] of Object.entries(changes)) out = setOne(file, out, group, key, value);
  return out;
}

/** One value as it stands behind its key; objects in flow form, so that a key stays one line. */
const written = (value: string | number | object): string =>
  stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: true }).trim();

function setOne(file: string, text: string, group: string, key: string, value?: string | number | object): string {
  const map = groupOf(file, text, group);
  const pair = map?.items.find((p) => isScalar(p.key) && String(p.key.value) === key);
  if (pair) return value === undefined ? withoutLine(text, pair) : withValue(text, pair, written(value));
  if (value === undefined) return text;
  const line = `${written(key)}: ${written(value)}`;
  if (!map || map.items.length === 0) return `${withNewline(withoutEmptyGroup(text, group))}${group}:\n  ${line}\n`;
  const start = lineStart(text, keyRange(map.items[0]!)[0]);
  const indent = text.slice(start, keyRange(map.items[0]!)[0]);
  const end = lineEnd(text, endOf(map.items.at(-1)!));
  return `${withNewline(text.slice(0, end))}${indent}${line}\n${text.slice(end)}`;
}

function groupOf(file: string, text: string, group: string): YAMLMap | undefined {
  const doc = parseDocument(text);
  const problem = doc.errors[0];
  if (problem || (doc.contents !== null && !isMap(doc.contents)))
    throw new UserError(
      `${file}: seen ${problem?.message.split("\n")[0] ?? "no keys"}; expected YAML with the group ${group}.`,
    );
  const found = doc.get(group, true);
  if (found === undefined || (isScalar(found) && found.value === null)) return undefined;
  if (isMap(found) && found.items.length === 0) return undefined;
  if (isMap(found) && !found.flow) return found as YAMLMap;
  throw new UserError(`${file}, ${group}: seen a value of another form; expected a group of keys, one a line.`);
}

const keyRange = (pair: Pair): [number, number] => (pair.key as { range: [number, number, number] }).range as never;
const endOf = (pair: Pair): number =>
  (pair.value as { range?: [number, number, number] } | null)?.range?.[1] ?? keyRange(pair)[1];
const lineStart = (text: string, at: number) => text.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (text: string, at: number) => {
  // A block value ends behind its last newline already.
  if (at > 0 && text[at - 1] === "\n") return at;
  const next = text.indexOf("\n", at);
  return next === -1 ? text.length : next + 1;
};
const withNewline = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

/** `config:` without keys would be there twice. */
const withoutEmptyGroup = (text: string, group: string) =>
  text.replace(new RegExp(`^${group}:[ \\t]*(\\{\\s*\\})?[ \\t]*\\n?`, "m"), "");

function withValue(text: string, pair: Pair, value: string): string {
  const range = (pair.value as { range?: [number, number, number] } | null)?.range;
  const colon = text.indexOf(":", keyRange(pair)[1]);
  if (!range || range[0] === range[1]) return `${text.slice(0, colon + 1)} ${value}${text.slice(colon + 1)}`;
  const block = text[range[1] - 1] === "\n";
  // Between the colon and the value stand blanks, or a line break before a block.
  return `${text.slice(0, colon + 1)} ${value}${block ? "\n" : ""}${text.slice(range[1])}`;
}

function withoutLine(text: string, pair: Pair): string {
  return text.slice(0, lineStart(text, keyRange(pair)[0])) + text.slice(lineEnd(text, endOf(pair)));
}
