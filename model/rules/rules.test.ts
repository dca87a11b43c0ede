import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../evidence";
import { loadPlan } from "../plan";
import { planCallRoutes } from "../phases";
import { arbitraryPlan, goodFacts } from "../testing";
import type { Plan, Position } from "../types";
import { earlyTarget, proxiedRecord } from "./dns";
import { adoptionChanges } from "./existing";
import { frozenChanges, mainNumberEarly } from "./orders";
import { boundTwice, foreignNumbers, twoWays, undialableHost } from "./routes";
import { callerIdOrder, channelGap, codecGap } from "./trunk";

const plan = loadPlan(join(__dirname, "../../stacks/dev"));
const NOW = new Date("2026-05-04T10:00:00Z");
const range = (from: string, to = from) => ({ from, to });

describe("trunk rules", () => {
  it("want every network codec that the carrier offers", () => {
    expect(codecGap(["audio/pcmu", "audio/g729"], ["PCMU", "G729"])).toEqual([]);
    expect(codecGap(["audio/pcmu"], ["PCMU", "G729"])).toMatchObject([
      { required: "also G729, which the carrier offers" },
    ]);
    expect(codecGap(["audio/opus"], ["PCMU"])).toMatchObject([{ seen: "codecs audio/opus" }]);
    expect(codecGap(["PCMA"], [])).toHaveLength(1);
    expect(codecGap(["PCMA"], ["PCMA", "OPUS"])).toEqual([]);
  });
  it("count channels for callers, two for each that is canaried, and leave some to test calls", () => {
    expect(channelGap(60, 54, 10)).toEqual([]);
    expect(channelGap(60, 55, 10)).toHaveLength(1);
    expect(channelGap(10, 1, 25)).toEqual([]);
  });
  it("keep the order in which the caller id is looked for", () => {
    expect(callerIdOrder(["Source", "Trunk"], ["Source", "Trunk"])).toEqual([]);
    expect(callerIdOrder(["Trunk", "Source"], ["Source", "Trunk"])).toHaveLength(1);
  });
});

describe("route and DNS rules", () => {
  const own = plan.dns[0]!.to;
  const customer = `${plan.dns.find((d) => d.view === "public")!.record}.${plan.dns.find((d) => d.view === "public")!.zone}`;
  it("know the hosts that a carrier can dial", () => {
    const strict: Plan = { ...plan, carrier: { ...plan.carrier, tlsNameCheck: "strict" } };
    const written: Plan = { ...plan, carrier: { ...plan.carrier, requestHost: "customer-name" } };
    expect(undialableHost(plan, own, true)).toEqual([]);
    expect(undialableHost(plan, customer, false)).toEqual([]);
    expect(undialableHost(plan, customer, true)).toHaveLength(1);
    expect(undialableHost(plan, "elsewhere.example", false)).toHaveLength(1);
    expect(undialableHost(strict, customer, false)[0]!.required).toContain("RFC 5922");
    expect(undialableHost(written, customer, false)).toHaveLength(1);
    expect(undialableHost(strict, own.toUpperCase(), false)).toEqual([]);
  });
  it("tell two ways of one number from two numbers", () => {
    const a = {
      key: "a",
      ranges: [range("+12025550100", "+12025550109")],
      host: "x",
      calledNumber: null,
      state: "active" as const,
    };
    const b = { ...a, key: "b", ranges: [range("+12025550105")], host: "y" };
    const numbers = [range("+12025550100", "+12025550199")];
    expect(twoWays([a, b], numbers)).toHaveLength(1);
    expect(twoWays([a, { ...b, host: "X" }], numbers)).toEqual([]);
    expect(twoWays([a, { ...b, state: "pending" }], numbers)).toEqual([]);
    expect(twoWays([a, { ...b, ranges: [range("+12025550110")] }], numbers)).toEqual([]);
    expect(twoWays([a, b], [range("+12025550106")])).toEqual([]);
    expect(
      boundTwice([
        { name: "A", numbers: ["1", "2"] },
        { name: "B", numbers: ["2"] },
      ]),
    ).toEqual([{ number: "2", names: ["A", "B"] }]);
  });
  it("know a proxied record and one that moved too early", () => {
    const record = { name: "sip.example.com.", type: "CNAME", target: own, ttlSeconds: 300, proxied: false };
    expect(proxiedRecord(record, true)).toEqual([]);
    expect(proxiedRecord({ ...record, proxied: true }, false)).toHaveLength(1);
    expect(proxiedRecord({ ...record, type: "A" }, true)).toHaveLength(1);
    expect(earlyTarget(record, { target: `${own}.` }, true)).toEqual([]);
    expect(earlyTarget(record, { target: "gcv.example.com" }, false)[0]!.required).toContain(
      "until the first wave is adopted",
    );
  });
});

