/**
 * Which version of a package a provider gets that asks for none: the one the program's own dependencies bring, or else the newest one the
 * stack has used. Source: Pulumi pkg/engine/plugins.go, computeDefaultProviderPackages.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "./deployment";
import { isProviderType, packageOfProvider } from "./urn";

const known = new WeakMap<Deployment, Map<string, string>>();

/** Version for a provider of `pkg` that names none, "" = none known. */
export function defaultVersion(d: Deployment, pkg: string): string {
  let versions = known.get(d);
  if (!versions) {
    const own = packagesBelow(join(d.o.project.pwd, "node_modules"));
    versions = own.size > 0 ? own : usedBefore(d);
    known.set(d, versions);
  }
  return versions.get(pkg) ?? "";
}

function usedBefore(d: Deployment): Map<string, string> {
  const out = new Map<string, string>();
  for (const s of d.o.loaded.states) {
    if (isProviderType(s.type) && typeof s.inputs.version === "string")
      newest(out, packageOfProvider(s.type), s.inputs.version);
  }
  return out;
}

/** Packages that say of themselves that they are a Pulumi provider's SDK: `"pulumi": {"resource": true}`. */
function packagesBelow(modules: string): Map<string, string> {
  const out = new Map<string, string>();
  if (!existsSync(modules)) return out;
  const dirs = readdirSync(modules).flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(modules, name)).map((n) => join(name, n)) : [name],
  );
  for (const dir of dirs) {
    const file = join(modules, dir, "package.json");
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "utf8");
    // Most packages are no SDK: parsing only those that may be one keeps this to a few milliseconds.
    if (!text.includes('"resource"')) continue;
    const json = JSON.parse(text) as { version?: string; pulumi?: { resource?: boolean; name?: string } };
    if (json.pulumi?.resource !== true || !json.version) continue;
    newest(out, json.pulumi.name ?? (dir.split("/").pop() as string), json.version);
  }
  return out;
}

function newest(out: Map<string, string>, pkg: string, version: string): void {
  const had = out.get(pkg);
  if (had === undefined || compare(version, had) > 0) out.set(pkg, version);
}

/** Order of two versions by their numbers; a pre-release counts as its release. */
function compare(a: string, b: string): number {
  const [x, y] = [a, b].map((v) => v.replace(/^v/, "").split(/[.+-]/, 3).map(Number)) as [number[], number[]];
  for (let i = 0; i < 3; i++) if ((x[i] ?? 0) !== (y[i] ?? 0)) return (x[i] ?? 0) - (y[i] ?? 0);
  return 0;
}
