import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Bench, hostFile, stepEvents, TESTDATA } from "./testing";

const open: Bench[] = [];
const shared: Bench[] = [];
const idle: Bench[] = [];
/** A bench of its own processes where settings are given; otherwise one that earlier tests may have used, emptied. */
function bench(...args: ConstructorParameters<typeof Bench>): Bench {
  if (args.length === 0) {
    const b = idle.pop()?.reset() ?? new Bench();
    shared.push(b);
    return b;
  }
  const b = new Bench(...args);
  open.push(b);
  return b;
}
afterEach(async () => {
  idle.push(...shared.splice(0));
  await Promise.all(open.splice(0).map((b) => b.close()));
});
afterAll(async () => {
  await Promise.all(idle.map((b) => b.close()));
});

const READING = { SCENARIO: "reading" };
const MANY = { SCENARIO: "many" };
const OPTIONS = { SCENARIO: "options" };

/** True while a process lives (zombies count as gone). */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function until(what: () => boolean, ms = 8000): Promise<boolean> {
  const end = Date.now() + ms;
  while (!what()) {
    if (Date.now() > end) return false;
    await new Promise((r) => setTimeout(r, 25));
  }
  return true;
}

describe("refusals", () => {
  test("a missing plug-in, a wrong passphrase, a damaged file: one sentence, nothing changed", async () => {
    const b = bench();
    b.set({ ...READING, SECRET: "1" }, { "scen:token": "hush" }, ["scen:token"]);
    expect((await b.engine.up()).ok).toBe(true);
    const before = readFileSync(b.stateFile(), "utf8");
    const other = new Bench({ passphrase: "another" }, b.dir);
    await expect(other.engine.up()).rejects.toThrow(/passphrase/);
    await other.engine.close();
    expect(readFileSync(b.stateFile(), "utf8")).toBe(before);
    writeFileSync(b.stateFile(), before.slice(0, 200));
    await expect(b.engine.preview()).rejects.toThrow(/not a usable checkpoint/);
    writeFileSync(b.stateFile(), before);
  });
});

