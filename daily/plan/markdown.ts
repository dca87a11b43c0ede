import { missingFrom, tooWide } from "../../model/allowlist";
import { formatWaves, stepOf } from "../../model/waves";
import type { Position } from "../../model/types";
import { changesOf, type Change } from "./changes";
import { restOfMigration, spansOf, spanText } from "./duration";
import { gateLines } from "./gates";
import { obstacles, type PlanView } from "./view";
import { lastReversible, some, wayBack, whatItDoes } from "./words";

/** Largest comment, bytes of UTF-8: under the 65,536 characters that GitHub takes, with room for a pipeline's own lines. */
export const COMMENT_BYTES_MAX = 60_000;
/** Rows of any one table; the rest is counted. */
const ROWS_MAX = 40;
const CELL_MAX = 400;

/** Text of a table cell: one line, no column breaks, no markup from outside, at most CELL_MAX characters. */
function cell(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const cut = line.length > CELL_MAX ? `${line.slice(0, CELL_MAX - 1)}…` : line;
  return cut.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/\|/g, "\\|").replace(/@/g, "&#64;");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = rows.slice(0, ROWS_MAX).map((row) => `| ${row.map(cell).join(" | ")} |`);
  const more = rows.length > ROWS_MAX ? [`\nand ${rows.length - ROWS_MAX} more rows`] : [];
  return [`| ${head.join(" | ")} |`, `|${head.map(() => "---|").join("")}`, ...shown, ...more].join("\n");
}

/** Phase and waves for people, such as `cutover w1=live`. */
export const positionText = (at: Position): string =>
  at.phase === "none" ? "no record yet" : `${at.phase}${formatWaves(at.waves) ? ` ${formatWaves(at.waves)}` : ""}`;

/** Waves of a long list are cut for the heading; the table of waves has them. */
const heading = (at: Position) => {
  const text = positionText(at);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
};

function movingNumbers(view: PlanView): string {
  const { plan, move, to } = view;
  const parts = new Set(move.entering.length > 0 ? move.entering.map((e) => e.part) : plan.parts.map((p) => p.id));
  const sites = new Map<string, { numbers: number; flows: Set<string> }>();
  for (const n of plan.numbers) {
    if (!parts.has(n.part)) continue;
    const site = sites.get(n.site) ?? { numbers: 0, flows: new Set<string>() };
    site.numbers++;
    site.flows.add(n.callRoute === n.flow ? n.flow : `${n.callRoute} -> ${n.flow}`);
    sites.set(n.site, site);
  }
  const total = [...sites.values()].reduce((sum, s) => sum + s.numbers, 0);
  const waves = move.entering.length > 0;
  const said = waves
    ? `${total} numbers move.`
    : to.phase === "canary" && move.direction === "forward"
      ? `No number moves; ${plan.canary.percent} % of the callers of ${total} numbers take the BYOC path.`
      : to.phase === "porting" && move.direction === "forward"
        ? `No number changes its path by this update; ${plan.portOrders.length} port orders for ${total} numbers are submitted.`
        : `No number moves in this step; the plan holds ${total}.`;
  const rows = [...sites]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, s]) => [name, String(s.numbers), some([...s.flows].sort(), 6)]);
  return `${said}\n\n${table(["site", "numbers", "flows"], rows)}`;
}

function waves({ plan, from, to }: PlanView): string {
  const rows = plan.parts.map((p) => {
    const [before, after] = [stepOf(from.waves, p.id), stepOf(to.waves, p.id)];
    return [p.id, String(p.numbers.length), before === after ? before : `${before} -> ${after}`];
  });
  // What moves comes first: a plan of hundreds of parts shows its moving ones above the cut.
  rows.sort((a, b) => Number(b[2]!.includes("->")) - Number(a[2]!.includes("->")));
  return table(["part", "numbers", "step"], rows);
}

