/** The table of behaviours in docs/engine.md, written by a run. */
import { readFileSync, writeFileSync } from "node:fs";

export interface Row {
  number: number;
  name: string;
  result: "same" | "differs";
  why: string[];
}

const FILE = "docs/engine.md";
const BEGIN = "<!-- conformance: written by npm run test:conformance -->";
const END = "<!-- end -->";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ").slice(0, 240);

/** Replaces what stands between the two marks. @throws Error when docs/engine.md has lost them. */
export function writeTable(rows: readonly Row[], against: string): void {
  const text = readFileSync(FILE, "utf8");
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${FILE} has lost the marks ${BEGIN} and ${END}`);
  const lines = rows
    .filter((r) => r.number > 0)
    .map((r) => [r.number, r.name, r.result === "same" ? "same" : `differs: ${cell(r.why[0] ?? "")}`] as const)
    .sort((a, b) => a[0] - b[0]);
  const handovers = rows
    .filter((r) => r.number === 0)
    .map(
      (r) =>
        `| | ${r.name} | ${r.result === "same" ? "unchanged there, walked on" : `differs: ${cell(r.why[0] ?? "")}`} |`,
    );
  const table = [
    `Compared with ${against}.`,
    "",
    "| | behaviour | embedded engine |",
    "|---|---|---|",
    ...lines.map(([n, name, result]) => `| ${n} | ${name} | ${result} |`),
    ...handovers,
  ];
  writeFileSync(FILE, `${before}${BEGIN}\n${table.join("\n")}\n${END}${after}`);
}
