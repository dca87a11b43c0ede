/** Pulumi.yaml, as far as the engine reads it. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { UserError } from "../model/errors";

export interface Project {
  name: string;
  /** Directory of Pulumi.yaml. */
  root: string;
  /** Working directory of program and plug-ins, as the CLI sets it: the directory that holds the entry point. */
  pwd: string;
  /** Entry point relative to `pwd`; `.` = what package.json says. */
  entry: string;
  /** Plug-ins by path: name to absolute directory. */
  plugins: Map<string, string>;
}

/** Reads `<dir>/Pulumi.yaml`. Throws UserError when it is missing or names another runtime. */
export function readProject(dir: string): Project {
  const file = join(resolve(dir), "Pulumi.yaml");
  let yaml: Record<string, unknown>;
  try {
    yaml = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch (e) {
    throw new UserError(
      `${file} cannot be read (${(e as Error).message.split("\n")[0]}): expected a Pulumi project file`,
    );
  }
  const runtime = yaml.runtime as string | { name?: string; options?: { typescript?: boolean } } | undefined;
  const language = typeof runtime === "string" ? runtime : runtime?.name;
  if (typeof yaml.name !== "string" || language !== "nodejs") {
    throw new UserError(
      `${file} has name ${JSON.stringify(yaml.name)} and runtime ${JSON.stringify(language)}: expected a name and the runtime nodejs`,
    );
  }
  const root = dirname(file);
  const plugins = new Map<string, string>();
  const listed = (yaml.plugins as { providers?: { name: string; path: string }[] } | undefined)?.providers ?? [];
  for (const p of listed) plugins.set(p.name, resolve(root, p.path));
  return { name: yaml.name, root, ...entryPoint(root, yaml.main), plugins };
}

// Source: Pulumi engine.Projinfo.GetPwdMain: of a file its directory, a directory itself.
function entryPoint(root: string, main: unknown): { pwd: string; entry: string } {
  if (typeof main !== "string") return { pwd: root, entry: "." };
  const at = resolve(root, main);
  if (existsSync(at) && statSync(at).isDirectory()) return { pwd: at, entry: "." };
  return { pwd: dirname(at), entry: basename(at) };
}
