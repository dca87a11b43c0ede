/** Architect functions of the sandbox: signature for the checker, code for the evaluator. Anything not here fails the publish. */

import { FlowRuntimeError, fromJson, NOT_SET, textOf, toPhoneNumber, type Value, type ValueType } from "./values";

export interface ArchitectFunction {
  params: ValueType[];
  /** The last parameter may be repeated. */
  variadic?: boolean;
  returns: ValueType;
  /** Called although an argument is NOT_SET; otherwise NOT_SET spreads before the code runs. */
  takesNotSet?: boolean;
  run(args: readonly Value[]): Value;
}

const STRING: ValueType = "string";

function define(
  params: ValueType[],
  returns: ValueType,
  run: (args: never) => Value,
  extra: Partial<ArchitectFunction> = {},
): ArchitectFunction {
  return { params, returns, run: run as ArchitectFunction["run"], ...extra };
}

function toNumber(text: string, integer: boolean): Value {
  const trimmed = text.trim();
  const pattern = integer ? /^[-+]?\d+$/ : /^[-+]?\d+(\.\d+)?$/;
  if (!pattern.test(trimmed)) return NOT_SET;
  const number = Number(trimmed);
  return integer && !Number.isSafeInteger(number) ? NOT_SET : number;
}

function count(n: number, what: string): number {
  if (!Number.isInteger(n) || n < 0) throw new FlowRuntimeError(`${what} must be a whole number from 0, saw ${n}`);
  return n;
}

function toBool(text: string): Value {
  const word = text.trim().toLowerCase();
  return word === "true" ? true : word === "false" ? false : NOT_SET;
}

function jsonMember(json: Value, name: string): Value {
  if (typeof json !== "object" || json === null || !("kind" in json) || json.kind !== "json") return NOT_SET;
  const holder = json.value;
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return NOT_SET;
  return fromJson((holder as Record<string, unknown>)[name]);
}

/** A member of a value: `.e164` of a phone number, any property of JSON; NOT_SET when there is none. */
export function memberOf(value: Value, name: string): Value {
  if (typeof value === "object" && value !== null && "kind" in value && value.kind === "phoneNumber")
    return name === "e164" ? value.e164 : NOT_SET;
  return jsonMember(value, name);
}

export const FUNCTIONS: ReadonlyMap<string, ArchitectFunction> = new Map<string, ArchitectFunction>([
  ["ToString", define(["any"], STRING, ([v]: [Value]) => textOf(v))],
  [
    "ToInt",
    define(["any"], "integer", ([v]: [Value]) =>
      typeof v === "number" ? Math.trunc(v) : toNumber(textOf(v) ?? "", true),
    ),
  ],
  [
    "ToDecimal",
    define(["any"], "decimal", ([v]: [Value]) => (typeof v === "number" ? v : toNumber(textOf(v) ?? "", false))),
  ],
  ["ToBool", define(["any"], "boolean", ([v]: [Value]) => (typeof v === "boolean" ? v : toBool(textOf(v) ?? "")))],
  ["ToPhoneNumber", define([STRING], "phoneNumber", ([s]: [string]) => toPhoneNumber(s))],
  ["ToAudioTTS", define([STRING], "audio", ([text]: [string]) => ({ kind: "audio", text }))],
  ["Length", define([STRING], "integer", ([s]: [string]) => s.length)],
  ["Left", define([STRING, "integer"], STRING, ([s, n]: [string, number]) => s.slice(0, count(n, "Left: count")))],
  [
    "Right",
    define([STRING, "integer"], STRING, ([s, n]: [string, number]) =>
      s.slice(Math.max(0, s.length - count(n, "Right: count"))),
    ),
  ],
  [
    "Substring",
    define([STRING, "integer", "integer"], STRING, ([s, from, n]: [string, number, number]) =>
      s.slice(count(from, "Substring: start"), from + count(n, "Substring: count")),
    ),
  ],
  ["Upper", define([STRING], STRING, ([s]: [string]) => s.toUpperCase())],
  ["Lower", define([STRING], STRING, ([s]: [string]) => s.toLowerCase())],
  ["Trim", define([STRING], STRING, ([s]: [string]) => s.trim())],
  [
    "Replace",
    define([STRING, STRING, STRING], STRING, ([s, old, by]: [string, string, string]) =>
      old === "" ? s : s.split(old).join(by),
    ),
  ],
  ["Contains", define([STRING, STRING], "boolean", ([s, part]: [string, string]) => s.includes(part))],
  ["StartsWith", define([STRING, STRING], "boolean", ([s, part]: [string, string]) => s.startsWith(part))],
  ["EndsWith", define([STRING, STRING], "boolean", ([s, part]: [string, string]) => s.endsWith(part))],
  ["FindString", define([STRING, STRING], "integer", ([s, part]: [string, string]) => s.indexOf(part))],
  ["IsSet", define(["any"], "boolean", ([v]: [Value]) => v !== NOT_SET && memberIsSet(v), { takesNotSet: true })],
  [
    "IsNotSetOrEmpty",
    define(["any"], "boolean", ([v]: [Value]) => !memberIsSet(v) || v === "" || (Array.isArray(v) && v.length === 0), {
      takesNotSet: true,
    }),
  ],
  ["GetJsonObjectProperty", define(["json", STRING], "any", ([json, name]: [Value, string]) => jsonMember(json, name))],
  ["MakeList", define([STRING], "stringCollection", (items: string[]) => items, { variadic: true })],
  ["Count", define(["stringCollection"], "integer", ([list]: [string[]]) => list.length)],
  ["GetAt", define(["stringCollection", "integer"], STRING, ([list, i]: [string[], number]) => list[i] ?? NOT_SET)],
]);

/** A phone number that could not be read counts as not set, as its `.e164` does. */
function memberIsSet(v: Value): boolean {
  if (v === NOT_SET) return false;
  return !(typeof v === "object" && "kind" in v && v.kind === "phoneNumber" && v.e164 === null);
}
