import { parse } from "csv-parse/sync";
import { isDialable } from "./numberingPlan";
import { nearest, type Problem, unknownKeyFix } from "./problems";
import type { NumberKind, PlanNumber, PlanPortOrder } from "./types";
import { WAVE_NAME } from "./waves";

const NUMBER_COLUMNS = ["number", "wave", "kind", "flow", "site", "port_order", "emergency_address"] as const;
/** Columns that may be left out. `call_route`: the call route that has the number, where it has another name than its flow. */
const NUMBER_OPTIONAL = ["call_route"] as const;
type NumberCells = (typeof NUMBER_COLUMNS)[number] | (typeof NUMBER_OPTIONAL)[number];
const PORT_COLUMNS = [
  "port_order",
  "wave",
  "site",
  "requested_foc_in_days",
  "losing_carrier",
  "gaining_carrier",
] as const;
/** Columns that may be left out. `billing_number`: of the account at the losing carrier, for main-number-last. */
const PORT_OPTIONAL = ["billing_number"] as const;
type PortCells = (typeof PORT_COLUMNS)[number] | (typeof PORT_OPTIONAL)[number];
const KINDS: readonly NumberKind[] = ["local", "toll_free", "national", "mobile", "shared_cost"];
/** ITU-T E.164: a country code that does not begin with 0, 15 digits at most. */
const E164 = /^\+[1-9]\d{1,14}$/;

interface Table<C extends string> {
  rows: { row: number; cells: Record<C, string> }[];
  problems: Problem[];
}

/** What the parser calls a mistake with quotes, and what stands there. */
const QUOTES: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: "text after the quote that closes a cell",
  INVALID_OPENING_QUOTE: "a quote in a cell that does not begin with one",
};

interface Records {
  /** Records that are not empty, with the line each begins on. */
  records: { record: string[]; row: number }[];
  problem?: { row?: number; seen: string };
}

/** Splits CSV text into records, empty lines left out. Without a quote a record is a line, which is read in a third of the time: 100,000 rows count. */
export function readRecords(source: string): Records {
  // One kind of line end: the parser counts CR LF inside of a cell as two lines.
  const text = source.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  if (!text.includes('"')) {
    const lines = text.split("\n");
    return { records: lines.flatMap((line, i) => (line === "" ? [] : [{ record: line.split(","), row: i + 1 }])) };
  }
  try {
    const parsed = parse(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: "\n",
    }) as unknown as { record: string[]; info: { lines: number } }[];
    // The parser tells the line a record ends on.
    return {
      records: parsed.map(({ record, info }) => ({
        record,
        row: info.lines - (record.join("").match(/\n/g)?.length ?? 0),
      })),
    };
  } catch (error) {
    const { lines, code, message } = error as { lines?: number; code?: string; message: string };
    // The parser meets the end of the file; the mistake is where the quote opens.
    if (code === "CSV_QUOTE_NOT_CLOSED")
      return { records: [], problem: { row: lineOfOpenQuote(text), seen: "a quote that is never closed" } };
    return { records: [], problem: { row: lines, seen: QUOTES[code ?? ""] ?? message } };
  }
}

/** Line of the last quote that opens and is not closed, 1 for the first line. */
function lineOfOpenQuote(text: string): number {
  let [line, opened, open] = [1, 1, false];
  for (const c of text) {
    if (c === "\n") line++;
    if (c !== '"') continue;
    open = !open;
    if (open) opened = line;
  }
  return opened;
}

/** What spreadsheets of many countries write between cells in place of a comma. */
const OTHER_SEPARATORS = [";", "\t"];

/** A first line that is one cell, with all columns in it. */
function wrongSeparator(file: string, header: readonly string[], columns: readonly string[]): Problem | undefined {
  const [only, ...more] = header;
  const seen = OTHER_SEPARATORS.find((s) => more.length === 0 && only?.split(s).includes(columns[0]!));
  return seen === undefined
    ? undefined
    : {
        file,
        row: 1,
        seen,
        expected: "a comma between the cells (RFC 4180)",
        fix: "save it as CSV with commas, in UTF-8",
      };
}

