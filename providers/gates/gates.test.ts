import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { Facts, Verdict } from "../../model/facts";
import { EngineLog } from "../lib/enginelog";
import { Handlers } from "../lib/handlers";
import type { Props } from "../lib/values";
import { gatesProvider, type Predicates } from "./resources";
import { runProbes } from "./run-probe";

const verdict = (gate: string, status: Verdict["status"]): Verdict => ({
  gate,
  status,
  seen: "3 s",
  required: "2 s",
  fix: "wait",
});
const urn = (type: string) => `urn:pulumi:dev::cutover::gates:index:${type}::g`;
const signal = new AbortController().signal;

/** A probe program: prints what it was given, counts its runs in a file, or misbehaves. */
const PROGRAM = `
const { appendFileSync } = require("node:fs");
let text = "";
process.stdin.on("data", (d) => (text += d)).on("end", () => {
  const documents = {};
  for (const [probe, s] of Object.entries(JSON.parse(text))) {
    if (s.log) appendFileSync(s.log, "x");
    if (s.mode === "crash") { console.error("it broke"); process.exit(7); }
    if (s.mode === "noise") { console.log("hello"); return; }
    if (s.mode === "other") { documents[probe] = { schema: "cutover/probe/v1", probe: "another" }; continue; }
    documents[probe] = { schema: "cutover/probe/v1", probe, at: "2026-06-01T08:00:00Z", by: "t", status: "ok", saw: s.say };
  }
  console.log(JSON.stringify({ schema: "cutover/probes/v1", documents }));
});`;

let dir: string;
let program: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "cutover-gates-"));
  program = join(dir, "probe.js");
  await writeFile(program, PROGRAM);
});

async function open(predicates: Partial<Predicates>, config: Props = {}) {
  const none: Predicates = {
    planOf: async () => ({ name: "test", sandbox: true }),
    judge: async () => [],
    judgeProof: async () => verdict("p", "passed"),
    proofEvidence: async () => [],
  };
  const handlers = new Handlers(gatesProvider({ ...none, ...predicates }), new EngineLog(undefined));
  await handlers.configure({ probe: program, deskDir: dir, ...config }, {});
  return handlers;
}

const GATE: Props = {
  name: "gate",
  from: { phase: "canary", waves: {} },
  to: { phase: "porting", waves: {} },
  digest: "d1",
  plan: "nowhere",
  settings: { dns: { say: "fresh" } },
  facts: { dns: { saw: "stale" }, confirm: "prod" },
};
const SETTLED: Props = { ...GATE, from: GATE.to };

