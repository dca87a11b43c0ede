import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { UserError } from "../../model/errors";
import { checkInputs } from "./check";
import { type Clock, clockFrom } from "./clock";
import { diffInputs } from "./diff";
import { HttpClient, HttpError } from "./http";
import { Budget } from "./limiter";
import type { PropertySpec } from "./provider";
import { decodeStruct, encodeStruct, equal, type Props, Secret, UNKNOWN, unsecret, type Value } from "./values";

/** A clock whose time passes only by sleeping. */
class FakeClock implements Clock {
  ms = Date.parse("2026-01-05T10:00:00Z");
  slept: number[] = [];
  now = async () => new Date(this.ms);
  sleep = async (seconds: number) => {
    this.slept.push(seconds);
    this.ms += seconds * 1000;
  };
}

const key = fc.oneof(
  fc.string({ maxLength: 4 }).filter((k) => k !== "__proto__"),
  fc.constantFrom("__defaults", "constructor", "a.b", 'q"x', "dnis"),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Value>(null, true, false, "", "x", Number.NaN, 0, 1.5, UNKNOWN),
    fc.double({ noNaN: true }),
    fc.string({ maxLength: 5 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
    tie("value").map((v) => new Secret(v)),
  ),
}));
const props = fc.dictionary(key, value, { maxKeys: 4 });

describe("values", () => {
  test("every value survives the wire, secrets and unknowns included", () => {
    fc.assert(
      fc.property(props, (p) => {
        const wire = Struct.deserializeBinary(encodeStruct(p).serializeBinary());
        expect(decodeStruct(wire)).toEqual(p);
      }),
      { numRuns: 300 },
    );
  });
  test("equality is an equivalence that ignores secrecy and key order", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(equal(a, a)).toBe(true);
        expect(equal(a, b)).toBe(equal(b, a));
        expect(equal(a, unsecret(a))).toBe(true);
      }),
    );
  });
});

describe("diff", () => {
  const plain = fc.dictionary(key, value.map(unsecret), { maxKeys: 4 }) as fc.Arbitrary<Props>;
  const known = (p: Props) => !JSON.stringify(p, (_, v) => (v === UNKNOWN ? "__U" : v)).includes("__U");
  test("x and x differ in nothing", () => {
    fc.assert(
      fc.property(plain, (x) => {
        if (known(x)) expect(diffInputs({}, x, structuredClone(x))).toEqual([]);
      }),
    );
  });
  test("x and a different y differ in something", () => {
    // A null and a missing key are the same to Pulumi, so they are made the same before asking.
    const noNull = (v: Value): Value =>
      Array.isArray(v)
        ? v.map(noNull)
        : typeof v === "object" && v !== null && !(v instanceof Secret)
          ? Object.fromEntries(Object.entries(v).flatMap(([k, x]) => (x === null ? [] : [[k, noNull(x)]])))
          : v;
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        const strip = (p: Props) => Object.fromEntries(Object.entries(p).filter(([k]) => !k.startsWith("__")));
        const [x, y] = [noNull(strip(a)) as Props, noNull(strip(b)) as Props];
        expect(diffInputs({}, x, y).length > 0).toBe(!equal(x, y));
      }),
      { numRuns: 500 },
    );
  });
  test("a set is the same in any order, and names what came and went", () => {
    const specs: Record<string, PropertySpec> = { dnis: { type: "array", set: true } };
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { maxLength: 200, size: "max" }),
        fc.infiniteStream(fc.nat()),
        (xs, noise) => {
          const list = xs.map((x) => `+1${x}`);
          const shuffled = list
            .map((v) => [v, noise.next().value ?? 0] as const)
            .sort((a, b) => a[1] - b[1])
            .map((p) => p[0]);
          expect(diffInputs(specs, { dnis: list }, { dnis: shuffled })).toEqual([]);
          const more = diffInputs(specs, { dnis: list }, { dnis: [...shuffled, "+new"] });
          expect(more).toEqual([{ path: `dnis[${list.length}]`, kind: "add" }]);
        },
      ),
      { numRuns: 60 },
    );
    expect(diffInputs(specs, { dnis: ["a", "b"] }, { dnis: ["b"] })).toEqual([{ path: "dnis[0]", kind: "delete" }]);
    expect(diffInputs(specs, { dnis: ["a"] }, { dnis: ["b"] })).toEqual([{ path: "dnis[0]", kind: "update" }]);
  });
  test("defaults and computed properties left out are no difference; JSON is compared by key", () => {
    const json = (v: Value) => JSON.parse(v as string) as Value;
    const specs: Record<string, PropertySpec> = {
      enabled: { type: "boolean", default: false },
      divisionId: { type: "string", computed: true },
      row: { type: "string", view: json },
      trunk: { type: "string", view: json, partial: true },
    };
    expect(diffInputs(specs, { enabled: false, divisionId: "home" }, {})).toEqual([]);
    expect(diffInputs(specs, {}, { enabled: true })).toEqual([{ path: "enabled", kind: "update" }]);
    expect(diffInputs(specs, { row: '{"a":1,"b":2}' }, { row: '{ "b": 2, "a": 1 }' })).toEqual([]);
    expect(diffInputs(specs, { row: '{"a":1,"b":2}' }, { row: '{"a":1}' })).toEqual([
      { path: "row.b", kind: "delete" },
    ]);
    expect(diffInputs(specs, { trunk: '{"a":1,"b":[1]}' }, { trunk: '{"b":[1,2]}' })).toEqual([
      { path: "trunk.b[1]", kind: "add" },
    ]);
    expect(diffInputs(specs, { row: "no json" }, { row: "{}" })).toEqual([{ path: "row", kind: "update" }]);
    expect(diffInputs(specs, { row: "{}" }, { row: UNKNOWN })).toEqual([{ path: "row", kind: "update" }]);
  });
});

