import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Takes the last number out of an estate's numbers.csv, as if its row had been deleted. */
export function dropLastNumber(dir: string): void {
  const file = join(dir, "numbers.csv");
  const rows = readFileSync(file, "utf8").trimEnd().split("\n");
  writeFileSync(file, `${rows.slice(0, -1).join("\n")}\n`);
}

/** Gives the second half of an estate's numbers a flow of their own. */
export function secondFlow(dir: string): void {
  const file = join(dir, "numbers.csv");
  const [head, ...rows] = readFileSync(file, "utf8").trimEnd().split("\n");
  const half = rows.map((row, i) => (i < rows.length / 2 ? row : row.replace("Main inbound", SECOND_FLOW)));
  writeFileSync(file, `${[head, ...half].join("\n")}\n`);
}

export const SECOND_FLOW = "Sales inbound";
