import { describe, expect, it } from "vitest";
import { renderHtml } from "./html";
import { Ledger } from "./ledger";
import type { Report } from "./report";

const steps = { create: 1, update: 0, replace: 0, delete: 0, same: 3, import: 0 };
const report: Report = {
  schema: "cutover/report/v1",
  engine: "embedded",
  plan: '<b>"x"</b>',
  stack: "dev",
  seed: 1,
  inboundMatching: "by-pool",
  wallSeconds: 12,
  simulatedSeconds: 180_000,
  phases: [
    {
      phase: "cutover",
      waves: "w1=live",
      direction: "forward",
      at: "2026-06-16T18:01:00.000Z",
      wallStart: 1,
      wallEnd: 6,
      preview: { seconds: 1, steps },
      up: { seconds: 2, steps },
      secondUpSteps: 0,
      policies: { evaluated: 20, violations: [] },
      apiCalls: { genesys: { reads: 3, writes: 1, throttled: 0 } },
      changed: [{ op: "create", type: "a:b:C", name: "c", diffs: ["x: 1 -> 2"] }],
    },
  ],
  calls: new Ledger(true).total([]),
  lostCalls: [
    {
      at: "2026-06-16T18:01:05.000Z",
      number: "+16173540791",
      carrier: "losing",
      path: "gcv",
      code: 404,
      why: "<script>",
    },
  ],
  lastReversiblePhase: "cutover w1=released",
  verdict: "fail",
  failures: ["1 calls lost"],
  peakMemoryMb: 900,
  series: [{ second: 2, gcv: 3, byoc: 1, failover: 0, lost: 1 }],
  events: [{ at: "2026-06-16T18:00:00.000Z", kind: "port-active", detail: "PO-1", wall: 1.5 }],
};

describe("renderHtml", () => {
  const html = renderHtml(report);
  it("names verdict, failures, lost calls and what an up changed", () => {
    for (const text of ["fail", "1 calls lost", "+16173540791", "w1=live", "x: 1 -&gt; 2", "2 d 2 h"])
      expect(html).toContain(text);
  });
  it("lets no text of an estate become markup", () => {
    expect(html).not.toContain("<script>");
    expect(html).not.toContain('<b>"x"</b>');
  });
  it("reaches no outside host", () => expect(html).not.toMatch(/https?:\/\//));
});