function gates(view: PlanView): string {
  const lines = gateLines(view);
  if (lines.length === 0)
    return view.move.direction === "back" ? "A way back is not gated." : "No gate stands on this step.";
  const limit = `${view.plan.limits.evidenceMinutes} min`;
  const rows = lines.map((l) => [
    l.gate,
    l.result === "not gathered" ? "not gathered" : l.seen,
    l.required,
    /^[a-z]/.test(l.age) ? l.age : `${l.age} of ${limit}`,
    `${l.overridden ? "⚠️" : l.result === "passed" ? "✅" : "❌"} ${l.result}`,
  ]);
  const fixes = lines
    .filter((l) => l.status !== "passed" && l.result !== "not gathered")
    .map((l) => `* **${l.gate}**: ${cell(l.fix)}.`);
  return [
    table(["gate (policy)", "value", "limit", "age", "result"], rows),
    ...(fixes.length > 0 ? ["", ...fixes] : []),
  ].join("\n");
}

function allowlist({ plan }: PlanView): string {
  const { allowlist } = plan.trunk;
  const missing = missingFrom(allowlist, plan.carrier.sourceRanges);
  const wide = tooWide(allowlist, plan.carrier.sourceRanges);
  const verdict =
    missing.length > 0
      ? `❌ without ${some(missing)} of the carrier`
      : wide.length > 0
        ? `⚠️ ${wide.map((w) => `${w.entry} lets in ${w.strangers} addresses that are not the carrier's`).join("; ")}`
        : "✅ covers every source address of the carrier that the plan names, and no more than it may";
  return `\`${some(allowlist)}\` for ${cell(plan.carrier.name)} (\`${some(plan.carrier.sourceRanges)}\`): ${verdict}.`;
}

/** What the pack said of the preview, where one was folded in and tells. */
function packText({ preview }: PlanView): string {
  if (!preview) return "Not run here: the pack judges the preview, and every up. The gates above are its policies too.";
  const { violations } = preview;
  if (!violations) return "❌ Not told by the preview's file.";
  if (violations.length === 0) return "✅ No policy of the pack is violated in the preview.";
  const rows = violations.map((v) => [
    v.policy,
    `${v.level === "advisory" ? "⚠️" : "❌"} ${v.level}`,
    v.resource,
    v.message,
  ]);
  return table(["policy", "level", "resource", "what it says"], rows);
}