describe("Gate", () => {
  const diff = async (oldInputs: Props, news: Props) =>
    (await open({})).diff(urn("Gate"), "gate", { olds: oldInputs, oldInputs, news, ignore: [] });

  it("changes exactly when a move is asked for or the plan changed", async () => {
    expect(await diff(GATE, SETTLED)).toEqual([]);
    expect(await diff(SETTLED, { ...SETTLED, facts: { other: 1 }, settings: {}, plan: "elsewhere" })).toEqual([]);
    expect(await diff(GATE, GATE)).toEqual([{ path: "to", kind: "update" }]);
    expect(await diff(SETTLED, { ...SETTLED, digest: "d2" })).toEqual([{ path: "digest", kind: "update" }]);
    const waves = { ...SETTLED, to: { phase: "porting", waves: { w1: "live" } } };
    expect(await diff(SETTLED, waves)).toEqual([{ path: "to", kind: "update" }]);
  });

  it("takes back an update that ended half way, and lets no other step start between two positions", async () => {
    const halfWay: Props = { ...GATE, from: { phase: "parallel", waves: {} }, to: { phase: "canary", waves: {} } };
    const asked = async (phase: string, olds = halfWay) =>
      (await open({})).check(urn("Gate"), olds, { ...halfWay, to: { phase, waves: {} } });
    expect(await diff(halfWay, { ...halfWay, to: { phase: "parallel", waves: {} } })).toEqual([
      { path: "to", kind: "update" },
    ]);
    expect((await asked("parallel")).failures).toEqual([]);
    expect((await asked("canary")).failures).toEqual([]);
    expect((await asked("baseline")).failures).toEqual([
      {
        property: "to",
        reason: expect.stringMatching(/from parallel to canary ended half way; seen baseline; expected/),
      },
    ]);
    // The record says that the last move ended well, or was taken back: every step may be asked for.
    const arrived: Props = {
      ...halfWay,
      from: { phase: "ttl-lowered", waves: {} },
      to: { phase: "parallel", waves: {} },
    };
    expect((await asked("baseline", arrived)).failures).toEqual([]);
    expect((await asked("baseline", { ...halfWay, to: { phase: "parallel", waves: {} } })).failures).toEqual([]);
  });

  it("takes no document that only the program brings along, and keeps the phase record", async () => {
    let judged: Facts | undefined;
    const handlers = await open({
      judge: async (_p, _f, _t, facts) => {
        judged = facts;
        return [verdict("a", "passed")];
      },
    });
    const facts = { dns: { status: "ok" }, record: { status: "ok" }, confirm: "prod", stack: "prod" };
    await handlers.create(urn("Gate"), { ...GATE, settings: {}, facts }, false);
    expect(judged).toEqual({ record: { status: "ok" }, confirm: "prod", stack: "prod" });
  });

  it("judges facts gathered once more, not the ones it was given; what no probe gathers stays", async () => {
    let judged: Facts | undefined;
    const handlers = await open({
      judge: async (_p, _f, _t, facts) => {
        judged = facts;
        return [verdict("a", "passed")];
      },
    });
    const made = await handlers.create(urn("Gate"), GATE, false);
    expect(judged).toMatchObject({ dns: { saw: "fresh", status: "ok" }, confirm: "prod" });
    expect(Date.parse(made.outputs.passedAt as string)).not.toBeNaN();
  });

  it("fails with every verdict that did not pass: gate, seen, required, what to do", async () => {
    const handlers = await open({
      judge: async () => [verdict("a", "failed"), verdict("b", "passed"), verdict("c", "inconclusive")],
    });
    const failure = handlers.create(urn("Gate"), GATE, false);
    await expect(failure).rejects.toThrow(
      /from canary to porting[\s\S]*a \(failed\): seen 3 s; required 2 s; wait[\s\S]*c \(inconclusive\)/,
    );
    await expect(failure).rejects.not.toThrow(/ b \(/);
    await expect(handlers.update(urn("Gate"), "gate", GATE, { olds: GATE, oldInputs: GATE }, false)).rejects.toThrow(
      "not proven",
    );
  });

  it("obeys a dated override, and leaves a policy out in a sandbox with a sandbox's clock only", async () => {
    const judge = async () => [verdict("a", "failed")];
    const make = async (inputs: Props, predicates: Partial<Predicates>, config: Props = {}) =>
      (await open({ judge, ...predicates }, config)).create(urn("Gate"), { ...GATE, ...inputs }, false);
    const until = (date: string) => ({ overrides: { a: { reason: "known", until: date } } });
    expect((await make(until("2999-01-01"), {})).id).toBe("gate");
    await expect(make(until("2001-01-01"), {})).rejects.toThrow("not proven");
    await expect(make({ overrides: { b: { reason: "other", until: "2999-01-01" } } }, {})).rejects.toThrow(
      "not proven",
    );
    // Without a sandbox's clock, and on a plan that is not a sandbox's, the switch itself is refused.
    await expect(make({ without: ["a"] }, {})).rejects.toThrow(/no sandbox clock/);
    const production = { planOf: async () => ({ name: "prod", sandbox: false }) };
    await expect(make({ without: ["a"] }, production)).rejects.toThrow(/not marked sandbox: true/);
  });

  it("a preview runs no probe and judges nothing", async () => {
    const handlers = await open({ judge: async () => [verdict("a", "failed")] });
    const log = join(dir, "runs");
    await handlers.create(urn("Gate"), { ...GATE, settings: { dns: { log } } }, true);
    await expect(readFile(log)).rejects.toThrow("ENOENT");
  });

  it("by the real predicates: a way back needs nothing, a way forward without evidence is refused", async () => {
    const handlers = new Handlers(gatesProvider(), new EngineLog(undefined));
    await handlers.configure({ probe: program }, {});
    const plan = "test/estates/guide";
    const gate = (from: string, to: string): Props => ({
      ...GATE,
      plan,
      from: { phase: from, waves: {} },
      to: { phase: to, waves: {} },
      settings: {},
      facts: {},
    });
    expect((await handlers.create(urn("Gate"), gate("canary", "ttl-lowered"), false)).id).toBe("gate");
    await expect(handlers.create(urn("Gate"), gate("parallel", "ttl-lowered"), false)).rejects.toThrow(
      /handshake-proven \((inconclusive|errored)\)/,
    );
    await expect(handlers.create(urn("Gate"), gate("parallel", "porting"), false)).rejects.toThrow(
      "phase-moves-one-step",
    );
  });
});

describe("probes run by the gate", () => {
  it("no document is an error, never evidence", async () => {
    const run = (mode: string, file = program) => runProbes(file, { sip: { say: 1 }, dns: { mode } }, signal);
    const failed = { status: "error", error: expect.stringMatching(/code 7.*it broke/) };
    expect(await run("crash")).toMatchObject({ dns: failed, sip: failed });
    expect(await run("noise")).toMatchObject({ dns: { status: "error" }, sip: { status: "error" } });
    expect(await run("", join(dir, "none.js"))).toMatchObject({ dns: { status: "error" } });
    // One that answers something else spoils its own evidence only.
    expect(await run("other")).toMatchObject({ dns: { status: "error", probe: "dns" }, sip: { status: "ok", saw: 1 } });
  });

  it("takes settings longer than an argument may be", async () => {
    const say = "x".repeat(1 << 20);
    expect(await runProbes(program, { dns: { say } }, signal)).toMatchObject({ dns: { status: "ok", saw: say } });
  });
});

describe("Proof", () => {
  const PROOF: Props = {
    name: "p",
    kind: "r1-tested",
    subject: { part: "w1" },
    plan: "nowhere",
    settings: { sip: { say: 1 } },
    waitSeconds: 100,
  };

  /** The sandbox's clock, which jumps. */
  async function worldClock() {
    let ms = Date.parse("2026-06-01T08:00:00Z");
    const slept: number[] = [];
    const server = createServer((req, res) => {
      let text = "";
      req.on("data", (d) => {
        text += d;
      });
      req.on("end", () => {
        if (req.url === "/sleep") {
          const { seconds } = JSON.parse(text) as { seconds: number };
          slept.push(seconds);
          ms += seconds * 1000;
        }
        res.end(JSON.stringify({ now: new Date(ms).toISOString() }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { clock: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, slept, close: () => server.close() };
  }

  it("looks again by the clock until it holds", async () => {
    const world = await worldClock();
    let looks = 0;
    const handlers = await open(
      { judgeProof: async () => verdict("r1", ++looks < 3 ? "failed" : "passed") },
      { clock: world.clock },
    );
    const made = await handlers.create(urn("Proof"), PROOF, false);
    expect(world.slept).toEqual([5, 10]);
    expect(made.outputs.provenAt).toBe("2026-06-01T08:00:15.000Z");
    world.close();
  });

  it("gives up after waitSeconds with what it saw last", async () => {
    const world = await worldClock();
    const handlers = await open({ judgeProof: async () => verdict("r1", "failed") }, { clock: world.clock });
    await expect(handlers.create(urn("Proof"), PROOF, false)).rejects.toThrow(
      /within 100 s[\s\S]*r1 \(failed\): seen 3 s/,
    );
    expect(world.slept.reduce((a, b) => a + b)).toBe(100);
    world.close();
  });

  it("asks the model's question with the addresses it was given, unless the program asked its own", async () => {
    const seen: Facts[] = [];
    const handlers = await open({
      proofEvidence: async () => [{ probe: "carrier", ask: { q: 1 } }],
      judgeProof: async (_p, _k, _s, facts) => {
        seen.push(facts);
        return verdict("r1", "passed");
      },
    });
    await handlers.create(urn("Proof"), PROOF, false);
    expect(Object.keys(seen[0]!)).toEqual(["carrier"]);
    expect(seen[0]!.carrier).toMatchObject({ saw: 1 });
  });

  it("is about its subject only", async () => {
    const handlers = await open({});
    const diff = (news: Props) => handlers.diff(urn("Proof"), "p", { olds: PROOF, oldInputs: PROOF, news, ignore: [] });
    expect(await diff({ ...PROOF, settings: {}, waitSeconds: 5, plan: "x" })).toEqual([]);
    expect(await diff({ ...PROOF, subject: { part: "w2" } })).toEqual([{ path: "subject", kind: "update" }]);
  });

  it("is withdrawn without asking anything, and proven anew after that", async () => {
    const log = join(dir, "runs");
    const handlers = await open({ judgeProof: async () => verdict("r1", "failed") });
    const withdrawn: Props = { ...PROOF, subject: { part: "w1", withdrawn: true }, settings: { sip: { log } } };
    const old = { olds: { ...PROOF, provenAt: "2026-06-01T08:00:00Z" }, oldInputs: PROOF };
    expect(await handlers.update(urn("Proof"), "p", withdrawn, old, false)).toMatchObject({ provenAt: "withdrawn" });
    await expect(readFile(log)).rejects.toThrow("ENOENT");
    const again = { olds: withdrawn, oldInputs: withdrawn, news: PROOF, ignore: [] };
    expect(await handlers.diff(urn("Proof"), "p", again)).toEqual([{ path: "subject", kind: "update" }]);
  });
});

describe("Request", () => {
  const REQUEST: Props = {
    name: "inventory-w1",
    kind: "inventory-removal",
    ranges: [{ from: "+12125550100", to: "+12125550103" }],
    note: "take out",
  };
  const file = async (id: string) => JSON.parse(await readFile(join(dir, "requests", `${id}.json`), "utf8"));

  it("writes one dated file, once; a change withdraws the old one; delete withdraws", async () => {
    const handlers = await open({});
    const made = await handlers.create(urn("Request"), REQUEST, false);
    expect(await handlers.create(urn("Request"), REQUEST, false)).toEqual(made);
    expect(await file("inventory-removal-inventory-w1-1")).toMatchObject({
      kind: "inventory-removal",
      by: "cutover",
      ranges: REQUEST.ranges,
      note: "take out",
    });
    const wider: Props = { ...REQUEST, ranges: [{ from: "+12125550100", to: "+12125550110" }] };
    const updated = await handlers.update(
      urn("Request"),
      made.id,
      wider,
      { olds: made.outputs, oldInputs: REQUEST },
      false,
    );
    expect(updated.requestId).toBe("inventory-removal-inventory-w1-2");
    expect((await file("inventory-removal-inventory-w1-1")).withdrawn).toBe(true);
    expect((await handlers.read(urn("Request"), made.id, updated, wider))?.inputs).toEqual(wider);
    await handlers.delete(urn("Request"), made.id, updated, wider);
    expect((await file("inventory-removal-inventory-w1-2")).withdrawn).toBe(true);
    expect(await handlers.read(urn("Request"), made.id, updated, wider)).toBeNull();
    expect(await readdir(join(dir, "requests"))).toHaveLength(2);
  });

  it("asks for call routes of emergency groups, and only once", async () => {
    const handlers = await open({});
    const asked: Props = {
      name: "emergency-groups",
      kind: "emergency-group",
      groups: [{ group: "Evacuation", flow: "Evacuation", callRoutes: ["Claims BYOC"] }],
      note: "add",
    };
    const made = await handlers.create(urn("Request"), asked, false);
    expect(await handlers.create(urn("Request"), asked, false)).toEqual(made);
    expect(await file("emergency-group-emergency-groups-1")).toMatchObject({ groups: asked.groups, note: "add" });
    expect((await handlers.read(urn("Request"), made.id, made.outputs, asked))?.inputs).toEqual(asked);
    await handlers.delete(urn("Request"), made.id, made.outputs, asked);
    expect((await file("emergency-group-emergency-groups-1")).withdrawn).toBe(true);
  });

  it("names no file outside the desk, whatever its name", async () => {
    const handlers = await open({});
    await handlers.create(urn("Request"), { ...REQUEST, name: "../../etc/passwd" }, false);
    expect((await readdir(join(dir, "requests")))[0]).toMatch(/^inventory-removal-etc-passwd-[0-9a-f]{6}-1\.json$/);
  });
});
