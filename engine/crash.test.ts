/**
 * Engines killed (SIGKILL, a process of their own) at a provider's call, before and after the provider did its work. The next
 * run must tell what was under way, make nothing twice, and reach the state that an undisturbed run reaches.
 * `CUTOVER_CRASH_EVERY=1` (`npm run test:crash`) kills at every call; otherwise at one of each kind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "./checkpoint";
import { Bench, hostFile } from "./testing";

const PROJECT = join(__dirname, "testdata", "crash");
// Below the project, so that it finds the SDK the way the built command does.
const CHILD = join(__dirname, "..", "node_modules", ".cache", `engine-crash-${process.pid}.js`);
const EVERY = process.env.CUTOVER_CRASH_EVERY === "1";
const FOUND = { "thing-i": { name: "i", kind: "x", text: "found" } };

/** Calls of the two steps that change something, or tell what is there; and what must stand in the file when one is cut off. */
const WRITES: Record<1 | 2, Record<string, string>> = {
  1: {
    "create a": "creating",
    "create b": "creating",
    "create c": "creating",
    "create d": "creating",
    "read i": "importing",
  },
  2: {
    "update a": "updating",
    "create b": "creating",
    "delete b": "deleting",
    "delete c": "deleting",
    "create c": "creating",
    "create e": "creating",
    "delete d": "deleting",
  },
};
/** Calls that change nothing. */
const QUESTIONS: Record<1 | 2, string[]> = {
  1: ["configure", ...["a", "b", "c", "d", "i"].map((n) => `check ${n}`), "diff i"],
  2: [
    "configure",
    ...["a", "b", "c", "e", "i"].map((n) => `check ${n}`),
    ...["a", "b", "c", "i"].map((n) => `diff ${n}`),
  ],
};
const ONE_OF_EACH = [
  "create a after",
  "read i after",
  "update a after",
  "create b after",
  "delete b before",
  "create c before",
];

interface Case {
  step: 1 | 2;
  at: string;
  when: "before" | "after";
  pending: string | undefined;
}
const CASES: Case[] = ([1, 2] as const).flatMap((step) =>
  [...Object.keys(WRITES[step]), ...QUESTIONS[step]].flatMap((at) =>
    (["before", "after"] as const).map((when) => ({ step, at, when, pending: WRITES[step][at] })),
  ),
);
const RUN = CASES.filter(
  (c) => EVERY || (c.pending && ONE_OF_EACH.includes(`${c.at} ${c.when}`) && !(c.step === 1 && c.at === "create b")),
);

type Things = Record<string, { name: string; kind: string; text: string }>;

/** A stack's directory: checkpoint, the provider's things, steering and log. */
class Place {
  readonly bench = new Bench({ projectDir: PROJECT });
  readonly dir = this.bench.dir;

  put(from: string): void {
    for (const name of ["state", "store.json"]) {
      rmSync(join(this.dir, name), { recursive: true, force: true });
      if (existsSync(join(from, name))) cpSync(join(from, name), join(this.dir, name), { recursive: true });
    }
    rmSync(join(this.dir, "steer.json"), { force: true });
  }

  keep(): string {
    const to = mkdtempSync(join(tmpdir(), "cutover-crash-"));
    for (const name of ["state", "store.json"]) cpSync(join(this.dir, name), join(to, name), { recursive: true });
    return to;
  }

  things(): Things {
    return JSON.parse(readFileSync(join(this.dir, "store.json"), "utf8"));
  }

  /** What there is, without the ids: a thing made twice shows twice. */
  listed(): string[] {
    return Object.values(this.things())
      .map((t) => `${t.name} ${t.kind} ${t.text}`)
      .sort();
  }

  /** What the checkpoint says, without ids and times; `held` says whether each id is one of the provider's. */
  recorded(): object[] {
    const things = this.things();
    const states = this.bench.state().resources.filter((r) => String(r.type).startsWith("keep:"));
    return states
      .map((r) => ({
        urn: r.urn,
        inputs: r.inputs,
        outputs: r.outputs,
        held: String(r.id) in things,
        rest: [r.delete, r.pendingReplacement, r.importID],
      }))
      .sort((x, y) => (String(x.urn) < String(y.urn) ? -1 : 1));
  }

