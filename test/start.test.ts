import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** scripts/start.cjs beside a small bundle, as scripts/build.mjs lays it out. */
let dist: string;
const BUNDLE =
  "function twice(n) { return 2 * n; }\nclass A { get x() { return twice(4); } }\nconsole.log(new A().x, __dirname);\n";

beforeEach(() => {
  dist = join(mkdtempSync(join(tmpdir(), "cutover-start-")), "dist");
  mkdirSync(dist);
  copyFileSync(join(__dirname, "../scripts/start.cjs"), join(dist, "start.js"));
  writeFileSync(join(dist, "a.bundle.js"), BUNDLE);
  writeFileSync(join(dist, "a.js"), 'require("./start.js").launch(module, "a.bundle.js");\n');
});
afterEach(() => rmSync(join(dist, ".."), { recursive: true, force: true }));

function run(): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(dist, "a.js")], { encoding: "utf8" });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.trim();
}
const kept = () => readdirSync(join(dist, "cache")).map((name) => join(dist, "cache", name));

describe("code kept between processes", () => {
  it("is made once, used from then on, and made anew for a changed bundle", () => {
    expect(run()).toBe(`8 ${dist}`);
    const [file] = kept() as [string];
    const made = statSync(file);
    expect(run()).toBe(`8 ${dist}`);
    expect(statSync(file).ino).toBe(made.ino);
    // As long as the old one: V8 itself tells sources apart by their length alone.
    writeFileSync(join(dist, "a.bundle.js"), BUNDLE.replace("2 * n", "3 * n"));
    expect(run()).toBe(`12 ${dist}`);
    expect(kept()).toHaveLength(1);
    expect(statSync(file).ino).not.toBe(made.ino);
  });

  it("is not used when one byte of it differs, or some are missing", () => {
    run();
    const [file] = kept() as [string];
    const good = readFileSync(file);
    for (let at = 0; at < good.length; at += Math.ceil(good.length / 24)) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] as number) ^ 0x15;
      writeFileSync(file, bad);
      expect(run(), `byte ${at}`).toBe(`8 ${dist}`);
    }
    writeFileSync(file, good.subarray(0, good.length - 100));
    expect(run()).toBe(`8 ${dist}`);
    expect(readFileSync(file).length).toBe(good.length);
  });

  it("is done without where it cannot be written", () => {
    writeFileSync(join(dist, "cache"), "in the way");
    expect(run()).toBe(`8 ${dist}`);
    expect(run()).toBe(`8 ${dist}`);
  });
});
