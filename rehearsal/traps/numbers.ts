import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../model/errors";

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

/** Replaces a text everywhere in a file of an estate. @throws UserError when it is not there: the mistake would be none. */
export function replaceIn(dir: string, name: string, what: string, by: string): void {
  const file = join(dir, name);
  const text = readFileSync(file, "utf8");
  if (!text.includes(what))
    throw new UserError(
      `${name}: seen no "${what}"; expected the estate that this trap was written for; fix: --plan test/estates/guide.`,
    );
  writeFileSync(file, text.replaceAll(what, by));
}

/** Gives the first number of the guide's estate an order of its own, dated in `days`: the account of all numbers is billed on it. */
export function mainNumberOrder(dir: string, days: number): void {
  const [file, ports] = [join(dir, "numbers.csv"), join(dir, "ports.csv")];
  const [head, first, ...rows] = readFileSync(file, "utf8").trimEnd().split(/\r?\n/);
  const main = first!.replace("PO-GUIDE-01-WEST", "PO-GUIDE-00-MAIN");
  writeFileSync(file, `${[head, main, ...rows].join("\n")}\n`);
  const [columns, rest] = readFileSync(ports, "utf8").trimEnd().split(/\r?\n/);
  const [number] = main.split(",");
  const order = rest!.replace("PO-GUIDE-01-WEST", "PO-GUIDE-00-MAIN").replace(",13,", `,${days},`);
  const billed = [order, rest].map((row) => `${row},${number}`);
  writeFileSync(ports, `${[`${columns},billing_number`, ...billed].join("\n")}\n`);
}

export const SECOND_FLOW = "Sales inbound";
