import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The command line as somebody new meets it: help, mistakes, exit codes, colour, narrow terminals. */
const dir = mkdtempSync(join(tmpdir(), "cutover-cli-"));
const missing = join(dir, "missing");
afterAll(() => rmSync(dir, { recursive: true, force: true }));

// A shell without any credentials, and without the test runner's own variables.
const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: dir };
const exec = (file: string, args: string[], more: NodeJS.ProcessEnv = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(file, args, { env: { ...env, ...more }, timeout: 25_000 }, (e, stdout, stderr) =>
      resolve({ code: e ? Number(e.code) : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });
const cutover = (...args: string[]) => exec(process.execPath, ["dist/cli.js", ...args]);

let verbs: string[] = [];
beforeAll(async () => {
  const { stdout } = await cutover("--help");
  verbs = [...stdout.matchAll(/^ {2}([a-z]+)(?: \[|\s{2,})/gm)].map((m) => m[1]!).filter((v) => v !== "help");
  writeFileSync(join(dir, "world.json"), "not a world\n");
  writeFileSync(join(dir, "other.json"), '{"genesys":"x","resolvers":[]}\n');
  writeFileSync(join(dir, "empty.json"), '{"version":3,"deployment":null}\n');
  writeFileSync(join(dir, "Pulumi.typo.yaml"), "config:\n  cutover:phse: canary\n");
});

describe("help", () => {
  it("ends with an example for every verb, which names that verb", async () => {
    expect(verbs.length).toBeGreaterThanOrEqual(14);
    const helps = await Promise.all(verbs.map((verb) => cutover(verb, "--help")));
    for (const [i, verb] of verbs.entries()) {
      expect(helps[i]!.code, verb).toBe(0);
      expect(helps[i]!.stdout, verb).toMatch(new RegExp(`Examples?:[\\s\\S]*cutover ${verb}`));
    }
  });
  it("tells the exit codes", async () => {
    const { code, stdout } = await cutover("help", "exit-codes");
    expect(code).toBe(0);
    for (const n of ["0 ", "1 ", "2 ", "130 "]) expect(stdout).toContain(`  ${n}`);
  });
  it.skipIf(!existsSync("/usr/bin/script"))("fits a terminal of 40 columns", async () => {
    const { stdout } = await exec("/usr/bin/script", [
      "-qec",
      `stty cols 40; ${process.execPath} dist/cli.js --help`,
      "/dev/null",
    ]);
    const lines = stdout.split(/\r?\n/);
    expect(lines.length).toBeGreaterThan(40);
    // A word or example longer than its column stays whole.
    expect(lines.filter((l) => l.length > 60)).toEqual([]);
  });
});

/** What was typed, and what the answer has to say: the place, and the cure or what was expected. Exit 2 each time. */
const MISTAKES: [string[], RegExp][] = [
  [["frobnicate"], /^unknown command 'frobnicate'; --help shows what is expected\n$/],
  [["rehaerse"], /Did you mean rehearse\?/],
  [["rehearse", "--frob"], /unknown option '--frob'/],
  [["rehearse", "stacks/dev"], /too many arguments/],
  [["rehearse", "--plan", missing], /plan\.yaml: seen no such file in .*missing; expected .*; fix:/],
  [["rehearse", "--to", "canry"], /--to is "canry"; expected one of baseline/],
  [["rehearse", "--seed", "x"], /--seed is "x"; expected a whole number/],
  [["rehearse", "--calls-per-second", "1000"], /--calls-per-second is "1000"; expected a whole number from 1 to 200/],
  [["rehearse", "--trap", "nope"], /--trap nope: no such trap; expected one of/],
  [["rehearse", "--world", "nope"], /--world nope: expected one of/],
  [["rehearse", "--back-from", "nope"], /--back-from nope: expected a phase/],
  [["rehearse", "--override", "nope"], /--override: .*not JSON of the form/],
  [["rehearse", "--without-policy", "x"], /--without-policy: .*expected together with --trap/],
  [["traps", "--only", "nope"], /--only nope: no such trap; expected one of/],
  [["sandbox"], /--plan is missing: expected/],
  [["sandbox", "--plan", missing], /plan\.yaml: seen no such file/],
  [["sandbox", "--plan", "stacks/dev", "--frob"], /'--frob': expected/],
  [["plan"], /Name either --stack or --plan/],
  [["plan", "--plan", "stacks/dev", "--to", "nope"], /'nope' is invalid\. Expected one of baseline/],
  [["plan", "--plan", "stacks/dev", "--waves", "w9=live"], /seen part w9; expected one of w1/],
  [["plan", "--plan", "stacks/dev", "--waves", "w1"], /expected text such as w1=adopted/],
  [["plan", "--stack", "nope"], /Pulumi\.nope\.yaml: seen no such file/],
  [["discover"], /required option '--out <dir>'/],
  [["discover", "--out", missing], /Name either --region or --stack/],
  [["discover", "--out", missing, "--region", "mars"], /mars.*expected one of us-east-1|GENESYSCLOUD_OAUTHCLIENT_ID/],
  [
    ["discover", "--out", missing, "--region", "eu-central-1"],
    /GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET not set/,
  ],
  [
    ["discover", "--out", missing, "--world", join(dir, "world.json")],
    /world\.json: its first line is not a world's addresses/,
  ],
  [["doctor"], /Name --stack, --plan or both/],
  [["status"], /required option '--stack <name>'/],
  [["status", "--stack", "nope"], /Pulumi\.nope\.yaml: seen no such file/],
  [["preview", "--stack", "nope"], /Pulumi\.nope\.yaml is missing: expected/],
  [["up", "--stack", "dev"], /--world is missing: expected the file .*cutover sandbox/],
  [["destroy", "--stack", "dev", "--world", missing], /--world .*missing: seen ENOENT; expected the first line/],
  // A world's line that was cut, or another JSON document.
  [["preview", "--stack", "dev", "--world", join(dir, "other.json")], /other\.json: its first line is not a world's/],
  [["status", "--stack", "dev", "--world", join(dir, "other.json")], /other\.json: its first line is not a world's/],
  [["export", "--stack", "dev", "--state", join(dir, "world.json")], /seen ENOTDIR; expected the stack's state; fix:/],
  [
    ["import", "--stack", "dev", "--file", join(dir, "world.json")],
    /world\.json: seen no JSON; expected what `cutover export`/,
  ],
  [["import", "--stack", "dev", "--file", join(dir, "empty.json")], /empty\.json: seen no deployment; expected what/],
  // A variable of the shell that was not set: never the directory one stands in.
  [["rehearse", "--out", ""], /^--out: seen an empty text; expected a name; fix: .+\n$/],
  [["status", "--stack", ""], /^--stack: seen an empty text/],
  [
    ["plan", "--plan", "stacks/dev", "--config", join(dir, "Pulumi.typo.yaml")],
    /typo\.yaml, cutover:phse: seen a key that nothing reads; .+ fix: write cutover:phase/,
  ],
  [
    ["import", "--stack", "dev", "--file", missing, "--state", join(dir, "state")],
    /missing: seen ENOENT; expected what `cutover export` wrote/,
  ],
];

describe.concurrent("a mistake is one sentence and exit 2", () => {
  it.each(
    MISTAKES.map(([args, says]) => [args.map((a) => a.replace(dir, "DIR")).join(" "), args, says] as const),
  )("%s", async (_title, args, says) => {
    const { code, stdout, stderr } = await cutover(...args);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("leaves nothing behind", () => expect(existsSync(missing)).toBe(false));
});

it.skipIf(!existsSync("/dev/full"))("a full disk is one sentence and exit 1", async () => {
  const { code, stderr } = await cutover(
    "export",
    "--stack",
    "dev",
    "--state",
    join(dir, "none"),
    "--file",
    "/dev/full",
  );
  expect(stderr).toMatch(/^[^\n]+: seen no space left on the device; expected space to write; fix: [^\n]+\n$/);
  expect(code).toBe(1);
});

describe("colour", () => {
  it("is not used where output is no terminal", async () => {
    const { stdout } = await cutover("doctor", "--plan", "stacks/dev");
    expect(stdout).toContain("2400 numbers");
    expect(stdout).not.toContain("\x1b[");
  });
  it.skipIf(!existsSync("/usr/bin/script"))("is not used on a terminal with NO_COLOR", async () => {
    const doctor = `${process.execPath} dist/cli.js doctor --plan stacks/dev`;
    const { stdout } = await exec("/usr/bin/script", ["-qec", doctor, "/dev/null"], { NO_COLOR: "1" });
    expect(stdout).toContain("2400 numbers");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the control character that must not be there
    expect(stdout).not.toMatch(/\x1b\[[0-9;]*m/);
  });
});

it("ends quietly when the reader of a pipe has gone", async () => {
  const { code, stderr } = await exec("/bin/sh", [
    "-c",
    `${process.execPath} dist/cli.js plan --plan stacks/dev --to canary | head -1; true`,
  ]);
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
});
