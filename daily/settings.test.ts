import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../model/errors";
import { readStack } from "./settings";

const dir = mkdtempSync(join(tmpdir(), "cutover-settings-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const file = join(dir, "Pulumi.prod.yaml");

function read(text: string) {
  writeFileSync(file, text);
  return readStack("prod", file);
}

function problemOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof UserError) return error.message.replaceAll(file, "FILE");
    throw error;
  }
  return "no problem";
}

describe("a way back", () => {
  const told = (text: string): { seen: string[]; phase?: string } => {
    writeFileSync(file, text);
    const seen: string[] = [];
    const { phase } = readStack("prod", file, (problem) => seen.push(problem));
    return { seen, phase };
  };

  it("is stopped by no key that says nothing of where it leads; each is told", () => {
    const text =
      "config:\n  cutover:phase: canary\n  cutover:confrim: prod\n  cutover:resolvers: 5\n  cutover:canaryPercent: ten\n  cutover:override: '{'\n";
    expect(told(text)).toMatchObject({ phase: "canary", seen: { length: 4 } });
    expect(told(text).seen[0]).toContain("cutover:confrim: seen a key that nothing reads");
    expect(problemOf(text)).toContain("cutover:confrim");
  });

  it("is stopped by a key that was meant for the place, where the stack names none: the mistake would be the way back", () => {
    expect(() => told("config:\n  cutover:phase: cutover\n  cutover:wavse: w1=live\n")).toThrow(
      "fix: write cutover:waves",
    );
    expect(() => told('config:\n  cutover:phase: cutover\n  cutover:waves: ""\n  cutover:wavse: w1=live\n')).toThrow(
      "wavse",
    );
    expect(
      told("config:\n  cutover:phase: cutover\n  cutover:waves: w1=live\n  cutover:wavse: w1=live\n").seen,
    ).toHaveLength(1);
    expect(() => told("config:\n  cutover:phse: canary\n")).toThrow("fix: write cutover:phase");
  });
});

describe("the configuration of a stack", () => {
  it("is read with secrets, objects, JSON texts and keys of other name spaces", () => {
    const settings = read(
      `encryptionsalt: v1:x\nconfig:\n  cutover:phase: canary\n  cutover:canaryPercent: "5"\n  cutover:trunkPassword: { secure: x }\n  aws:region: us-east-1\n  own:key: [1]\n  cutover:resolvers: '[{"name":"a","address":"9.9.9.9:53","view":"public"}]'\n  genesyscloud:gateways:\n    - { host: h }\n`,
    );
    expect(settings).toMatchObject({ phase: "canary", canaryPercent: 5, gateways: [{ host: "h" }] });
    expect(settings.resolvers).toEqual([{ name: "a", address: "9.9.9.9:53", view: "public" }]);
    for (const empty of ["", "config:\n", "# only a comment\n", "encryptionsalt: v1:x\n"])
      expect(read(empty)).toMatchObject({ phase: undefined, waves: {}, resolvers: [] });
  });

  it("never takes a mistake for a missing value: a stack would go back to baseline, or its waves to their beginning", () => {
    expect(problemOf("config:\n  cutover:wavse: w1=live\n")).toMatch(
      /^FILE, cutover:wavse: seen a key that nothing reads; expected one of cutover:phase, .+; fix: write cutover:waves\.$/,
    );
    expect(problemOf("config:\n  Cutover:phase: canary\n")).toContain("fix: write cutover:phase.");
    for (const text of ["cutover:phase: canary\n", "config: []\n", "config: canary\n", "- a\n", "canary\n"])
      expect(problemOf(text)).toMatch(/^FILE: seen .+; expected `config:` with keys .+ below it; fix: put the keys/);
    expect(problemOf("config:\n  cutover:phase: [canary]\n")).toBe(
      'FILE, cutover:phase: seen ["canary"]; expected text; fix: correct it.',
    );
    expect(problemOf("config:\n  cutover:waves: { w1: live }\n")).toContain('seen {"w1":"live"}; expected text');
    for (const share of ["ten", "'0x10'", "5%", "NaN"])
      expect(problemOf(`config:\n  cutover:canaryPercent: ${share}\n`)).toMatch(/seen .+; expected a number; fix/);
    for (const list of ["{ a: b }", "5", "[x]", "'{}'", "[[]]"])
      expect(problemOf(`config:\n  cutover:resolvers: ${list}\n`)).toContain("expected a list of groups of keys");
    expect(problemOf("config:\n  genesyscloud:gateways: { host: 127.0.0.1 }\n")).toContain("expected a list of groups");
    expect(problemOf("config:\n\tcutover:phase: canary\n")).toMatch(/line 2, column 1; expected YAML/);
  });
});
