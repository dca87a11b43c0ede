import { describe, expect, it } from "vitest";
import { blocking, evidenceFor, judge } from "../evidence";
import type { CarrierDoc, Facts } from "../facts";
import { goodFacts, planOf } from "../testing";
import { NUMBERS, PORTS, texts } from "../small-estate";
import type { Phase, Plan, Position, WaveStates } from "../types";
import { formatWaves } from "../waves";
import { accountDates, accountText, endangered, type OnFile } from "./accounts";
import { plannedOrders } from "./orders";

const MAIN = "+4930901001";
const REST = ["+4930901002", "+4930901003"] as const;
const NOW = new Date("2026-05-04T10:00:00Z");
const day = (d: number, hour = "08") => `2026-05-${String(d).padStart(2, "0")}T${hour}:00:00.000Z`;

/** The small estate with the billing number in an order of its own, asked for on the same day as the rest; or with all in one order. */
const estate = (orders: "two" | "one" = "two"): Plan =>
  planOf(
    texts({
      numbers:
        orders === "two"
          ? NUMBERS.replace(`${MAIN},w1,local,Claims,HQ,PO-1`, `${MAIN},w1,local,Claims,HQ,PO-0`)
          : NUMBERS,
      ports: PORTS.trimEnd()
        .split("\n")
        .flatMap((row, i) => {
          if (i === 0) return [`${row},billing_number`];
          return [...(orders === "two" ? [`${row.replace("PO-1", "PO-0")},${MAIN}`] : []), `${row},${MAIN}`];
        })
        .join("\n"),
    }),
  );
const plan = estate();
const BOTH = { from: REST[0], to: REST[1] };
const range = (n: string) => ({ from: n, to: n });
const order = (id: string, foc: string | null, status = "foc-date-confirmed") => ({ id, status, foc });
const state = (n: string, id: string, more: Partial<OnFile["numbers"][number]> = {}) => ({
  ...{ range: range(n), status: "Pending", activatedAt: null, order: id },
  ...more,
});
const numbers = (rest: Partial<OnFile["numbers"][number]> = {}, main: Partial<OnFile["numbers"][number]> = {}) => [
  state(MAIN, "PO-0", main),
  { ...state(REST[0], "PO-1", rest), range: BOTH },
];
const seen = (onFile: OnFile, of = plan) => accountDates(plannedOrders(of), onFile).map(accountText);

describe("dates agreed for the orders of an account", () => {
  it("are right when the billing number leaves last, or with the rest in one order", () => {
    expect(seen({ orders: [order("PO-0", day(21)), order("PO-1", day(20))], numbers: numbers() })).toEqual([]);
    const together = [MAIN, ...REST].map((n) => state(n, "PO-1"));
    expect(seen({ orders: [order("PO-1", day(20))], numbers: together }, estate("one"))).toEqual([]);
    // Before anything is agreed there is nothing to compare, and after the rest is ported nothing is left behind.
    expect(seen({ orders: [order("PO-0", null), order("PO-1", day(20))], numbers: numbers() })).toEqual([]);
    const ported = numbers({ status: "Active", activatedAt: day(3) });
    expect(seen({ orders: [order("PO-0", day(6)), order("PO-1", day(3))], numbers: ported })).toEqual([]);
  });

  it("tell what is left on the account: dated later, refused, cancelled, not on file, split off", () => {
    const early = order("PO-0", day(20, "06"));
    const cases: [string, OnFile, RegExp][] = [
      [
        "by two hours",
        { orders: [early, order("PO-1", day(20))], numbers: numbers() },
        /the rest: PO-1 on 2026-05-20T08/,
      ],
      [
        "refused",
        { orders: [early, { ...order("PO-1", null, "exception"), why: "PASSCODE_PIN_INVALID" }], numbers: numbers() },
        /PO-1 .*without a date \(exception: PASSCODE_PIN_INVALID\)/,
      ],
      [
        "cancelled",
        { orders: [early, order("PO-1", day(19))], numbers: numbers({ status: "Cancelled" }) },
        /without a date \(Cancelled\)/,
      ],
      ["not on file", { orders: [early], numbers: [state(MAIN, "PO-0")] }, /PO-1 without a date \(not on file\)/],
      [
        "split",
        {
          orders: [early, order("PO-1", day(19)), order("PO-1", day(22))],
          numbers: [
            state(MAIN, "PO-0"),
            state(REST[0], "PO-1", { foc: day(19) }),
            state(REST[1], "PO-1", { foc: day(22) }),
          ],
        },
        /the rest: PO-1 \(\+4930901003\) on 2026-05-22/,
      ],
      [
        "split, dates by order only",
        { orders: [early, order("PO-1", day(19)), order("PO-1", day(22))], numbers: numbers() },
        /on 2026-05-22/,
      ],
      [
        "ported already",
        { orders: [early, order("PO-1", day(1))], numbers: numbers({}, { status: "Active", activatedAt: day(2) }) },
        /was ported on 2026-05-02.*still on its account: PO-1/,
      ],
    ];
    for (const [what, onFile, text] of cases) {
      const found = accountDates(plannedOrders(plan), onFile);
      expect(found.map(endangered), what).toEqual([true]);
      expect(accountText(found[0]!), what).toMatch(text);
    }
    const one = {
      orders: [order("PO-1", day(20)), order("PO-1", day(22))],
      numbers: [state(MAIN, "PO-1", { foc: day(20) }), { ...state(REST[0], "PO-1", { foc: day(22) }), range: BOTH }],
    };
    expect(seen(one, estate("one"))[0]).toContain("the rest: PO-1 (+4930901002..+4930901003) on 2026-05-22");
  });

  it("on the same moment in another order, or not yet there, are told and endanger nobody", () => {
    const same = accountDates(plannedOrders(plan), {
      orders: [order("PO-0", day(20)), order("PO-1", day(20))],
      numbers: numbers(),
    });
    expect(same.map(endangered)).toEqual([false]);
    expect(accountText(same[0]!)).toContain("PO-1 at the same moment: if one slips");
    const open = accountDates(plannedOrders(plan), {
      orders: [order("PO-0", day(20)), order("PO-1", null, "submitted")],
      numbers: numbers(),
    });
    expect(open.map((a) => [endangered(a), a.undated.length])).toEqual([[false, 1]]);
  });
});

