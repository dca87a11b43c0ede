import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { setYamlKeys } from "./yaml-lines";

const TEXT = `# The stack.
config:
  # Where it stands.
  cutover:phase: baseline # one line
  cutover:waves: ""
  cutover:resolvers: '[{"name":"quad9"}]'
  secret:
    secure: AAAA
encryptionsalt: v1:abc
`;

describe("keys of a YAML file", () => {
  it("a phase move changes one line and nothing else", () => {
    const out = setYamlKeys("f", TEXT, "config", { "cutover:phase": "parallel" });
    expect(out).toBe(TEXT.replace("baseline # one", "parallel # one"));
  });

  it("keys are added at the end of the group, changed and removed again", () => {
    const added = setYamlKeys("f", TEXT, "config", { "cutover:waves": "w1=live", "cutover:canaryPercent": 5 });
    expect(parse(added).config).toMatchObject({ "cutover:waves": "w1=live", "cutover:canaryPercent": 5 });
    expect(parse(added).encryptionsalt).toBe("v1:abc");
    const back = setYamlKeys("f", added, "config", { "cutover:waves": "", "cutover:canaryPercent": undefined });
    expect(back).toBe(TEXT);
  });

  it("a key that holds a block is replaced or removed whole", () => {
    expect(parse(setYamlKeys("f", TEXT, "config", { secret: undefined })).config.secret).toBeUndefined();
    expect(parse(setYamlKeys("f", TEXT, "config", { secret: "x" })).config.secret).toBe("x");
    expect(parse(setYamlKeys("f", TEXT, "config", { secret: "x" })).encryptionsalt).toBe("v1:abc");
  });

  it("a missing or empty group is added, also to an empty file and one without a last line break", () => {
    for (const text of ["", "name: a", "config:\n", "config: {}\n"]) {
      const out = setYamlKeys("f", text, "config", { "cutover:phase": "parallel" });
      expect(parse(out).config).toEqual({ "cutover:phase": "parallel" });
    }
    const nested = setYamlKeys("f", "name: a", "findings", { matching: { answer: "by-pool", how: "a: b # c" } });
    expect(parse(nested)).toEqual({ name: "a", findings: { matching: { answer: "by-pool", how: "a: b # c" } } });
  });

  it("what is no map of keys is refused", () => {
    expect(() => setYamlKeys("f", "config: [1]", "config", { a: "b" })).toThrow(/f, config: seen a value/);
    expect(() => setYamlKeys("f", "a: [", "config", { a: "b" })).toThrow(/^f: seen/);
  });
});