/** A first line that names no column at all: nothing, a row, or a title. One sentence, not one for each of its cells. */
function noHeader(file: string, header: readonly string[], columns: readonly string[]): Problem | undefined {
  // A name with a typo in it is told by itself.
  if (header.some((name) => nearest(name, columns) !== undefined)) return undefined;
  return {
    file,
    row: 1,
    seen: header.length > 0 ? header.join(",") : undefined,
    expected: `a first line with the names of the columns, ${columns.join(",")}`,
    fix: "add it above the rows",
  };
}

/**
 * Reads a CSV text (RFC 4180; LF or CRLF, byte order mark accepted) whose first line names the columns, in any order.
 * Cells are taken as they stand: nothing is trimmed or guessed. Rows without any value, which spreadsheets leave behind, are no rows.
 */
function readTable<C extends string>(
  file: string,
  text: string,
  columns: readonly C[],
  optional: readonly string[] = [],
): Table<C> {
  const { records, problem } = readRecords(text);
  if (problem)
    return { rows: [], problems: [{ file, ...problem, expected: "CSV (RFC 4180)", fix: "correct the quotes" }] };
  const problems: Problem[] = [];
  const header = records[0]?.record ?? [];
  const strange = wrongSeparator(file, header, columns) ?? noHeader(file, header, columns);
  if (strange) return { rows: [], problems: [strange] };
  header.forEach((name, i) => {
    const expected = `the columns ${columns.join(",")}`;
    if (!columns.includes(name as C) && !optional.includes(name))
      problems.push({ file, row: 1, column: name, seen: name, expected, fix: unknownKeyFix(name, columns) });
    else if (header.indexOf(name) !== i)
      problems.push({
        file,
        row: 1,
        column: name,
        seen: name,
        expected: "each column once",
        fix: "remove the second one",
      });
  });
  for (const column of columns) {
    if (!header.includes(column))
      problems.push({
        file,
        row: 1,
        column,
        seen: undefined,
        expected: `the column ${column}`,
        fix: `add the column ${column}`,
      });
  }
  if (problems.length > 0) return { rows: [], problems };
  const present = [...columns, ...(optional as readonly C[])].filter((column) => header.includes(column));
  const places = present.map((column) => [column, header.indexOf(column)] as const);
  const rows: Table<C>["rows"] = [];
  for (let i = 1; i < records.length; i++) {
    const { record, row } = records[i]!;
    if (record.every((cell) => cell.trim() === "")) continue;
    if (record.length !== header.length) {
      problems.push({
        file,
        row,
        seen: `${record.length} ${record.length === 1 ? "cell" : "cells"}`,
        expected: `${header.length} cells`,
        fix: "check commas and quotes",
      });
      continue;
    }
    const cells = {} as Record<C, string>;
    for (const [column, at] of places) cells[column] = record[at]!;
    rows.push({ row, cells });
  }
  return { rows, problems };
}

/** A cell that must hold text without spaces around it. */
function textProblem(file: string, row: number, column: string, value: string): Problem | undefined {
  if (value === "") return { file, row, column, seen: value, expected: "a value", fix: `fill in ${column}` };
  if (value.trim() !== value)
    return { file, row, column, seen: value, expected: "no spaces around the value", fix: "remove the spaces" };
  if (/\p{Cc}/u.test(value))
    return { file, row, column, seen: value, expected: "text on one line, without tabs", fix: `correct ${column}` };
  return undefined;
}

