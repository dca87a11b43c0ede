import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SANDBOX_CREDENTIALS } from "../rehearsal/stack";
import { bash, runsOf, startWorld, workflows } from "./pipelines";

const root = resolve(".");
const dir = mkdtempSync(join(tmpdir(), "cutover-workflows-"));
const env = { ...process.env, ...SANDBOX_CREDENTIALS, STACK: "dev", GIT_DIR: join(root, ".git") };
const all = workflows();

describe("the workflows", () => {
  it("are these", () => expect(Object.keys(all).sort()).toEqual(["comment", "drift", "preview", "up"]));

  it("give a pull request's own code neither a writing token nor a secret", () => {
    const text = readFileSync(".github/workflows/preview.yml", "utf8");
    for (const [name, workflow] of Object.entries(all)) {
      expect(Object.keys(workflow.on), name).not.toContain("pull_request_target");
      expect(JSON.stringify(workflow), name).not.toContain("secrets.");
      expect(workflow.defaults.run.shell, name).toBe("bash");
    }
    expect(all.preview!.permissions).toEqual({ contents: "read" });
    for (const [name, job] of Object.entries(all.preview!.jobs)) {
      const { "id-token": token, ...rest } = job.permissions ?? { contents: "read" };
      expect(rest, name).toEqual({ contents: "read" });
      // A token for clouds only where the branch is this repository's own.
      if (token) expect(job.if, name).toContain("head.repo.full_name == github.repository");
    }
    // Nothing that a stranger may write, such as a title or a branch name, stands inside a script.
    for (const run of text.matchAll(/run: (?:\|\n(?: {10}.*\n)+|.*)/g)) expect(run[0]).not.toContain("${{");
  });

  it("the one that writes comments runs nothing of the pull request", () => {
    const { comment } = all.comment!.jobs;
    expect(all.comment!.on).toHaveProperty("workflow_run");
    const checkouts = comment!.steps.filter((s) => s.uses?.startsWith("actions/checkout"));
    expect(checkouts.map((s) => [s.with?.ref, s.with?.["sparse-checkout"]])).toEqual([
      [undefined, "scripts/post-comments.sh"],
    ]);
    expect(comment!.steps.flatMap((s) => (s.run ? [s.run] : []))).toEqual(["bash scripts/post-comments.sh comments"]);
  });

  it("change a stack one at a time, behind its environment, never cancelled half way; each job ends by itself", () => {
    const { up } = all.up!.jobs;
    expect(up!.environment).toBe("${{ matrix.stack }}");
    expect(up!.concurrency).toEqual({ group: "stack-${{ matrix.stack }}", "cancel-in-progress": false });
    expect(all.drift!.jobs.drift!.concurrency).toEqual(up!.concurrency);
    for (const w of Object.values(all))
      for (const [name, job] of Object.entries(w.jobs))
        expect([name, typeof job["timeout-minutes"]]).toEqual([name, "number"]);
  });

  it("enforce the policy pack wherever Pulumi runs, and keep no key", () => {
    const text = Object.keys(all)
      .map((n) => readFileSync(`.github/workflows/${n}.yml`, "utf8"))
      .join("");
    const runs = [...text.matchAll(/^ *(?:[A-Z_]+=true )?pulumi (?:preview|up) .*$/gm)].map((m) => m[0]);
    expect(runs).toHaveLength(3);
    for (const run of runs) expect(run).toContain("--policy-pack policies");
    // Without it the CLI's document leaves out what the pack said.
    for (const run of runs.filter((r) => r.includes("--json")))
      expect(run).toContain("PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true");
    expect(text).not.toMatch(/ACCESS_KEY|aws-access-key-id|PULUMI_ACCESS_TOKEN/);
  });
});