describe("previews and unknown values", () => {
  test("a provider that cannot preview is never asked to create or update in a preview", async () => {
    const b = bench({});
    const preview = await b.preview({ SCENARIO: "plain" });
    expect(preview.ok).toBe(true);
    expect(preview.changes.create).toBe(5);
    expect(b.calls().map((c) => c.call)).toEqual(["configure", "check", "check", "check"]);
    expect(existsSync(b.stateFile())).toBe(false);

    expect((await b.up({ SCENARIO: "plain" })).ok).toBe(true);
    b.calls();
    const second = await b.preview({ SCENARIO: "plain", A_TEXT: "new" });
    expect(second.changes).toMatchObject({ update: 1, same: 4 });
    expect(second.steps).toEqual([
      expect.objectContaining({
        op: "update",
        name: "a",
        diffs: [{ path: "text", kind: "update", old: "a", new: "new" }],
      }),
    ]);
    expect(b.writes()).toEqual([]);
  });

  test("a provider that can preview is asked, with the flag, and what it leaves out is unknown", async () => {
    const b = bench({ env: { CUTOVER_TEST_PREVIEWING: "1" } });
    await b.preview({ SCENARIO: "plain" });
    const creates = b.calls().filter((c) => c.call === "create");
    expect(creates.map((c) => c.preview)).toEqual([true, true, true]);
    expect(creates.find((c) => c.name === "b")?.props).toMatchObject({ text: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
  });

  test("a provider whose configuration is unknown is asked nothing; what it manages may have to be replaced", async () => {
    const b = bench();
    const first = await b.preview({ ...READING, UNKNOWN_REGION: "abc" });
    expect(first.ok).toBe(true);
    expect(b.calls().filter((c) => c.name === "q")).toEqual([]);
    expect((await b.up({ ...READING, UNKNOWN_REGION: "abc" })).ok).toBe(true);
    expect(b.calls().some((c) => c.call === "configure" && (c.args as { region?: string }).region === "r3")).toBe(true);
    const again = await b.up({ ...READING, UNKNOWN_REGION: "abc" });
    // The test provider's DiffConfig calls every configuration changed, and is asked every time (behaviour 25 as recorded).
    expect(again.changes).toMatchObject({ same: 3, update: 1, create: 0 });
    // The region follows a's length, which a preview of a's update cannot know.
    const unknown = await b.preview({ ...READING, UNKNOWN_REGION: "abcd" });
    // Its provider may then be another one: what it manages is shown as replaced (behaviour 8 as recorded).
    expect(unknown.ok).toBe(true);
    expect(unknown.steps.map((s) => `${s.op} ${s.name}`)).toContain("replace q");
  });
});

describe("state", () => {
  test("secrets: encrypted, stable, marked on outputs, never in events or results", async () => {
    const b = bench();
    b.set({ ...READING, SECRET: "1" }, { "scen:token": "hush-token" }, ["scen:token"]);
    const first = await b.engine.up();
    expect(first.ok).toBe(true);
    const text = readFileSync(b.stateFile(), "utf8");
    expect(text).not.toContain("hush-token");
    expect(JSON.stringify(b.events)).not.toContain("hush-token");
    expect(JSON.stringify(first.steps)).not.toContain("hush-token");
    const secretOf = (t: string) => t.match(/"secretText":\{[^}]*"ciphertext":"([^"]+)"/)?.[1];
    expect(secretOf(text)).toMatch(/^v1:/);

    b.set({ ...READING, SECRET: "1", SAY: "hi" }, { "scen:token": "hush-token" }, ["scen:token"]);
    expect((await b.engine.up()).outputs.said).toBe("hi!");
    expect(secretOf(readFileSync(b.stateFile(), "utf8"))).toBe(secretOf(text));

    b.set({ ...READING, SECRET: "1" }, { "scen:token": "hush-other" }, ["scen:token"]);
    const changed = await b.engine.preview();
    expect(changed.steps[0]?.diffs).toEqual([{ path: "secretText", kind: "update", old: "[secret]", new: "[secret]" }]);

    b.set({ ...READING, SECRET: "FAIL" }, { "scen:token": "BAD" }, ["scen:token"]);
    const refused = await b.engine.up();
    expect(refused.ok).toBe(false);
    expect(refused.diagnostics[0]?.message).toContain("{[secret]}");
  });

  test("export and import carry a stack over, and refuse another's or an edited one", async () => {
    const b = bench();
    b.set({ ...READING, SECRET: "1" }, { "scen:token": "hush" }, ["scen:token"]);
    await b.engine.up();
    const exported = await b.engine.export();
    const c = bench();
    c.set({ ...READING, SECRET: "1" }, { "scen:token": "hush" }, ["scen:token"]);
    await c.engine.import(exported);
    const up = await c.engine.up();
    expect(up.changes).toMatchObject({ same: 2, create: 0, update: 0, delete: 0 });
    expect(up.steps).toEqual([]);
    const edited = structuredClone(exported);
    edited.deployment.manifest.magic = "x";
    await expect(c.engine.import(edited)).rejects.toThrow(/magic cookie/);
    const strange = structuredClone(exported);
    (strange.deployment.resources?.[1] as { urn: string }).urn = "urn:pulumi:t::scen::a:b:C::d";
    await expect(c.engine.import(strange)).rejects.toThrow(/another stack/);
  });

  test("what the real CLI exported can be carried on", async () => {
    const b = bench();
    await b.up({ SCENARIO: "two" });
    const deployment = (await b.engine.export()).deployment;
    // The CLI stores what this engine does not: it must survive.
    for (const r of deployment.resources ?? []) r.sourcePosition = "project:///index.ts#1,1";
    await b.engine.import({ version: 3, deployment });
    const up = await b.up({ SCENARIO: "two" });
    expect(up.changes).toMatchObject({ same: 3, update: 0 });
    expect(b.state().resources.every((r) => r.sourcePosition === "project:///index.ts#1,1")).toBe(true);
  });
});

describe("one engine through many settings", () => {
  let b: Bench;
  beforeAll(() => {
    b = new Bench({ packs: [join(TESTDATA, "pack")] });
  });
  afterAll(() => b.close());

  test("plug-in and pack stay alive; the pack is told of each operation's settings", async () => {
    const tell = { SCENARIO: "many", ONE: "1" };
    const said: string[] = [];
    for (const [word, kind] of [
      ["one", "preview"],
      ["one", "up"],
      ["two", "preview"],
    ] as const) {
      b.set({ ...tell, SCENARIO: "telling" }, { "scen:word": word });
      const r = await b.engine[kind]();
      said.push(r.policies.violations[0]?.message.split("\n").pop() ?? "nothing");
    }
    expect(said.map((s) => s.replace(/ pid=\d+/, ""))).toEqual([
      "dry=true word=one",
      "dry=false word=one",
      "dry=true word=two",
    ]);
    expect(new Set(said.map((s) => s.match(/pid=(\d+)/)?.[1])).size).toBe(1);
    const calls = b.calls();
    expect(calls.filter((c) => c.call === "configure")).toHaveLength(1);
    expect(new Set(calls.map((c) => c.pid)).size).toBe(1);
  });

  test("plug-ins see no passphrase, no configuration and no credentials of others", async () => {
    process.env.CUTOVER_TEST_SECRET_KEY = "x";
    process.env.AWS_SECRET_ACCESS_KEY = "y";
    const c = bench({ env: { PULUMI_CONFIG_PASSPHRASE: "z", TELNYX_API_KEY: "t" } });
    await c.up({ SCENARIO: "telling" });
    const env = c.calls().find((x) => x.call === "configure")?.env as string[];
    expect(env).toContain("PATH");
    expect(env).toContain("CUTOVER_PLUGIN_STDIN");
    for (const k of [
      "CUTOVER_TEST_SECRET_KEY",
      "AWS_SECRET_ACCESS_KEY",
      "PULUMI_CONFIG_PASSPHRASE",
      "PULUMI_CONFIG",
      "TELNYX_API_KEY",
    ]) {
      expect(env).not.toContain(k);
    }
    delete process.env.CUTOVER_TEST_SECRET_KEY;
    delete process.env.AWS_SECRET_ACCESS_KEY;
  });

  test("a mandatory violation lets a preview go on and fails it at the end", async () => {
    const r = await b.preview({ SCENARIO: "two", A_KIND: "forbidden" });
    expect(r.ok).toBe(false);
    expect(r.changes.create).toBe(2);
    expect(r.policies.violations).toEqual([
      expect.objectContaining({ policy: "no-kind-forbidden", level: "mandatory" }),
    ]);
    expect(r.policies.evaluated).toBeGreaterThan(5);
  });
});

describe("failures", () => {
  test("a duplicate URN, a program that throws: nothing is deleted, outputs stay", async () => {
    const b = bench();
    expect((await b.up({ ...OPTIONS })).outputs.len).toBe(1);
    const twice = await b.up({ ...MANY, TWICE: "1" });
    expect(twice.ok).toBe(false);
    expect(twice.diagnostics[0]?.message).toContain("Duplicate resource URN");
    expect(twice.changes.delete).toBe(0);
    const thrown = await b.up({ ...OPTIONS, THROW: "1" });
    expect(thrown.ok).toBe(false);
    expect(thrown.diagnostics.some((d) => d.severity === "error" && d.message.includes("the program gave up"))).toBe(
      true,
    );
    expect(thrown.outputs.len).toBe(1);
  });

  test("a failed step stops what has not begun; told to go on, independent ones still come", async () => {
    const b = bench();
    const stopped = await b.up({ ...MANY, FAIL: "1" });
    expect(stopped.ok).toBe(false);
    expect(stopped.diagnostics.some((d) => d.message.includes("create refused"))).toBe(true);
    expect(b.state().resources.some((r) => String(r.urn).endsWith("::f"))).toBe(false);
    b.set({ ...MANY, FAIL: "1", ONE: "1" });
    const on = await b.engine.up({ continueOnError: true });
    expect(on.ok).toBe(false);
    const names = b.state().resources.map((r) => String(r.urn).split("::").pop());
    expect(names).toContain("indep");
    expect(names).toContain("one");
    expect(names).not.toContain("after");
    expect(b.state().pending_operations).toBeUndefined();
  });

  test("a resource that did not come up right is kept, and updated next time", async () => {
    const b = bench();
    const first = await b.up({ ...MANY, ONE: "INIT" });
    expect(first.ok).toBe(false);
    expect(b.state().resources.find((r) => String(r.urn).endsWith("::one"))?.initErrors).toEqual([
      "it did not come up",
    ]);
    const second = await b.up({ ...MANY, ONE: "INIT" });
    expect(second.ok).toBe(true);
    expect(second.steps.map((s) => `${s.op} ${s.name}`)).toEqual(["update one"]);
  });

  test("import: what does not match is adopted and changed at once, as a preview shows; it may not be missing; it is never deleted", async () => {
    const b = bench();
    const steps = (r: { steps: { op: string; name: string }[] }) =>
      r.steps.filter((s) => s.name === "imp").map((s) => s.op);
    const shown = await b.preview({ ...READING, IMPORT: "ext-1", IMPORT_TEXT: "else" });
    expect(steps(shown)).toEqual(["import", "update"]);
    expect(shown.steps.find((s) => s.op === "update")?.diffs).toEqual([
      { path: "text", kind: "update", old: "imported", new: "else" },
    ]);
    expect(b.writes()).toEqual(["read imp"]);
    expect((await b.up({ ...READING, IMPORT: "nowhere" })).diagnostics[0]?.message).toContain("does not exist");
    const right = await b.up({ ...READING, IMPORT: "ext-1" });
    expect(right.changes.import).toBe(1);
    expect(
      b
        .calls()
        .filter((c) => c.call === "read")
        .every((c) => c.hasProperties === false),
    ).toBe(true);
    expect((await b.up({ ...READING, IMPORT: "ext-1", IMPORT_TEXT: "changed" })).changes).toMatchObject({
      update: 1,
      import: 0,
    });
    expect((await b.up({ ...READING })).ok).toBe(false);
    expect(b.writes().filter((w) => w.startsWith("delete"))).toEqual([]);
  });
});

describe("options", () => {
  test("a renamed component takes its children along; a trigger replaces; deletedWith skips the call", async () => {
    const b = bench();
    await b.up({ ...OPTIONS, BOX: "old", A_TRIGGER: "1", B_WITH: "1" });
    b.calls();
    const renamed = await b.up({ ...OPTIONS, BOX: "new", BOX_WAS: "old", A_TRIGGER: "1", B_WITH: "1" });
    expect(renamed.steps).toEqual([]);
    const urns = b.state().resources.map((r) => String(r.urn));
    expect(urns.some((u) => u.endsWith("::new-in"))).toBe(true);
    expect(urns.some((u) => u.endsWith("old-in"))).toBe(false);
    const triggered = await b.up({ ...OPTIONS, A_TRIGGER: "2", B_WITH: "1" });
    expect(triggered.changes).toMatchObject({ replace: 2, delete: 2 });
    b.calls();
    expect((await b.engine.destroy()).ok).toBe(true);
    expect(b.writes()).toEqual(["delete a"]);
    expect(b.state().resources ?? []).toEqual([]);
  });

  test("an explicit provider: its changed configuration replaces only when it says so", async () => {
    const b = bench();
    await b.up({ ...READING, REGION: "r1" });
    const moved = await b.up({ ...READING, REGION: "r2" });
    expect(moved.ok).toBe(true);
    expect(moved.steps.filter((s) => s.op === "replace").map((s) => s.name)).toEqual(["mine", "p"]);
  });
});

describe("crash and company", () => {
  /** Runs an engine in a process of its own, which can be killed. */
  function child(dir: string, env: Record<string, string>) {
    // Below the project, so that it finds the SDK the way the built command does.
    const outfile = join(__dirname, "..", "node_modules", ".cache", `engine-child-${process.pid}.js`);
    const entryPoints = [join(__dirname, "testdata", "child.ts")];
    buildSync({ entryPoints, bundle: true, platform: "node", format: "cjs", packages: "external", outfile });
    const args = [outfile, TESTDATA, dir, hostFile(), JSON.stringify(env)];
    const p = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    p.once("exit", () => rmSync(outfile, { force: true }));
    return p;
  }

  test.each([
    "SIGKILL",
    "SIGINT",
  ] as const)("%s in the middle of a creation: no process stays, the next run tells and goes on", async (signal) => {
    const b = bench();
    const p = child(b.dir, { ...MANY, ONE: "slow" });
    let pid = 0;
    expect(
      await until(() => {
        pid = b.calls().find((c) => c.call === "create")?.pid ?? pid;
        return pid > 0;
      }, 15_000),
    ).toBe(true);
    expect(b.state().pending_operations).toMatchObject([
      { type: "creating", resource: { urn: expect.stringContaining("::one") } },
    ]);
    // The lock's owner lives: a second engine is refused, and told by whom.
    await expect(b.up({ ...MANY })).rejects.toThrow(new RegExp(`process ${p.pid}.*cutover cancel`));
    p.kill(signal);
    expect(await until(() => !lives(p.pid as number) && !lives(pid))).toBe(true);
    const next = await b.up({ ...MANY, ONE: "quick" });
    expect(next.ok).toBe(true);
    expect(next.diagnostics[0]?.message).toContain(signal === "SIGKILL" ? "cleared the lock" : "pending operations");
    expect(next.diagnostics.some((d) => d.message.includes("interrupted while creating"))).toBe(true);
    expect(stepEvents(b.events, false)).toContain("out create one");
  });
});
