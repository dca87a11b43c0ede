import type { EngineEvent, Result, ShownDiff } from "../engine";

/** The sign of a step, as the Pulumi CLI draws it. */
const SIGNS: Record<string, string> = {
  create: "+ ",
  update: "~ ",
  delete: "- ",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  import: "= ",
  "import-replacement": "=>",
  read: "> ",
  "read-replacement": ">~",
  discard: "< ",
  "discard-replaced": "<<",
  "remove-pending-replace": "~-",
};
const COLUMN = 44;

/** First line of what a verb prints. */
export const header = (verb: string, stack: string): string =>
  `${verb === "preview" ? "Previewing an up" : `Running ${verb}`} of ${stack}`;

/** Longest value shown on one line, characters. */
const VALUE_MAX = 120;
const value = (v: unknown): string => {
  const text = JSON.stringify(v) ?? "";
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}...` : text;
};

/** `path: old => new`, one line a property; what forces a replacement says so. */
function diffLine(d: ShownDiff): string {
  const sign = d.kind.startsWith("add") ? "+" : d.kind.startsWith("delete") ? "-" : "~";
  const change =
    d.old === undefined ? value(d.new) : d.new === undefined ? value(d.old) : `${value(d.old)} => ${value(d.new)}`;
  return `        ${sign} ${d.path}: ${change}${d.kind.endsWith("-replace") ? "  (forces replacement)" : ""}`;
}

/** Messages as they come; steps are shown with the result, with what changed of them. */
export function showStep(e: EngineEvent): void {
  const d = e.diagnosticEvent as { severity: string; message: string } | undefined;
  if (d?.severity === "info" || d?.severity === "info#err") console.error(d.message.trimEnd());
}

/** Everything that changed, what policies and the engine said, and the counts. */
export function showResult(r: Result, preview: boolean): string {
  const lines: string[] = [];
  for (const s of r.steps) {
    const why = s.replaceReasons?.length ? `  [replaced because of ${s.replaceReasons.join(", ")}]` : "";
    lines.push(`    ${SIGNS[s.op] ?? "  "} ${s.type.padEnd(COLUMN)} ${s.name}  ${s.op}${why}`);
    // A replacement is three steps: what changed is told once.
    if (s.op !== "create-replacement") for (const d of s.diffs ?? []) lines.push(diffLine(d));
  }
  for (const v of r.policies.violations) lines.push(`[${v.level}] ${v.policy}: ${v.message}`);
  for (const d of r.diagnostics)
    if (d.severity === "warning" || d.severity === "error") lines.push(`${d.severity}: ${d.message}`);
  const counts = Object.entries(r.changes).filter(([op, n]) => op !== "same" && n > 0);
  lines.push("", `Resources:${preview ? " (preview)" : ""}`);
  for (const [op, n] of counts) lines.push(`    ${SIGNS[op]} ${n} to ${op}`.replace(" to ", preview ? " to " : " "));
  lines.push(`    ${r.changes.same} unchanged`, "", `${r.ok ? "Done" : "Failed"} in ${r.seconds.toFixed(1)} s`);
  return lines.join("\n");
}