/** Rows of ports.csv. An order's wave must be a name that `cutover:waves` can hold. */
export function readPortOrders(file: string, text: string): { orders: PlanPortOrder[]; problems: Problem[] } {
  const { rows, problems } = readTable<PortCells>(file, text, PORT_COLUMNS, PORT_OPTIONAL);
  const firstRow = new Map<string, number>();
  const orders = rows.map(({ row, cells }): PlanPortOrder => {
    for (const column of PORT_COLUMNS) {
      const problem = textProblem(file, row, column, cells[column]);
      if (problem) problems.push(problem);
    }
    if (cells.wave && !WAVE_NAME.test(cells.wave)) {
      problems.push({
        file,
        row,
        column: "wave",
        seen: cells.wave,
        expected: "letters, digits, - and _, at most 32",
        fix: "rename the wave",
      });
    }
    // The column or a cell of it may be missing: most accounts leave whole.
    const billing: string | undefined = cells.billing_number || undefined;
    const bad = billing === undefined ? undefined : numberProblem(billing);
    if (bad) problems.push({ file, row, column: "billing_number", seen: billing, ...bad });
    const days = /^\d{1,3}$/.test(cells.requested_foc_in_days) ? Number(cells.requested_foc_in_days) : Number.NaN;
    if (cells.requested_foc_in_days && !(days >= 1)) {
      problems.push({
        file,
        row,
        column: "requested_foc_in_days",
        seen: cells.requested_foc_in_days,
        expected: "whole days from 1 to 999 after submission",
        fix: "correct the days",
      });
    }
    const first = firstRow.get(cells.port_order);
    if (first !== undefined)
      problems.push({
        file,
        row,
        column: "port_order",
        seen: cells.port_order,
        expected: `each order once (see row ${first})`,
        fix: "remove or rename one",
      });
    else firstRow.set(cells.port_order, row);
    return {
      id: cells.port_order,
      wave: cells.wave,
      site: cells.site,
      requestedFocInDays: days,
      losingCarrier: cells.losing_carrier,
      gainingCarrier: cells.gaining_carrier,
      ...(billing ? { billingNumber: billing } : {}),
      row,
    };
  });
  return { orders, problems };
}

/** Why a text is not a number that can be ported, or undefined. Nothing is normalised. */
export function numberProblem(value: string): { expected: string; fix: string } | undefined {
  if (!E164.test(value)) {
    return {
      expected: "a number in +E.164, such as +12125550123",
      fix: "write it with + and country code, digits only",
    };
  }
  if (!isDialable(value))
    return { expected: "a number that its country's numbering plan allows", fix: "correct or remove it" };
  return undefined;
}

/** Rows of numbers.csv, each cell checked by itself; how they fit the orders is checked by estateRules.ts. */
export function readNumbers(file: string, text: string): { numbers: PlanNumber[]; problems: Problem[] } {
  const { rows, problems } = readTable<NumberCells>(file, text, NUMBER_COLUMNS, NUMBER_OPTIONAL);
  const firstRow = new Map<string, number>();
  const numbers = rows.map(({ row, cells }): PlanNumber => {
    const { number } = cells;
    const bad = numberProblem(number);
    if (bad) problems.push({ file, row, column: "number", seen: number, ...bad });
    const first = firstRow.get(number);
    if (first !== undefined)
      problems.push({
        file,
        row,
        column: "number",
        seen: number,
        expected: `each number once (see row ${first})`,
        fix: "remove one of the rows",
      });
    else firstRow.set(number, row);
    if (!KINDS.includes(cells.kind as NumberKind)) {
      problems.push({
        file,
        row,
        column: "kind",
        seen: cells.kind,
        expected: `one of ${KINDS.join(", ")}`,
        fix: "correct the kind",
      });
    }
    for (const column of ["wave", "flow", "site", "port_order", "emergency_address"] as const) {
      const problem = textProblem(file, row, column, cells[column]);
      if (problem) problems.push(problem);
    }
    // The column or a cell of it may be missing: the call route has the flow's name then.
    const callRoute = cells.call_route || cells.flow;
    const spaces = textProblem(file, row, "call_route", callRoute);
    if (spaces && cells.call_route) problems.push(spaces);
    return {
      number,
      wave: cells.wave,
      part: cells.wave,
      kind: cells.kind as NumberKind,
      flow: cells.flow,
      callRoute,
      site: cells.site,
      portOrder: cells.port_order,
      emergencyAddress: cells.emergency_address,
      row,
    };
  });
  return { numbers, problems };
}
