import type { Bucket } from "./ledger";
import type { PhaseReport, Report } from "./report";

const WIDTH = 1120;
const CHART = { left: 52, right: 16, top: 58, height: 230 };
const COLOURS = { gcv: "#5b7aa8", byoc: "#2f9e6e", failover: "#d99a2b", lost: "#c62f2f" };
const PHASE_COLOURS = ["#eef2f7", "#e2e9f2"];

const esc = (text: unknown): string =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const count = (n: number): string => n.toLocaleString("en-US");
const stepName = (p: PhaseReport): string =>
  p.phase === "cutover" && p.waves ? p.waves.replaceAll(",", ", ") : p.phase;

/** Whole days and hours of simulated time. */
function duration(seconds: number): string {
  const days = Math.floor(seconds / 86400);
  const hours = Math.round((seconds % 86400) / 3600);
  return days ? `${days} d ${hours} h` : `${hours} h`;
}

/** Stacked calls per second by path, phases as bands, ports and lost calls as marks. Time runs by the wall: it is the calls' own time. */
function chart(report: Report): string {
  const { left, right, top, height } = CHART;
  const end = Math.max(1, report.wallSeconds);
  const x = (s: number) => left + (s / end) * (WIDTH - left - right);
  const peak = Math.max(1, ...report.series.map((b) => b.gcv + b.byoc + b.failover + b.lost));
  const y = (n: number) => top + height - (n / peak) * height;
  const bands = report.phases
    .map((p, i) => {
      const from = x(p.wallStart);
      const to = x(report.phases[i + 1]?.wallStart ?? end);
      // Long wave lines would lie over each other: the table below has them by number.
      const label = `<text x="${from + 3}" y="${i % 2 ? 32 : 18}" class="band">${i + 1}${p.phase === "cutover" ? (p.direction === "back" ? " back" : "") : ` ${esc(p.phase)}`}<title>${esc(stepName(p))}</title></text>`;
      const up = `<rect x="${x(p.wallEnd - p.up.seconds)}" y="${top + height + 4}" width="${Math.max(2, x(p.wallEnd) - x(p.wallEnd - p.up.seconds))}" height="6" fill="#444"><title>up ${esc(stepName(p))}: ${p.up.seconds} s</title></rect>`;
      return `<rect x="${from}" y="${top}" width="${Math.max(0, to - from)}" height="${height}" fill="${PHASE_COLOURS[i % 2]}"/>${label}${up}`;
    })
    .join("");
  const area = (from: (b: Bucket) => number, to: (b: Bucket) => number, colour: string) =>
    report.series
      .map(
        (b) =>
          `<rect x="${x(b.second)}" y="${y(to(b))}" width="${Math.max(1, x(1) - x(0) + 0.3)}" height="${Math.max(0, y(from(b)) - y(to(b)))}" fill="${colour}"/>`,
      )
      .join("");
  const layers = [
    area(
      () => 0,
      (b) => b.gcv,
      COLOURS.gcv,
    ),
    area(
      (b) => b.gcv,
      (b) => b.gcv + b.byoc,
      COLOURS.byoc,
    ),
    area(
      (b) => b.gcv + b.byoc,
      (b) => b.gcv + b.byoc + b.failover,
      COLOURS.failover,
    ),
    area(
      (b) => b.gcv + b.byoc + b.failover,
      (b) => b.gcv + b.byoc + b.failover + b.lost,
      COLOURS.lost,
    ),
  ].join("");
  const ports = report.events
    .map(
      (e) =>
        `<line x1="${x(e.wall)}" x2="${x(e.wall)}" y1="${top}" y2="${top + height}" class="port"><title>${esc(`${e.at} ${e.kind}: ${e.detail}`)}</title></line>`,
    )
    .join("");
  const axis = [0, 0.25, 0.5, 0.75, 1]
    .map(
      (f) =>
        `<text x="${left - 6}" y="${y(peak * f) + 4}" class="axis" text-anchor="end">${Math.round(peak * f)}</text><line x1="${left}" x2="${WIDTH - right}" y1="${y(peak * f)}" y2="${y(peak * f)}" class="grid"/>`,
    )
    .join("");
  const seconds = Array.from({ length: 11 }, (_, i) => (end * i) / 10)
    .map(
      (s) => `<text x="${x(s)}" y="${top + height + 26}" class="axis" text-anchor="middle">${Math.round(s)} s</text>`,
    )
    .join("");
  return `<svg viewBox="0 0 ${WIDTH} ${top + height + 34}" role="img" aria-label="Calls per second by path over the phases">${bands}${axis}${layers}${ports}${seconds}</svg>`;
}

function stepsText(steps: Record<string, number>): string {
  const parts = ["import", "create", "update", "replace", "delete"]
    .filter((k) => (steps[k] ?? 0) > 0)
    .map((k) => `${steps[k]} ${k}`);
  return [...parts, `${steps.same ?? 0} same`].join(", ");
}

