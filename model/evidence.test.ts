import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocking, evidenceFor, GATES, judge, judgeProof, proofEvidence, type ProofKind } from "./evidence";
import type { Facts } from "./facts";
import { sampleNumbers } from "./gates/calls";
import { loadPlan } from "./plan";
import { allAdopted, arbitraryPlan, arbitraryPosition, goodFacts, goodProofFacts } from "./testing";
import type { Phase, Position, WaveStates } from "./types";
import { formatVerdict } from "./verdictText";

const plan = loadPlan(join(__dirname, "../stacks/dev"));
const NOW = new Date("2026-05-04T10:00:00Z");
const at = (phase: Phase | "none", waves: WaveStates = {}): Position => ({ phase, waves });
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

const ADOPTED = [
  "inventory-empty",
  "dns-not-before-port",
  "ttl-lowered-in-time",
  "dns-agrees-everywhere",
  "emergency-groups-kept",
  "one-live-path",
  "allowlist-covers-carrier",
];
const MOVES: Record<string, [Position, Position, string[]]> = {
  baseline: [
    at("none"),
    at("baseline"),
    ["organisation-answers", "licence-present", "permissions-granted", "baseline-changes-nothing"],
  ],
  parallel: [at("baseline"), at("parallel"), ["allowlist-covers-carrier", "recording-kept"]],
  "ttl-lowered": [
    at("parallel"),
    at("ttl-lowered"),
    ["handshake-proven", "allowlist-covers-carrier", "name-is-dialable", "trunk-transport-secure"],
  ],
  canary: [at("ttl-lowered"), at("canary"), ["ttl-lowered-in-time", "dns-agrees-everywhere", "gcv-stays-warm"]],
  porting: [
    at("canary"),
    at("porting"),
    ["canary-healthy", "caller-id-preserved", "emergency-groups-kept", "allowlist-covers-carrier"],
  ],
  cutover: [at("porting"), at("cutover"), ["emergency-address-registered"]],
  live: [
    at("cutover"),
    at("cutover", { w1: "live" }),
    [
      "port-live",
      "carrier-route-ready",
      "emergency-address-registered",
      "emergency-groups-kept",
      "one-live-path",
      "allowlist-covers-carrier",
      "trunk-transport-secure",
    ],
  ],
  released: [
    at("cutover", { w1: "live" }),
    at("cutover", { w1: "released" }),
    ["release-drained", "gcv-stays-warm", "emergency-groups-kept", "one-live-path"],
  ],
  adopted: [at("cutover", { w1: "released" }), at("cutover", { w1: "adopted" }), ADOPTED],
  together: [
    at("cutover", { w1: "released", "w2.1": "live" }),
    at("cutover", { w1: "adopted", "w2.1": "released", "w2.2": "live" }),
    [
      ...ADOPTED,
      "release-drained",
      "gcv-stays-warm",
      "port-live",
      "carrier-route-ready",
      "emergency-address-registered",
      "trunk-transport-secure",
    ],
  ],
  complete: [
    at("cutover", allAdopted(plan)),
    at("complete", allAdopted(plan)),
    ["soak-over", "inventory-empty", "dns-agrees-everywhere", "carrier-route-ready", "confirmed-by-name"],
  ],
};
const ALWAYS = ["phase-moves-one-step", "record-agrees"];
const WAVES = ["live", "released", "adopted", "together"];
/** Gates that judge what the plan declares. */
const OF_THE_PLAN = [
  "allowlist-not-too-wide",
  "codecs-agree",
  "trunk-transport-secure",
  "channels-suffice",
  "name-is-dialable",
];
/** Gates that need no document: of waves the count of numbers, and of what callers notice the hour. */
const withoutDocument = (move: string): string[] => [
  ...(WAVES.includes(move) ? ["blast-radius"] : []),
  ...(move === "parallel" ? OF_THE_PLAN : []),
  // No account of this estate is named by its billing number.
  ...(["porting", "cutover", "live", "together"].includes(move) ? ["main-number-last"] : []),
  // The first wave of this estate leaves no site whole, so no outbound route changes.
  ...(["adopted", "together"].includes(move) ? ["outbound-after-port"] : []),
  ...(move === "adopted" ? ["emergency-address-registered"] : []),
  ...(WAVES.includes(move) || ["canary", "porting", "cutover", "complete"].includes(move) ? ["change-window"] : []),
];
const verdicts = (move: string, facts: Facts) => judge(plan, MOVES[move]![0], MOVES[move]![1], facts, NOW);
const good = (move: string) => goodFacts(plan, MOVES[move]![0], MOVES[move]![1], NOW);
const refused = (move: string, facts: Facts) => blocking(verdicts(move, facts)).map((v) => `${v.gate} ${v.status}`);

