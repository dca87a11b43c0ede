import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../model/errors";
import { PartialFailure, type ProviderSpec, resource } from "./provider";
import { ProviderUnderTest } from "./testing";
import { Secret, UNKNOWN } from "./values";

interface Note {
  text: string;
  kind?: string;
  env?: Record<string, string>;
}
const calls: string[] = [];
const T = "tiny:index:Note";
const tiny: ProviderSpec<object> = {
  name: "tiny",
  version: "1.2.3",
  config: { list: { type: "array" }, clock: { type: "string" } },
  configure: ({ config }) => config,
  resources: {
    [T]: resource<Note, Note & { at: string; stamp: string }, object>({
      inputs: {
        text: { type: "string", required: true },
        kind: { type: "string", computed: true },
        env: { type: "object" },
      },
      outputs: { at: { stable: true }, stamp: { secret: true } },
      async create(news) {
        calls.push(`create ${news.text} ${JSON.stringify(news.env)}`);
        if (news.text === "refuse") throw new UserError("no such text");
        if (news.text === "half") throw new PartialFailure("h1", { ...news }, news, ["came half"]);
        return { id: "n1", outputs: { kind: "k", ...news, at: "a", stamp: "s" } };
      },
      read: async (_id, s) => ({
        inputs: s.inputs ?? { text: "live" },
        outputs: { text: "live", at: "a", stamp: "s" },
      }),
      async update(_id, news) {
        calls.push(`update ${news.text}`);
        return { kind: "k", ...news, at: "a", stamp: "s2" };
      },
      delete: async () => {},
    }),
  },
};

describe("the protocol", () => {
  let p: ProviderUnderTest;
  beforeAll(async () => {
    p = await ProviderUnderTest.of(tiny);
    await p.configure({});
  });
  afterAll(() => p.close());

  test("a preview never reaches the hooks: known inputs echo, computed outputs are unknown", async () => {
    calls.length = 0;
    const made = await p.create(T, "n", { text: "x", env: UNKNOWN }, true);
    expect(made.outputs).toEqual({ text: "x", env: UNKNOWN, kind: UNKNOWN, at: UNKNOWN, stamp: new Secret(UNKNOWN) });
    const real = await p.create(T, "n", { text: "x" });
    const next = await p.update(real, { text: "y" }, true);
    expect(next.outputs).toEqual({ text: "y", kind: "k", at: "a", stamp: new Secret(UNKNOWN) });
    expect(calls).toEqual(["create x undefined"]);
  });
  test("hooks see plain values, and secrets come back as secrets where they were", async () => {
    calls.length = 0;
    const made = await p.create(T, "n", { text: new Secret("pw"), env: { A: new Secret("1"), B: "2" } });
    expect(calls).toEqual(['create pw {"A":"1","B":"2"}']);
    expect(made.inputs).toEqual({ text: new Secret("pw"), env: { A: new Secret("1"), B: "2" } });
    expect(made.outputs).toMatchObject({
      text: new Secret("pw"),
      env: { A: new Secret("1"), B: "2" },
      stamp: new Secret("s"),
    });
    expect(await p.diff(made, { text: "pw", env: { A: "1", B: "3" } })).toEqual({ "env.B": 4 });
    const read = await p.read(made);
    expect(read?.outputs.text).toEqual(new Secret("live"));
  });
  test("refusals, half-made objects and unknown tokens are told apart", async () => {
    await expect(p.create(T, "n", { text: "refuse" })).rejects.toMatchObject({ code: 9, details: "no such text" });
    const half = (await p.create(T, "n", { text: "half" }).catch((e: unknown) => e)) as {
      metadata: { get(k: string): Buffer[] };
    };
    const detail = half.metadata.get("grpc-status-details-bin")[0] as Buffer;
    expect(detail.toString("latin1")).toContain("pulumirpc.ErrorResourceInitFailed");
    const { default: statusPb } = await import("@pulumi/pulumi/proto/status_pb");
    const { default: pb } = await import("@pulumi/pulumi/proto/provider_pb");
    const any = statusPb.Status.deserializeBinary(new Uint8Array(detail)).getDetailsList()[0];
    const failed = pb.ErrorResourceInitFailed.deserializeBinary(any?.getValue_asU8() as Uint8Array);
    expect([failed.getId(), failed.getReasonsList()]).toEqual(["h1", ["came half"]]);
    await expect(p.check("tiny:index:Nope", "n", {}, {})).rejects.toThrow(/tiny has no resource type tiny:index:Nope/);
  });
  test("configuration is typed and checked", async () => {
    const q = await ProviderUnderTest.of(tiny);
    await expect(q.configure({ list: "not json" })).rejects.toThrow(
      /Configuration tiny:list is "not json".*expected array/,
    );
    await expect(q.configure({ clock: "http://example.com" })).rejects.toThrow(/not loopback/);
    const r = await q.configure({ list: "[1]" });
    expect([r.getSupportspreview(), r.getAcceptsecrets()]).toEqual([true, true]);
    q.close();
  });
});

describe("the process", () => {
  const dir = mkdtempSync(join(tmpdir(), "plugin-"));
  const bundle = join(dir, "tiny.js");
  beforeAll(() => {
    const code = `import { serve } from "./serve"; void serve({ name: "tiny", version: "0.1.0", config: {}, configure: () => ({}), resources: {} });`;
    buildSync({
      stdin: { contents: code, resolveDir: __dirname, loader: "ts" },
      bundle: true,
      platform: "node",
      outfile: bundle,
    });
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  function started(env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [bundle, "127.0.0.1:1"], {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const port = new Promise<number>((ok) =>
      child.stdout.once("data", (d: Buffer) => ok(Number(/^(\d+)\n/.exec(d.toString())?.[1]))),
    );
    const exit = new Promise<number | null>((ok) => child.once("exit", (code) => ok(code)));
    return { child, port, exit };
  }
  test("prints its port first and ends on SIGINT and SIGTERM", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const { child, port, exit } = started();
      expect(await port).toBeGreaterThan(0);
      child.kill(signal);
      expect(await exit).toBe(0);
    }
  });
  test("ends with its stdin when asked to", async () => {
    const { child, port, exit } = started({ CUTOVER_PLUGIN_STDIN: "1" });
    await port;
    child.stdin.end();
    expect(await exit).toBe(0);
  });
});
