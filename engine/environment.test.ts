/** What the processes that the engine starts can see of its environment, read from the system and not from the engine. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Plugins } from "./plugins";
import { readProject } from "./project";
import { Bench, TESTDATA } from "./testing";

const SECRETS = {
  PULUMI_CONFIG_PASSPHRASE: "passphrase-of-the-parent",
  PULUMI_ACCESS_TOKEN: "token-of-the-parent",
  GITHUB_TOKEN: "github-of-the-parent",
  NODE_AUTH_TOKEN: "npm-of-the-parent",
  CUTOVER_TRUNK_PASSWORD: "trunk-of-the-parent",
  DATABASE_URL: "postgres://user:word-of-the-parent@db",
  AWS_SECRET_ACCESS_KEY: "aws-of-the-parent",
  TELNYX_API_KEY: "telnyx-of-the-parent",
  GENESYSCLOUD_OAUTHCLIENT_SECRET: "genesys-of-the-parent",
  CLOUDFLARE_API_TOKEN: "cloudflare-of-the-parent",
};
/** Credentials by the plug-in they are meant for; every other plug-in sees none. */
const MEANT: Record<string, string[]> = {
  genesyscloud: ["genesys-of-the-parent"],
  carrier: ["telnyx-of-the-parent"],
  aws: ["aws-of-the-parent"],
  cloudflare: ["cloudflare-of-the-parent"],
  tiny: [],
};

/** This process's children: command line and environment as the system has them. */
function children(): { command: string; environment: string }[] {
  return readdirSync("/proc")
    .filter((n) => /^\d+$/.test(n))
    .flatMap((pid) => {
      try {
        const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1]);
        if (parent !== process.pid) return [];
        const text = (name: string) => readFileSync(`/proc/${pid}/${name}`, "utf8").replaceAll("\0", "\n");
        return [{ command: text("cmdline"), environment: text("environ") }];
      } catch {
        return [];
      }
    });
}
const secretsIn = (text: string) => text.match(/[\w-]+-of-the-parent/g) ?? [];

const dir = mkdtempSync(join(tmpdir(), "cutover-environment-"));
beforeAll(() => {
  Object.assign(process.env, SECRETS);
});
afterAll(() => {
  for (const k of Object.keys(SECRETS)) delete process.env[k];
  rmSync(dir, { recursive: true, force: true });
});

test("a plug-in sees the credentials listed for it by name, and no other secret of the parent", async () => {
  for (const name of Object.keys(MEANT)) {
    const file = join(dir, `pulumi-resource-${name}`);
    // The name stays in the command line, to tell the processes apart.
    writeFileSync(file, `#!/bin/sh\nexec node ${join(TESTDATA, "bin", "tiny.js")} "$@" plugin-${name}\n`);
    chmodSync(file, 0o755);
  }
  const plugins = new Plugins(
    readProject(TESTDATA),
    [dir],
    {},
    () => "127.0.0.1:1",
    () => undefined,
  );
  try {
    for (const name of Object.keys(MEANT)) plugins.warm(name);
    const of = (name: string) =>
      children().find((c) => c.command.includes("tiny.js") && c.command.includes(`plugin-${name}\n`));
    for (const [name, meant] of Object.entries(MEANT)) {
      await expect.poll(() => of(name), { timeout: 10_000 }).toBeDefined();
      expect([name, secretsIn(of(name)?.environment ?? "")]).toEqual([name, meant]);
    }
  } finally {
    await plugins.close();
  }
});

test("program and policy pack see no secret of the parent, and no process stays", async () => {
  const b = new Bench({ packs: [join(TESTDATA, "pack")] });
  const before = children().length;
  try {
    expect((await b.up({ SCENARIO: "two", A_TEXT: "ok" })).ok).toBe(true);
    const started = children().filter((c) => /engine-host\.js|tiny\.js/.test(c.command));
    expect(started.some((c) => c.command.includes("\npack\n"))).toBe(true);
    expect(started.some((c) => c.command.includes("\nprogram\n"))).toBe(true);
    expect(started.flatMap((c) => secretsIn(c.environment))).toEqual([]);
  } finally {
    await b.close();
  }
  expect(children().length).toBe(before);
});