describe("gates", () => {
  it.each(Object.keys(MOVES))("%s: pass on good facts, and none passes without facts", (move) => {
    const gates = MOVES[move]![2];
    expect(
      verdicts(move, good(move))
        .map((v) => `${v.gate} ${v.status}`)
        .sort(),
    ).toEqual([...ALWAYS, ...withoutDocument(move), ...gates].map((g) => `${g} passed`).sort());
    expect(
      blocking(verdicts(move, {}))
        .map((v) => v.gate)
        .sort(),
    ).toEqual(["record-agrees", ...gates].sort());
  });

  it("hold the change window and the numbers of one update", () => {
    const night = new Date("2026-05-04T23:00:00Z");
    const ask = (move: string, now: Date) => {
      const [from, to] = MOVES[move]!;
      return blocking(judge(plan, from, to, goodFacts(plan, from, to, now), now)).map((v) => v.gate);
    };
    expect(ask("live", night)).toEqual(["change-window"]);
    expect(ask("complete", night)).toEqual(["change-window"]);
    expect(ask("parallel", night)).toEqual([]);
    expect(judge(plan, MOVES.live![1], MOVES.live![0], {}, night)).toEqual([]);
    const two = at("cutover", { w1: "live", "w2.1": "live" });
    const crowded = blocking(judge(plan, at("cutover"), two, goodFacts(plan, at("cutover"), two, NOW), NOW));
    expect(crowded).toMatchObject([{ gate: "blast-radius", status: "failed" }]);
    expect(judge(plan, two, at("cutover"), {}, NOW)).toEqual([]);
  });

  it("ask exactly the probes whose documents they need", () => {
    for (const move of Object.keys(MOVES)) {
      const asked = evidenceFor(plan, MOVES[move]![0], MOVES[move]![1]).map((a) => a.probe);
      for (const probe of asked) {
        const { [probe]: _, ...rest } = good(move);
        expect(refused(move, rest).length, `${move} without ${probe}`).toBeGreaterThan(0);
      }
      expect(
        Object.keys(good(move))
          .filter((k) => k !== "stack" && k !== "confirm")
          .sort(),
      ).toEqual([...asked].sort());
    }
  });

  it("never pass on documents that are stale, from the future, undated, failed or inconclusive", () => {
    const spoil: [string, (doc: Record<string, unknown>) => void, string][] = [
      ["31 min old", (d) => Object.assign(d, { at: ago(31 / 60) }), "inconclusive"],
      ["2 min ahead", (d) => Object.assign(d, { at: ago(-2 / 60) }), "inconclusive"],
      ["undated", (d) => Object.assign(d, { at: "" }), "inconclusive"],
      ["failed", (d) => Object.assign(d, { status: "error", error: "no answer" }), "errored"],
      ["inconclusive", (d) => Object.assign(d, { status: "inconclusive" }), "inconclusive"],
      ["without status", (d) => Object.assign(d, { status: undefined }), "inconclusive"],
    ];
    for (const move of Object.keys(MOVES)) {
      for (const [what, change, status] of spoil) {
        for (const probe of evidenceFor(plan, MOVES[move]![0], MOVES[move]![1]).map((a) => a.probe)) {
          const facts = structuredClone(good(move));
          change(facts[probe] as unknown as Record<string, unknown>);
          const seen = blocking(verdicts(move, facts));
          expect(seen.length, `${move}: ${probe} ${what}`).toBeGreaterThan(0);
          expect(new Set(seen.map((v) => v.status)), `${move}: ${probe} ${what}`).toEqual(new Set([status]));
        }
      }
      expect(refused(move, { ...good(move), record: { ...good(move).record!, at: ago(29 / 60) } })).toEqual([]);
    }
  });

  it("never pass when any single value of a document is lost", () => {
    for (const move of Object.keys(MOVES)) {
      for (const path of needed(move)) {
        const facts = structuredClone(good(move)) as unknown as Record<string, unknown>;
        drop(facts, path);
        expect(refused(move, facts as Facts).length, `${move} without ${path.join(".")}`).toBeGreaterThan(0);
      }
    }
  });

  it("never throw, and never pass, on documents of a strange form", () => {
    const strange = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.string(),
      fc.constant([]),
      fc.constant({}),
      fc.constant([null]),
      fc.constant([{}]),
    );
    const moves = Object.keys(MOVES).filter((m) => m !== "cutover");
    fc.assert(
      fc.property(fc.constantFrom(...moves), strange, (move, value) => {
        const facts = structuredClone(good(move)) as unknown as Record<string, Record<string, unknown>>;
        for (const doc of Object.values(facts)) {
          if (typeof doc !== "object") continue;
          for (const key of Object.keys(doc))
            if (!["schema", "probe", "at", "by", "status"].includes(key)) doc[key] = value;
        }
        expect(blocking(verdicts(move, facts as unknown as Facts)).length).toBeGreaterThan(0);
      }),
    );
  });

  it("need nothing for a way back, for staying, and refuse an illegal move by name", () => {
    const stand = arbitraryPlan.chain((p) => fc.tuple(fc.constant(p), arbitraryPosition(p), arbitraryPosition(p)));
    fc.assert(
      fc.property(stand, ([p, from, to]) => {
        const seen = judge(p, from, to, {}, NOW);
        expect(judge(p, from, from, {}, NOW)).toEqual([]);
        expect(evidenceFor(p, from, from)).toEqual([]);
        if (seen.length === 1) expect(seen[0]).toMatchObject({ gate: "phase-moves-one-step", status: "failed" });
        else if (seen.length > 0) expect(blocking(seen).map((v) => v.gate)).toContain("record-agrees");
      }),
      { numRuns: 60 },
    );
    expect(judge(plan, at("canary"), at("ttl-lowered"), {}, NOW)).toEqual([]);
    expect(judge(plan, at("cutover", { w1: "adopted" }), at("cutover", { w1: "released" }), {}, NOW)).toEqual([]);
  });

  it("have each a name of their own, and tell what was seen, required and how to fix it", () => {
    expect(new Set(GATES.map((g) => g.name)).size).toBe(GATES.length);
    const text = formatVerdict(blocking(verdicts("baseline", {}))[0]!);
    expect(text).toMatch(/^record-agrees \(inconclusive\): seen .+; required .+; .+$/);
  });
});

