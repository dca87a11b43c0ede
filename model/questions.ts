import { readRecords } from "./estateCsv";
import type { Problem } from "./problems";

/** What `cutover discover` writes where it could not know: an estate with one of these is not a plan yet. */
export const QUESTION = "?";

/**
 * Open questions of a CSV text, one problem for each column that has any, with their count: a column of 2,400 questions is one thing to
 * do. Empty for a text without questions or one that is not CSV (which is reported elsewhere).
 */
export function csvQuestions(file: string, text: string): Problem[] {
  if (!text.includes(QUESTION)) return [];
  const [header, ...rows] = readRecords(text).records;
  return (header?.record ?? []).flatMap((column, i): Problem[] => {
    const open = rows.flatMap(({ record, row }) => (record[i] === QUESTION ? [row] : []));
    if (open.length === 0) return [];
    const expected = `a value instead of the question in ${open.length} ${open.length === 1 ? "row" : "rows"}`;
    return [{ file, row: open[0], column, seen: QUESTION, expected, fix: `answer it: fill in ${column}` }];
  });
}

/** Paths of all values in the content of plan.yaml that are still a question. */
export function questionPaths(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
  if (value === QUESTION) return [path];
  if (value === null || typeof value !== "object") return [];
  const entries: [PropertyKey, unknown][] = Array.isArray(value) ? value.map((v, i) => [i, v]) : Object.entries(value);
  return entries.flatMap(([key, v]) => questionPaths(v, [...path, key]));
}
