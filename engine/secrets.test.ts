/** No secret in plain text: not in the state's files, the events, the results, nor in any error, whatever a run does with it. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Bench, TESTDATA } from "./testing";

const TOKEN = "hush-token-1";
const OTHER = "hush-token-2";
const benches: Bench[] = [];
afterEach(async () => {
  for (const b of benches.splice(0)) await b.close();
});
function bench(): Bench {
  const b = new Bench({ packs: [join(TESTDATA, "pack")] });
  benches.push(b);
  return b;
}

/** Files below a directory that hold a text. */
function holding(dir: string, text: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .map((f) => join(dir, f))
    .filter((f) => statSync(f).isFile() && readFileSync(f, "utf8").includes(text));
}

const declared = (text: string, more: object = {}) =>
  ({
    SCENARIO: "declared",
    list: [{ name: "s", args: { text, secretText: "$token" } }],
    outputs: { hidden: "@s.secretText" },
    ...more,
  }) as never;

test("created, kept, changed, refused, failed, read back, handed over, destroyed", async () => {
  const b = bench();
  const seen: string[] = [];
  const run = async (
    verb: "preview" | "up" | "refresh" | "destroy",
    env: never,
    token: string,
    steer: Record<string, string> = {},
  ) => {
    b.steer(steer).set(env, { "scen:token": token }, ["scen:token"]);
    const { outputs, ...told } = await b.engine[verb]();
    seen.push(JSON.stringify(told), JSON.stringify(b.events));
    // Outputs go to the program that asked: marked, so that whoever shows them knows.
    if (JSON.stringify(outputs).includes("hush"))
      expect(JSON.stringify(outputs)).toContain("1b47061264138c4ac30d75fd1eb44270");
    return told;
  };
  expect((await run("preview", declared("t"), TOKEN)).ok).toBe(true);
  expect((await run("up", declared("t"), TOKEN)).ok).toBe(true);
  expect((await run("up", declared("t"), TOKEN)).changes.same).toBeGreaterThan(0);
  expect((await run("preview", declared("t"), OTHER)).changes.update).toBe(1);
  expect((await run("up", declared("t"), OTHER)).changes.update).toBe(1);
  expect((await run("up", declared("BAD"), OTHER)).ok).toBe(false);
  expect((await run("up", declared("t", { throws: "the token is $token" }), OTHER)).ok).toBe(false);
  expect((await run("refresh", declared("t"), OTHER, { drift: "s" })).ok).toBe(true);
  // A provider that quotes the secret in its error; the secret is in no configuration any more, only in the state.
  const told = await run("destroy", declared("t"), TOKEN, { deleteFails: "s", quote: "secretText" });
  expect(told.ok).toBe(false);
  expect(told.diagnostics.some((d) => d.message.includes("[secret]"))).toBe(true);
  const made = await run(
    "up",
    declared("TELL", { list: [{ name: "n", args: { text: "TELL", secretText: "$token" } }] }),
    TOKEN,
  );
  expect(made.diagnostics.some((d) => d.message.includes('secretText is "[secret]"'))).toBe(true);

  const exported = await b.engine.export();
  seen.push(JSON.stringify(exported));
  const c = bench();
  await c.engine.import(exported);
  seen.push(JSON.stringify(await c.engine.export()));
  for (const text of seen) expect(text).not.toMatch(/hush-token/);
  for (const dir of [b.dir, c.dir]) expect(holding(join(dir, "state"), "hush-token")).toEqual([]);
  // The net has no hole: what the provider itself was sent is there to be found.
  expect(holding(b.dir, TOKEN).map((f) => f.slice(b.dir.length + 1))).toEqual(["calls.log"]);
  await expect(run("up", declared("t", { list: [{ name: "s", args: { text: "t" } }] }), OTHER)).resolves.toBeDefined();
}, 60_000);
