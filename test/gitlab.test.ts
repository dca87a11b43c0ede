import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { bash, runsOf } from "./pipelines";

/** The file that docs/ci.md shows for GitLab. */
const text = /```yaml\n([\s\S]*?)\n```/.exec(readFileSync("docs/ci.md", "utf8"))![1]!;
interface Job {
  extends?: string;
  script?: string[];
  before_script?: string[];
  environment?: { name: string };
  resource_group?: string;
  rules?: { if?: string; when?: string }[];
}
const file = parse(text) as Record<string, Job>;
const dir = mkdtempSync(join(tmpdir(), "cutover-gitlab-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("GitLab's equivalent", () => {
  it("runs the same Pulumi and cutover commands as GitHub's workflows", () => {
    const commands = (lines: string[]) =>
      lines
        .flatMap((line) => line.split(/\n|;/))
        .map((line) => line.trim().replaceAll(/\$(CUTOVER_)?STACK/g, "$STACK"))
        .filter((line) => /^([A-Z_]+=true )?(pulumi|node dist\/cli\.js)/.test(line))
        .map((line) => line.replace(/ (2>&1|>>?|\|) ?.*$/, "").replace(/ \|\|.*$/, ""));
    for (const [job, workflow] of [
      ["plan", "preview"],
      ["up", "up"],
      ["drift", "drift"],
    ] as const) {
      const theirs = commands(runsOf(workflow, workflow, /pulumi|cli\.js plan/));
      expect(commands(file[job]!.script!), job).toEqual(
        expect.arrayContaining(theirs.filter((c) => !/status/.test(c))),
      );
      expect(file[job]!.extends).toBe(".cloud");
    }
  });

  it("one run at a time changes a stack, behind an environment and a person", () => {
    expect(file.up).toMatchObject({ environment: { name: "prod" }, resource_group: "stack-prod" });
    expect(file.up!.rules![0]!.when).toBe("manual");
    expect(file.drift!.resource_group).toBe("stack-prod");
    expect(file.plan!.environment!.name).toBe("prod-preview");
  });

  it("takes its credentials by the role, whatever characters they hold, and stops where it gets none", async () => {
    const bin = join(dir, "bin");
    mkdirSync(bin);
    const secret = JSON.stringify({ GENESYSCLOUD_OAUTHCLIENT_SECRET: 'a\'b "$(touch pwned)" `x` \\ c' });
    writeFileSync(join(dir, "secret.json"), secret);
    writeFileSync(
      join(bin, "aws"),
      `#!/usr/bin/env bash
case "$1 $2" in
  "configure export-credentials") [ "$(cat "$AWS_WEB_IDENTITY_TOKEN_FILE")" = token ] && [ "$AWS_ROLE_ARN" = role ] && echo "export AWS_ACCESS_KEY_ID=key" ;;
  "secretsmanager get-secret-value") [ "$AWS_ACCESS_KEY_ID" = key ] && [ "$4" = mine ] && cat "${join(dir, "secret.json")}" ;;
esac
`,
    );
    chmodSync(join(bin, "aws"), 0o755);
    const lines = file[".cloud"]!.before_script!.filter((line) => !line.startsWith("npm "));
    expect(lines).toHaveLength(5);
    const script = [...lines, 'printf %s "$GENESYSCLOUD_OAUTHCLIENT_SECRET"'].join("\n");
    const env = { PATH: `${bin}${delimiter}${process.env.PATH}`, AWS_ROLE: "role", CREDENTIALS_SECRET: "mine" };
    const well = await bash(script, dir, { ...env, AWS_TOKEN: "token" });
    expect([well.code, well.stdout]).toEqual([0, 'a\'b "$(touch pwned)" `x` \\ c']);
    expect((await bash(script, dir, { ...env, AWS_TOKEN: "stale" })).code).not.toBe(0);
    expect((await bash(script, dir, { ...env, AWS_TOKEN: "token", CREDENTIALS_SECRET: "other" })).code).not.toBe(0);
  });
});
