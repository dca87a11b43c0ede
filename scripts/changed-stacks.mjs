#!/usr/bin/env node
/**
 * Stacks that a change touches, for the pipelines: `node scripts/changed-stacks.mjs BASE [HEAD]` prints a JSON list of `{stack, sandbox}`.
 * A stack is `Pulumi.<stack>.yaml` with `stacks/<stack>/plan.yaml`. A change of its own files touches it; a change of program, policies or
 * providers touches every stack; anything else none. Without BASE: all stacks.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

/** Rooms that decide what an update of a stack does. */
const PROGRAM =
  /^(model|infra|policies|probes|providers|sdks)\/.*(?<!\.test\.ts)$|^Pulumi\.yaml$|^package(-lock)?\.json$/;

const stacks = readdirSync(".")
  .flatMap((name) => /^Pulumi\.([A-Za-z0-9_-]+)\.yaml$/.exec(name)?.[1] ?? [])
  .filter((stack) => existsSync(`stacks/${stack}/plan.yaml`))
  .map((stack) => ({ stack, sandbox: parse(readFileSync(`stacks/${stack}/plan.yaml`, "utf8"))?.sandbox === true }));

const [base, head = "HEAD"] = process.argv.slice(2);
const changed =
  base === undefined
    ? undefined
    : execFileSync("git", ["diff", "--name-only", `${base}...${head}`], { encoding: "utf8" })
        .split("\n")
        .filter((file) => file !== "");
const all = changed === undefined || changed.some((file) => PROGRAM.test(file));
const own = (stack) => (file) => file === `Pulumi.${stack}.yaml` || file.startsWith(`stacks/${stack}/`);
console.log(JSON.stringify(stacks.filter(({ stack }) => all || changed.some(own(stack)))));
