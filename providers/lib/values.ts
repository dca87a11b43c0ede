import structs from "google-protobuf/google/protobuf/struct_pb";
import { quickStructs } from "./structs";

quickStructs(structs);
const { Struct } = structs;
type Struct = InstanceType<typeof Struct>;

/** Key that marks an object on the wire as something special (pulumi `sdk/go/common/resource/sig`). */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** The wire's sentinels for "not known yet": string first (the one we send), then bool, number, array, asset, archive, object. */
const UNKNOWN_SENTINELS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
const sentinels = new Set(UNKNOWN_SENTINELS);

/** A value that will be known only after an earlier step of the same update; appears in previews only. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A value that must never be shown or stored in the clear. */
export class Secret {
  constructor(readonly value: Value) {}
}

/** A property value as the engine sends it. Assets, archives and resource references stay objects that carry `SIGNATURE`. */
export type Value =
  | null
  | undefined
  | boolean
  | number
  | string
  | typeof UNKNOWN
  | Secret
  | Value[]
  | { [key: string]: Value };
export type Props = { [key: string]: Value };

const isObject = (v: unknown): v is Record<string, Value> =>
  typeof v === "object" && v !== null && !Array.isArray(v) && !(v instanceof Secret);

/** Struct of a message -> properties. An absent Struct is `{}`: the engine leaves out what is empty. */
export function decodeStruct(s: Struct | undefined | null): Props {
  return s ? decodeMembers(s.toJavaScript() as Props) : {};
}

function decodeMembers(o: Props): Props {
  const out: Props = {};
  for (const [k, v] of Object.entries(o)) out[k] = decodeValue(v);
  return out;
}

function decodeValue(v: Value): Value {
  if (typeof v === "string") return sentinels.has(v) ? UNKNOWN : v;
  if (Array.isArray(v)) return v.map(decodeValue);
  return isObject(v) ? decodeSpecial(decodeMembers(v)) : v;
}

function decodeSpecial(o: Props): Value {
  switch (o[SIGNATURE]) {
    case SECRET:
      return new Secret(o.value);
    case OUTPUT: {
      // An output value without `value` is unknown; components and Call send these.
      const inner = "value" in o ? o.value : UNKNOWN;
      return o.secret === true ? new Secret(inner) : inner;
    }
    default:
      return o;
  }
}

/** Properties -> Struct. (A key called `__proto__` is lost.) Keys with `undefined` are left out, `undefined` inside a list becomes null. */
export function encodeStruct(props: Props): Struct {
  return Struct.fromJavaScript(encodeMembers(props) as Parameters<typeof Struct.fromJavaScript>[0]);
}

function encodeMembers(props: Props): Props {
  const out: Props = {};
  for (const [k, v] of Object.entries(props)) if (v !== undefined && k !== "__proto__") out[k] = encodeValue(v);
  return out;
}

function encodeValue(v: Value): Value {
  if (v === undefined) return null;
  if (v === UNKNOWN) return UNKNOWN_SENTINELS[0] as string;
  if (v instanceof Secret) return { [SIGNATURE]: SECRET, value: encodeValue(v.value) };
  if (Array.isArray(v)) return v.map(encodeValue);
  return isObject(v) ? encodeMembers(v) : v;
}

/** A deep copy without any Secret around or inside it. */
export function unsecret(v: Value): Value {
  if (v instanceof Secret) return unsecret(v.value);
  if (Array.isArray(v)) return v.map(unsecret);
  if (!isObject(v)) return v;
  const out: Props = {};
  for (const [k, x] of Object.entries(v)) out[k] = unsecret(x);
  return out;
}

/** `unsecret` of a whole property map. */
export const unsecretProps = (p: Props): Props => unsecret(p) as Props;

/** Whether a Secret is the value itself or lies anywhere inside it. */
export function hasSecret(v: Value): boolean {
  if (v instanceof Secret) return true;
  if (Array.isArray(v)) return v.some(hasSecret);
  return isObject(v) && Object.values(v).some(hasSecret);
}

/** Whether any part of the value is not known yet. */
export function hasUnknown(v: Value): boolean {
  if (v === UNKNOWN) return true;
  if (v instanceof Secret) return hasUnknown(v.value);
  if (Array.isArray(v)) return v.some(hasUnknown);
  return isObject(v) && Object.values(v).some(hasUnknown);
}

/** Equality as Pulumi means it: a missing key equals an undefined one, NaN equals NaN, key order does not matter, an unknown equals nothing but itself. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a === "number" && typeof b === "number") return Number.isNaN(a) && Number.isNaN(b);
  if (a instanceof Secret || b instanceof Secret) return equal(unsecret(a), unsecret(b));
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => equal(x, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!equal(own(a, k), own(b, k))) return false;
  }
  return true;
}

/** Own property only, so that `constructor` or `toString` are never taken for values. */
export const own = (o: Props, k: string): Value => (Object.hasOwn(o, k) ? o[k] : undefined);

/** Whether the value is a plain object (not a list, not a Secret). */
export const isProps = isObject;
