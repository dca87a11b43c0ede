import { expect, it } from "vitest";
import type { Status } from "./read";
import { hoursAndMinutes, statusText } from "./text";

const none = { calls: 0, failed: 0, meanMos: null, lastCallAt: null };
const quiet = { since: "2026-06-02T10:00:00Z", complete: true, gcv: none, byoc: none, canaried: 0 };
const calm: Status = {
  schema: "cutover/status/v1",
  stack: "prod",
  at: "2026-06-03T10:00:00Z",
  position: "porting",
  parts: [],
  next: [],
  notJudged: 0,
  orders: [],
  traffic: quiet,
  requests: [],
};

it("a split order with a refused part is stuck, and says which part and why; the others are listed as they are", () => {
  const orders = [
    { id: "PO-1", orderId: "a", status: "ported", foc: "2026-06-02" },
    { id: "PO-1", orderId: "b", status: "exception", foc: null, why: "ACCOUNT_NUMBER_MISMATCH" },
    { id: "PO-2", orderId: "c", status: "exception", foc: null },
  ];
  expect(
    statusText({ ...calm, orders })
      .split("\n")
      .slice(2),
  ).toEqual([
    "stuck    order PO-1 split into 2, child b rejected: ACCOUNT_NUMBER_MISMATCH",
    "stuck    order PO-2 rejected",
    "order    PO-1: ported, date 2026-06-02",
    "traffic  GCV: no call in 24 h",
    "traffic  BYOC: no call in 24 h",
  ]);
});

it("a gate that only waits for time says how long", () => {
  expect([0, 59, 3600, 31 * 3600 + 12 * 60].map(hoursAndMinutes)).toEqual([
    "0 min",
    "1 min",
    "1 h 0 min",
    "31 h 12 min",
  ]);
  const verdict = { gate: "ttl-lowered-in-time", status: "failed" as const, seen: "16.8 h", required: "48 h", fix: "" };
  const next = [{ to: "canary", waiting: [{ ...verdict, leftSeconds: 31 * 3600 + 12 * 60 }], atTheStep: [] }];
  expect(statusText({ ...calm, next })).toContain(
    "next     canary: waiting for ttl-lowered-in-time 31 h 12 min: 16.8 h; required 48 h",
  );
});

it("traffic of both paths, counted and dated, and how far back the counts reach", () => {
  const gcv = { calls: 1234, failed: 3, meanMos: 4.351, lastCallAt: "2026-06-03T09:58:00Z" };
  const byoc = { calls: 120, failed: 0, meanMos: null, lastCallAt: "2026-06-03T09:59:20Z" };
  const lines = (more: object) =>
    statusText({ ...calm, traffic: { ...quiet, gcv, byoc, canaried: 118, ...more } })
      .split("\n")
      .filter((l) => l.startsWith("traffic"));
  expect(lines({})).toEqual([
    "traffic  GCV: 1234 calls in 24 h, 3 failed, mean MOS 4.35, the last 2 min ago",
    "traffic  BYOC: 120 calls in 24 h, 0 failed, the last 40 s ago; 118 of those on GCV were sent on here by the canary",
  ]);
  expect(lines({ complete: false, since: "2026-06-03T04:00:00Z" })[0]).toContain("1234 calls in 6 h (the newest that");
});

it("a part's step has its time; without a record no step is claimed", () => {
  const parts = [
    { part: "w1", step: "released" as const, numbers: 12, since: "2026-06-03T06:48:00Z" },
    { part: "w2", step: "waiting" as const, numbers: 3 },
  ];
  expect(
    statusText({ ...calm, parts })
      .split("\n")
      .slice(1, 3),
  ).toEqual(["part     w1       released  12 numbers, for 3 h", "part     w2       waiting   3 numbers"]);
  const { position: _, ...lost } = calm;
  expect(statusText({ ...lost, problem: "no answer" })).not.toContain("part ");
});

it("a step that is open is told with who runs it, or that nobody does any more; so is a pause", () => {
  const step = {
    from: "canary",
    to: "porting",
    state: "applying",
    askedBy: "ann@desk",
    askedAt: "2026-06-03T09:00:00Z",
  };
  const lines = (advance: Status["advance"]) =>
    statusText({ ...calm, advance })
      .split("\n")
      .filter((l) => l.startsWith("advance"));
  const by = { pid: 7, host: "desk", at: "2026-06-03T09:00:00Z" };
  expect(lines({ step, by })).toEqual([
    "advance  canary -> porting, applying, asked by ann@desk at 2026-06-03T09:00:00Z; run by process 7 on desk",
  ]);
  expect(lines({ step })[0]).toMatch(/; run by nobody: run cutover advance again, or cutover back$/);
  expect(lines({ paused: { by: "bob@desk", at: "2026-06-03T09:30:00Z", why: "storm" } })).toEqual([
    "advance  paused by bob@desk since 2026-06-03T09:30:00Z: storm; cutover resume ends it",
  ]);
  expect(lines(undefined)).toEqual([]);
  expect(statusText({ ...calm, advance: { auditBroken: [3] } })).toContain(
    "audit    BROKEN: line 3 does not follow from the one before",
  );
});

it("an account whose billing number leaves before the rest is told before the orders, with what to do", () => {
  const told =
    "the billing number +12025550100 (order MAIN) is dated 2026-06-10T08:00:00.000Z, the rest: REST on 2026-06-12T08:00:00.000Z";
  const lines = (endangered: boolean) => statusText({ ...calm, accounts: [{ told, endangered }] }).split("\n")[2];
  expect(lines(true)).toBe(
    `ACCOUNT  ${told}; with that number the losing carrier closes the account: call both carriers' desks today`,
  );
  expect(lines(false)).toBe(`account  ${told}`);
});
