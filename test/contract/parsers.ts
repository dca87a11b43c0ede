import assert from "node:assert/strict";
import { createRequire } from "node:module";
import fc from "fast-check";
import { parseMessage, parseUri, serialize } from "../../sandbox/sip";
import type { Suite } from "./harness";

const require = createRequire(import.meta.url);
/** `sip` 0.0.6: `parse` takes the text of one message. */
const sip = require("sip") as {
  parse(text: string): SipJs | undefined;
  parseUri(text: string): { user?: string; host: string; port?: number };
};
/** drachtio's own message class. */
const DrachtioMessage = require("drachtio-srf/lib/sip-parser/message") as new (text: string) => DrachtioMsg;

interface SipJs {
  method?: string;
  uri?: string;
  status?: number;
  headers: Record<string, unknown> & {
    via: unknown[];
    "record-route"?: { uri: string }[];
    "call-id": string;
    cseq: { seq: number; method: string };
  };
  content: string;
}
interface DrachtioMsg {
  method?: string;
  uri?: string;
  status?: number;
  body: string;
  get(name: string): string;
}

const token = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const host = fc.stringMatching(/^[a-z]{1,8}\.(example|test)$/);
/** Display names may hold commas, colons and angle brackets in quotes. */
const display = fc.constantFrom("", '"Doe, Jane" ', '"a <b>, c:d" ', "Plain ");
const eol = "\r\n";

/** A request as anybody might send it: compact names, odd case, folded lines, several values in a line or a line each. */
const request = fc.record({
  method: fc.constantFrom("INVITE", "OPTIONS", "BYE", "INFO"),
  user: token,
  host,
  port: fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }),
  vias: fc.array(fc.tuple(host, token), { minLength: 1, maxLength: 4 }),
  oneLineVia: fc.boolean(),
  compact: fc.boolean(),
  folded: fc.boolean(),
  from: fc.tuple(display, token, host, token),
  to: fc.tuple(display, token, host),
  callId: token,
  cseq: fc.integer({ min: 0, max: 2_147_483_647 }),
  routes: fc.array(host, { maxLength: 3 }),
  subject: fc.stringMatching(/^[A-Za-z][A-Za-z0-9 :;,.]{0,30}[A-Za-z]$/),
  body: fc.constantFrom("", "v=0\r\ns=-\r\n", "grüße"),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

const uriOf = (r: Request) => `sip:${r.user}@${r.host}${r.port === undefined ? "" : `:${r.port}`}`;

function write(r: Request): string {
  const name = (long: string, short: string) => (r.compact ? short : long);
  const vias = r.vias.map(([at, branch]) => `SIP/2.0/TLS ${at}:5061;branch=z9hG4bK${branch}`);
  const lines = [
    `${r.method} ${uriOf(r)} SIP/2.0`,
    ...(r.oneLineVia ? [`${name("Via", "v")}: ${vias.join(", ")}`] : vias.map((via) => `${name("Via", "v")}: ${via}`)),
    ...(r.routes.length > 0 ? [`Record-Route: ${r.routes.map((at) => `<sip:${at};lr>`).join(",")}`] : []),
    `${name("From", "f")}: ${r.from[0]}<sip:${r.from[1]}@${r.from[2]}>;tag=${r.from[3]}`,
    `${name("To", "t")}: ${r.to[0]}<sip:${r.to[1]}@${r.to[2]}>`,
    `${name("Call-ID", "i")}: ${r.callId}`,
    `CSeq:${r.folded ? `${eol} ` : " "}${r.cseq} ${r.method}`,
    `${name("Subject", "s")}: ${r.subject}`,
    `${name("Content-Length", "l")}: ${Buffer.byteLength(r.body)}`,
  ];
  return `${lines.join(eol)}${eol}${eol}${r.body}`;
}

/** A response: any final or provisional code, a reason with blanks or none, the request's own Via and tags. */
const response = fc
  .record({
    request,
    status: fc.integer({ min: 100, max: 699 }),
    reason: fc.constantFrom("OK", "Service Unavailable", "Not Acceptable Here", "Q.850; cause=41", ""),
    retryAfter: fc.option(fc.integer({ min: 0, max: 3600 }), { nil: undefined }),
    tag: token,
  })
  .map(({ request: r, status, reason, retryAfter, tag }) => {
    const [, ...lines] = write(r).split(eol);
    const to = lines.findIndex((line) => /^(To|t):/.test(line));
    lines[to] += `;tag=${tag}`;
    if (retryAfter !== undefined) lines.splice(to, 0, `Retry-After: ${retryAfter}`);
    return { text: [`SIP/2.0 ${status} ${reason}`, ...lines].join(eol), status, reason, retryAfter, tag };
  });

