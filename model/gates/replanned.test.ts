import fc from "fast-check";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { blocking, evidenceFor, judge } from "../evidence";
import type { Facts } from "../facts";
import { loadPlan } from "../plan";
import { allAdopted, arbitraryPlan, goodFacts, goodGroups } from "../testing";
import { planDigest } from "../digest";
import { desiredState } from "../phases";
import { PHASES, type Phase, type Plan, type Position, type WaveStates } from "../types";
import { subtractRanges } from "../ranges";
import { formatWaves } from "../waves";
import { rangesOfParts } from "./context";

/** A stack does not only change by a step: a changed plan, and a position that is only told, change what is declared as well. */

const plan = loadPlan(join(__dirname, "../../stacks/dev"));
const NOW = new Date("2026-05-04T10:00:00Z");
const at = (phase: Phase | "none", waves: WaveStates = {}): Position => ({ phase, waves });

/** Facts of the organisation as the right plan left it, asked for by another plan that was put in its place. */
function replannedFacts(right: Plan, changed: Plan, from: Position, to: Position): Facts {
  // Leaving GCV is what a release does, so the call routes are read as they stood before it.
  const { existing } = goodFacts(right, from, { ...from, waves: {} }, NOW).record ?? {};
  const read = existing ?? goodFacts(right, at("ttl-lowered"), at("canary"), NOW).record!.existing!;
  const asked = goodFacts(changed, from, to, NOW);
  const head = goodFacts(right, at("ttl-lowered"), at("canary"), NOW).record!;
  const record = { ...head.record!, phase: from.phase as Phase, waves: formatWaves(from.waves), digest: right.digest };
  // Orders are foc-frozen's to judge (rules.test.ts).
  const carrier = { ...goodFacts(changed, at("baseline"), at("parallel"), NOW).carrier!, orders: [] };
  return {
    ...asked,
    dns: zonesAt(right, from),
    carrier,
    record: { ...head, record, existing: read, emergencyGroups: goodGroups(right, from) },
  };
}
/** What every server answers at a position. */
const zonesAt = (right: Plan, from: Position): Facts["dns"] => {
  const doc = goodFacts(right, at("ttl-lowered"), at("canary"), NOW).dns;
  const targets = new Map(desiredState(right, from.phase as Phase, from.waves).dns.map((d) => [d.key, d.target]));
  return doc && { ...doc, answers: doc.answers!.map((a) => ({ ...a, target: targets.get(a.key) ?? a.target })) };
};
const refused = (changed: Plan, from: Position, to: Position, facts: Facts) =>
  blocking(judge(changed, from, to, facts, NOW)).map((v) => `${v.gate}: ${v.seen}`);

const without = (number: string): Plan => ({
  ...plan,
  digest: "changed",
  numbers: plan.numbers.filter((n) => n.number !== number),
  parts: plan.parts.map((p) => ({ ...p, numbers: p.numbers.filter((n) => n !== number) })),
});

