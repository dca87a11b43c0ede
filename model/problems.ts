/** One mistake in an estate's files: where it stands, what is there, what was expected, how to mend it. */
export interface Problem {
  file: string;
  /** Line in the file, first line = 1; undefined when the file as a whole is meant. */
  row?: number;
  /** Column of a CSV file or key of a YAML file. */
  column?: string;
  seen: unknown;
  expected: string;
  fix: string;
  /** Further rows with the same mistake that are not told one by one. */
  more?: { rows: number; lastRow?: number };
}

/** One line: `numbers.csv row 14, column number: seen "0049 30"; expected +E.164 ...; fix: ...`. */
export function formatProblem({ file, row, column, seen, expected, fix, more }: Problem): string {
  const place = [`${file}${row === undefined ? "" : ` row ${row}`}`, ...(column ? [`column ${plain(column)}`] : [])];
  const others = more ? `, and the like in ${more.rows} more rows up to row ${more.lastRow ?? "?"}` : "";
  return `${place.join(", ")}: seen ${shown(seen)}${others}; expected ${expected}; fix: ${plain(fix)}.`;
}

/** Sentences for one kind of mistake: a spreadsheet that writes every number wrong made one mistake, not 100,000. */
const ALIKE_MAX = 8;

/** The problems with all but the first few of each kind counted in the last one that is told. */
export function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const alike = new Map<string, Problem[]>();
  for (const problem of problems) {
    // The row of another mention, or the value that another row has, is no other kind of mistake.
    const { file, column, expected } = problem;
    const kind = JSON.stringify([file, column?.replace(/\d+/g, "#"), expected.replace(/\d+/g, "#")]);
    const group = alike.get(kind);
    if (group) group.push(problem);
    else alike.set(kind, [problem]);
  }
  return [...alike.values()].flatMap((group) => {
    const rest = group.slice(ALIKE_MAX);
    const told = group.slice(0, ALIKE_MAX);
    if (rest.length > 0) told.push({ ...told.pop()!, more: { rows: rest.length, lastRow: rest.at(-1)?.row } });
    return told;
  });
}

/** Order of problems in a report: by file, then by line. */
export function compareProblems(a: Problem, b: Problem): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : (a.row ?? 0) - (b.row ?? 0);
}

/** A name out of a file as part of a sentence: on one line, and not for pages. */
const plain = (name: string): string => (/\p{Cc}/u.test(name) || name.length > 200 ? shown(name) : name);

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text =
    typeof value === "number" && !Number.isFinite(value) ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The known name with the fewest edits, or undefined when none is near (more than a third of its length away, at least 2). */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestEdits = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < bestEdits) [best, bestEdits] = [candidate, edits];
  }
  return best !== undefined && bestEdits <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined;
}

/** Levenshtein distance with two rows. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, above[j]! + 1, row[j - 1]! + 1));
    }
    above = row;
  }
  return above[b.length]!;
}

/** Fix for an unknown key or column: the nearest known one, or the list. */
export function unknownKeyFix(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near ? `write ${near} or remove it` : "remove it";
}