  async up(step: number) {
    return this.bench.up({ step } as never);
  }
}

/** Processes other than this one's own children that were started for `dir`. */
function running(dir: string): number[] {
  const pids = readdirSync("/proc").filter((n) => /^\d+$/.test(n));
  return pids.map(Number).filter((pid) => {
    try {
      const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
      return parent !== process.pid && readFileSync(`/proc/${pid}/environ`, "latin1").includes(join(dir, "calls.log"));
    } catch {
      return false;
    }
  });
}

async function until(what: () => boolean, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (!what()) {
    if (Date.now() > end) return false;
    await new Promise((r) => setTimeout(r, 20));
  }
  return true;
}

/** Runs an up in an engine of its own until it ends; gives the signal that ended it. */
async function killed(place: Place, c: Case): Promise<string | null> {
  writeFileSync(join(place.dir, "steer.json"), JSON.stringify({ at: c.at, when: c.when }));
  const p: ChildProcess = spawn(process.execPath, [CHILD, PROJECT, place.dir, hostFile()], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  p.stdin?.write(`${JSON.stringify({ step: c.step })}\n`);
  const timer = setTimeout(() => p.kill("SIGTERM"), 20_000);
  const signal = await new Promise<string | null>((ok) => p.once("exit", (_code, s) => ok(s)));
  clearTimeout(timer);
  rmSync(join(place.dir, "steer.json"), { force: true });
  return signal;
}

let place: Place;
/** Directories of the stack after each step, reached without a crash. */
const reached: string[] = [];
const wanted: { listed: string[]; recorded: object[] }[] = [];

beforeAll(async () => {
  const entryPoints = [join(PROJECT, "child.ts")];
  buildSync({ entryPoints, bundle: true, platform: "node", format: "cjs", packages: "external", outfile: CHILD });
  place = new Place();
  writeFileSync(join(place.dir, "store.json"), JSON.stringify(FOUND));
  reached.push(place.keep());
  for (const step of [1, 2]) {
    expect((await place.up(step)).ok).toBe(true);
    reached.push(place.keep());
    wanted.push({ listed: place.listed(), recorded: place.recorded() });
  }
});
afterAll(async () => {
  await place.bench.close();
  for (const dir of reached) rmSync(dir, { recursive: true, force: true });
  rmSync(CHILD, { force: true });
});

test("the cases are all the calls of an undisturbed run", async () => {
  expect(wanted.map((w) => w.listed)).toEqual([
    ["a x 1", "b x 1", "c x 1", "d x 1", "i x found"],
    ["a x 2", "b y 1", "c dbr 1", "e x 1", "i x found"],
  ]);
  const seen = new Set(place.bench.calls().map((c) => String(c.at)));
  expect([...seen].sort()).toEqual([...new Set(CASES.map((c) => c.at))].sort());
});

describe("SIGKILL", () => {
  test.each(RUN)("step $step, at $at, $when the provider's work", async ({ step, ...c }) => {
    place.put(reached[step - 1] as string);
    expect(await killed(place, { step, ...c })).toBe("SIGKILL");
    // Plug-in and program end with their engine.
    expect(await until(() => running(place.dir).length === 0, 10_000)).toBe(true);

    // What is in the file is whole, and names what was under way.
    const urn = expect.stringMatching(new RegExp(`::${c.at.split(" ")[1]}$`));
    const file = place.bench.stateFile();
    const left = existsSync(file) ? await load(file, "demo") : undefined;
    const pending = (left?.pending ?? []).map((p) => ({ type: p.type, urn: p.resource.urn }));
    if (c.pending) expect(pending).toContainEqual({ type: c.pending, urn });

    const next = await place.up(step);
    expect(next.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    const told = next.diagnostics
      .filter((d) => d.severity === "warning")
      .map((d) => d.message)
      .join("\n");
    for (const p of pending) expect(told).toContain(`${p.urn}, interrupted while ${p.type}`);
    expect({ listed: place.listed(), recorded: place.recorded() }).toEqual(wanted[step - 1]);
    expect(place.bench.state().pending_operations).toBeUndefined();
    expect(next.diagnostics.some((d) => d.message.includes("process") && d.message.includes("died"))).toBe(true);
  });
});

describe("after a crash, the way back", () => {
  const called = (name: string) => place.listed().filter((t) => t.startsWith(`${name} `));

  test("from an update that was carried out and not recorded: it is read back first, and taken back", async () => {
    place.put(reached[1] as string);
    await killed(place, { step: 2, at: "update a", when: "after", pending: "updating" });
    expect(called("a")).toEqual(["a x 2"]);
    expect((await place.up(1)).ok).toBe(true);
    expect(called("a")).toEqual(["a x 1"]);
    expect((await place.up(1)).steps).toEqual([]);
  });

  test("what it was being told stays told until it is read, however often an engine dies before that", async () => {
    place.put(reached[1] as string);
    await killed(place, { step: 2, at: "update a", when: "after", pending: "updating" });
    await killed(place, { step: 1, at: "configure", when: "before", pending: undefined });
    expect((await place.up(1)).ok).toBe(true);
    expect(called("a")).toEqual(["a x 1"]);
  });

  test("from a creation: what it left is looked for and deleted once nobody names it", async () => {
    for (const when of ["before", "after"] as const) {
      place.put(reached[0] as string);
      await killed(place, { step: 1, at: "create d", when, pending: "creating" });
      expect(called("d")).toHaveLength(when === "after" ? 1 : 0);
      expect((await place.up(2)).ok).toBe(true);
      expect(called("d")).toEqual([]);
      expect(place.bench.state().pending_operations).toBeUndefined();
    }
  });
});

describe("after a crash in a creation", () => {
  const at = { step: 1, at: "create a", when: "after", pending: "creating" } as const;

  test("a preview tells, changes nothing, and what was made is adopted once; then nothing is left to do", async () => {
    place.put(reached[0] as string);
    await killed(place, at);
    const before = readFileSync(place.bench.stateFile(), "utf8");
    const preview = await place.bench.preview({ step: 1 } as never);
    expect(preview.diagnostics.some((d) => d.message.includes("::a, interrupted while creating"))).toBe(true);
    expect(readFileSync(place.bench.stateFile(), "utf8")).toBe(before);
    const up = await place.up(1);
    const adopted = up.diagnostics.filter((d) => d.message.includes("adopted")).map((d) => d.urn?.split("::").pop());
    expect(adopted).toContain("a");
    expect(place.listed()).toEqual(wanted[0]?.listed);
    const again = await place.up(1);
    expect(again.steps).toEqual([]);
    expect(again.diagnostics).toEqual([]);
  });

  test("a provider that cannot look makes it anew, as with the CLI: told every time, until the entry is cleared", async () => {
    const blind = new Bench({ projectDir: PROJECT, env: { CUTOVER_TEST_BLIND: "1" } }, place.dir);
    try {
      place.put(reached[0] as string);
      await killed(place, at);
      expect((await blind.up({ step: 1 } as never)).ok).toBe(true);
      expect(place.listed().filter((t) => t.startsWith("a "))).toHaveLength(2);
      const again = await blind.up({ step: 1 } as never);
      expect(again.steps).toEqual([]);
      expect(again.diagnostics[0]?.message).toContain("--clear-pending-creates");
      expect((await blind.engine.refresh()).ok).toBe(true);
      expect(blind.state().pending_operations?.map((p) => p.type)).toContain("creating");
      expect((await blind.engine.refresh({ clearPendingCreates: true })).ok).toBe(true);
      expect(blind.state().pending_operations).toBeUndefined();
    } finally {
      await blind.engine.close();
    }
  });
});
