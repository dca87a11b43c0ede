import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One command line of a page. */
export interface DocCommand {
  file: string;
  /** Line in the file, from 1. */
  line: number;
  /** The command without comment; continued lines joined. */
  text: string;
  /** `fence`: a fenced sh block; `indent`: an indented block; `inline`: code in a sentence. */
  where: "fence" | "indent" | "inline";
  /** Why it is not run, for a fenced block with a comment before it. */
  notRun?: string;
  /** Exit code that the page tells (`# exits 1`), default 0. */
  exits: number;
  /** Of the last command of a block: lines that all output of the block has, as the block below says. */
  expected: string[];
}

/** Every page whose commands are checked: README.md and all below docs/. */
export function pages(): string[] {
  const below = readdirSync("docs", { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".md"));
  return ["README.md", ...below.map((f) => join("docs", f)).sort()];
}

const PROGRAMS = /^(?:npx (?:--no-install )?cutover|(?:bin\/)?cutover|node dist\/cli\.js|npm|pulumi|dig|git)\b/;
const NOT_RUN = /^<!-- not run: (.+) -->$/;

/** All commands of a page. @throws Error for a fence that is never closed. */
export function commandsOf(file: string): DocCommand[] {
  const lines = readFileSync(file, "utf8").split("\n");
  const out: DocCommand[] = [];
  for (let i = 0; i < lines.length; i++) {
    const fence = /^```(\w*)$/.exec(lines[i]!);
    if (fence) {
      const end = lines.indexOf("```", i + 1);
      if (end === -1) throw new Error(`${file}:${i + 1}: a fence that is never closed`);
      if (fence[1] === "sh" || fence[1] === "bash") out.push(...fenced(file, lines, i, end));
      i = end;
      continue;
    }
    const indented = /^ {4}(\S.*)$/.exec(lines[i]!);
    if (indented && PROGRAMS.test(indented[1]!)) out.push(commandAt(file, i + 1, indented[1]!, "indent"));
    else if (!indented) out.push(...inline(file, i + 1, lines[i]!));
  }
  return out;
}

function fenced(file: string, lines: string[], start: number, end: number): DocCommand[] {
  const before = lines.slice(0, start).findLast((l) => l.trim() !== "") ?? "";
  const notRun = NOT_RUN.exec(before)?.[1];
  const commands: DocCommand[] = [];
  let open = "";
  for (let i = start + 1; i < end; i++) {
    const text = `${open}${lines[i]!.trim()}`;
    open = text.endsWith("\\") ? text.slice(0, -1) : "";
    if (open || text === "" || text.startsWith("#")) continue;
    commands.push({ ...commandAt(file, i + 1, text, "fence"), ...(notRun ? { notRun } : {}) });
  }
  const last = commands.at(-1);
  if (last && lines[end + 1] === "```text") {
    const close = lines.indexOf("```", end + 2);
    last.expected = lines.slice(end + 2, close).filter((l) => l.trim() !== "");
  }
  return commands;
}

function commandAt(file: string, line: number, raw: string, where: DocCommand["where"]): DocCommand {
  const comment = / +#.*$/.exec(raw)?.[0] ?? "";
  const exits = Number(/exits (\d+)/.exec(comment)?.[1] ?? 0);
  return { file, line, text: raw.slice(0, raw.length - comment.length).trim(), where, exits, expected: [] };
}

/** Code in sentences that is a whole command; `cutover:phase` and the like are keys, and a bare `cutover` is a name. */
function inline(file: string, line: number, text: string): DocCommand[] {
  return [
    ...text.matchAll(/`((?:npx cutover|cutover|bin\/cutover|node dist\/cli\.js|npm run|npm start|npm test) ?[^`]*)`/g),
  ]
    .map((m) => m[1]!.trim())
    .filter((code) => PROGRAMS.test(code) && !/^cutover(?:$|[:/])/.test(code))
    .map((code) => commandAt(file, line, code, "inline"));
}

/** Words of a command line; quotes group. */
export const wordsOf = (text: string): string[] =>
  [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3]!);

/** Relative links of a page that lead nowhere. */
export function brokenLinks(file: string): string[] {
  const dir = join(file, "..");
  const text = readFileSync(file, "utf8").replace(/```[\s\S]*?```/g, "");
  return [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    .map((m) => m[1]!)
    .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(dir, link)));
}
