/** The checkpoint: every write holds the rules, on the disk there is always a whole file, and a broken one is told in a sentence. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { UserError } from "../model/errors";
import { load, stackFile } from "./checkpoint";
import { Crypter } from "./crypter";
import { backupOf, writeAtomically } from "./disk";
import { acquireLock, clearLocks } from "./lock";
import { Snapshot } from "./snapshot";
import { emptyState, SecretBook, type State } from "./state";
import { makeUrn } from "./urn";
import { secret } from "./values";

const written: string[] = [];
vi.mock("./disk", async (original) => {
  const real = await original<typeof import("./disk")>();
  return {
    ...real,
    writeAtomically: vi.fn(async (file: string, text: string) => {
      if (file === "memory") written.push(text);
      else await real.writeAtomically(file, text);
    }),
  };
});

const dir = mkdtempSync(join(tmpdir(), "cutover-integrity-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const crypter = Crypter.open("demo");

const urnOf = (i: number) => makeUrn("s", "p", "", "a:b:C", `r${i}`);
const PROVIDER = makeUrn("s", "p", "", "pulumi:providers:a", "default");
const provider = emptyState({ urn: PROVIDER, type: "pulumi:providers:a", custom: true, id: "p1" });

/** Resource i of a random program hangs on earlier ones, in one of the ways a resource can. */
interface Shape {
  on: number[];
  how: "dependencies" | "properties" | "parent" | "deletedWith";
}
function stateOf(i: number, { on, how }: Shape, id: string): State {
  const urns = [...new Set(on.filter((j) => j >= 0 && j < i).map(urnOf))];
  const s = emptyState({ urn: urnOf(i), type: "a:b:C", custom: true, id, provider: `${PROVIDER}::p1` });
  s.inputs = { hush: secret(`value ${i}`) };
  if (how === "dependencies") s.dependencies = urns;
  else if (how === "properties") s.propertyDependencies = { x: urns };
  else if (urns[0]) s[how] = urns[0];
  return s;
}
const shape: fc.Arbitrary<Shape> = fc.record({
  on: fc.array(fc.nat(9), { maxLength: 3 }),
  how: fc.constantFrom("dependencies", "properties", "parent", "deletedWith"),
});

type Fate = "same" | "update" | "createFirst" | "deleteFirst" | "left" | "fails";
const fates: Fate[] = ["same", "update", "createFirst", "deleteFirst", "left", "fails"];

interface Raw {
  urn: string;
  id?: string;
  custom: boolean;
  delete?: boolean;
  parent?: string;
  provider?: string;
  dependencies?: string[];
  deletedWith?: string;
  propertyDependencies?: Record<string, string[]>;
}

/** The rules once more, over the text that was written and without the engine's own check. */
function broken(text: string): string[] {
  const { latest } = JSON.parse(text).checkpoint as { latest: { resources: Raw[]; pending_operations?: object[] } };
  const seen: Raw[] = [];
  const wrong: string[] = [];
  for (const r of latest.resources) {
    const before = new Set(seen.map((s) => s.urn));
    const refs = [
      r.parent,
      r.deletedWith,
      ...(r.dependencies ?? []),
      ...Object.values(r.propertyDependencies ?? {}).flat(),
      r.provider?.slice(0, r.provider.lastIndexOf("::")),
    ];
    for (const u of refs) if (u && !before.has(u)) wrong.push(`${r.urn} before ${u}`);
    if (r.provider && !seen.some((s) => `${s.urn}::${s.id}` === r.provider)) wrong.push(`${r.urn}: no provider`);
    if (!r.delete && seen.some((s) => s.urn === r.urn && !s.delete)) wrong.push(`${r.urn} twice`);
    if (!r.custom && r.id) wrong.push(`${r.urn}: component with an id`);
    seen.push(r);
  }
  if (text.includes("value ")) wrong.push("a secret in plain text");
  return wrong;
}

