import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { compareProblems, type Problem, unknownKeyFix } from "./problems";
import { planRules } from "./planRules";
import { QUESTION, questionPaths } from "./questions";
import { KNOWN_KEYS, type PlanFile, planSchema } from "./schema";

/** plan.yaml as read: the typed content when every key is right, all problems with their lines otherwise. */
export interface ReadPlanFile {
  content?: PlanFile;
  problems: Problem[];
  /** Line of a key, for problems found later. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/** Reads and checks the text of plan.yaml; never throws for a mistake in it. */
export function readPlanFile(file: string, source: string): ReadPlanFile {
  const counter = new LineCounter();
  const doc = parseDocument(source, { lineCounter: counter, prettyErrors: false });
  const lineOf = (path: readonly PropertyKey[]) => lineAt(doc, counter, path);
  if (doc.errors.length > 0) {
    const problems = doc.errors.map((error): Problem => {
      return {
        file,
        row: counter.linePos(error.pos[0]).line,
        seen: error.message,
        expected: "YAML",
        fix: "correct the syntax",
      };
    });
    return { problems, lineOf };
  }
  const odd = oddNodes(doc, counter).map((problem): Problem => ({ file, ...problem }));
  if (odd.length > 0) return { problems: odd, lineOf };
  const raw = doc.toJS() as unknown;
  const parsed = planSchema.safeParse(raw ?? {});
  const problems = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => problemsOf(file, raw, issue, doc, counter));
  problems.push(
    ...planRules(raw).map(({ path, ...rule }) => ({ ...rule, file, row: lineOf(path), column: keyText(path) })),
  );
  for (const path of questionPaths(raw)) {
    // A key of free text takes a question for an answer; where the form objects already, one line is enough.
    const column = keyText(path);
    const fix = `answer it: fill in ${column}`;
    const [told, ...same] = problems.filter((p) => p.column === column);
    for (const p of same) problems.splice(problems.indexOf(p), 1);
    if (told) told.fix = fix;
    else
      problems.push({
        file,
        row: lineOf(path),
        column,
        seen: QUESTION,
        expected: "a value instead of the question",
        fix,
      });
  }
  return { ...(parsed.success ? { content: parsed.data } : {}), problems: problems.sort(compareProblems), lineOf };
}

/** YAML that is well-formed and still no plan: aliases of other places, and keys that are no text. */
function oddNodes(doc: Document, counter: LineCounter): Omit<Problem, "file">[] {
  const problems: Omit<Problem, "file">[] = [];
  const row = (node: Node) => (node.range ? counter.linePos(node.range[0]).line : undefined);
  visit(doc, {
    Alias: (_key, node) => {
      const expected = "the value itself: a plan uses no YAML aliases, and * at a text's beginning is one";
      const fix = "write the value out, or put the text in quotes";
      problems.push({ row: row(node), seen: `*${node.source}`, expected, fix });
    },
    Pair: (_key, { key }) => {
      if (isScalar(key) && typeof key.value === "string") return undefined;
      const seen = isNode(key) ? String(key.toJSON() ?? "") : "";
      const expected = "a key that is text";
      problems.push({ row: isNode(key) ? row(key) : undefined, seen, expected, fix: "write the key's name" });
      return visit.SKIP;
    },
  });
  return problems;
}

interface Issue {
  code: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
}

function problemsOf(file: string, raw: unknown, issue: Issue, doc: Document, counter: LineCounter): Problem[] {
  if (issue.code === "unrecognized_keys" && issue.keys) {
    const known = issue.message.startsWith(KNOWN_KEYS) ? issue.message.slice(KNOWN_KEYS.length) : "";
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const fix = unknownKeyFix(key, known.split(", "));
      return {
        file,
        row: keyLine(doc, counter, path),
        column: keyText(path),
        seen: key,
        expected: `one of the keys ${known}`,
        fix,
      };
    });
  }
  const seen = valueAt(raw, issue.path);
  const column = keyText(issue.path);
  const fix = seen === undefined ? `add ${column || "the keys of a plan"}` : `correct ${column || "the file"}`;
  return [{ file, row: lineAt(doc, counter, issue.path), column, seen, expected: issue.message, fix }];
}

/** `trunk.codecs[1]`. */
function keyText(path: readonly PropertyKey[]): string {
  return path.map((p, i) => (typeof p === "number" ? `[${p}]` : `${i === 0 ? "" : "."}${String(p)}`)).join("");
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], raw);
}

/** Line of the value at the path, or of the nearest group around it when it is missing. */
function lineAt(doc: Document, counter: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const part = path.slice(0, depth);
    const line = keyLine(doc, counter, part);
    if (line !== undefined) return line;
    const node = doc.getIn(part, true);
    if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
  }
  return 1;
}

function keyLine(doc: Document, counter: LineCounter, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? doc.contents : doc.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
  const key = pair?.key;
  return isScalar(key) && key.range ? counter.linePos(key.range[0]).line : undefined;
}