describe("call routes", () => {
  const organisation = (p: Plan) => {
    const from: Position = { phase: "none", waves: {} };
    return goodFacts(p, from, { phase: "baseline", waves: {} }, NOW).record!.existing!;
  };
  it("are adopted unchanged, whatever their flows are named; another flow on any of them is told by its name", () => {
    fc.assert(
      fc.property(arbitraryPlan, fc.nat(), (p, pick) => {
        expect(adoptionChanges(p, organisation(p))).toEqual([]);
        const wrong = organisation(p);
        const route = wrong.ivrs[pick % wrong.ivrs.length]!;
        route.flow = `${route.flow} by night`;
        expect(adoptionChanges(p, wrong)).toEqual([
          expect.stringMatching(/ would lead to the flow .* instead of .* by night$/),
        ]);
        expect(adoptionChanges(p, wrong)[0]!.startsWith(`${route.name} `)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
  it("hold numbers of their own only, also where two of them open one flow", () => {
    fc.assert(
      fc.property(arbitraryPlan, (p) => {
        const routes = planCallRoutes(p);
        for (const { callRoute, shadow, spare } of routes) {
          const own = p.numbers.filter((n) => n.callRoute === callRoute).map((n) => n.number);
          const other = p.numbers.filter((n) => n.callRoute !== callRoute).map((n) => n.number);
          expect(foreignNumbers(p, `${callRoute} BYOC`, [shadow, ...own], routes)).toEqual([]);
          expect(foreignNumbers(p, callRoute, [spare, ...own, ...other.slice(0, 1)], routes)).toHaveLength(
            Math.min(1, other.length),
          );
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("order rules", () => {
  const order = (id: string, day: number, number: string, billingNumber?: string) => ({
    id,
    day,
    ranges: [range(number)],
    billingNumber,
  });
  it("let the billing number leave last of its account", () => {
    const billing = "+12025550100";
    const rest = order("REST", 10, "+12025550101", billing);
    expect(mainNumberEarly([order("MAIN", 5, billing, billing), rest])).toHaveLength(1);
    expect(mainNumberEarly([order("MAIN", 10, billing, billing), rest])).toEqual([]);
    expect(mainNumberEarly([order("MAIN", 5, billing, billing), order("OTHER", 10, "+12025550109")])).toEqual([]);
  });

  it("freeze an order two days before its date until its numbers are Active", () => {
    const foc = "2026-05-06T10:00:00Z";
    const at = (hoursBefore: number) => Date.parse(foc) - hoursBefore * 3_600_000;
    const onFile = (status: string) => ({
      orders: [{ id: "PO", status: "foc-date-confirmed", foc }],
      numbers: [{ range: range("+12025550100", "+12025550101"), status, activatedAt: null, order: "PO" }],
    });
    const same = [{ id: "PO", ranges: [range("+12025550100", "+12025550101")] }];
    const more = [{ id: "PO", ranges: [range("+12025550100", "+12025550102")] }];
    expect(frozenChanges(same, onFile("Pending"), at(1))).toEqual([]);
    expect(frozenChanges(more, onFile("Pending"), at(49))).toEqual([]);
    expect(frozenChanges(more, onFile("Pending"), at(48))).toHaveLength(1);
    expect(frozenChanges([], onFile("Pending"), at(1))[0]).toContain("takes out +12025550100..+12025550101");
    expect(frozenChanges(more, onFile("Active"), at(1))).toEqual([]);
    // Late, and still not Active: a change then is worst of all.
    expect(frozenChanges(more, onFile("Pending"), at(-30))).toHaveLength(1);
  });

  it("is asked when the plan is another than the record's, also of a stack that stays, and never on a way back", () => {
    const at = (phase: Position["phase"], waves = {}): Position => ({ phase, waves });
    const facts = {
      ...goodFacts(plan, at("porting"), at("cutover"), NOW),
      carrier: goodFacts(plan, at("cutover"), at("cutover", { w1: "live" }), NOW).carrier,
    };
    const asked = (from: Position, to: Position, digest: string) => {
      const record = { ...facts.record!, record: { ...facts.record!.record!, phase: from.phase as never, digest } };
      return judge(plan, from, to, { ...facts, record }, NOW).map((v) => v.gate);
    };
    expect(asked(at("porting"), at("porting"), plan.digest)).toEqual([]);
    expect(asked(at("porting"), at("porting"), "another")).toEqual(["foc-frozen"]);
    expect(asked(at("porting"), at("cutover"), "another")).toContain("foc-frozen");
    expect(asked(at("cutover"), at("porting"), "another")).toEqual([]);
    expect(asked(at("canary"), at("canary"), "another")).toEqual([]);
  });
});
