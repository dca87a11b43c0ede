import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import structs from "google-protobuf/google/protobuf/struct_pb";
import { decodeMap, encodeMap, quickStructs } from "./structs";

// google-protobuf is the measure, and is left as it is until the last test.
const { Struct } = structs;
const maps = fc.dictionary(
  fc.string({ unit: "grapheme" }).filter((k) => k !== "__proto__"),
  fc.jsonValue({ stringUnit: "grapheme" }),
);
type Props = Parameters<typeof Struct.fromJavaScript>[0];
const theirs = (props: object) => Struct.fromJavaScript(props as Props);

describe("property maps by hand", () => {
  it("are written byte by byte as google-protobuf writes them", () => {
    fc.assert(
      fc.property(maps, (props) => {
        expect(Buffer.from(encodeMap(props)).equals(Buffer.from(theirs(props).serializeBinary()))).toBe(true);
      }),
    );
  });

  it("are read as google-protobuf reads them, names in the same order", () => {
    fc.assert(
      fc.property(maps, (props) => {
        const bytes = theirs(props).serializeBinary();
        const read = Struct.deserializeBinary(bytes).toJavaScript();
        expect(JSON.stringify(decodeMap(bytes))).toBe(JSON.stringify(read));
      }),
    );
  });

  it("hold long texts, numbers that are none and empty things", () => {
    const props = {
      long: "\u00e4\u{1f600}x".repeat(50_000),
      nan: Number.NaN,
      minus: -0,
      none: {},
      list: [[], [null, ""]],
    };
    expect(decodeMap(encodeMap(props))).toEqual(props);
    expect(Struct.deserializeBinary(encodeMap(props)).toJavaScript()).toEqual(props);
  });

  it("refuse bytes that are no map, and values that no map holds", () => {
    const bytes = encodeMap({ a: "text" });
    for (const part of [bytes.subarray(0, bytes.length - 2), Buffer.from([0x0a, 0xff, 0xff]), Buffer.from([0x0b])])
      expect(() => decodeMap(part)).toThrow(RangeError);
    expect(() => encodeMap({ a: undefined })).toThrow("a undefined cannot be sent");
  });

  it("go through a message as they came, and give their fields to whoever asks for them", () => {
    const props = { z: 1, a: { deep: ["x", null] } };
    const sent = new CheckRequest();
    sent.setNews(theirs(props));
    sent.setName("n");
    const bytes = sent.serializeBinary();
    quickStructs(structs);
    quickStructs(structs);
    const read = CheckRequest.deserializeBinary(bytes);
    expect(read.getName()).toBe("n");
    expect(read.getNews()?.toJavaScript()).toEqual(props);
    expect(read.getNews()?.getFieldsMap().get("a")?.getStructValue()?.toJavaScript()).toEqual(props.a);
    expect(read.getNews()?.toJavaScript()).toEqual(props);
    const mine = new CheckRequest();
    mine.setNews(Struct.fromJavaScript(props));
    mine.setName("n");
    for (const m of [read, mine, CheckRequest.deserializeBinary(bytes)]) expect(m.serializeBinary()).toEqual(bytes);
  });
});