function callsAtRisk(view: PlanView): string {
  const { hours, plan } = view;
  if (!Array.isArray(hours)) return `Not known: ${cell(hours.unknown)}.`;
  const open = hours.filter((h) => h.inWindow);
  const quiet = [...(open.length > 0 ? open : hours)].sort((a, b) => a.calls - b.calls)[0]!;
  const at = new Intl.DateTimeFormat("en-GB", {
    timeZone: plan.limits.timezone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const total = hours.reduce((sum, h) => sum + h.calls, 0);
  const rows = hours.map((h) => [at.format(h.from), String(h.calls), h.inWindow ? "open" : "closed"]);
  return [
    `Inbound calls of the whole organisation in the last 24 full hours: ${total}. A call is at risk only while an update runs; the quietest hour ${open.length > 0 ? "inside" : "(none is inside)"} the change window began at ${at.format(quiet.from)} with ${quiet.calls} calls.`,
    "",
    `<details><summary>By the hour (${cell(plan.limits.timezone)})</summary>\n\n${table(["hour", "calls", `window ${plan.limits.changeWindow}`], rows)}\n\n</details>`,
  ].join("\n");
}

function duration(view: PlanView, changes: readonly Change[]): string {
  const rows = spansOf(view, changes).map((s) => [
    s.when,
    s.what,
    s.formula,
    s.seconds === undefined ? "not known" : `at least ${spanText(s.seconds)}`,
  ]);
  const rest = restOfMigration(view.plan, view.from);
  return `${table(["when", "what", "formula", "time"], rows)}\n\nFrom here to \`complete\` at least ${spanText(rest.seconds)}: ${rest.formula}. Waits for people come on top.`;
}

/** The changed objects as a diff, cut at `bytes`; what is left out is counted, and a cut diff is still valid Markdown. */
function rawDiff(changes: readonly Change[], view: PlanView, bytes: number): string {
  const sign = { add: "+", adopt: "+", remove: "-", change: "~" } as const;
  const lines = changes.flatMap((c) => [`${sign[c.op]} ${c.op} ${c.key}`, ...c.details.map((d) => `    ${d}`)]);
  if (view.preview) {
    const counts = Object.entries(view.preview.counts).map(([op, n]) => `${n} ${op}`);
    lines.push("", `pulumi preview: ${counts.join(", ") || "no change"}`, ...view.preview.steps);
    lines.push(...view.preview.errors.flatMap((e) => e.split("\n").map((l) => `! ${l}`)));
    for (const v of view.preview.violations ?? [])
      lines.push(...`${v.level} ${v.policy} ${v.resource}: ${v.message}`.split("\n").map((l) => `! ${l}`));
  }
  if (lines.length === 0) return "";
  const open = `<details><summary>Diff: ${changes.length} objects</summary>\n\n\`\`\`diff\n`;
  const close = "\n```\n\n</details>\n";
  const kept: string[] = [];
  let left = bytes - Buffer.byteLength(open) - Buffer.byteLength(close) - 80;
  for (const line of lines) {
    // A fence inside the text would end the block.
    const safe = (line.length > 2000 ? `${line.slice(0, 2000)}…` : line).replaceAll("```", "'''");
    left -= Buffer.byteLength(safe) + 1;
    if (left < 0) break;
    kept.push(safe);
  }
  if (kept.length < lines.length) kept.push(`... ${lines.length - kept.length} more lines`);
  return open + kept.join("\n") + close;
}

/** The pull request comment, at most COMMENT_BYTES_MAX bytes at any size of estate: the diff gives way first, then the middle sections. */
export function renderPlan(view: PlanView): string {
  const { plan, from, to } = view;
  const changes = changesOf(plan, from, to, view.floor);
  const why = obstacles(view);
  const verdict =
    why.length === 0
      ? "✅ **May be merged.**"
      : `❌ **May not be merged.** ${why.slice(0, 6).map(cell).join("; ").replace(/\.$/, "")}${why.length > 6 ? `; and ${why.length - 6} more` : ""}.`;
  const sections: [string, string][] = [
    [
      "What it does",
      whatItDoes(view)
        .slice(0, ROWS_MAX)
        .map((l) => `* ${l}`)
        .join("\n"),
    ],
    ["Last reversible step", lastReversible(view)],
    [
      "How to go back",
      wayBack(view)
        .map((l) => `* ${l}`)
        .join("\n"),
    ],
    ["What moves", movingNumbers(view)],
    ["Gates", gates(view)],
    ["Allowlist", allowlist(view)],
    ["Policy pack", packText(view)],
    ["Calls at risk", callsAtRisk(view)],
    ["Expected duration", duration(view, changes)],
    ["Waves", waves(view)],
  ];
  const title = `<!-- cutover-plan ${cell(view.stack ?? plan.name)} -->\n## Cutover ${cell(plan.name)}: ${heading(from)} → ${heading(to)}`;
  const where = `${view.stack ? `Stack \`${cell(view.stack)}\`` : "No stack named"}${view.assumed ? "; the position before is assumed to be one step earlier" : ""}; ${plan.numbers.length} numbers, plan \`${plan.digest.slice(0, 12)}\`${view.now ? `, judged ${view.now.toISOString()}` : ""}.`;
  let text = `${title}\n\n${verdict}\n\n${where}\n`;
  for (const [name, body] of sections) {
    const section = `\n### ${name}\n\n${body}\n`;
    const fits = Buffer.byteLength(text) + Buffer.byteLength(section) <= COMMENT_BYTES_MAX - 200;
    text += fits ? section : `\n### ${name}\n\nLeft out: the comment would be too long.\n`;
  }
  const diff = rawDiff(changes, view, COMMENT_BYTES_MAX - Buffer.byteLength(text) - 1);
  return Buffer.byteLength(text) + Buffer.byteLength(diff) + 1 <= COMMENT_BYTES_MAX && diff ? `${text}\n${diff}` : text;
}
