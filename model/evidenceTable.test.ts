import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { evidenceRows, evidenceTable } from "./evidenceTable";
import { freshMinutes } from "./freshness";
import { loadPlan } from "./plan";
import { goodFacts } from "./testing";
import type { Phase, Position, WaveStates } from "./types";

const plan = loadPlan(join(__dirname, "../stacks/dev"));
const NOW = new Date("2026-05-04T10:00:00Z");
const at = (phase: Phase, waves: WaveStates = {}): Position => ({ phase, waves });

describe("the table of evidence", () => {
  it("has a line for each document, with what, where, when and by what", () => {
    const facts = goodFacts(plan, at("cutover"), at("cutover", { w1: "live" }), NOW);
    facts.carrier!.where = "manual desk, /desk";
    const rows = evidenceRows(plan, facts);
    expect(rows.map((r) => r.fact)).toEqual(["record", "sip", "carrier"]);
    expect(rows[2]).toMatchObject({
      where: "manual desk, /desk",
      at: NOW.toISOString(),
      by: "cutover-probe/test",
      minutesMax: 30,
    });
    const lines = evidenceTable(plan, facts).split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^record {4}stands at cutover/);
    expect(lines[0]!.indexOf("where")).toBe(lines[3]!.indexOf("manual desk"));
  });
  it("says why a document is none", () => {
    const facts = goodFacts(plan, at("ttl-lowered"), at("canary"), NOW);
    Object.assign(facts.dns!, { status: "error", error: "no resolver", at: "", by: "" });
    expect(evidenceRows(plan, facts)[1]).toMatchObject({
      what: "error: no resolver",
      at: "no date",
      by: "nobody",
      where: "not told",
    });
  });
  it("knows the limit of each fact: the plan's own, the fact's, the general one", () => {
    expect(freshMinutes(plan, "dns")).toBe(plan.limits.evidenceMinutes);
    expect(freshMinutes(plan, "testCalls")).toBe(1440);
    const own = { limits: { ...plan.limits, freshMinutes: { dns: 5, testCalls: 60 } } };
    expect([freshMinutes(own, "dns"), freshMinutes(own, "testCalls"), freshMinutes(own, "sip")]).toEqual([5, 60, 30]);
  });
});
