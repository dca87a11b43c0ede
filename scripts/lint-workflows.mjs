#!/usr/bin/env node
/**
 * `npm run lint:workflows`: actionlint over .github/workflows. Its own program where one is on the PATH, else the same version built by Go from its
 * module. Exit 0: clean; 1: findings; 3: neither is there, so nothing was checked.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const MODULE = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7";
const files = readdirSync(".github/workflows").map((f) => `.github/workflows/${f}`);
const has = (program, args) => spawnSync(program, args, { stdio: "ignore" }).status === 0;

const [program, args] = has("actionlint", ["--version"])
  ? ["actionlint", []]
  : has("go", ["version"])
    ? ["go", ["run", MODULE]]
    : [undefined, []];
if (!program) {
  console.log("not run: workflows (missing: actionlint, or Go to build it)");
  process.exit(3);
}
const done = spawnSync(program, [...args, "-color", "-shellcheck=", ...files], { stdio: "inherit" });
if (done.status === 0) console.log(`${files.length} workflows clean`);
process.exit(done.status === 0 ? 0 : 1);
