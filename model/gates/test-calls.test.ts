import { describe, expect, it } from "vitest";
import { blocking, judge } from "../evidence";
import type { Facts } from "../facts";
import { goodFacts } from "../testing";
import type { Position } from "../types";
import { ago, good, plan, refused, refuses } from "./testing";

const NOW = new Date("2026-05-04T10:00:00Z");
const seen = (p: typeof plan, from: Position, to: Position, facts: Facts) =>
  blocking(judge(p, from, to, facts, NOW)).map((v) => `${v.gate}: ${v.seen}`);

describe("how the carrier sends is seen on its test calls", () => {
  refuses([
    [
      "ttl-lowered",
      "a carrier that sends over TCP from one address",
      (f) => {
        Object.assign(f.sip!.tests![1]!, { transport: "tcp", srtp: false });
      },
      "trunk-transport-secure failed",
    ],
    [
      "ttl-lowered",
      "audio in plain over TLS",
      (f) => {
        f.sip!.tests![0]!.srtp = false;
      },
      "trunk-transport-secure failed",
    ],
    [
      "ttl-lowered",
      "a test desk that does not say how it called",
      (f) => {
        f.sip!.tests![0]!.transport = null;
      },
      "trunk-transport-secure inconclusive",
    ],
    [
      "parallel",
      "a GCV trunk that was not looked at",
      (f) => {
        delete f.record!.existing;
      },
      "recording-kept inconclusive",
    ],
  ]);
});

describe("test calls before a release", () => {
  const from: Position = { phase: "cutover", waves: { w1: "live" } };
  const to: Position = { phase: "cutover", waves: { w1: "released" } };
  const why = (facts: Facts, p = plan) => seen(p, from, to, facts).map((line) => line.replace(/^[^:]*: /, ""));

  it("come from every network that the plan names, and from each one that called another number", () => {
    const named = { ...plan, carrier: { ...plan.carrier, testNetworks: ["mobile-1", "cable-2"] } };
    expect(why(good("released"), named)).toEqual([]);
    const one = good("released");
    one.sip!.tests = one.sip!.tests!.filter((t) => t.network === "mobile-1");
    expect(why(one)).toEqual([]);
    expect(why(one, named)[0]).toMatch(/^no test call from cable-2 to \+/);
    const partly = good("released");
    const dropped = partly.sip!.tests!.findIndex((t) => t.network === "cable-2");
    const [call] = partly.sip!.tests!.splice(dropped, 1);
    expect(why(partly)).toEqual([`no test call from cable-2 to ${call!.number}`]);
  });

  it("are each of today, as those of R1 are", () => {
    for (const move of ["live", "released"] as const) {
      const old = good(move);
      old.sip!.tests![0]!.at = ago(25);
      expect(refused(move, old)).toEqual([`${move === "live" ? "carrier-route-ready" : "release-drained"} failed`]);
      delete old.sip!.tests![0]!.at;
      expect(refused(move, old)).toHaveLength(1);
    }
  });
});

describe("what the carrier publishes", () => {
  const from: Position = { phase: "baseline", waves: {} };
  const to: Position = { phase: "parallel", waves: {} };

  it("has to be on the desk of a production stack: a page that nobody read agrees with nobody", () => {
    const p = { ...plan, sandbox: false, gcv: { ...plan.gcv, peakConcurrentCalls: 10 } };
    const facts = goodFacts(p, from, to, NOW);
    expect(seen(p, from, to, facts)).toEqual([
      expect.stringMatching(
        /^allowlist-covers-carrier: nobody wrote down what the carrier publishes .*published-ranges\.json/,
      ),
    ]);
    facts.carrier!.published = { ranges: p.carrier.sourceRanges, at: ago(24), source: "its page" };
    expect(seen(p, from, to, facts)).toEqual([]);
  });
});

describe("recording", () => {
  const from: Position = { phase: "baseline", waves: {} };
  const to: Position = { phase: "parallel", waves: {} };
  const told = (gcvRecording: boolean | undefined, planned: boolean) => {
    const p = { ...plan, gcv: { ...plan.gcv, recording: planned } };
    const facts = goodFacts(p, from, to, NOW);
    if (gcvRecording !== undefined) facts.record!.existing!.gcvRecording = gcvRecording;
    return seen(p, from, to, facts);
  };

  it("is what the GCV trunk does, where it is shown, and not what the plan believes", () => {
    expect(told(true, false)).toEqual([
      "recording-kept: PureCloud Voice - AWS records calls, the plan's trunk would not",
    ]);
    expect(told(true, true)).toEqual([]);
    expect(told(undefined, false)).toEqual([]);
    // More than before is nobody's loss.
    expect(told(false, true)).toEqual([]);
  });
});
