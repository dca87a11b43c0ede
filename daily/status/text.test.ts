import { expect, it } from "vitest";
import type { Status } from "./read";
import { hoursAndMinutes, statusText } from "./text";

const calm: Status = {
  schema: "cutover/status/v1",
  stack: "prod",
  at: "2026-06-03T10:00:00Z",
  position: "porting",
  parts: [],
  next: [],
  notJudged: 0,
  orders: [],
  gcv: { calls: 0, lastCallAt: null },
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
    "gcv      0 calls of the plan's numbers in 24 h",
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
