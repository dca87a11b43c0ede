import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { Crypter } from "./crypter";
import { applyReplaceOnChanges, inputDiff, NO_DIFF, replaces, shownDiffs } from "./diff";
import { seconds } from "./goal";
import { verifyIntegrity } from "./integrity";
import { acquireLock, clearLocks } from "./lock";
import { formatPath, ignoreChanges, parsePath } from "./paths";
import { pluginEnv, programEnv } from "./processes";
import { Slots } from "./slots";
import { Snapshot } from "./snapshot";
import { emptyState, SecretBook, type State, sealState, unsealState } from "./state";
import { makeUrn } from "./urn";
import { deepEqual, markSecrets, mask, normaliseAssets, type Props, SIG, secret, UNKNOWN } from "./values";

const dir = mkdtempSync(join(tmpdir(), "cutover-units-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("values", () => {
  test("assets get the hash of their content and lose what the SDK adds", () => {
    const v = { file: { [SIG]: "c44067f5952c0a294b673a41bacd8c17", __pulumiAsset: true, text: "body" } };
    expect(normaliseAssets(v, dir).file).toEqual({
      [SIG]: "c44067f5952c0a294b673a41bacd8c17",
      hash: "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5",
      text: "body",
    });
  });

  test("secret inputs make secret outputs; masks hide them at any depth", () => {
    const marked = markSecrets({ a: 1, b: 2, c: 3 }, { a: secret("x") }, ["c"]);
    expect(marked).toEqual({ a: secret(1), b: 2, c: secret(3) });
    expect(JSON.stringify(mask({ deep: [{ x: secret("hush") }] }))).not.toContain("hush");
  });
});

describe("paths", () => {
  const element = fc.oneof(
    fc.nat(20),
    fc.string({ minLength: 1, unit: fc.constantFrom("a", "b", "_", ".", "[", '"', "\\", " ") }),
  );

  test("a path is what it was after writing and reading", () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 5 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });

  test.each([
    [["a"], { a: 1, b: 9 }, { a: 2, b: 9 }, { a: 1, b: 9 }],
    [["a"], { b: 1 }, { a: 2, b: 1 }, { b: 1 }],
    [["a"], { a: 5 }, {}, { a: 5 }],
    [
      ["a.b[1].c"],
      { a: { b: [{}, { c: 1 }] } },
      { a: { b: [{}, { c: 2, d: 3 }] } },
      { a: { b: [{}, { c: 1, d: 3 }] } },
    ],
    [
      ["l[*].x"],
      { l: [{ x: 1 }, { x: 2 }] },
      { l: [{ x: 7 }, { x: 8 }, { x: 9 }] },
      { l: [{ x: 1 }, { x: 2 }, { x: 9 }] },
    ],
    [["gone.deep"], {}, { a: 1 }, { a: 1 }],
  ])("ignoreChanges %j", (paths, olds, news, want) => {
    expect(ignoreChanges(news as unknown as Props, olds as unknown as Props, paths)).toEqual(want);
  });

  test("replaceOnChanges turns what changed below its paths into replacements", () => {
    const diff = inputDiff({ t: ["a"], u: 1 }, { t: ["b"], u: 2 });
    // As recorded of the CLI (behaviour 20): a deep path replaces without naming a key, a key names itself.
    const deep = applyReplaceOnChanges(diff, ["t[*]"]);
    expect(deep).toMatchObject({
      replaces: [],
      detailed: { "t[0]": { kind: "update-replace" }, u: { kind: "update" } },
    });
    expect(replaces(deep)).toBe(true);
    expect(applyReplaceOnChanges(diff, ["t"]).replaces).toEqual(["t"]);
    expect(replaces(applyReplaceOnChanges(diff, ["t[0].deeper"]))).toBe(false);
    expect(applyReplaceOnChanges(NO_DIFF, ["t"])).toBe(NO_DIFF);
  });

  test("shown lines hide secrets and unknown values", () => {
    const old = { inputs: { s: secret("a"), n: 1 }, outputs: {} };
    expect(shownDiffs({ detailed: null, replaces: ["n"] }, old, { s: secret("b"), n: UNKNOWN })).toEqual([
      { path: "n", kind: "update-replace", old: 1, new: "[unknown]" },
      { path: "s", kind: "update", old: "[secret]", new: "[secret]" },
    ]);
  });

  test("durations are seconds", () => {
    expect(seconds("1h2m3s")).toBe(3723);
    expect(seconds("1.5s")).toBe(1.5);
    expect(seconds("250ms")).toBe(0.25);
  });
});