describe("every write", () => {
  beforeEach(() => {
    written.length = 0;
  });

  test("holds the rules, whatever is replaced, deleted or fails, and however much is under way at once", async () => {
    const c = await crypter;
    const run = fc.asyncProperty(
      fc.array(fc.record({ shape, fate: fc.constantFrom(...fates), together: fc.boolean() }), { maxLength: 10 }),
      fc.nat(20),
      async (list, deletions) => {
        written.length = 0;
        const olds = [provider, ...list.map((r, i) => stateOf(i, r.shape, `old${i}`))];
        const loaded = { states: olds, pending: [], crypter: c, book: new SecretBook(c) };
        const s = new Snapshot(loaded, "memory", "organization/p/s", []);
        s.add({ ...provider }, provider);
        const live = new Set<State>(olds.slice(1));
        let open: Promise<void>[] = [];
        for (const [i, { shape: sh, fate, together }] of list.entries()) {
          const old = olds[i + 1] as State;
          const next = stateOf(i, sh, `new${i}`);
          const step = async () => {
            if (fate === "left") return;
            if (fate === "same") {
              live.delete(old);
              return s.add(next, old);
            }
            if (fate === "deleteFirst") {
              const gone = await s.begin("deleting", old);
              old.pendingReplacement = true;
              s.changed(old);
              gone();
            }
            const kind = fate === "update" ? "updating" : "creating";
            const end = await s.begin(kind, next);
            // Announced in the file before the provider hears of it.
            expect(written.at(-1)).toContain(`"type":"${kind}"`);
            if (fate === "createFirst") {
              old.delete = true;
              s.changed(old);
              s.add(next);
            } else if (fate !== "fails") {
              live.delete(old);
              s.add(next, old);
            }
            end();
          };
          open.push(step());
          // What hangs on another waits for it: only neighbours that do not may be under way together.
          if (!together || list.slice(i + 1).some((r) => r.shape.on.includes(i))) {
            await Promise.all(open);
            open = [];
          }
        }
        await Promise.all(open);
        // Deletions come dependents first, and may end anywhere.
        const left = [...live].filter((o) => o.delete || o.pendingReplacement).reverse();
        for (const o of left.slice(0, deletions)) {
          if (
            s
              .states()
              .some((t) => t !== o && !t.delete && t.urn !== o.urn && refersTo(t, o.urn) && o.pendingReplacement)
          )
            continue;
          const end = await s.begin("deleting", o);
          if (o.delete) s.drop(o);
          end();
        }
        await s.flush(true);
        expect(written.flatMap(broken)).toEqual([]);
      },
    );
    await fc.assert(run, { numRuns: 150 });
  });

  test("that would break them is refused before it reaches the disk", async () => {
    const c = await crypter;
    const loaded = { states: [provider], pending: [], crypter: c, book: new SecretBook(c) };
    const s = new Snapshot(loaded, "memory", "organization/p/s", []);
    s.add(stateOf(3, { on: [2], how: "parent" }, "x"));
    await expect(s.flush(true)).rejects.toThrow(/about to save a damaged checkpoint: .*r3 stands before .*r2/);
    expect(written).toEqual([]);
  });
});

const refersTo = (t: State, urn: string) =>
  [t.parent, t.deletedWith, ...t.dependencies, ...Object.values(t.propertyDependencies).flat()].includes(urn);

describe("on the disk", () => {
  test("a process killed while it writes leaves a whole file, and the one before it", { timeout: 60_000 }, async () => {
    const script = join(dir, "writer.js");
    const source = `import { writeAtomically } from "./disk"; const [,, file] = process.argv;
      void (async () => { for (let i = 0; ; i++) { await writeAtomically(file as string, JSON.stringify({ i, body: "x".repeat(300_000) })); if (i === 2) console.log("on"); } })();`;
    buildSync({
      stdin: { contents: source, resolveDir: __dirname, loader: "ts" },
      bundle: true,
      platform: "node",
      outfile: script,
    });
    for (let round = 0; round < 6; round++) {
      const file = join(dir, `round${round}`, "s.json");
      const p = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
      await new Promise((ok) => p.stdout.once("data", ok));
      await new Promise((ok) => setTimeout(ok, 3 + round * 7));
      p.kill("SIGKILL");
      await new Promise((ok) => p.once("exit", ok));
      const [now, before] = [file, backupOf(file)].map(
        (f) => JSON.parse(readFileSync(f, "utf8")) as { i: number; body: string },
      );
      expect(now?.body).toHaveLength(300_000);
      expect([0, 1]).toContain((now?.i ?? 0) - (before?.i ?? 0));
    }
  });

  test("nobody else may read it, and a directory that cannot be written leaves the old file", async () => {
    const file = join(dir, "own", "s.json");
    await writeAtomically(file, "one");
    await writeAtomically(file, "two");
    expect([readFileSync(file, "utf8"), readFileSync(backupOf(file), "utf8")]).toEqual(["two", "one"]);
    await expect(writeAtomically(join(file, "below"), "three")).rejects.toThrow();
    expect(readFileSync(file, "utf8")).toBe("two");
  });
});

