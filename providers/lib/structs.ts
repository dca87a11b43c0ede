/**
 * google.protobuf.Struct by hand. Every message of the protocol carries property maps, and google-protobuf makes four objects of each
 * property and goes through every text character by character: a fifth of the processor time of engine, plug-ins and pack. Here a
 * Struct stays the bytes it came in, or goes out as, and is read once, into plain values. The wire format is the same
 * (https://protobuf.dev/programming-guides/encoding, google/protobuf/struct.proto).
 */
import type * as StructProto from "google-protobuf/google/protobuf/struct_pb";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonMap = { [key: string]: Json };

const VARINT = 0;
const DOUBLE = 1;
const BYTES = 2;
/** Fields of Value: null, number, string, bool, struct, list. */
const NULL = 1;
const NUMBER = 2;
const STRING = 3;
const BOOL = 4;
const STRUCT = 5;
const LIST = 6;

/** Writes from the end to the beginning: a length stands before what it measures, and is known after it. */
class Writer {
  private buffer = Buffer.allocUnsafe(512);
  private at = 512;

  bytes(): Buffer {
    return this.buffer.subarray(this.at);
  }

  /** Fields in the order of their names, as google-protobuf has them. */
  map(props: JsonMap): void {
    const keys = Object.keys(props).sort();
    for (let i = keys.length - 1; i >= 0; i--) {
      const key = keys[i] as string;
      const mark = this.mark();
      const value = this.mark();
      this.value(props[key] as Json);
      this.close(value, 2);
      this.text(key, 1);
      this.close(mark, 1);
    }
  }

  private value(v: Json): void {
    if (typeof v === "string") this.text(v, STRING);
    else if (typeof v === "number") {
      this.room(8);
      this.buffer.writeDoubleLE(v, this.at);
      this.tag(NUMBER, DOUBLE);
    } else if (typeof v === "boolean") {
      this.varint(v ? 1 : 0);
      this.tag(BOOL, VARINT);
    } else if (v === null) {
      this.varint(0);
      this.tag(NULL, VARINT);
    } else if (typeof v !== "object") throw new TypeError(`a ${typeof v} cannot be sent in a property map`);
    else {
      const mark = this.mark();
      if (Array.isArray(v)) this.list(v);
      else this.map(v);
      this.close(mark, Array.isArray(v) ? LIST : STRUCT);
    }
  }

  private list(values: Json[]): void {
    for (let i = values.length - 1; i >= 0; i--) {
      const mark = this.mark();
      this.value(values[i] as Json);
      this.close(mark, 1);
    }
  }

  private text(text: string, field: number): void {
    const length = Buffer.byteLength(text);
    this.room(length);
    this.buffer.write(text, this.at, length, "utf8");
    this.varint(length);
    this.tag(field, BYTES);
  }

  /** Where something ends that is about to be written; counted from the end, which a larger buffer does not move. */
  private mark(): number {
    return this.buffer.length - this.at;
  }

  private close(mark: number, field: number): void {
    this.varint(this.mark() - mark);
    this.tag(field, BYTES);
  }

  private tag(field: number, type: number): void {
    this.room(1);
    this.buffer[this.at] = (field << 3) | type;
  }

  private varint(n: number): void {
    let length = 1;
    for (let rest = n >>> 7; rest > 0; rest >>>= 7) length++;
    this.room(length);
    let rest = n;
    for (let i = 0; i < length; i++, rest >>>= 7)
      this.buffer[this.at + i] = i < length - 1 ? (rest & 0x7f) | 0x80 : rest;
  }

  /** Makes room before what is written, and goes there. */
  private room(bytes: number): void {
    if (this.at < bytes) {
      const used = this.mark();
      const larger = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, used + bytes));
      this.buffer.copy(larger, larger.length - used, this.at);
      this.buffer = larger;
      this.at = larger.length - used;
    }
    this.at -= bytes;
  }
}

class Reader {
  private at = 0;
  constructor(private readonly buffer: Buffer) {}

  map(end = this.buffer.length): JsonMap {
    const entries: [string, Json][] = [];
    while (this.at < end) if (this.is(1)) entries.push(this.entry(this.end()));
    // Names in their order, whoever wrote them; one that is no property of a plain object is lost, as with google-protobuf.
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const out: JsonMap = {};
    for (const [key, value] of entries) if (key !== "__proto__") out[key] = value;
    return out;
  }

