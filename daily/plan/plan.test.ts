import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../model/errors";
import { judge } from "../../model/evidence";
import { checkMove } from "../../model/moves";
import { loadPlan } from "../../model/plan";
import { PHASES, type Plan, type Position } from "../../model/types";
import { changesOf } from "./changes";
import { makePlan } from "./command";
import { spanText } from "./duration";
import { probesRead } from "./gates";
import { COMMENT_BYTES_MAX, renderPlan } from "./markdown";
import { type PreviewSummary, readPreview } from "./preview";
import { obstacles, type PlanView, positionAt, positionBefore } from "./view";

const dir = mkdtempSync(join(tmpdir(), "cutover-daily-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const dev = loadPlan("stacks/dev");
const noProbe = async () => {
  throw new Error("an estate alone asks no probe");
};

function viewOf(plan: Plan, from: Position, to: Position, more: Partial<PlanView> = {}): PlanView {
  const move = checkMove(plan, from, to);
  const verdicts = judge(plan, from, to, {}, new Date(Number.NaN));
  const hours = { unknown: "not asked" };
  return {
    plan,
    from,
    assumed: true,
    to,
    move,
    floor: from.waves,
    gathered: false,
    facts: {},
    verdicts,
    hours,
    ...more,
  };
}

describe("the comment of an estate alone", () => {
  for (const to of PHASES) {
    it(`${to}: legal move, allowlist, last reversible step, way back, not gathered`, async () => {
      const { markdown, mergeable } = await makePlan({ plan: "stacks/dev", to }, noProbe);
      expect(markdown).toContain("### Allowlist\n\n`198.51.100.44/30, 203.0.113.234/32");
      expect(markdown).toContain("The last reversible step of a wave is **`released`**");
      expect(markdown).toMatch(/### How to go back\n\n\* \S/);
      expect(markdown).not.toContain("one phase at a time; seen");
      // Evidence that was not gathered is a no; entering cutover itself needs the record alone.
      expect(mergeable).toBe(false);
      expect(markdown).toContain("not gathered");
    });
  }

  it("refuses a part that the plan does not have, wherever it is named", async () => {
    const config = join(dir, "Pulumi.parts.yaml");
    writeFileSync(config, "config:\n  cutover:phase: cutover\n  cutover:waves: w9=live\n");
    const expected = "seen part w9; expected one of w1, w2.1";
    await expect(makePlan({ plan: "stacks/dev", config }, noProbe)).rejects.toThrow(
      `cutover:waves "w9=live": ${expected}`,
    );
    await expect(makePlan({ plan: "stacks/dev", waves: "w9=live" }, noProbe)).rejects.toThrow(
      `--waves "w9=live": ${expected}`,
    );
  });

  it("takes the last named part one step back for the position before", () => {
    const to: Position = { phase: "cutover", waves: { w1: "adopted", "w2.1": "released", w3: "live" } };
    expect(positionBefore(dev, to)).toEqual({ phase: "cutover", waves: { w1: "adopted", "w2.1": "released" } });
    expect(positionBefore(dev, positionAt(dev, "complete", {})).phase).toBe("cutover");
    expect(positionBefore(dev, { phase: "baseline", waves: {} })).toEqual({ phase: "none", waves: {} });
  });

  it("names the numbers by site", async () => {
    const { markdown } = await makePlan({ plan: "stacks/dev", waves: "w1=live" }, noProbe);
    const w1 = dev.numbers.filter((n) => n.part === "w1");
    expect(markdown).toContain(`${w1.length} numbers move.`);
    for (const site of ["HQ", "North", "West"])
      expect(markdown).toContain(`| ${site} | ${w1.filter((n) => n.site === site).length} |`);
  });

  it("refuses unknown parts, and both or neither of stack and plan", async () => {
    const waiting = await makePlan({ plan: "stacks/dev", waves: "w1=waiting" }, noProbe);
    expect(waiting.markdown).toContain("## Cutover meridian: porting → cutover\n");
    const early = await makePlan({ plan: "stacks/dev", to: "canary", waves: "w1=live" }, noProbe);
    // One full stop, also where the reason ends in its own.
    expect(early.markdown).toMatch(/^❌ \*\*May not be merged\.\*\* .*; leave the waves out there\.$/m);
    await expect(makePlan({ plan: "stacks/dev", waves: "w9=live" }, noProbe)).rejects.toThrow(/seen part w9/);
    await expect(makePlan({}, noProbe)).rejects.toThrow(UserError);
    await expect(makePlan({ plan: "stacks/dev", stack: "dev" }, noProbe)).rejects.toThrow(UserError);
  });
});

describe("whether it may be merged", () => {
  const at = (phase: Position["phase"]): Position => ({ phase, waves: {} });

  it("a way back is never gated", () => {
    const view = viewOf(dev, at("canary"), at("ttl-lowered"));
    expect(view.verdicts).toEqual([]);
    expect(obstacles(view)).toEqual([]);
    expect(renderPlan(view)).toContain("✅ **May be merged.**");
    expect(renderPlan(view)).toContain("* Goes back: points the IVRs at the existing flows again");
    const wave = viewOf(
      dev,
      { phase: "cutover", waves: { w1: "adopted" } },
      { phase: "cutover", waves: { w1: "released" } },
    );
    expect(renderPlan(wave)).toContain("`w1` (633 numbers) goes back to R1");
    expect(renderPlan(wave)).not.toContain("brings w1 to it");
  });

  it("the step to released is named as the last reversible one", () => {
    const at = (step: "live" | "released"): Position => ({ phase: "cutover", waves: { w1: step } });
    expect(renderPlan(viewOf(dev, at("live"), at("released")))).toContain("This step brings w1 to it.");
  });

  it("an illegal move is refused with its sentence", () => {
    const view = viewOf(dev, at("baseline"), at("canary"));
    expect(obstacles(view)).toEqual([view.move.why]);
  });

  it("an allowlist that leaves the carrier out is named, whatever the gates say", () => {
    const narrow = { ...dev, trunk: { ...dev.trunk, allowlist: ["198.51.100.44/30"] } };
    const view = viewOf(narrow, at("baseline"), at("parallel"), { verdicts: [] });
    expect(obstacles(view)).toEqual(["trunk.allowlist is without 203.0.113.234/31, 192.0.2.164/32"]);
    expect(renderPlan(view)).toContain("❌ without");
  });

  it("an override by name lets one gate through until its date, and is shown", () => {
    const now = new Date("2026-06-03T08:00:00Z");
    const [from, to] = [at("baseline"), at("parallel")];
    const verdicts = judge(dev, from, to, {}, now);
    const override = (until: string) =>
      JSON.stringify(Object.fromEntries(verdicts.map((v) => [v.gate, { reason: "agreed with X", until }])));
    const open = viewOf(dev, from, to, { gathered: true, verdicts, now, override: override("2026-06-04") });
    expect(obstacles(open)).toEqual([]);
    expect(renderPlan(open)).toContain("overridden until 2026-06-04: agreed with X");
    expect(obstacles({ ...open, override: override("2026-06-03") })).not.toEqual([]);
    // Without a time no override is known to count.
    expect(obstacles({ ...open, now: undefined })).not.toEqual([]);
  });

  it("a failed preview is a no", () => {
    const file = join(dir, "preview.json");
    const diagnostics = [{ severity: "error", message: "gate port-live failed" }];
    const steps = [
      { op: "create", urn: "urn:pulumi:s::p::a$genesyscloud:index/architectIvr:ArchitectIvr::claims" },
      { op: "same", urn: "x" },
    ];
    writeFileSync(file, JSON.stringify({ steps, changeSummary: { create: 1, same: 3, delete: 0 }, diagnostics }));
    const preview = readPreview(file);
    expect(preview.steps).toEqual(["create genesyscloud:index/architectIvr:ArchitectIvr claims"]);
    expect(preview.counts).toEqual({ create: 1, same: 3 });
    const view = viewOf(dev, at("canary"), at("ttl-lowered"), { preview });
    expect(obstacles(view)).toEqual(["the preview failed: gate port-live failed"]);
    expect(preview.violations).toBeUndefined();
    expect(renderPlan(view)).toContain("create genesyscloud:index/architectIvr:ArchitectIvr claims");
    for (const text of ["", "[]\nx", "not json"]) {
      writeFileSync(file, text);
      expect(() => readPreview(file), text).toThrow(/seen no preview/);
    }
  });

  it("a policy of the pack that the preview violates is a no, an advisory one is told; a preview that hides them is no yes", () => {
    const file = join(dir, "events.json");
    const event = (enforcementLevel: string) => ({
      policyEvent: {
        policyName: "allowlist-not-too-wide",
        enforcementLevel,
        resourceUrn: "urn:pulumi:s::p::a$genesyscloud:index/x:Trunk::trunk",
        message: "<{%reset%}>lets in | strangers<{%reset%}>",
      },
    });
    const change = {
      resourcePreEvent: { metadata: { op: "update", urn: "urn:pulumi:s::p::a$t:i:T::claims", diffs: ["dnis"] } },
    };
    const end = { summaryEvent: { resourceChanges: { create: 2, same: 0 } } };
    const read = (...events: object[]) => {
      writeFileSync(file, events.map((e) => JSON.stringify(e)).join("\n"));
      return readPreview(file);
    };
    const verdicts: PlanView["verdicts"] = [];
    const see = (preview: PreviewSummary) =>
      viewOf(dev, at("canary"), at("ttl-lowered"), { preview, gathered: true, verdicts });

    const bad = see(read(change, event("mandatory"), end));
    expect(bad.preview).toMatchObject({ ok: false, counts: { create: 2 }, steps: ["update t:i:T claims: dnis"] });
    expect(obstacles(bad)).toEqual(["policy allowlist-not-too-wide: lets in | strangers"]);
    expect(renderPlan(bad)).toContain(
      "| allowlist-not-too-wide | ❌ mandatory | genesyscloud:index/x:Trunk trunk | lets in \\| strangers |",
    );
    const mild = see(read(change, event("advisory"), end));
    expect([mild.preview!.ok, obstacles(mild)]).toEqual([true, []]);
    expect(renderPlan(mild)).toContain("| allowlist-not-too-wide | ⚠️ advisory |");
    const clean = see(read(change, end));
    expect([obstacles(clean), clean.preview!.violations]).toEqual([[], []]);
    expect(renderPlan(clean)).toContain("No policy of the pack is violated");
    // Cut short, or in the form that leaves the packs out: nobody knows.
    expect(obstacles(see(read(change)))).toEqual(["the preview failed: it did not come to its end"]);
    writeFileSync(file, JSON.stringify({ steps: [], changeSummary: { create: 2 } }));
    expect(obstacles(see(readPreview(file)))).toEqual([
      expect.stringMatching(/does not tell what the policy pack says: run it as PULUMI_/),
    ]);
  });
});

describe("changes", () => {
  it("ttl-lowered changes the TTL of each record and nothing else", () => {
    const changes = changesOf(dev, { phase: "parallel", waves: {} }, { phase: "ttl-lowered", waves: {} });
    expect(changes.map((c) => [c.op, c.key, c.details])).toEqual([
      ["change", "dns/cloudflare-public-sip.meridian.example", ["ttlSeconds: 14400 -> 300"]],
      ["change", "dns/route53-private-sip.meridian.example", ["ttlSeconds: 3600 -> 300"]],
      ["change", "dns/route53-public-sip.meridian.example", ["ttlSeconds: 3600 -> 300"]],
    ]);
  });

  it("staying changes nothing", () => {
    const at: Position = { phase: "porting", waves: {} };
    expect(changesOf(dev, at, at)).toEqual([]);
  });
});

describe("gates in the table", () => {
  it("the documents a gate reads are found by watching it", () => {
    const view = viewOf(dev, { phase: "ttl-lowered", waves: {} }, { phase: "canary", waves: {} });
    expect(probesRead(view, "ttl-lowered-in-time")).toEqual(["record"]);
    expect(probesRead(view, "phase-moves-one-step")).toEqual([]);
    // With a usable record the same gate goes on to the DNS answers.
    const now = new Date("2026-06-03T08:00:00Z");
    const head = { schema: "cutover/probe/v1", at: "2026-06-03T07:50:00Z", by: "t", status: "ok" as const };
    const since = { "ttl-lowered": "2026-06-01T00:00:00Z" };
    const record = {
      ...head,
      probe: "record",
      record: { phase: "ttl-lowered" as const, waves: "", floor: "", digest: dev.digest, since },
    };
    const seen = { ...view, now, gathered: true, facts: { record } };
    expect(probesRead(seen, "ttl-lowered-in-time")).toEqual(["record", "dns"]);
    expect(renderPlan({ ...seen, verdicts: judge(dev, view.from, view.to, seen.facts, now) })).toContain(
      "10 min of 30 min",
    );
  });
});

describe("size", () => {
  it("stays under the limit at 100,000 scattered numbers in 400 waves, with names that are long and not ASCII", () => {
    const numbers = Array.from({ length: 100_000 }, (_, i) => {
      const wave = `w${i % 400}`;
      return {
        ...dev.numbers[0]!,
        number: `+1212${String(2_000_000 + i * 7)}`,
        wave,
        part: wave,
        site: `Standort Köln ${"ü".repeat(80)} ${i % 900}`,
        flow: `Flow ${i % 700}`,
      };
    });
    const parts = Array.from({ length: 400 }, (_, w) => ({
      id: `w${w}`,
      wave: `w${w}`,
      numbers: Array.from({ length: 250 }, (_, k) => numbers[w + 400 * k]!.number),
    }));
    const portOrders = Array.from({ length: 3000 }, (_, i) => ({ ...dev.portOrders[0]!, id: `PO-${i}` }));
    const spares = Array.from({ length: 700 }, (_, i) => `+1913${2_000_000 + i}`);
    const plan: Plan = {
      ...dev,
      numbers,
      parts,
      portOrders,
      carrier: { ...dev.carrier, shadowNumbers: spares, testNumbers: spares },
      limits: { ...dev.limits, maxNumbersPerUpdate: 100_000 },
    };
    const waves = Object.fromEntries(parts.map((p) => [p.id, "live" as const]));
    const text = renderPlan(viewOf(plan, { phase: "cutover", waves: {} }, { phase: "cutover", waves }));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(COMMENT_BYTES_MAX);
    expect(text).toContain("The last reversible step");
    const porting = renderPlan(viewOf(plan, { phase: "canary", waves: {} }, { phase: "porting", waves: {} }));
    expect(Buffer.byteLength(porting)).toBeLessThanOrEqual(COMMENT_BYTES_MAX);
    expect(porting).toMatch(/\.\.\. \d+ more lines\n```\n\n<\/details>\n$/);
    // The fence of the diff is closed although it was cut.
    expect(porting.match(/```/g)).toHaveLength(2);
  }, 120_000);

  it("stays under the limit at any number of waves, sites and flows, at any names, on any step", () => {
    const name = fc.oneof(
      fc.string({ minLength: 1, maxLength: 300, unit: "grapheme" }),
      fc.constantFrom("`".repeat(200), "|".repeat(300), "<b>".repeat(100), "\u{1F4DE}".repeat(120)),
    );
    const shape = fc.record({
      parts: fc.integer({ min: 1, max: 400 }),
      each: fc.integer({ min: 1, max: 4 }),
      sites: fc.array(name, { minLength: 1, maxLength: 60 }),
      flows: fc.array(name, { minLength: 1, maxLength: 60 }),
      carriers: fc.integer({ min: 1, max: 400 }),
      phase: fc.constantFrom(...PHASES),
    });
    fc.assert(
      fc.property(shape, ({ parts, each, sites, flows, carriers, phase }) => {
        const numbers = Array.from({ length: parts * each }, (_, i) => ({
          ...dev.numbers[0]!,
          number: `+1212${2_000_000 + i * 3}`,
          wave: `w${Math.floor(i / each)}`,
          part: `w${Math.floor(i / each)}`,
          site: sites[i % sites.length]!,
          flow: flows[i % flows.length]!,
        }));
        const spares = [...new Set(flows)].map((_, i) => `+1913${2_000_000 + i}`);
        const ranges = Array.from({ length: carriers }, (_, i) => `198.51.${100 + (i >> 8)}.${i & 255}/32`);
        const plan: Plan = {
          ...dev,
          numbers,
          parts: Array.from({ length: parts }, (_, w) => ({
            id: `w${w}`,
            wave: `w${w}`,
            numbers: numbers.slice(w * each, (w + 1) * each).map((n) => n.number),
          })),
          trunk: { ...dev.trunk, allowlist: ranges.slice(1) },
          carrier: {
            ...dev.carrier,
            sourceRanges: ranges,
            shadowNumbers: spares,
            testNumbers: spares,
            name: sites[0]!,
          },
        };
        const all = Object.fromEntries(plan.parts.map((p) => [p.id, "adopted" as const]));
        const waves = phase === "complete" ? all : phase === "cutover" ? { w0: "live" as const } : {};
        const to = { phase, waves };
        const text = renderPlan(viewOf(plan, positionBefore(plan, to), to));
        expect(text.length).toBeLessThanOrEqual(60_000);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(COMMENT_BYTES_MAX);
        expect(text).toContain("### Last reversible step");
        expect(text).toContain("### Allowlist");
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it("names from outside cannot break the table or notify anybody", () => {
    const numbers = dev.numbers.map((n) => ({ ...n, site: "A|B <b> @team\nx" }));
    const text = renderPlan(
      viewOf({ ...dev, numbers }, { phase: "canary", waves: {} }, { phase: "ttl-lowered", waves: {} }),
    );
    expect(text).toContain("| A\\|B &lt;b> &#64;team x | 2400 |");
  });
});

it("spans read well", () => {
  expect([45, 300, 31 * 3600, 13.5 * 86400].map(spanText)).toEqual(["45 s", "5 min", "31 h", "13.5 days"]);
});