describe("secrets", () => {
  test("what the real CLI encrypted is read, with its passphrase only", async () => {
    // From a checkpoint of the CLI 3.260.0, passphrase "demo".
    const salt = "v1:dDcG0emcTIY=:v1:SpFO/raLBIaTacWu:Vh9lWraWuOziJDiYg9FSNz0QUf/4YA==";
    const crypter = await Crypter.open("demo", salt);
    expect(crypter.decrypt("v1:CphFlOcPr7+D5aS/:sou3Rl8En2wKOoxS8QQItlRvU82ek3huUymcgA==")).toBe('"s3cr3t-tok"');
    await expect(Crypter.open("other", salt)).rejects.toThrow(/passphrase/);
  });

  test("a state is the same after sealing and unsealing, and an unchanged secret keeps its ciphertext", async () => {
    const book = new SecretBook(await Crypter.open("demo"));
    const s = emptyState({
      urn: "urn:pulumi:s::p::a:b:C::x",
      type: "a:b:C",
      custom: true,
      id: "1",
      inputs: { k: secret({ deep: [1] }) },
    });
    const json = JSON.parse(JSON.stringify({ ...sealState(s, book), sourcePosition: "kept" }));
    expect(JSON.stringify(json)).not.toContain("deep");
    const back = unsealState(json, book);
    expect(back.inputs).toEqual(s.inputs);
    expect(back.rest).toEqual({ sourcePosition: "kept" });
    expect(sealState(back, book).inputs).toEqual(json.inputs);
  });
});

describe("snapshot", () => {
  const urn = (name: string) => makeUrn("s", "p", "", "a:b:C", name);
  const state = (name: string, more: Partial<State> = {}) =>
    emptyState({ urn: urn(name), type: "a:b:C", custom: true, id: name, ...more });

  test("the rules catch what would be refused by the real engine", () => {
    const a = state("a");
    const b = state("b", { dependencies: [urn("a")] });
    expect(verifyIntegrity([a, b])).toBeUndefined();
    expect(verifyIntegrity([b, a])).toContain("stands before");
    expect(verifyIntegrity([a, a])).toContain("twice");
    expect(verifyIntegrity([a, state("a", { delete: true })])).toBeUndefined();
    expect(verifyIntegrity([{ ...a, custom: false }])).toContain("has an id");
    expect(
      verifyIntegrity([state("c", { provider: "urn:pulumi:s::p::pulumi:providers:x::default::1" })]),
    ).toBeDefined();
  });

  test("every write names the pending operation before the call it announces, and holds the rules", async () => {
    const crypter = await Crypter.open("demo");
    const file = join(dir, "stack.json");
    const old = [state("a"), state("b", { dependencies: [urn("a")] })];
    const snapshot = new Snapshot(
      { states: old, pending: [], crypter, book: new SecretBook(crypter) },
      file,
      "organization/p/s",
      [],
    );
    const pending = () =>
      (JSON.parse(readFileSync(file, "utf8")).checkpoint.latest.pending_operations ?? []).map(
        (p: { resource: { urn: string } }) => p.resource.urn,
      );
    const ends = await Promise.all(["n1", "n2", "n3"].map((n) => snapshot.begin("creating", state(n))));
    expect(pending().sort()).toEqual([urn("n1"), urn("n2"), urn("n3")]);
    snapshot.add(state("n1"));
    ends[0]?.();
    await snapshot.begin("deleting", old[1] as State);
    expect(pending().sort()).toEqual([urn("b"), urn("n2"), urn("n3")]);
    const saved = JSON.parse(readFileSync(file, "utf8")).checkpoint.latest.resources.map((r: { id: string }) => r.id);
    expect(saved).toEqual(["n1", "a", "b"]);
    await snapshot.flush(true);
  });
});

describe("company", () => {
  test("a living holder is named, its lock can be cleared", async () => {
    const release = await acquireLock(dir, "p", "s", () => undefined);
    await expect(acquireLock(dir, "p", "s", () => undefined)).rejects.toThrow(
      new RegExp(`process ${process.pid}.*cutover cancel --stack s`),
    );
    expect(await clearLocks(dir, "p", "s")).toBe(1);
    release();
    (await acquireLock(dir, "p", "s", () => undefined))();
    expect(await clearLocks(dir, "p", "s")).toBe(0);
  });

  test("credentials go to the plug-in they are listed for, and to no program", () => {
    const given = { TELNYX_API_KEY: "t", AWS_ACCESS_KEY_ID: "a", FREE: "f", PULUMI_CONFIG_PASSPHRASE: "p" };
    const parent = { PATH: "/bin", NODE_AUTH_TOKEN: "n", CUTOVER_PASSPHRASE: "p", GITHUB_TOKEN: "g", LANG: "C" };
    expect(pluginEnv("carrier", given, parent)).toEqual({ PATH: "/bin", LANG: "C", TELNYX_API_KEY: "t" });
    expect(pluginEnv("aws", given, parent)).toEqual({ PATH: "/bin", LANG: "C", AWS_ACCESS_KEY_ID: "a" });
    expect(programEnv(given, parent)).toEqual({ PATH: "/bin", LANG: "C", FREE: "f" });
  });

  test("no more than the allowed number work at a time", async () => {
    const slots = new Slots(3);
    let now = 0;
    let most = 0;
    const work = () =>
      slots.run(async () => {
        most = Math.max(most, ++now);
        await new Promise((r) => setTimeout(r, 1));
        now--;
      });
    await Promise.all(Array.from({ length: 20 }, work));
    expect(most).toBe(3);
    expect(deepEqual({ a: [1] }, { a: [1] })).toBe(true);
  });
});