  private entry(end: number): [string, Json] {
    let key = "";
    let value: Json = null;
    while (this.at < end) {
      const tag = this.varint();
      if (tag >>> 3 === 1) key = this.text();
      else if (tag >>> 3 === 2) value = this.value(this.end());
      else this.skip(tag);
    }
    return [key, value];
  }

  private value(end: number): Json {
    let value: Json = null;
    while (this.at < end) {
      const tag = this.varint();
      switch (tag >>> 3) {
        case NUMBER:
          value = this.buffer.readDoubleLE(this.at);
          this.at += 8;
          break;
        case STRING:
          value = this.text();
          break;
        case BOOL:
          value = this.varint() !== 0;
          break;
        case STRUCT:
          value = this.map(this.end());
          break;
        case LIST:
          value = this.list(this.end());
          break;
        default:
          this.skip(tag);
          value = null;
      }
    }
    return value;
  }

  private list(end: number): Json[] {
    const out: Json[] = [];
    while (this.at < end) if (this.is(1)) out.push(this.value(this.end()));
    return out;
  }

  private text(): string {
    const end = this.end();
    const text = this.buffer.toString("utf8", this.at, end);
    this.at = end;
    return text;
  }

  /** Whether the next field is this one; any other is passed over. */
  private is(field: number): boolean {
    const tag = this.varint();
    if (tag >>> 3 === field) return true;
    this.skip(tag);
    return false;
  }

  /** Where what follows its length ends. */
  private end(): number {
    const length = this.varint();
    const end = this.at + length;
    if (end > this.buffer.length) throw new RangeError("a property map ends before its length");
    return end;
  }

  private skip(tag: number): void {
    const type = tag & 7;
    if (type === VARINT) this.varint();
    else if (type === DOUBLE) this.at += 8;
    else if (type === BYTES) this.at = this.end();
    else throw new RangeError(`a property map holds a field of the type ${type}`);
  }

  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = this.buffer[this.at++];
      if (byte === undefined) throw new RangeError("a property map ends in the middle of a number");
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a property map holds a number that does not end");
  }
}

/** The bytes of a Struct. Throws TypeError for what no Struct holds (undefined, functions). */
export function encodeMap(props: object): Buffer {
  const writer = new Writer();
  writer.map(props as JsonMap);
  return writer.bytes();
}

/** The property map in the bytes of a Struct, new at each call. Throws RangeError for bytes that are none. */
export function decodeMap(bytes: Uint8Array): JsonMap {
  return new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).map();
}

type Struct = StructProto.Struct & { [RAW]?: Uint8Array };
const RAW = Symbol("bytes of the Struct");
const quick = new WeakSet<object>();

/** From here on Structs of this copy of google-protobuf keep their bytes. Whoever asks for their fields gets them as before. */
export function quickStructs(pb: typeof StructProto): void {
  const { Struct } = pb;
  if (quick.has(Struct)) return;
  quick.add(Struct);
  const { prototype } = Struct;
  const { fromJavaScript, serializeBinaryToWriter } = Struct;
  const { toJavaScript, getFieldsMap } = prototype;
  const whole = (s: Struct): Struct => {
    const raw = s[RAW];
    if (raw) {
      delete s[RAW];
      const fields = getFieldsMap.call(s);
      fromJavaScript(decodeMap(raw))
        .getFieldsMap()
        .forEach((value, key) => {
          fields.set(key, value);
        });
    }
    return s;
  };
  Struct.fromJavaScript = (props) => {
    const s: Struct = new Struct();
    s[RAW] = encodeMap(props);
    return s;
  };
  prototype.toJavaScript = function (this: Struct) {
    return this[RAW] ? decodeMap(this[RAW]) : toJavaScript.call(this);
  };
  prototype.getFieldsMap = function (this: Struct) {
    return getFieldsMap.call(whole(this));
  };
  Struct.serializeBinaryToWriter = (s: Struct, writer) => {
    if (s[RAW]) writer.writeSerializedMessage(s[RAW], 0, s[RAW].length);
    else serializeBinaryToWriter(s, writer);
  };
  Struct.deserializeBinaryFromReader = (s: Struct, reader) => {
    const start = reader.getCursor();
    while (reader.nextField()) reader.skipField();
    s[RAW] = reader.getBuffer().subarray(start, reader.getCursor());
    return s;
  };
}