describe("evidence asked for", () => {
  it("bounds how far back calls are counted, and samples each order or range of a part", () => {
    const [from, to] = MOVES.released!;
    const asks = Object.fromEntries(
      evidenceFor(plan, from, to, { canary: "2026-04-01T00:00:00Z" }, NOW.toISOString()).map((a) => [a.probe, a.ask]),
    );
    expect(asks.quality!.gcvSince).toBe(ago(24));
    expect((asks.sip!.tests as unknown[]).length).toBe(3);
    const live = evidenceFor(plan, MOVES.live![0], MOVES.live![1]).find((a) => a.probe === "sip");
    expect((live!.ask.tests as unknown[]).length).toBe(11);
    expect(asks.sip!.tests).toContainEqual({ number: plan.parts[0]!.numbers[0], purpose: "network", networks: "all" });
    const porting = evidenceFor(plan, MOVES.porting![0], MOVES.porting![1], { canary: "2026-04-01T00:00:00Z" });
    expect(porting.find((a) => a.probe === "quality")!.ask).toEqual({ canarySince: "2026-04-01T00:00:00Z" });
  });

  it("keeps a sample small and spread", () => {
    const ranges = Array.from({ length: 100 }, (_, i) => ({
      from: `+4930${1000 + 2 * i}`,
      to: `+4930${1000 + 2 * i}`,
    }));
    const sample = sampleNumbers(ranges);
    expect([sample.length, sample[0], sample[11]]).toEqual([12, "+49301000", "+49301182"]);
  });
});