/** Responses as all three read them. */
async function compareResponses(suite: Suite, runs: { numRuns: number; seed: number }): Promise<void> {
  await suite.check("1,000 generated responses mean the same to our parser, to that of `sip` and to drachtio's", () => {
    fc.assert(
      fc.property(response, ({ text, status, reason, retryAfter, tag }) => {
        const [ours, theirs, drachtio] = [parseMessage(text), sip.parse(text), new DrachtioMessage(text)];
        assert.ok(ours && theirs, text);
        assert.deepEqual([ours.kind, ours.status, ours.reason], ["response", status, reason]);
        assert.deepEqual([theirs.status, drachtio.status], [status, status]);
        assert.equal(ours.headers.get("Call-ID"), theirs.headers["call-id"]);
        assert.equal(ours.headers.getAll("Via").length, theirs.headers.via.length);
        assert.equal(ours.headers.get("Retry-After"), retryAfter === undefined ? undefined : String(retryAfter));
        assert.equal(ours.headers.get("To"), drachtio.get("To"));
        assert.equal((theirs.headers.to as { params: { tag?: string } }).params.tag, tag);
      }),
      runs,
    );
  });
}

/** Our parser beside two that nobody here wrote, on generated messages; and on garbage, where it must not throw. */
export async function compareParsers(suite: Suite): Promise<void> {
  const runs = { numRuns: 1000, seed: 20_261_123 };
  await suite.check("1,000 generated requests mean the same to our parser and to that of `sip`", () => {
    fc.assert(
      fc.property(request, (r) => {
        const text = write(r);
        const [ours, theirs] = [parseMessage(text), sip.parse(text)];
        assert.ok(ours && theirs, text);
        assert.equal(ours.method, theirs.method);
        assert.equal(ours.uri, theirs.uri);
        assert.equal(ours.headers.getAll("Via").length, theirs.headers.via.length);
        assert.equal(ours.headers.getAll("Record-Route").length, theirs.headers["record-route"]?.length ?? 0);
        assert.equal(ours.headers.get("Call-ID"), theirs.headers["call-id"]);
        const { seq, method } = theirs.headers.cseq;
        assert.equal(ours.headers.get("CSeq"), `${seq} ${method}`);
        const [a, b] = [parseUri(ours.uri ?? ""), sip.parseUri(theirs.uri ?? "")];
        assert.deepEqual([a?.user, a?.host, a?.port], [b.user, b.host, b.port || undefined]);
      }),
      runs,
    );
  });
  await suite.check("1,000 generated requests mean the same to our parser and to drachtio's", () => {
    fc.assert(
      fc.property(request, (r) => {
        const text = write({ ...r, folded: false });
        const ours = parseMessage(text);
        const theirs = new DrachtioMessage(text);
        assert.ok(ours, text);
        assert.equal(ours.method, theirs.method);
        assert.equal(ours.uri, theirs.uri);
        for (const name of ["From", "To", "Call-ID", "CSeq", "Subject"])
          assert.equal(ours.headers.get(name), theirs.get(name), name);
        assert.equal(ours.body, theirs.body);
      }),
      runs,
    );
  });
  await compareResponses(suite, runs);
  await suite.check("what we write, both others read as it was meant, and we read it back the same", () => {
    fc.assert(
      fc.property(request, (r) => {
        const ours = parseMessage(write(r));
        assert.ok(ours);
        const text = serialize(ours);
        const again = parseMessage(text);
        assert.deepEqual([...(again?.headers.entries() ?? [])], [...parseMessage(text)!.headers.entries()]);
        assert.equal(again?.body, r.body);
        assert.equal(sip.parse(text)?.headers.via.length, r.vias.length);
        assert.equal(new DrachtioMessage(text).get("From"), ours.headers.get("From"));
      }),
      runs,
    );
  });
  await suite.check("garbage, cut and torn messages never make our parser throw", () => {
    const torn = fc.tuple(request, fc.nat(), fc.uint8Array({ maxLength: 20 })).map(([r, at, bytes]) => {
      const whole = Buffer.from(write(r));
      const cut = at % (whole.length + 1);
      return Buffer.concat([whole.subarray(0, cut), bytes, whole.subarray(cut + (at % 7))]);
    });
    fc.assert(
      fc.property(
        fc.oneof(
          torn,
          fc.uint8Array({ maxLength: 400 }).map((b) => Buffer.from(b)),
        ),
        (bytes) => {
          const message = parseMessage(bytes);
          assert.ok(message === null || typeof message.method === "string");
          if (message) assert.equal(typeof serialize(message), "string");
        },
      ),
      { numRuns: 5000, seed: 20_261_123 },
    );
  });
}
