import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Takes the last number out of an estate's numbers.csv, as if its row had been deleted. */
export function dropLastNumber(dir: string): void {
  const file = join(dir, "numbers.csv");
  const rows = readFileSync(file, "utf8").trimEnd().split("\n");
  writeFileSync(file, `${rows.slice(0, -1).join("\n")}\n`);
}