describe("proofs", () => {
  const r2 = {
    part: "w1",
    routes: [
      { key: "w1-claims", ranges: [{ from: "+12122270846", to: "+12122270899" }], host: "sip.meridian.example" },
    ],
  };
  const kinds: [ProofKind, Parameters<typeof judgeProof>[2]][] = [
    ["r1-tested", { part: "w1" }],
    ["dns-moved", {}],
    ["real-tested", r2],
  ];
  it.each(kinds)("%s holds on good facts, and on nothing less", (kind, subject) => {
    const facts = goodProofFacts(plan, kind, subject, NOW);
    expect(judgeProof(plan, kind, subject, facts)).toMatchObject({ gate: kind, status: "passed" });
    expect(judgeProof(plan, kind, subject, facts, NOW).status).toBe("passed");
    expect(judgeProof(plan, kind, subject, facts, new Date(NOW.getTime() + 3_600_000)).status).toBe("inconclusive");
    expect(judgeProof(plan, kind, subject, {}).status).toBe("inconclusive");
    for (const probe of proofEvidence(plan, kind, subject).map((a) => a.probe)) {
      expect(judgeProof(plan, kind, subject, { ...facts, [probe]: undefined }).status).toBe("inconclusive");
    }
  });

  it("take no test call of last month, whatever the date of the document", () => {
    for (const [kind, subject] of kinds.filter(([k]) => k !== "dns-moved")) {
      const facts = goodProofFacts(plan, kind, subject, NOW);
      facts.sip!.tests![0]!.at = ago(700);
      expect(judgeProof(plan, kind, subject, facts)).toMatchObject({ status: "failed" });
    }
  });

  it("take calls that were placed minutes after the document was begun", () => {
    for (const [kind, subject] of kinds.filter(([k]) => k !== "dns-moved")) {
      const facts = goodProofFacts(plan, kind, subject, NOW);
      for (const [i, test] of facts.sip!.tests!.entries())
        test.at = new Date(NOW.getTime() + 61_000 * (i + 1)).toISOString();
      expect(judgeProof(plan, kind, subject, facts)).toMatchObject({ status: "passed" });
    }
  });

  it("take no call that came in over GCV, nor one of another caller", () => {
    for (const [kind, subject] of kinds.filter(([k]) => k !== "dns-moved")) {
      for (const change of [{ via: "gcv" as const }, { ani: "+12125550100", aniSeen: "+12125550199" }]) {
        const facts = goodProofFacts(plan, kind, subject, NOW);
        Object.assign(facts.sip!.tests![0]!, change);
        expect(judgeProof(plan, kind, subject, facts)).toMatchObject({ status: "failed" });
      }
    }
  });

  it("hold when R1 is alone on file: a number may be ported at any minute from its order on", () => {
    const two = goodProofFacts(plan, "r1-tested", { part: "w1" }, NOW);
    const own = two.carrier!.routes!.find((r) => r.key.startsWith("w1-"))!;
    two.carrier!.routes!.push({ ...own, key: "left-over", calledNumber: null });
    expect(judgeProof(plan, "r1-tested", { part: "w1" }, two)).toMatchObject({
      status: "failed",
      seen: expect.stringContaining("left-over"),
    });
  });

  it("ask for nothing once they are withdrawn, and prove nothing by that", () => {
    const subject = { part: "w1", withdrawn: true } as const;
    for (const [kind] of kinds) expect(proofEvidence(plan, kind, subject)).toEqual([]);
    expect(judgeProof(plan, "real-tested", subject, {}).status).toBe("inconclusive");
  });

  it("tell the host to dial while the route still leads to the shadow", () => {
    expect(proofEvidence(plan, "real-tested", r2)).toEqual([
      {
        probe: "sip",
        ask: { tests: [{ number: "+12122270846", purpose: "R2", host: "sip.meridian.example", sources: "all" }] },
      },
    ]);
  });

  it("are not given by a resolver with the old target, nor for a part that is none", () => {
    const facts = goodProofFacts(plan, "dns-moved", {}, NOW);
    facts.dns!.answers!.at(-1)!.target = "gcv.meridian.example";
    expect(judgeProof(plan, "dns-moved", {}, facts)).toMatchObject({
      status: "failed",
      seen: "isp-1 still answers gcv.meridian.example for route53-private-sip.meridian.example",
    });
    const back = {
      targets: plan.dns.map((d): [string, string] => [`${d.provider}-${d.view}-${d.record}.${d.zone}`, d.from]),
    };
    expect(judgeProof(plan, "dns-moved", back, facts).status).toBe("failed");
    expect(
      judgeProof(plan, "r1-tested", { part: "w9" }, goodProofFacts(plan, "r1-tested", { part: "w1" }, NOW)).status,
    ).toBe("inconclusive");
  });
});