describe("main-number-last", () => {
  const at = (phase: Phase, waves: WaveStates = {}): Position => ({ phase, waves });
  const EARLY = { orders: [order("PO-0", day(14)), order("PO-1", day(20))], numbers: numbers() };
  const facts = (from: Position, to: Position, onFile: OnFile | undefined, floor = "", digest = plan.digest): Facts => {
    const good = goodFacts(plan, from, to, NOW);
    const head = goodFacts(plan, at("ttl-lowered"), at("canary"), NOW).record!;
    const record = {
      ...head,
      record: { ...head.record!, phase: from.phase as Phase, waves: formatWaves(from.waves), floor, digest },
    };
    if (!onFile) return { ...good, record };
    const carrier = goodFacts(plan, at("parallel"), at("ttl-lowered"), NOW).carrier!;
    return { ...good, record, carrier: { ...carrier, ...good.carrier, ...onFile } as CarrierDoc };
  };
  const verdict = (from: Position, to: Position, onFile: OnFile | undefined, floor?: string, digest?: string) =>
    judge(plan, from, to, facts(from, to, onFile, floor, digest), NOW, "main-number-last").map((v) => v.status)[0];
  const [cutover, live] = [at("cutover"), at("cutover", { "w1.1": "live" })];

  it("judges the agreed dates at the first step that can know them, and asks the carrier for them", () => {
    const asked = (to: Position, from: Position) => evidenceFor(plan, from, to).map((a) => a.probe);
    expect(asked(cutover, at("porting"))).toContain("carrier");
    for (const [from, to] of [
      [at("porting"), cutover],
      [cutover, live],
      [at("canary"), at("porting")],
    ] as const) {
      expect(verdict(from, to, EARLY), to.phase).toBe("failed");
      const right = { ...EARLY, orders: [order("PO-0", day(20)), order("PO-1", day(14))] };
      expect(verdict(from, to, right), to.phase).toBe("passed");
    }
    // A changed plan of a stack that stays may add to the account.
    expect(verdict(at("porting"), at("porting"), EARLY, "", "another")).toBe("failed");
    const [no] = blocking(judge(plan, at("porting"), cutover, facts(at("porting"), cutover, EARLY), NOW));
    expect(no!.seen).toContain(`the billing number ${MAIN} (order PO-0) is dated 2026-05-14`);
    expect(no!.fix).toMatch(/supplement.*cutover:phase: canary/);
  });

  it("waits for a date that is still open, and counts an order about to be submitted as it asks", () => {
    const undated = { ...EARLY, orders: [order("PO-0", day(14)), order("PO-1", null, "submitted")] };
    expect(verdict(at("porting"), cutover, undated)).toBe("inconclusive");
    const none = { orders: [order("PO-0", null, "submitted"), order("PO-1", null, "submitted")], numbers: numbers() };
    expect(verdict(at("porting"), cutover, none)).toBe("passed");
    // Half way into porting: the billing number's order is dated, the other is submitted by this update and asks for 13 days.
    const half = (foc: string) => ({ orders: [order("PO-0", foc)], numbers: [state(MAIN, "PO-0")] });
    expect(verdict(at("canary"), at("porting"), half(day(12)))).toBe("failed");
    expect(verdict(at("canary"), at("porting"), half(day(18)))).toBe("passed");
  });

  it("tells and stops nothing where no step of ours is nearer to it: the number is ported, or a wave was live", () => {
    const ported = { ...EARLY, numbers: numbers({}, { status: "Active", activatedAt: day(2) }) };
    expect(verdict(cutover, live, ported)).toBe("passed");
    const [told] = judge(plan, cutover, live, facts(cutover, live, ported), NOW, "main-number-last");
    expect(told!.seen).toContain("was ported on");
    expect(verdict(cutover, live, EARLY, "w1.1=live")).toBe("passed");
    expect(verdict(at("cutover"), at("porting"), EARLY)).toBeUndefined();
  });

  it("needs no carrier where no account is named, and is no pass without one where it is", () => {
    expect(verdict(at("porting"), cutover, undefined)).toBe("passed");
    const { carrier: _, ...none } = facts(at("porting"), cutover, EARLY);
    expect(judge(plan, at("porting"), cutover, none, NOW, "main-number-last").map((v) => v.status)).toEqual([
      "inconclusive",
    ]);
    const unnamed = planOf(texts());
    expect(judge(unnamed, at("porting"), cutover, {}, NOW, "main-number-last").map((v) => v.status)).toEqual([
      "passed",
    ]);
  });
});