describe("their commands, on a sandbox", () => {
  let stop: () => Promise<void>;
  beforeAll(async () => {
    for (const name of [
      "dist",
      "stacks",
      "scripts",
      "policies",
      "node_modules",
      "Pulumi.dev.yaml",
      "Pulumi.prod.yaml",
      "package.json",
    ])
      symlinkSync(join(root, name), join(dir, name));
    ({ stop } = await startWorld(
      ["--plan", "stacks/dev", "--auto", "--desk", join(dir, "desk")],
      join(dir, "world.json"),
    ));
  });
  afterAll(async () => {
    await stop?.();
    rmSync(dir, { recursive: true, force: true });
  });

  const files = (name: string) => ({ [name]: join(dir, name.toLowerCase()) });
  const run = (text: string, more: NodeJS.ProcessEnv = {}) =>
    bash(text.replaceAll('--stack "$STACK"', '--stack "$STACK" --world world.json'), dir, {
      ...env,
      ...files("GITHUB_OUTPUT"),
      ...files("GITHUB_STEP_SUMMARY"),
      ...more,
    });

  it("changed stacks: none for an empty change, all of them without a base", async () => {
    const [changed] = runsOf("preview", "stacks", /changed-stacks/);
    const none = await run(changed!, { BASE: "HEAD" });
    expect([none.code, none.stderr]).toEqual([0, ""]);
    expect(readFileSync(join(dir, "github_output"), "utf8")).toBe("all=[]\nreal=[]\n");
    rmSync(join(dir, "github_output"));
    const [every] = runsOf("drift", "stacks", /changed-stacks/);
    expect((await run(every!)).code).toBe(0);
    expect(readFileSync(join(dir, "github_output"), "utf8")).toBe('real=["prod"]\n');
    rmSync(join(dir, "github_output"));
    const [asked] = runsOf("up", "stacks", /changed-stacks/);
    expect((await run(asked!, { ASKED: "none-such", BEFORE: "" })).code).toBe(0);
    expect(readFileSync(join(dir, "github_output"), "utf8")).toBe("real=[]\n");
  });

  it("the estate's comment needs no credential and is one of the stack's file", async () => {
    const [plan] = runsOf("preview", "estate", /cli\.js plan/);
    for (const STACK of ["dev", "prod"]) {
      const ran = await run(plan!, { STACK, GENESYSCLOUD_OAUTHCLIENT_SECRET: "" });
      expect([STACK, ran.code]).toEqual([STACK, 0]);
      expect(readFileSync(join(dir, "comment", `${STACK}.md`), "utf8")).toMatch(/no record yet → baseline/);
    }
  });

  it("a mistake in the files is the comment, in place of an older one, and fails the check", async () => {
    const yaml = join(dir, "Pulumi.broken.yaml");
    writeFileSync(yaml, "config:\n  cutover:phase: sideways\n");
    const [plan] = runsOf("preview", "estate", /cli\.js plan/);
    const ran = await run(plan!, { STACK: "broken" });
    rmSync(yaml);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('"sideways" is not a phase')]);
    const comment = readFileSync(join(dir, "comment", "broken.md"), "utf8");
    expect(comment).toMatch(/^## Cutover broken: no comment could be made\n/);
    expect(comment).toMatch(/```text\nPulumi\.broken\.yaml, cutover:phase: "sideways" is not a phase[^`]*```\n$/);
  });

  it("the gathered comment decides whether it may be merged; plan and status before and after an up answer", async () => {
    const end = { summaryEvent: { resourceChanges: { import: 9 } } };
    writeFileSync(join(dir, "preview.json"), `${JSON.stringify(end)}\n`);
    const [plan] = runsOf("preview", "preview", /cli\.js plan/);
    const [gate] = runsOf("preview", "preview", /result/).slice(-1);
    expect((await run(plan!)).code).toBe(0);
    expect(readFileSync(join(dir, "comment", "dev.md"), "utf8")).toContain("✅ **May be merged.**");
    expect((await run(gate!)).code).toBe(0);
    const violated = { policyEvent: { policyName: "x", enforcementLevel: "mandatory", message: "no" } };
    for (const event of [{ diagnosticEvent: { severity: "error", message: "no" } }, violated]) {
      writeFileSync(join(dir, "preview.json"), `${JSON.stringify(event)}\n${JSON.stringify(end)}\n`);
      expect((await run(plan!)).code).toBe(0);
      expect((await run(gate!)).code).toBe(1);
    }
    for (const text of [...runsOf("up", "up", /cli\.js/), ...runsOf("drift", "drift", /cli\.js/)])
      expect([text, (await run(text)).code]).toEqual([text, 0]);
  }, 120_000);

  it.skipIf(!existsSync("/usr/bin/jq"))("one comment a stack, posted once and then kept up to date", async () => {
    // What GitHub's CLI is asked, answered out of files.
    const bin = join(dir, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(
      join(bin, "gh"),
      `#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$GH_LOG"
case "$*" in
  *"--method GET repos/o/r/pulls"*) echo '[{"number":7,"head":{"sha":"abc"}}]' ;;
  *"--method POST"*) jq '[{id: 41, user: {type: "Bot"}, body: .body}]' > "$GH_LOG.comments" ;;
  *"--method PATCH"*) cat > /dev/null ;;
  *"issues/7/comments"*) cat "$GH_LOG.comments" 2>/dev/null || echo '[]' ;;
esac
`,
    );
    chmodSync(join(bin, "gh"), 0o755);
    for (const kind of ["estate", "gathered"]) {
      mkdirSync(join(dir, "comments", `comment-${kind}-prod`), { recursive: true });
      writeFileSync(join(dir, "comments", `comment-${kind}-prod`, "prod.md"), `text of ${kind}`);
    }
    mkdirSync(join(dir, "comments", "comment-estate-x"), { recursive: true });
    writeFileSync(join(dir, "comments", "comment-estate-x", "$(touch pwned).md"), "x");
    const GH_LOG = join(dir, "gh.log");
    const [post] = runsOf("comment", "comment", /post-comments/);
    const more = {
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      GH_LOG,
      REPO: "o/r",
      HEAD_SHA: "abc",
      HEAD_BRANCH: "b",
      HEAD_OWNER: "o",
    };
    for (let i = 0; i < 2; i++) expect((await run(post!, more)).code).toBe(0);
    const log = readFileSync(GH_LOG, "utf8");
    expect([
      log.match(/--method POST/g)?.length,
      log.match(/--method PATCH repos\/o\/r\/issues\/comments\/41/g)?.length,
    ]).toEqual([1, 1]);
    expect(JSON.parse(readFileSync(`${GH_LOG}.comments`, "utf8"))[0].body).toBe(
      "<!-- cutover-comment prod -->\ntext of gathered",
    );
    expect(existsSync(join(dir, "pwned"))).toBe(false);
    expect((await run(post!, { ...more, HEAD_SHA: "older" })).stdout).toContain("a newer run posts");
  });
});