/** Paths of values in the documents of a move that its gates rely on. */
function needed(move: string): string[][] {
  const all: Record<string, string[][]> = {
    baseline: [
      ["record", "record"],
      ["entitlement", "organisation"],
      ["entitlement", "products"],
      ["entitlement", "missingPermissions"],
    ],
    parallel: [["carrier", "sourceRanges"]],
    "ttl-lowered": [
      ["sip", "tests"],
      ["sip", "tests", "1", "source"],
      ["sip", "tests", "0", "audioReceived"],
      ["sip", "tests", "0", "audioSent"],
      ["sip", "tests", "0", "seenByOrg"],
      ["sip", "tests", "0", "transport"],
      ["sip", "tests", "0", "srtp"],
    ],
    canary: [
      ["dns", "answers"],
      ["dns", "answers", "0", "ttlSeconds"],
      ["record", "record", "since"],
      ["record", "record", "phase"],
      ["record", "existing"],
    ],
    porting: [
      ["quality", "canary"],
      ...["calls", "failed", "meanMos", "wrongCallerId", "codecs"].map((k) => ["quality", "canary", k]),
    ],
    live: [
      ["carrier", "numbers"],
      ["carrier", "routes"],
      ["sip", "tests"],
      ["carrier", "numbers", "0", "activatedAt"],
      ["sip", "tests", "0", "code"],
    ],
    released: [
      ["carrier", "numbers"],
      ["quality", "gcv"],
      ["quality", "gcv", "lastCallAt"],
      ["quality", "gcv", "calls"],
      ["sip", "tests", "0", "network"],
      ["sip", "tests", "0", "via"],
    ],
    adopted: [
      ["record", "inventory"],
      ["record", "inventory", "checked"],
      ["record", "inventory", "stillHeld"],
    ],
    complete: [
      ["quality", "gcv"],
      ["record", "inventory"],
      ["record", "record", "since", "cutover"],
      ["confirm"],
      ["stack"],
    ],
  };
  return all[move] ?? [];
}

function drop(root: Record<string, unknown>, path: string[]): void {
  const parent = path.slice(0, -1).reduce<Record<string, unknown>>((o, key) => o[key] as Record<string, unknown>, root);
  expect(parent, path.join(".")).toHaveProperty(path.at(-1)!);
  delete parent[path.at(-1)!];
}
