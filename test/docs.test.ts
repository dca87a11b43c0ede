import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenLinks, commandsOf, type DocCommand, pages, wordsOf } from "./docs-commands";

/**
 * What the pages tell people to type. Every command is compared with the verbs, flags and scripts that there are; a fenced block that says nothing
 * else is run, in a directory of its own, and has to end and say as the page shows. Commands of docs/daily.md that need a world are run by
 * test/daily-cli.test.ts.
 */
const dir = mkdtempSync(join(tmpdir(), "cutover-docs-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const cutover = (args: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, ["dist/cli.js", ...args], { maxBuffer: 20_000_000, timeout: 25_000 }, (e, out, err) =>
      resolve({ code: e ? Number(e.code) : 0, output: out + err }),
    );
  });

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const all = pages().flatMap(commandsOf);

/** Flags of each verb, as its own help lists them. */
const flags = new Map<string, Set<string>>();
beforeAll(async () => {
  const overview = (await cutover(["--help"])).output;
  const verbs = [...overview.matchAll(/^ {2}([a-z]+)(?: \[|\s{2,})/gm)].map((m) => m[1]!).filter((v) => v !== "help");
  const helps = await Promise.all(verbs.map((verb) => cutover([verb, "--help"])));
  for (const [i, verb] of verbs.entries())
    flags.set(verb, new Set([...helps[i]!.output.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)].map((m) => m[1]!)));
});

/** Verbs of the Pulumi CLI (3.2xx) that the pages use, with their flags. */
const PULUMI: Readonly<Record<string, readonly string[]>> = {
  preview: ["--stack", "--policy-pack", "--refresh", "--json", "--expect-no-changes", "--diff", "--save-plan"],
  up: ["--stack", "--policy-pack", "--yes", "--refresh", "--skip-preview", "--diff", "--plan"],
  refresh: ["--stack", "--preview-only", "--yes"],
  destroy: ["--stack", "--yes"],
  cancel: ["--stack", "--yes"],
  stack: ["--stack", "--file", "--version", "--show-secrets", "--secrets-provider"],
  state: ["--stack", "--all", "--yes"],
  config: ["--stack", "--secret", "--path"],
  login: ["--local"],
  import: ["--stack", "--file"],
  package: [],
  plugin: [],
  env: [],
};
const PULUMI_ALL: readonly string[] = ["--help", "--non-interactive", "--cwd"];

const flagsIn = (words: string[]) => words.filter((w) => /^--[a-z]/.test(w)).map((w) => w.split("=")[0]!);

