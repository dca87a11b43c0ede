import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

/** Name of the project in a directory: undefined without a Pulumi.yaml, null for one that cannot be read. */
function projectIn(dir: string): string | null | undefined {
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(dir, name)).find(existsSync);
  if (!file) return undefined;
  try {
    return String((parse(readFileSync(file, "utf8")) as { name?: unknown }).name);
  } catch {
    return null;
  }
}

/** A directory and all above it, the innermost first. */
function upwards(dir: string): string[] {
  const up = dirname(dir);
  return up === dir ? [dir] : [dir, ...upwards(up)];
}

const known = new Map<string, string[]>();

/**
 * Where relative paths of the judged project may begin. A pack is started in its own directory; only the shell's PWD, which the CLI hands
 * on, tells where the user stood. The directory above the pack counts only while it is not another project's: a pack that is used from
 * a checkout of this repository must not take that one's plans for the user's.
 */
export function roots(): string[] {
  const project = pulumi.getProject();
  const pwd = process.env.PWD ?? "";
  const key = `${project} ${pwd} ${process.cwd()}`;
  const before = known.get(key);
  if (before) return before;
  const here = [dirname(process.cwd()), process.cwd()];
  const near = [...here, ...(isAbsolute(pwd) ? upwards(pwd) : [])];
  const own = near.filter((dir) => projectIn(dir) === project);
  const found = [...new Set([...own, ...here.filter((dir) => projectIn(dir) === undefined)])];
  known.set(key, found);
  return found;
}
