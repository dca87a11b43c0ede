import { count, duration, esc, minute, plural, stepName } from "./html-text";
import { meanMos, turns } from "./html-words";
import type { Report } from "./report";

const scroll = (table: string): string => `<div class="scroll">${table}</div>`;
const OPS = ["import", "create", "update", "replace", "delete"] as const;
/** Rows of lost calls shown; all of them are in report.json. */
const LOST_ROWS_MAX = 500;

function stepsText(steps: Record<string, number>): string {
  const parts = OPS.filter((k) => (steps[k] ?? 0) > 0).map((k) => `${steps[k]} ${k}`);
  return [...parts, `${steps.same ?? 0} same`].join(", ");
}

/** What a step's second up changed; a hurried walk makes none on its way. */
const secondUp = (steps: number | null): string =>
  steps === null ? "not made" : steps === 0 ? "empty" : `<span class="bad">${steps} changes</span>`;

/** Every step with what it changed, who judged it and what it cost. */
export function stepTable(report: Report): string {
  const rows = report.phases.map((p, i) => {
    const api = Object.entries(p.apiCalls)
      .filter(([, c]) => c.reads + c.writes > 0)
      .map(([name, c]) => `${name} ${c.reads} / ${c.writes}${c.throttled ? ` (${c.throttled} throttled)` : ""}`)
      .join("<br>");
    const changed = p.changed.length
      ? `<details><summary>${plural(p.changed.length, "change")}</summary><ul>${p.changed
          .map(
            (c) =>
              `<li><b>${esc(c.op)}</b> ${esc(c.name)} <span class="dim">${esc(c.type)}</span>${c.diffs.map((d) => `<div class="diff">${esc(d)}</div>`).join("")}</li>`,
          )
          .join("")}</ul></details>`
      : "";
    const violations = p.policies.violations.length
      ? `<span class="bad">${plural(p.policies.violations.length, "violation")}</span>`
      : "none fired";
    const name = `${i + 1}. ${p.direction === "back" ? "&#8617; " : ""}${esc(stepName(p) || "cutover")}`;
    return `<tr><td>${name}</td><td>${esc(minute(p.at))}</td><td class="n">${p.preview.seconds} s</td><td>${p.up.seconds} s: ${esc(stepsText(p.up.steps))}${changed}</td><td>${secondUp(p.secondUpSteps)}</td><td>${p.policies.evaluated} judged, ${violations}</td><td>${api}</td></tr>`;
  });
  return scroll(
    `<table class="wide steps"><thead><tr><th>step</th><th>simulated time, UTC</th><th class="n">preview</th><th>up</th><th>second up</th><th>policies</th><th>API reads / writes</th></tr></thead><tbody>${rows.join("")}</tbody></table>`,
  );
}

/** The sums of the ledger. */
export function sums(report: Report): string {
  const c = report.calls;
  const cell = (n: number | string, label: string, bad = false) =>
    `<div class="cell${bad && n !== 0 ? " badcell" : ""}"><b>${typeof n === "number" ? count(n) : n}</b><span>${label}</span></div>`;
  const mos = (path: "gcv" | "byoc") => meanMos(report, path)?.toFixed(2) ?? "not measured";
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
    cell(c.withMedia, "with audio measured both ways"),
    cell(c.wrongCallerId, "with a wrong caller id", true),
    cell(c.unrecorded, "unrecorded", true),
    cell(c.byPath.gcv, "over Genesys Cloud Voice"),
    cell(c.byPath.byoc, "over BYOC"),
    cell(c.byPath.failover, "on the failover queue"),
    cell(mos("gcv"), "mean MOS over Genesys Cloud Voice"),
    cell(mos("byoc"), "mean MOS over BYOC"),
    cell(c.outbound.offered, "outbound calls"),
    cell(c.outbound.lost, "outbound lost", true),
    cell(c.intrudersAccepted, "intruders accepted", true),
  ].join("");
}

/** Calls that were lost, misrouted or silent, with the reason the refusing side gave. */
export function lostTable(report: Report): string {
  if (!report.lostCalls.length) return "<p>No call was lost.</p>";
  const rows = report.lostCalls
    .slice(0, LOST_ROWS_MAX)
    .map(
      (l) =>
        `<tr><td>${esc(minute(l.at))}</td><td>${esc(l.number)}</td><td>${esc(l.carrier)}</td><td>${esc(l.path)}</td><td>${esc(l.code ?? "none")}</td><td>${esc(l.why)}</td></tr>`,
    )
    .join("");
  const more = report.lostCalls.length - LOST_ROWS_MAX;
  return `${scroll(`<table class="wide"><thead><tr><th>simulated time, UTC</th><th>number</th><th>carrier</th><th>path</th><th>code</th><th>why</th></tr></thead><tbody>${rows}</tbody></table>`)}${more > 0 ? `<p class="dim">and ${plural(more, "more call")}, in report.json</p>` : ""}`;
}

/** Port orders: what was asked, confirmed and done. "" when none was submitted. */
export function portTable(report: Report): string {
  const states = report.timeline?.ports ?? [];
  const byName = [...states].sort((a, b) => a.order.localeCompare(b.order));
  const rows = [...new Set(byName.map((p) => p.id))].map((id) => {
    const own = states.filter((p) => p.id === id);
    const last = own.at(-1)!;
    const live = own.find((p) => p.active > 0);
    const date = own.find((p) => p.foc !== null && p.active === 0)?.foc;
    const trouble = own.some((p) => p.status === "exception")
      ? ` <span class="bad">rejected once: ${esc(own.find((p) => p.status === "exception")!.detail)}</span>`
      : "";
    return `<tr><td>${esc(last.order)}</td><td class="n">${count(last.numbers)}</td><td>${esc(minute(own[0]!.at))}</td><td>${date ? esc(minute(date)) : "none"}</td><td>${live ? esc(minute(live.at)) : "not live"}</td><td>${esc(last.status)}${trouble}</td></tr>`;
  });
  if (rows.length === 0) return "";
  return `<h2>Port orders</h2>${scroll(`<table><thead><tr><th>order</th><th class="n">numbers</th><th>submitted</th><th>first date given</th><th>numbers live</th><th>order's last status</th></tr></thead><tbody>${rows.join("")}</tbody></table>`)}`;
}

/** When each resolver was first seen with the new answer. "" when none turned. */
export function resolverTable(report: Report): string {
  const turned = turns(report).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (turned.length === 0) return "";
  const rows = turned.map((t) => {
    const after = (Date.parse(t.at) - Date.parse(turned[0]!.at)) / 1000;
    return `<tr><td>${esc(t.resolver)}</td><td>${esc(t.kind)}, ${esc(t.view)}</td><td>${esc(t.name)}</td><td>${esc(t.target ?? "nothing")}</td><td>${esc(minute(t.at))}</td><td class="n">${duration(after)}</td></tr>`;
  });
  return `<h2>Resolvers</h2><p class="dim small">When each was first seen to give the answer that it had at the end; it is asked in steps, so it may have turned a little earlier.</p>${scroll(`<table class="wide"><thead><tr><th>resolver</th><th>kind</th><th>name</th><th>answers</th><th>since, UTC</th><th class="n">after the first</th></tr></thead><tbody>${rows.join("")}</tbody></table>`)}`;
}