describe("a broken file", () => {
  const file = stackFile(dir, "p", "s");
  let whole: string;
  beforeEach(async () => {
    const c = await crypter;
    const loaded = { states: [], pending: [], crypter: c, book: new SecretBook(c) };
    const s = new Snapshot(loaded, file, "organization/p/s", []);
    s.add({ ...provider });
    for (let i = 0; i < 3; i++) s.add(stateOf(i, { on: [i - 1], how: "dependencies" }, `id${i}`));
    await s.flush(true);
    whole = readFileSync(file, "utf8");
  });
  const edited = (edit: (latest: { manifest: object; resources: object[] }) => void) => {
    const json = JSON.parse(whole);
    edit(json.checkpoint.latest);
    return JSON.stringify(json);
  };

  test.each([
    ["a salt that is none", () => whole.replace(/"salt":"[^"]*"/, '"salt":null'), /salt that is no text/],
    ["cut short", () => whole.slice(0, 300), /Unterminated|JSON/],
    ["empty", () => "", /JSON/],
    ["of another version", () => whole.replace('"version":3', '"version":4'), /version 4, expected 3/],
    ["no checkpoint", () => '{"version":3}', /holds no checkpoint/],
    [
      "another's version, its cookie kept",
      () => edited((d) => Object.assign(d.manifest, { version: "9" })),
      /magic cookie/,
    ],
    ["out of order", () => edited((d) => d.resources.reverse()), /stands before/],
    ["a resource twice", () => edited((d) => d.resources.push(d.resources[3] as object)), /stands there twice/],
    [
      "a resource without a name",
      () => edited((d) => Object.assign(d.resources[1] as object, { urn: 7 })),
      /resource 2 has no URN/,
    ],
    [
      "a list where an object belongs",
      () => edited((d) => Object.assign(d.resources[1] as object, { inputs: [] })),
      /inputs of the wrong kind/,
    ],
    [
      "a secret that was changed",
      () => whole.replace(/("ciphertext":"v1:[^:]+:)..../, "$1AAAA"),
      /secret of .* cannot be decrypted/,
    ],
  ])("%s: one sentence that says what to put in its place", async (_what, text, why) => {
    writeFileSync(file, text());
    const e = await load(file, "demo").then(
      () => undefined,
      (x) => x as Error,
    );
    expect(e).toBeInstanceOf(UserError);
    expect(e?.message).toMatch(why);
    expect(e?.message).toContain(`${file} is not a usable checkpoint`);
    expect(e?.message).toContain(existsSync(backupOf(file)) ? `put ${backupOf(file)}` : "restore it");
    expect(e?.message).not.toContain("\n");
  });

  test("whatever is changed in it: it is read, or refused in a sentence, and never is a bug", async () => {
    const paths: (string | number)[][] = [];
    const walk = (v: unknown, at: (string | number)[]) => {
      paths.push(at);
      if (Array.isArray(v)) for (const [i, x] of v.entries()) walk(x, [...at, i]);
      else if (typeof v === "object" && v !== null) for (const [k, x] of Object.entries(v)) walk(x, [...at, k]);
    };
    walk(JSON.parse(whole), []);
    // Every other salt costs a key of its own, 0.3 s.
    const cheap = paths.filter((p) => p.at(-1) !== "salt");
    const junk = fc.constantFrom<unknown>(null, 0, "", "x", true, [], [null], {}, { urn: "x" });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cheap), junk, async (path, value) => {
        const json = JSON.parse(whole) as Record<string | number, unknown>;
        let at = json;
        for (const k of path.slice(0, -1)) at = at[k] as typeof json;
        const last = path.at(-1);
        writeFileSync(file, JSON.stringify(last === undefined ? value : json));
        if (last !== undefined) {
          at[last] = value;
          writeFileSync(file, JSON.stringify(json));
        }
        await load(file, "demo").catch((e) => expect(e).toBeInstanceOf(UserError));
      }),
      { numRuns: 300 },
    );
  });
});

describe("the lock", () => {
  const lockFile = (name: string) => join(dir, ".pulumi", "locks", "organization", "p", "l", `${name}.json`);
  const holder = (more: object) =>
    JSON.stringify({
      pid: process.pid,
      username: "ann",
      hostname: hostname(),
      timestamp: new Date().toISOString(),
      ...more,
    });

  test("names user, host, process and since when, and how to clear it; another host's is never taken for dead", async () => {
    (await acquireLock(dir, "p", "l", () => undefined))();
    writeFileSync(
      lockFile("other"),
      holder({ hostname: "elsewhere", pid: 999_999_999, timestamp: "2026-01-05T10:00:00Z" }),
    );
    await expect(acquireLock(dir, "p", "l", () => undefined)).rejects.toThrow(
      "the stack l is locked by ann@elsewhere (process 999999999, since 2026-01-05T10:00:00Z): wait for it to end, or clear the lock with `cutover cancel --stack l`",
    );
    expect(await clearLocks(dir, "p", "l")).toBe(1);
  });

  test("of a process that is gone, or whose number another process has now, is cleared and told", async () => {
    for (const dead of [{ pid: 999_999_999 }, { timestamp: "2026-01-05T10:00:00Z" }]) {
      const told: string[] = [];
      writeFileSync(lockFile("dead"), holder(dead));
      (await acquireLock(dir, "p", "l", (text) => told.push(text)))();
      expect(told).toEqual([expect.stringContaining("which died during an update of l")]);
    }
    expect(userInfo().username).not.toBe("");
  });
});