function phaseRows(report: Report): string {
  return report.phases
    .map((p, i) => {
      const api = Object.entries(p.apiCalls)
        .filter(([, c]) => c.reads + c.writes > 0)
        .map(([name, c]) => `${name} ${c.reads} r / ${c.writes} w${c.throttled ? ` / ${c.throttled} throttled` : ""}`)
        .join("<br>");
      const changed = p.changed.length
        ? `<details><summary>${p.changed.length} changes</summary><ul>${p.changed
            .map(
              (c) =>
                `<li><b>${esc(c.op)}</b> ${esc(c.name)} <span class="dim">${esc(c.type)}</span>${c.diffs.map((d) => `<div class="diff">${esc(d)}</div>`).join("")}</li>`,
            )
            .join("")}</ul></details>`
        : "";
      const violations = p.policies.violations.length
        ? `<span class="bad">${p.policies.violations.length} violations</span>`
        : "none fired";
      return `<tr><td>${i + 1}. ${p.direction === "back" ? "&#8617; " : ""}${esc(stepName(p) || "cutover")}</td><td>${esc(p.at.replace("T", " ").slice(0, 16))}</td><td>${p.preview.seconds} s</td><td>${p.up.seconds} s<br>${esc(stepsText(p.up.steps))}${changed}</td><td>${p.secondUpSteps}</td><td>${p.policies.evaluated} judged, ${violations}</td><td>${api}</td></tr>`;
    })
    .join("");
}

function sums(report: Report): string {
  const c = report.calls;
  const cell = (n: number, label: string, bad = false) =>
    `<div class="cell${bad && n > 0 ? " badcell" : ""}"><b>${count(n)}</b><span>${label}</span></div>`;
  return [
    cell(c.offered, "calls offered"),
    cell(c.answered, "answered"),
    cell(c.abandonedByCaller, "abandoned by the caller"),
    cell(c.rejectedByDesign, "rejected by design"),
    cell(c.lost, "lost", true),
    cell(c.misrouted, "misrouted", true),
    cell(c.noAudio, "without audio", true),
    cell(c.inProgressAcrossChange, "in progress across a change"),
    cell(c.inProgressDropped, "of them dropped", true),
    cell(c.withMedia, "with audio both ways"),
    cell(c.wrongCallerId, "with a wrong caller id", true),
    cell(c.unrecorded, "unrecorded", true),
    cell(c.byPath.gcv, "over GCV"),
    cell(c.byPath.byoc, "over BYOC"),
    cell(c.byPath.failover, "on the failover queue"),
    cell(c.outbound.offered, "outbound calls"),
    cell(c.outbound.lost, "outbound lost", true),
    cell(c.intrudersAccepted, "intruders accepted", true),
  ].join("");
}

function lostTable(report: Report): string {
  if (!report.lostCalls.length) return "<p>No call was lost.</p>";
  const rows = report.lostCalls
    .slice(0, 500)
    .map(
      (l) =>
        `<tr><td>${esc(l.at)}</td><td>${esc(l.number)}</td><td>${esc(l.carrier)}</td><td>${esc(l.path)}</td><td>${esc(l.code ?? "")}</td><td>${esc(l.why)}</td></tr>`,
    )
    .join("");
  return `<table><tr><th>at</th><th>number</th><th>carrier</th><th>path</th><th>code</th><th>why</th></tr>${rows}</table>`;
}

const STYLE = `body{font:14px/1.45 system-ui,sans-serif;color:#1c2530;margin:0 auto;max-width:1160px;padding:24px}h1{font-size:22px;margin:0}h2{font-size:16px;margin:28px 0 8px}
.verdict{display:inline-block;padding:2px 12px;border-radius:4px;color:#fff;font-weight:600}.pass{background:#2f9e6e}.fail{background:#c62f2f}.dim{color:#667}
.cells{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:8px}.cell{background:#f4f6f9;border-radius:6px;padding:8px 12px}.cell b{display:block;font-size:19px}.cell span{color:#556;font-size:12px}.badcell{background:#fbe3e3}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:5px 8px;border-bottom:1px solid #e3e7ee}th{font-size:12px;color:#556}.bad{color:#c62f2f;font-weight:600}.diff{font:12px ui-monospace,monospace;color:#445;white-space:pre-wrap;overflow-wrap:anywhere}
svg{width:100%;height:auto}.band{font-size:10px;fill:#445}.axis{font-size:10px;fill:#667}.grid{stroke:#d5dbe4;stroke-width:.5}.port{stroke:#7a3fb0;stroke-dasharray:3 3}.key span{display:inline-block;margin-right:16px}.key i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}ul{margin:4px 0;padding-left:18px}`;

/** The report as one HTML file: no script, no outside host. */
export function renderHtml(report: Report): string {
  const key = (["gcv", "byoc", "failover", "lost"] as const)
    .map(
      (k) =>
        `<span><i style="background:${COLOURS[k]}"></i>${{ gcv: "GCV", byoc: "BYOC", failover: "failover queue", lost: "lost" }[k]}</span>`,
    )
    .join("");
  const failures = report.failures.length
    ? `<ul>${report.failures.map((f) => `<li class="bad">${esc(f)}</li>`).join("")}</ul>`
    : "";
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>Rehearsal of ${esc(report.plan)}</title><style>${STYLE}</style></head><body>
<h1>Rehearsal of ${esc(report.plan)} <span class="verdict ${report.verdict}">${report.verdict}</span></h1>
<p class="dim">stack ${esc(report.stack)}, seed ${report.seed}, engine ${esc(report.engine)}, inbound matching ${esc(report.inboundMatching)}: ${duration(report.simulatedSeconds)} of migration in ${Math.round(report.wallSeconds)} s; last reversible step: ${esc(report.lastReversiblePhase)}</p>${failures}
<h2>Calls</h2><div class="cells">${sums(report)}</div>
<h2>Calls per second by path, over the phases</h2>${chart(report)}<p class="key">${key}<span><i style="background:#7a3fb0"></i>port or operator event</span><span><i style="background:#444"></i>up</span></p>
<h2>Steps</h2><table><tr><th>step</th><th>world time</th><th>preview</th><th>up</th><th>second up</th><th>policies</th><th>API calls</th></tr>${phaseRows(report)}</table>
<h2>Lost calls</h2>${lostTable(report)}</body></html>
`;
}
