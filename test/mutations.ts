import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";

/** The texts of an estate's three files, as they would be on disk. */
export type Files = Record<"plan.yaml" | "numbers.csv" | "ports.csv", string>;

export const FILE_NAMES = ["plan.yaml", "numbers.csv", "ports.csv"] as const;

/** The estate of a directory, cut to `rows` numbers of each file: a mistake is found in 8 rows as in 40, and sooner. */
export function filesOf(dir: string, rows = 16): Files {
  const read = (name: string) => readFileSync(join(dir, name), "utf8");
  const numbers = read("numbers.csv").split("\n");
  return {
    "plan.yaml": read("plan.yaml"),
    "numbers.csv": `${numbers.slice(0, rows + 1).join("\n")}\n`,
    "ports.csv": read("ports.csv"),
  };
}

/** What people, spreadsheets and editors leave in a file in place of what stood there. */
const VALUES = [
  ...["", " ", "?", "-", "~", "null", "true", "0", "-1", "1e309", ".nan", ".inf", "0x10", "12:30", "2026-02-30"],
  ...["[]", "{}", "[a, b]", "{ a: b }", "*x", "&x y", "!!js/function 1", "<<", "constructor", "__proto__", "toString"],
  ...[
    "=1+1",
    "@SUM(A1)",
    "030 901820",
    "0049 30 901820",
    "4.93090182E+11",
    "+49(30)901820",
    "+0000000",
    "tel:+493090182",
  ],
  ...["\uFEFF", "\u202Ex", "e\u0301", "😀", "\u0000", "\t", '"', "'", "a\nb", "a,b", "a;b", "x".repeat(300)],
  ...["10.0.0.0/33", "::1/128", "a.b.", "-x.y", "Mon-Thu 22:00", "Mon-Thu 25:00-26:00", "Mars/Phobos"],
];

interface Mutation {
  kind: (typeof KINDS)[number];
  /** Places, each 0 up to 1, of the file's lines, cells or characters. */
  at: number;
  to: number;
  value: string;
}

const KINDS = [
  ...["delete-line", "duplicate-line", "swap-lines", "cut-off", "insert-text", "delete-text"],
  ...["cell", "swap-cells", "delete-cell", "scalar", "key", "indent", "line-ends", "separator", "quote-cells"],
] as const;

/** Any place is as likely as any other; a mistake in the first line is not the usual one. */
const share = fc.noBias(fc.nat(9999)).map((n) => n / 10_000);

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: share,
  to: share,
  value: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
  ),
});

const place = (share: number, length: number) => Math.floor(share * length);

function withLine(text: string, at: number, change: (line: string, i: number, lines: string[]) => string[]): string {
  const lines = text.split("\n");
  const i = place(at, lines.length);
  lines.splice(i, 1, ...change(lines[i]!, i, lines));
  return lines.join("\n");
}

function withCells(line: string, change: (cells: string[]) => void): string[] {
  const cells = line.split(",");
  change(cells);
  return [cells.join(",")];
}

/** Puts `value` in place of the `to`-th value (or key) of a line of YAML, block or flow style. */
function withYamlPart(line: string, part: "scalar" | "key", to: number, value: string): string[] {
  const pattern = part === "key" ? /[A-Za-z0-9_]+(?=:)/g : /(?<=: |\[|, )[^,{}[\]]+/g;
  const found = [...line.matchAll(pattern)];
  const chosen = found[place(to, found.length)];
  if (!chosen) return [value];
  return [line.slice(0, chosen.index) + value + line.slice(chosen.index + chosen[0].length)];
}

/** One text with one mistake in it. */
export function mutate(text: string, { kind, at, to, value }: Mutation): string {
  switch (kind) {
    case "delete-line":
      return withLine(text, at, () => []);
    case "duplicate-line":
      return withLine(text, at, (line) => [line, line]);
    case "swap-lines":
      return withLine(text, at, (line, i, lines) => {
        const j = place(to, lines.length);
        const other = lines[j]!;
        lines[j] = line;
        return [i === j ? line : other];
      });
    case "cut-off":
      return text.slice(0, place(at, text.length));
    case "insert-text":
      return text.slice(0, place(at, text.length)) + value + text.slice(place(at, text.length));
    case "delete-text":
      return text.slice(0, place(at, text.length)) + text.slice(place(at, text.length) + 1 + place(to, 20));
    case "cell":
      return withLine(text, at, (line) => withCells(line, (cells) => cells.splice(place(to, cells.length), 1, value)));
    case "swap-cells":
      return withLine(text, at, (line) => withCells(line, (cells) => cells.push(cells.shift()!)));
    case "delete-cell":
      return withLine(text, at, (line) => withCells(line, (cells) => cells.splice(place(to, cells.length), 1)));
    case "scalar":
    case "key":
      return withLine(text, at, (line) => withYamlPart(line, kind, to, value));
    case "indent":
      return withLine(text, at, (line) => [`${to < 0.5 ? "\t" : "  "}${line}`]);
    case "line-ends":
      return text.replaceAll("\n", to < 0.5 ? "\r\n" : "\r");
    case "separator":
      return text.replaceAll(",", to < 0.5 ? ";" : "\t");
    default:
      return text
        .split("\n")
        .map((line) => line.replace(/[^,]+/g, (cell) => `"${cell}"`))
        .join("\n");
  }
}
