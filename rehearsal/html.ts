import { chart } from "./html-chart";
import { STYLE } from "./html-style";
import { lostTable, portTable, resolverTable, stepTable, sums } from "./html-tables";
import { duration, esc } from "./html-text";
import { verdictInWords } from "./html-words";
import type { Report } from "./report";

const KEY: readonly (readonly [string, string])[] = [
  ["gcv", "Genesys Cloud Voice, old answer"],
  ["byoc", "BYOC, new answer, port live"],
  ["failover", "failover queue, port date confirmed"],
  ["lost", "lost, refused"],
  ["wait", "port order submitted"],
  ["port", "port or operator event"],
  ["up", "up"],
];

/** What no rehearsal proves; docs/limits.md has all of it. */
const UNPROVEN = [
  "that your carrier, its session border controllers and other networks behave as the simulated ones do: each behaviour that is not documented is a switch, rehearsed both ways",
  "that your organisation's flows say and do the right thing: the sandbox runs the generated flows and stand-ins for yours",
  "that people do what the runbook asks of them on the day, and that a losing carrier keeps to its date",
];

/** Simulated seconds; of a walk that was stopped, those up to its last step. */
function simulated({ simulatedSeconds, phases }: Report): number {
  if (simulatedSeconds > 0 || phases.length === 0) return simulatedSeconds;
  return (Date.parse(phases.at(-1)!.at) - Date.parse(phases[0]!.at)) / 1000;
}

const list = (items: readonly string[], className = ""): string =>
  `<ul>${items.map((i) => `<li${className ? ` class="${className}"` : ""}>${esc(i)}</li>`).join("")}</ul>`;

/** The report as one HTML file: no script, no font, no outside host; for a screen, a phone and paper. */
export function renderHtml(report: Report): string {
  const words = verdictInWords(report)
    .map((line) => `<p>${esc(line)}</p>`)
    .join("");
  const key = KEY.map(([name, text]) => `<span><i class="${name}"></i>${text}</span>`).join("");
  const facts = `stack ${esc(report.stack)}, seed ${report.seed}, engine ${esc(report.engine)}, inbound matching ${esc(report.inboundMatching)}: ${duration(simulated(report))} in ${Math.round(report.wallSeconds)} s; last reversible step: ${esc(report.lastReversiblePhase)}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>Rehearsal of ${esc(report.plan)}: ${report.verdict}</title><style>${STYLE}</style></head><body>
<h1>Rehearsal of ${esc(report.plan)} <span class="verdict ${report.verdict}">${report.verdict}</span></h1>
<section class="words ${report.verdict}ed">${words}</section>${report.failures.length ? `<h2>Why it did not pass</h2>${list(report.failures, "bad")}` : ""}
<h2>Calls</h2><div class="cells">${sums(report)}</div>
<h2>One time line</h2><p class="dim small hint">Left to right: seconds of the rehearsal, in which calls flow; dates above are simulated ones.</p><div class="scroll">${chart(report)}</div><p class="key">${key}</p>
<h2>Steps</h2>${stepTable(report)}${portTable(report)}${resolverTable(report)}
<h2>Lost calls</h2>${lostTable(report)}
<h2>What this does not prove</h2>${list(UNPROVEN)}<p class="dim small">${facts}</p></body></html>
`;
}