describe("check", () => {
  const specs: Record<string, PropertySpec> = {
    name: { type: "string", required: true, frozen: "declare a new one instead." },
    dnis: { type: "array", minItems: 1, items: { type: "string", pattern: { test: /^\+\d+$/, expected: "+E.164" } } },
    mode: { type: "string", enum: ["A", "B"] },
  };
  test("names every mistake with its path", () => {
    const reasons = checkInputs(specs, { dnis: ["+1", "2"], mode: "C", nmae: "x" }, null).map(
      (f) => `${f.property} ${f.reason}`,
    );
    expect(reasons).toEqual([
      "name is missing and is required",
      'dnis[1] is "2"; expected +E.164',
      'mode is "C"; expected one of A, B',
      "nmae is not a property here; expected one of name, dnis, mode",
    ]);
  });
  test("a frozen property may be created and kept, never changed", () => {
    expect(checkInputs(specs, { name: "a" }, null)).toEqual([]);
    expect(checkInputs(specs, { name: "a" }, { name: "a" })).toEqual([]);
    expect(checkInputs(specs, { name: UNKNOWN }, { name: "a" })).toEqual([]);
    expect(checkInputs(specs, { name: "b" }, { name: "a" })[0]?.reason).toBe(
      'name cannot change from "a" to "b": declare a new one instead.',
    );
  });
});

