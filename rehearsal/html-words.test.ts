import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderHtml } from "./html";
import { meanMos, turns, verdictInWords } from "./html-words";
import type { Report } from "./report";
import { timeLineOf } from "./timeline";

const recorded = (): Report => JSON.parse(readFileSync("test/browser/guide-report.json", "utf8")) as Report;

describe("the verdict in words", () => {
  it("of a pass begins with what a manager wants to know, and says what is not proven", () => {
    const words = verdictInWords(recorded());
    expect(words[0]).toBe("All 40 numbers of 1 site moved to the new carrier, and no call was lost.");
    expect(words.join(" ")).toMatch(/4 resolvers one by one; the last, public-2, .* 9 min after the first/);
    expect(words.join(" ")).toContain("1 port order went live at 2026-06-16 08:00 UTC");
    expect(words.at(-1)).toContain("cutover w1=released");
    expect(words.at(-1)).toContain("simulated");
  });

  it("of a walk that was not to the end does not claim that numbers moved", () => {
    const report = recorded();
    report.phases = report.phases.slice(0, 4);
    expect(verdictInWords(report)[0]).toBe("The walk went as far as canary, and no call was lost.");
  });

  it("of a fail names step and policy, or the first reason", () => {
    const report: Report = { ...recorded(), verdict: "fail", failures: ["3 calls lost"] };
    expect(verdictInWords(report)[0]).toBe("The rehearsal did not pass: 3 calls lost.");
    report.stopped = {
      policy: "port-live",
      phase: "cutover w1=live",
      message: "m",
      in: "preview",
      also: [],
      writes: 0,
    };
    expect(verdictInWords(report)[0]).toContain('"cutover w1=live" was refused by the policy port-live in its preview');
  });

  it("of a trap says who stopped it, or what harm it did", () => {
    const trap = { name: "t", policy: "p", mistake: "A mistake.", without: [], harm: null, harms: [] };
    const stopped = { policy: "p", phase: "parallel", message: "m", in: "preview" as const, also: [], writes: 0 };
    const report: Report = { ...recorded(), verdict: "fail", trap, stopped };
    expect(verdictInWords(report)[0]).toBe(
      "The policy p stopped it in the preview of parallel, before anything was changed.",
    );
    report.trap = { ...trap, without: ["p"], harm: { kind: "lost calls", count: 12, lines: [] } };
    expect(verdictInWords(report)[0]).toBe("Without p the mistake did harm: 12 lost calls.");
  });

  it("counts only resolvers that turned, and weighs MOS by calls", () => {
    const report = recorded();
    expect(
      turns(report)
        .map((t) => t.resolver)
        .sort(),
    ).toEqual(["isp-clamped", "isp-stale", "public-1", "public-2"]);
    report.timeline!.quality = [
      { second: 1, path: "byoc", calls: 3, meanMos: 4, minMos: 4 },
      { second: 2, path: "byoc", calls: 1, meanMos: 2, minMos: 2 },
    ];
    expect(meanMos(report, "byoc")).toBe(3.5);
    expect(meanMos(report, "gcv")).toBeNull();
  });
});

describe("the page", () => {
  it("stands without a time line: a world that never came up has none", () => {
    const { timeline: _none, ...report } = recorded();
    expect(renderHtml({ ...report, series: [], phases: [], events: [] })).toContain("<svg");
  });
  it("numbers every step of the time line that has room for a number, whatever the length of the one before", () => {
    for (let shift = 0; shift < 12; shift += 0.25) {
      const report = recorded();
      for (const p of report.phases.slice(2)) p.wallStart += shift;
      const third = renderHtml(report).match(/class="name">3\b/);
      expect(third, `${shift} s later`).not.toBeNull();
    }
  });

  it("shows every lane of a recorded rehearsal, and no number that is none", () => {
    const html = renderHtml(recorded());
    for (const lane of ["Steps", "Calls per second", "Audio quality, MOS", "Resolvers", "Port orders"])
      expect(html).toContain(`class="head">${lane}<`);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(html).not.toMatch(/https?:\/\/|<script|url\(/);
  });
});

describe("timeLineOf", () => {
  it("places everything on the rehearsal's own seconds", () => {
    const line = timeLineOf(
      {
        answers: [
          {
            at: "x",
            wallMs: 12_340,
            resolver: "r",
            kind: "honest",
            view: "public",
            name: "n",
            target: null,
            ttlSeconds: 1,
          },
        ],
        ports: [],
        quality: [
          { second: 14, path: "byoc", calls: 1, meanMos: 4, minMos: 4 },
          { second: 12, path: "gcv", calls: 1, meanMos: 4, minMos: 4 },
        ],
      },
      10_000,
    );
    expect(line.answers[0]).toEqual({
      at: "x",
      second: 2.3,
      resolver: "r",
      kind: "honest",
      view: "public",
      name: "n",
      target: null,
      ttlSeconds: 1,
    });
    expect(line.quality.map((q) => q.second)).toEqual([2, 4]);
  });
});
