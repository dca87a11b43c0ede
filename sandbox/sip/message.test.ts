import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StreamFramer } from "./framer";
import { Headers, splitList } from "./headers";
import { missingHeader, parseMessage, type SipMessage, serialize } from "./message";
import { parseNameAddr, parseUri, parseVia, tagOf, userOf } from "./uri";

const INVITE = [
  "INVITE sip:+16175550100@guide-primary.byoc.use1.pure.cloud;user=phone SIP/2.0",
  "v: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bK1, SIP/2.0/UDP h ;branch=z9hG4bK2;rport",
  'f: "Smith, John" <sip:+12125550123@carrier.example>;tag=88',
  "t: <sip:+16175550100@guide-primary.byoc.use1.pure.cloud>",
  "i: a84b4c76e66710",
  "CSeq: 314159  INVITE",
  "Max-Forwards: 70",
  'm: "Quoted \\", still" <sip:a@b;transport=tls>, <sip:c@d>',
  "Subject: folded",
  "  over two",
  "\tlines",
  "l: 4",
  "",
  "v=0\nand more than the length",
].join("\r\n");

describe("parseMessage", () => {
  it("reads compact names, comma lists, quoted commas and folded lines", () => {
    const msg = parseMessage(INVITE) as SipMessage;
    expect(msg).toMatchObject({ kind: "request", method: "INVITE", body: "v=0\n" });
    expect(msg.headers.getAll("Via")).toHaveLength(2);
    expect(parseVia(msg.headers.getAll("via")[1])).toMatchObject({
      transport: "udp",
      host: "h",
      params: { branch: "z9hG4bK2", rport: "" },
    });
    expect(msg.headers.get("From")).toBe('"Smith, John" <sip:+12125550123@carrier.example>;tag=88');
    expect(tagOf(msg.headers.get("From"))).toBe("88");
    expect(userOf(msg.headers.get("From"))).toBe("+12125550123");
    expect(msg.headers.getAll("Contact")).toEqual(['"Quoted \\", still" <sip:a@b;transport=tls>', "<sip:c@d>"]);
    expect(msg.headers.get("s")).toBe("folded over two lines");
    expect(missingHeader(msg)).toBeNull();
  });

  it.each([
    ["a body shorter than Content-Length", INVITE.replace("l: 4", "l: 400")],
    ["a Content-Length that is no number", INVITE.replace("l: 4", "l: four")],
    ["a line without colon", INVITE.replace("Max-Forwards: 70", "Max-Forwards 70")],
    ["another version", INVITE.replace("SIP/2.0\r\n", "SIP/3.0\r\n")],
    ["no end of the head", INVITE.slice(0, 200)],
    ["nothing", ""],
  ])("gives null for %s", (_what, text) => expect(parseMessage(text)).toBeNull());

  it("skips empty lines before the start line, and names what is missing", () => {
    expect(parseMessage(`\r\n\r\n${INVITE}`)?.method).toBe("INVITE");
    const without = parseMessage(INVITE.replace("i: a84b4c76e66710\r\n", "")) as SipMessage;
    expect(missingHeader(without)).toBe("Call-ID");
    expect(missingHeader(parseMessage(INVITE.replace("  INVITE", " BYE")) as SipMessage)).toBe("CSeq");
    expect(missingHeader(parseMessage(INVITE.replace("314159", "99999999999")) as SipMessage)).toBe("CSeq");
  });

  it("never throws on garbage, and neither do the parsers of its parts", () => {
    const near = fc
      .tuple(fc.nat(INVITE.length), fc.string({ maxLength: 8 }))
      .map(([at, junk]) => INVITE.slice(0, at) + junk + INVITE.slice(at + junk.length));
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        parseMessage(text);
        parseUri(text);
        parseNameAddr(text);
        parseVia(text);
        splitList(text);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseMessage(Buffer.from(bytes))));
  });

  const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{1,12}$/);
  const value = fc.stringMatching(/^[!-~]([ -~é]{0,30}[!-~])?$/);
  it("reads back what serialize wrote", () => {
    const message = fc.record({
      method: fc.constantFrom("INVITE", "BYE", "OPTIONS"),
      headers: fc.array(fc.tuple(token, value), { maxLength: 8 }),
      body: fc.string({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(message, ({ method, headers, body }) => {
        const h = new Headers();
        for (const [name, text] of headers) h.append(`X-${name}`, text);
        const text = serialize({ kind: "request", method, uri: "sip:a@b", headers: h, body });
        const back = parseMessage(text) as SipMessage;
        expect(back.body).toBe(Buffer.from(body).toString());
        expect([...back.headers.entries()].filter(([name]) => name !== "Content-Length")).toEqual([...h.entries()]);
        expect(serialize(back)).toBe(text);
      }),
    );
  });

  it("cannot be made to write a header of its own by a line break in a value", () => {
    const headers = new Headers({ Subject: "a\r\nX-Evil: 1" });
    const back = parseMessage(serialize({ kind: "request", method: "OPTIONS", uri: "sip:a", headers, body: "" }));
    expect(back?.headers.has("X-Evil")).toBe(false);
  });
});

describe("StreamFramer", () => {
  const second = INVITE.replace("v=0\nand more than the length", "v=0\n");
  const stream = Buffer.from(`${second}\r\n\r\n${second.replace("INVITE", "INFO")}\r\n${second}`);

  it("finds the same messages however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const framer = new StreamFramer();
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const got: string[] = [];
        let pings = 0;
        for (let i = 1; i < at.length; i++) {
          const framed = framer.push(stream.subarray(at[i - 1], at[i]));
          got.push(...framed.messages.map((m) => m.method));
          pings += framed.pings;
          expect(framed.broken).toBe(false);
        }
        expect([got, pings]).toEqual([["INVITE", "INFO", "INVITE"], 1]);
      }),
    );
  });

  it("gives up on what is not SIP and on heads without end", () => {
    expect(new StreamFramer().push(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")).broken).toBe(true);
    expect(new StreamFramer().push(Buffer.alloc(70_000, 65)).broken).toBe(true);
    expect(new StreamFramer().push(Buffer.from(second.replace("l: 4", "l: 99999999"))).broken).toBe(true);
  });
});

describe("URIs", () => {
  it.each([
    ["sip:+15551234@host:5061;transport=tls", { user: "+15551234", host: "host", port: 5061 }],
    ["sips:HOST.example", { scheme: "sips", user: "", host: "host.example" }],
    ["sip:+1555;phone-context=x:pw@h", { user: "+1555", host: "h" }],
    ["tel:+15551234;ext=1", { scheme: "tel", user: "+15551234", host: "" }],
    ["sip:%2B1555@h", { user: "+1555" }],
  ])("reads %s", (text, expected) => expect(parseUri(text)).toMatchObject(expected));
  it.each(["http://x", "sip:", "sip:a@h:99999", "+1555", "sip:a b@h"])("refuses %s", (text) =>
    expect(parseUri(text)).toBeNull());
  it("keeps parameters of an address without brackets with the header", () => {
    expect(parseNameAddr("sip:a@b;tag=1")).toEqual({ display: "", uri: "sip:a@b", params: { tag: "1" } });
    expect(parseNameAddr('"<not this>" <sip:a@b>;tag=2')).toMatchObject({
      display: "<not this>",
      uri: "sip:a@b",
      params: { tag: "2" },
    });
  });
});