describe("a changed plan of a stack that stays", () => {
  const number = plan.numbers[0]!;

  it("takes no number off its call route", () => {
    for (const phase of ["baseline", "parallel", "canary", "porting", "cutover"] as const) {
      const changed = without(number.number);
      expect(refused(changed, at(phase), at(phase), replannedFacts(plan, changed, at(phase), at(phase)))).toEqual([
        `gcv-stays-warm: ${number.callRoute} would lose ${number.number}`,
      ]);
    }
  });

  it("brings no wave to a step by putting it into one that is there already", () => {
    // Every order of w3 becomes one of w1, which has left GCV: their numbers would leave it without a port, a drain or a request.
    const moved = plan.numbers.map((n) => (n.part.startsWith("w3") ? { ...n, wave: "w1", part: "w1" } : n));
    const parts = plan.parts
      .filter((p) => !p.id.startsWith("w3"))
      .map((p) => ({ ...p, numbers: moved.filter((n) => n.part === p.id).map((n) => n.number) }));
    const changed: Plan = { ...plan, digest: "changed", numbers: moved, parts };
    for (const step of ["released", "adopted"] as const) {
      const here = at("cutover", { w1: step });
      const facts = replannedFacts(plan, changed, here, here);
      // As the organisation holds them: w1 has left, w3 has not.
      facts.record!.existing = goodFacts(plan, at("cutover", { w1: "live" }), at("cutover", { w1: "released" }), NOW)
        .record!.existing!;
      const reasons = refused(changed, here, here, facts);
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatch(/^gcv-stays-warm: .* would lose /);
    }
  });

  it("is judged as the parallel phase judged the first one, also where no pack is loaded", () => {
    const changes: [string, (p: Plan) => Plan][] = [
      ["codecs-agree", (p) => ({ ...p, trunk: { ...p.trunk, codecs: ["OPUS"] } })],
      ["trunk-transport-secure", (p) => ({ ...p, trunk: { ...p.trunk, transport: "tcp" } })],
      ["recording-kept", (p) => ({ ...p, trunk: { ...p.trunk, recording: "off" } })],
      ["allowlist-covers-carrier", (p) => ({ ...p, trunk: { ...p.trunk, allowlist: ["198.51.100.99/32"] } })],
      ["allowlist-not-too-wide", (p) => ({ ...p, trunk: { ...p.trunk, allowlist: ["0.0.0.0/0"] } })],
    ];
    for (const [gate, change] of changes) {
      for (const phase of ["parallel", "ttl-lowered", "canary", "porting", "cutover"] as const) {
        const changed = { ...change(plan), digest: "changed" };
        const facts = replannedFacts(plan, changed, at(phase), at(phase));
        expect(refused(changed, at(phase), at(phase), facts).join(), `${gate} at ${phase}`).toContain(`${gate}: `);
      }
    }
  });

  it("is not believed about the recording of a GCV trunk that was looked at", () => {
    const changed: Plan = { ...plan, digest: "changed", gcv: { ...plan.gcv, recording: false } };
    const facts = replannedFacts(plan, changed, at("canary"), at("canary"));
    const inherits = { ...changed, trunk: { ...changed.trunk, recording: "inherit-from-gcv" as const } };
    facts.record!.existing!.gcvRecording = true;
    expect(refused(inherits, at("canary"), at("canary"), facts)).toEqual([
      expect.stringMatching(/^recording-kept: .*records calls/),
    ]);
  });

  it("keeps what an adoption that ended half way has bound, and loses it once that is done", () => {
    const own = plan.numbers.filter((n) => n.part === "w1").slice(0, 1)[0]!;
    const said = (step: "released" | "adopted") => {
      const here = at("cutover", { w1: step });
      const facts = replannedFacts(plan, { ...plan, digest: "changed" }, here, here);
      facts.record!.record!.floor = `w1=${step}`;
      const changed = without(own.number);
      // As the organisation holds it: off GCV, and bound to the BYOC call route, which at `released` no step has written down yet.
      const { ivrs } = facts.record!.existing!;
      const left = rangesOfParts(plan, ["w1"]);
      for (const ivr of ivrs.filter((i) => !i.name.endsWith(" BYOC"))) ivr.ranges = subtractRanges(ivr.ranges, left);
      const byoc = ivrs.find((i) => i.name === `${own.callRoute} BYOC`)!;
      byoc.ranges = [...byoc.ranges, { from: own.number, to: own.number }];
      return refused(step === "released" ? { ...plan, digest: "changed" } : changed, here, here, facts);
    };
    expect(said("released")).toEqual([]);
    expect(said("adopted")).toEqual([`gcv-stays-warm: ${own.callRoute} BYOC would lose ${own.number}`]);
  });

  it("passes when nothing of it costs a call, asks for what it judges, and never stops a way back", () => {
    fc.assert(
      fc.property(arbitraryPlan, fc.constantFrom(...PHASES.slice(0, -2)), (right, phase) => {
        const changed = { ...right, digest: "changed" };
        const here = at(phase);
        expect(refused(changed, here, here, replannedFacts(right, changed, here, here))).toEqual([]);
        const asked = evidenceFor(changed, here, here, {}, NOW.toISOString(), right.digest);
        expect(asked.find((a) => a.probe === "record")?.ask).toHaveProperty("existing.callRoutes");
        if (phase === "baseline") return;
        const before = at(PHASES[PHASES.indexOf(phase) - 1]!);
        expect(judge(changed, here, before, replannedFacts(right, changed, here, here), NOW)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe("what of a changed plan is judged", () => {
  const edited = (change: (p: Plan) => Plan): Plan => {
    const changed = change(structuredClone(plan));
    return { ...changed, digest: planDigest(changed) };
  };
  const asks = (changed: Plan, phase: Phase, recorded = plan.digest) =>
    evidenceFor(changed, at(phase), at(phase), {}, NOW.toISOString(), recorded).map((a) => a.probe);
  const elsewhere = (p: Plan) => ({ ...p, inbound: { ...p.inbound, standbyMessage: "Please call later." } });
  const otherOrder = (p: Plan) => ({
    ...p,
    portOrders: p.portOrders.map((o, i) => (i === 0 ? { ...o, losingCarrier: "Another" } : o)),
  });
  const route = (p: Plan) => ({ ...p, canary: { ...p.canary, percent: 7 } });
  const from = (p: Plan) => ({ ...p, dns: p.dns.map((d) => ({ ...d, from: "elsewhere.example.net" })) });
  const to = (p: Plan) => ({ ...p, dns: p.dns.map((d) => ({ ...d, to: "elsewhere.byoc.mypurecloud.com" })) });

  it("is what changed: a carrier that does not answer stops no edit of something else", () => {
    expect(asks(plan, "cutover")).toEqual([]);
    expect(asks(edited(elsewhere), "cutover")).toEqual(["record"]);
    expect(asks(edited(otherOrder), "canary")).toEqual(["record"]);
    expect(asks(edited(otherOrder), "porting")).toEqual(["record", "carrier"]);
    expect(asks(edited(route), "canary")).toEqual(["record", "carrier"]);
    expect(asks(edited(from), "baseline")).toEqual(["record", "dns"]);
    expect(asks(edited(from), "canary")).toEqual(["record", "carrier", "dns"]);
    for (const change of [elsewhere, otherOrder]) {
      const changed = edited(change);
      const facts = replannedFacts(plan, changed, at("canary"), at("canary"));
      const down = { ...facts, carrier: { ...facts.carrier!, status: "error" as const }, dns: undefined };
      expect(refused(changed, at("canary"), at("canary"), down)).toEqual([]);
    }
  });

  it("is everything where the record is from before there were sections, and nothing where its plan is the same", () => {
    const [whole] = plan.digest.split(".") as [string];
    expect(asks(plan, "cutover", whole)).toEqual([]);
    expect(asks(edited(elsewhere), "cutover", whole)).toEqual(["record", "carrier", "dns"]);
  });

  it("lets no edit of dns[] move a name, by gate and provider as by the pack", () => {
    const phases = ["baseline", "parallel", "ttl-lowered", "canary", "porting", "cutover"] as const;
    for (const phase of phases) {
      const facts = replannedFacts(plan, edited(from), at(phase), at(phase));
      expect(refused(edited(from), at(phase), at(phase), facts), phase).toEqual([
        expect.stringMatching(/^dns-agrees-everywhere: .* answers gcv\./),
      ]);
      const [no] = blocking(judge(edited(from), at(phase), at(phase), facts, NOW));
      expect(no!.fix).toContain("put dns[] back");
      // Until the first wave is adopted nothing leads to \`to\`, and other servers' answers are none of its business.
      const later = edited((p) => ({
        ...p,
        dns: p.dns.map((d) => ({ ...d, ttlSeconds: { ...d.ttlSeconds, lowered: 200 } })),
      }));
      expect(refused(later, at(phase), at(phase), replannedFacts(plan, later, at(phase), at(phase))), phase).toEqual(
        [],
      );
    }
    const adopted = at("cutover", { w1: "adopted" });
    const moved = refused(edited(to), adopted, adopted, replannedFacts(plan, edited(to), adopted, adopted));
    expect(moved.join()).toMatch(/dns-agrees-everywhere: .* answers /);
    // Servers that nobody could ask let nothing through; a way back is asked for nothing.
    const { dns: _, ...unasked } = replannedFacts(plan, edited(from), at("canary"), at("canary"));
    expect(refused(edited(from), at("canary"), at("canary"), unasked).join()).toContain("dns-agrees-everywhere");
    expect(judge(edited(from), at("canary"), at("ttl-lowered"), unasked, NOW)).toEqual([]);
  });
});

describe("a number that was added to a call route by hand", () => {
  it("stops the steps that would write the route without it", () => {
    const moves: [Position, Position][] = [
      [at("ttl-lowered"), at("canary")],
      [at("cutover", { w1: "live" }), at("cutover", { w1: "released" })],
    ];
    for (const [from, to] of moves) {
      const facts = goodFacts(plan, from, to, NOW);
      expect(refused(plan, from, to, facts)).toEqual([]);
      const [ivr] = facts.record!.existing!.ivrs;
      ivr!.ranges.push({ from: "+12125559999", to: "+12125559999" });
      expect(refused(plan, from, to, facts)).toEqual([`gcv-stays-warm: ${ivr!.name} would lose +12125559999`]);
      facts.record!.existing!.ivrs = [];
      expect(refused(plan, from, to, facts)[0]).toContain("gcv-stays-warm: no call route");
    }
  });

  it("does not count what the wave itself takes off, nor spare numbers", () => {
    const here = at("cutover", allAdopted(plan));
    const facts = goodFacts(plan, here, at("complete", allAdopted(plan)), NOW);
    expect(refused(plan, here, at("complete", allAdopted(plan)), facts)).toEqual([]);
  });
});

describe("a position that is only told", () => {
  const facts = (phase: Phase, waves: WaveStates): Facts => {
    const { record } = goodFacts(plan, at("porting"), at("cutover"), NOW);
    return { record: { ...record!, record: { ...record!.record!, phase, waves: formatWaves(waves) } } };
  };

  it("makes no forward step a way back, and none a stay", () => {
    const stands = facts("cutover", { w1: "live" });
    const released = at("cutover", { w1: "released" });
    for (const told of [at("cutover", { w1: "adopted" }), released, at("complete", allAdopted(plan))]) {
      const gates = blocking(judge(plan, told, released, stands, NOW)).map((v) => v.gate);
      expect(gates, JSON.stringify(told)).toHaveLength(1);
      expect(["record-agrees", "phase-moves-one-step"]).toContain(gates[0]);
    }
    expect(blocking(judge(plan, at("cutover", { w1: "adopted" }), released, stands, NOW))[0]!.gate).toBe(
      "record-agrees",
    );
    expect(blocking(judge(plan, released, released, stands, NOW))[0]!.gate).toBe("record-agrees");
  });

  it("stops no true way back, also where the record could not be read", () => {
    const from = at("cutover", { w1: "released" });
    const back = at("cutover", { w1: "live" });
    expect(judge(plan, from, back, facts("cutover", { w1: "released" }), NOW)).toEqual([]);
    expect(judge(plan, from, back, {}, NOW)).toEqual([]);
    const { record } = facts("cutover", {});
    expect(judge(plan, from, back, { record: { ...record!, status: "error" } }, NOW)).toEqual([]);
    expect(judge(plan, from, back, { record: { ...record!, record: undefined } }, NOW)).toEqual([]);
  });
});