describe("clock", () => {
  test("only loopback may steer time", () => {
    for (const bad of [
      "http://10.0.0.1:80",
      "https://127.0.0.1:80",
      "http://localhost:80",
      "http://127.0.0.1.example.com",
      "nonsense",
    ]) {
      expect(() => clockFrom(bad), bad).toThrow(UserError);
    }
    expect(() => clockFrom("http://127.3.2.1:80")).not.toThrow();
  });
  test("another server than a sandbox's clock is the user's mistake, told in a sentence", async () => {
    for (const answer of ["null", "[]", "{}", "<html>", "", '{"now":"soon"}']) {
      const other = createServer((_req, res) => res.writeHead(200, { connection: "close" }).end(answer));
      await new Promise<void>((up) => other.listen(0, "127.0.0.1", up));
      const clock = clockFrom(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
      const error = await clock.now().catch((e: unknown) => e);
      expect(error).toBeInstanceOf(UserError);
      expect(String(error)).toMatch(/expected a sandbox's clock; fix: copy the address/);
      await new Promise((down) => other.close(down));
    }
  });
  test("an aborted sleep of the machine's clock ends at once", async () => {
    const abort = new AbortController();
    const slept = clockFrom().sleep(60, abort.signal);
    abort.abort(new Error("stop"));
    await expect(slept).rejects.toThrow("stop");
  });
});

describe("budget", () => {
  test("lets its count go at once, then no more than the time has earned", async () => {
    const clock = new FakeClock();
    const start = clock.ms;
    const budget = new Budget(30, 60, clock);
    const gone: number[] = [];
    await Promise.all(Array.from({ length: 90 }, () => budget.take().then(() => gone.push((clock.ms - start) / 1000))));
    expect(gone.filter((t) => t === 0)).toHaveLength(30);
    for (const [i, t] of gone.entries()) expect(t).toBeGreaterThanOrEqual(((i + 1 - 30) * 60) / 30);
    expect(gone.at(-1)).toBeLessThan(125);
  });
  test("a world that jumps on gives the whole budget back, and no more", async () => {
    const clock = new FakeClock();
    const budget = new Budget(3, 60, clock);
    for (let i = 0; i < 3; i++) await budget.take();
    clock.ms += 48 * 3_600_000;
    for (let i = 0; i < 3; i++) await budget.take();
    expect(clock.slept).toEqual([]);
    await budget.take();
    expect(clock.slept).toEqual([20]);
  });
});

describe("http", () => {
  let server: Server | undefined;
  afterEach(() => new Promise((done) => (server ? server.close(done) : done(undefined))));
  type Reply = { status: number; headers?: Record<string, string>; body?: unknown; cut?: boolean };
  async function client(replies: Reply[], seen: string[] = []) {
    const clock = new FakeClock();
    server = createServer((req, res) => {
      seen.push(`${req.method} ${req.url}`);
      const r = replies.shift() ?? { status: 500 };
      req.resume();
      if (r.cut) return void res.socket?.destroy();
      res
        .writeHead(r.status, { connection: "close", ...r.headers })
        .end(r.body === undefined ? "" : JSON.stringify(r.body));
    });
    await new Promise<void>((ok) => server?.listen(0, "127.0.0.1", ok));
    const { port } = server.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${port}`;
    return { http: new HttpClient({ baseUrl, clock, random: () => 0 }), clock, seen };
  }
  test("429 is obeyed by the clock, also for POST, up to 180 s", async () => {
    const a = await client([
      { status: 429, headers: { "retry-after": "42" } },
      { status: 200, body: { id: "1" } },
    ]);
    expect(await a.http.json("POST", "/x", { body: {} })).toEqual({ id: "1" });
    expect(a.clock.slept).toEqual([42]);
  });
  test("a read that is answered with a page, or with nothing, is an error and not an empty organisation", async () => {
    for (const body of ["<html>sign in</html>", undefined, null, 5]) {
      const a = await client([
        { status: 200, body },
        { status: 200, body },
      ]);
      const said = /^GET \/x answered 200 no JSON document: /;
      await expect(a.http.json("GET", "/x")).rejects.toThrow(said);
      await expect(a.http.find("/x")).rejects.toThrow(said);
      await new Promise((done) => server?.close(done));
    }
    const a = await client([{ status: 204 }]);
    expect(await a.http.json("DELETE", "/x")).toBeUndefined();
  });
  test("a longer Retry-After is an error, not a silent hour", async () => {
    const a = await client([{ status: 429, headers: { "retry-after": "181" } }]);
    await expect(a.http.json("GET", "/x")).rejects.toMatchObject({ status: 429, ambiguous: false });
  });
  test("GET, PUT and DELETE are repeated on 5xx and broken connections", async () => {
    for (const method of ["GET", "PUT", "DELETE"] as const) {
      const a = await client([{ status: 503 }, { status: 200, cut: true }, { status: 200, body: { ok: 1 } }]);
      expect(await a.http.json(method, "/x")).toEqual({ ok: 1 });
      expect(a.clock.slept).toEqual([0.25, 0.5]);
      await new Promise((done) => server?.close(done));
    }
    server = undefined;
  });
  test("POST is never repeated when it may have happened", async () => {
    for (const reply of [{ status: 502 }, { status: 200, cut: true }]) {
      const a = await client([reply, { status: 200 }]);
      await expect(a.http.json("POST", "/x")).rejects.toMatchObject({ ambiguous: true });
      expect(a.seen).toEqual(["POST /x"]);
      await new Promise((done) => server?.close(done));
    }
    server = undefined;
  });
  test("a refused connection is surely not delivered: POST is tried again and the state is not in doubt", async () => {
    const clock = new FakeClock();
    const http = new HttpClient({ baseUrl: "http://127.0.0.1:1", clock, random: () => 0 });
    await expect(http.json("POST", "/x")).rejects.toMatchObject({ code: "ECONNREFUSED", ambiguous: false });
    expect(clock.slept).toEqual([0.25, 0.5, 1, 2]);
  });
  test("an error says method, path, status, the server's words and context, and no secret", async () => {
    const a = await client([{ status: 400, body: { message: "no such pool", code: "bad.request", contextId: "c-1" } }]);
    const e = (await a.http
      .json("PUT", "/api/v2/x", { body: { password: "hunter2" }, headers: { authorization: "Bearer hunter2" } })
      .catch((x: unknown) => x)) as HttpError;
    expect(e).toBeInstanceOf(HttpError);
    expect(e.message).toBe("PUT /api/v2/x answered 400 bad.request: no such pool (contextId c-1)");
  });
});