/** What a verb is asked that it does not know. `[a|b]` and `<...>` are forms, not words. */
function unknownOf(verb: string | undefined, words: string[]): string[] {
  if (verb === undefined || verb.startsWith("-"))
    return flagsIn(words).filter((f) => !["--help", "--version"].includes(f));
  if (verb === "help" || /^[A-Z<[]/.test(verb)) return [];
  const names = verb.split("|");
  const missing = names.filter((name) => !flags.has(name));
  if (missing.length > 0) return missing.map((name) => `verb ${name}`);
  return flagsIn(words).filter((f) => f !== "--help" && !names.some((name) => flags.get(name)!.has(f)));
}

/** The arguments for dist/cli.js of a command of Cutover's, undefined for other programs. */
function argumentsOf(words: string[]): string[] | undefined {
  const at = words.findIndex((w) => w === "cutover" || w === "bin/cutover" || w === "dist/cli.js");
  const started =
    words[0] === "npm" && words[1] === "start"
      ? ["rehearse", ...words.slice(words.indexOf("--") + 1 || words.length)]
      : undefined;
  if (words[0] === "npm") return started;
  return at === -1 || at > 2 ? undefined : words.slice(at + 1).filter((w) => w !== "&");
}

/** Problems of one command: an unknown verb, script, flag or program. */
function problems(command: DocCommand): string[] {
  const words = wordsOf(command.text.replace(/ [12]?>>? *\S+/g, " ").replace(/ \|.*$/, ""));
  const args = argumentsOf(words);
  if (args) {
    const file = words.find((w) => w === "bin/cutover");
    return file && !existsSync(file) ? [`no file ${file}`] : unknownOf(args[0], args.slice(1));
  }
  if (words[0] === "npm") return npmProblems(words);
  if (words[0] === "pulumi") {
    const known = PULUMI[words[1] ?? ""];
    if (!known) return [`pulumi ${words[1]}`];
    return flagsIn(words).filter((f) => !known.includes(f) && !PULUMI_ALL.includes(f));
  }
  return ["dig", "git"].includes(words[0]!) ? [] : [`program ${words[0]}`];
}

function npmProblems(words: string[]): string[] {
  const [, verb, ...rest] = words;
  if (verb === "ci" || verb === "test" || verb === "install") return [];
  if (verb !== "run") return [`npm ${verb}`];
  const script = rest.find((w) => !w.startsWith("-"));
  if (!script || !(script in scripts)) return [`npm run ${script}`];
  const own = rest.includes("--") ? rest.slice(rest.indexOf("--") + 1) : [];
  const verbs = /dist\/cli\.js (\w+)/.exec(scripts[script]!)?.[1];
  if (verbs) return unknownOf(verbs, own);
  const text = sourcesOf(script);
  return flagsIn(own).filter((f) => !new RegExp(`["']?(?:--)?${f.slice(2)}["']?(?::|["'\`=])`).test(text));
}

/** Text of the program that a script starts, and of the folder test/<name> that it drives. */
function sourcesOf(script: string): string {
  const files = [...scripts[script]!.matchAll(/(\S+\.mjs)/g)].map((m) => m[1]!);
  const folder = join("test", script.split(":").at(-1)!);
  const driven = existsSync(folder) ? readdirSync(folder).filter((f) => /\.(ts|mjs)$/.test(f)) : [];
  return [...files, ...driven.map((f) => join(folder, f))].map((f) => readFileSync(f, "utf8")).join("\n");
}

/** Runs one command in the place of the page's: files it names without a directory go to a directory of the test's. */
async function run(command: DocCommand) {
  const ownFile = (word: string) =>
    /^[\w-]+\.(json|md)$/.test(word) ? join(dir, word) : word.replace(/^\/tmp\//, `${dir}/`);
  const args = argumentsOf(wordsOf(command.text.replace(/ > *\S+/g, "")))!.map(ownFile);
  // A state of its own: the working copy's must not be touched.
  if (["export", "import", "cancel"].includes(args[0]!)) args.push("--state", join(dir, "state"));
  return cutover(args);
}

const said = (output: string, line: string) =>
  line
    .split("…")
    .map((part) => part.trim())
    .every((part) => output.includes(part));

describe("commands in the pages", () => {
  it("are found at all", () => {
    expect(all.filter((c) => c.where === "fence").length).toBeGreaterThan(20);
    expect(all.filter((c) => c.where === "inline").length).toBeGreaterThan(20);
  });

  it("name verbs, scripts and flags that there are", () => {
    const wrong = all.flatMap((c) => problems(c).map((p) => `${c.file}:${c.line}: ${p} in: ${c.text}`));
    expect(wrong).toEqual([]);
  });

  it("would be told from ones that are wrong", () => {
    const made = (text: string) => problems({ file: "x", line: 1, text, where: "fence", exits: 0, expected: [] });
    expect(made("npx cutover paln --plan stacks/dev")).toEqual(["verb paln"]);
    expect(made("npm start -- --plann DIR")).toEqual(["--plann"]);
    expect(made("npm run nonsense")).toEqual(["npm run nonsense"]);
    expect(made("pulumi up --no-such")).toEqual(["--no-such"]);
    expect(made("rm -rf /")).toEqual(["program rm"]);
  });

  const runnable = all.filter((c) => c.where === "fence" && !c.notRun);
  const blocks = [...new Set(runnable.map((c) => c.file))].map((file) => runnable.filter((c) => c.file === file));
  it.concurrent.each(blocks.map((b) => [b[0]!.file, b] as const))(
    "%s: what is not marked runs as shown",
    { timeout: 90_000 },
    async (_file, commands) => {
      let output = "";
      for (const command of commands) {
        const at = `${command.file}:${command.line}: ${command.text}`;
        if (!argumentsOf(wordsOf(command.text))) throw new Error(`${at} is neither run nor marked`);
        const done = await run(command);
        expect(done.code, `${at}\n${done.output.slice(-1500)}`).toBe(command.exits);
        output += done.output;
        for (const line of command.expected)
          expect(said(output, line), `${at}\nexpected: ${line}\n${output.slice(0, 3000)}`).toBe(true);
        if (command.expected.length > 0) output = "";
      }
    },
  );
});

describe("pages", () => {
  it("link to files that are there", () =>
    expect(pages().flatMap((p) => brokenLinks(p).map((l) => `${p}: ${l}`))).toEqual([]));

  it("are all reached from the index", () => {
    const index =
      readFileSync("docs/README.md", "utf8") +
      readFileSync("docs/runbooks/README.md", "utf8") +
      readFileSync("docs/runbooks/cutover.md", "utf8");
    const missing = pages().filter(
      (p) => p !== "README.md" && basename(p) !== "README.md" && !index.includes(`${basename(p)})`),
    );
    expect(missing).toEqual([]);
  });

  it("have the same parts in every runbook of a step", () => {
    const steps = pages().filter(
      (p) => p.startsWith("docs/runbooks/") && !["README.md", "cutover.md", "bad-day.md"].includes(basename(p)),
    );
    expect(steps).toHaveLength(9);
    for (const page of steps) {
      const text = readFileSync(page, "utf8");
      for (const part of [
        "## Before",
        "## During",
        "## After",
        "## Back",
        "## Who to call",
        "**How long**",
        "**What callers notice**",
      ])
        expect(text, `${page}: ${part}`).toContain(part);
    }
  });
});
